//! BLAKE3 of bytes that come in pieces, in a form that outlives the process.
//!
//! BLAKE3 is a tree over chunks of 1 KiB, and a block of 2²³ bytes is a subtree of it: its chaining value (32 bytes) stands
//! for all of it. So what must be read again after a restart is the last block at the most, of an upload of any length.

use blake3::hazmat::{ChainingValue, HasherExt, Mode, merge_subtrees_non_root, merge_subtrees_root};
use blake3::{Hash, Hasher};
use serde::{Deserialize, Serialize};

use super::BLOCK_BYTES;

/// What is kept of whole blocks.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct State {
    /// The chaining values of the whole blocks, in hexadecimal digits.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    blocks: String,
    /// Of one block alone: what its hash is if nothing follows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    alone: Option<String>,
}

/// A hash under way.
#[derive(Debug, Clone)]
pub(super) struct BlockHash {
    blocks: Vec<ChainingValue>,
    alone: Option<Hash>,
    /// Of the block that is not whole yet.
    open: Hasher,
}

impl BlockHash {
    pub(super) fn new() -> Self {
        Self { blocks: Vec::new(), alone: None, open: Hasher::new() }
    }

    /// Goes on behind the whole blocks before `offset`; None where the state does not have them. The bytes from
    /// [`Self::known_bytes`] to `offset` are missing, and have to come again.
    pub(super) fn resume(state: &State, offset: u64) -> Option<Self> {
        let (digits, rest) = state.blocks.as_bytes().as_chunks::<64>();
        let blocks: Option<Vec<ChainingValue>> =
            digits.iter().map(|digits| Hash::from_hex(digits).ok().map(Into::into)).collect();
        let whole = usize::try_from(offset / BLOCK_BYTES).ok()?;
        let mut blocks = blocks.filter(|blocks| rest.is_empty() && blocks.len() >= whole)?;
        blocks.truncate(whole);
        let alone = state.alone.as_deref().map(Hash::from_hex).transpose().ok()?;
        let mut hash = Self { blocks, alone, open: Hasher::new() };
        hash.begin_block();
        Some(hash)
    }

    /// How many bytes went into it.
    pub(super) fn known_bytes(&self) -> u64 {
        self.blocks.len() as u64 * BLOCK_BYTES + self.open.count()
    }

    pub(super) fn update(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let room = usize::try_from(BLOCK_BYTES - self.open.count()).unwrap_or(usize::MAX);
            let (now, later) = bytes.split_at(room.min(bytes.len()));
            self.open.update(now);
            bytes = later;
            if self.open.count() == BLOCK_BYTES {
                self.end_block();
            }
        }
    }

    fn end_block(&mut self) {
        if self.blocks.is_empty() {
            self.alone = Some(self.open.finalize());
        }
        self.blocks.push(self.open.finalize_non_root());
        self.begin_block();
    }

    fn begin_block(&mut self) {
        self.open = Hasher::new();
        self.open.set_input_offset(self.blocks.len() as u64 * BLOCK_BYTES);
    }

    /// What is to be kept of it.
    pub(super) fn state(&self) -> State {
        let blocks = self.blocks.iter().map(|value| Hash::from_bytes(*value).to_hex().to_string()).collect();
        State { blocks, alone: self.alone.map(|hash| hash.to_hex().to_string()) }
    }

    /// The hash of all that went in.
    pub(super) fn finish(&self) -> Hash {
        match (self.blocks.as_slice(), self.open.count(), self.alone) {
            ([], _, _) => self.open.finalize(),
            ([_], 0, Some(alone)) => alone,
            (blocks, open, _) => {
                let mut leaves = blocks.to_vec();
                leaves.extend((open > 0).then(|| self.open.finalize_non_root()));
                let (left, right) = leaves.split_at(left_of(leaves.len()));
                merge_subtrees_root(&merge(left), &merge(right), Mode::Hash)
            }
        }
    }
}

fn merge(leaves: &[ChainingValue]) -> ChainingValue {
    if let [leaf] = leaves {
        return *leaf;
    }
    let (left, right) = leaves.split_at(left_of(leaves.len()));
    merge_subtrees_non_root(&merge(left), &merge(right), Mode::Hash)
}

/// The left subtree is whole: the greatest power of two that leaves something to the right.
fn left_of(leaves: usize) -> usize {
    leaves.next_power_of_two() / 2
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(length: u64) -> Vec<u8> {
        (0..length).map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8).collect()
    }

    #[test]
    fn it_is_blake3_at_every_length_and_after_every_restart() {
        let block = BLOCK_BYTES;
        for length in [0, 1, 1024, block - 1, block, block + 1, 2 * block, 2 * block + 1, 3 * block, 5 * block + 77] {
            let all = bytes(length);
            let mut hash = BlockHash::new();
            for piece in all.chunks(777_777) {
                hash.update(piece);
                let at = hash.known_bytes();
                let again = BlockHash::resume(&hash.state(), at).expect("a state");
                let (from, to) = (again.known_bytes() as usize, at as usize);
                hash = again;
                hash.update(&all[from..to]);
            }
            assert_eq!(hash.finish(), blake3::hash(&all), "{length}");
            assert_eq!(hash.known_bytes(), length);
        }
    }

    #[test]
    fn what_came_behind_the_offset_is_forgotten() {
        let all = bytes(3 * BLOCK_BYTES);
        let mut hash = BlockHash::new();
        hash.update(&all);
        let mut hash = BlockHash::resume(&hash.state(), BLOCK_BYTES + 5).expect("a state");
        assert_eq!(hash.known_bytes(), BLOCK_BYTES);
        let cut = &all[..BLOCK_BYTES as usize + 5];
        hash.update(&cut[BLOCK_BYTES as usize..]);
        assert_eq!(hash.finish(), blake3::hash(cut));
    }

    #[test]
    fn a_state_that_lacks_a_block_is_none() {
        assert!(BlockHash::resume(&State::default(), BLOCK_BYTES).is_none());
        assert!(BlockHash::resume(&State { blocks: "nonsense".into(), alone: None }, 0).is_none());
    }
}

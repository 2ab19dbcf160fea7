use std::collections::BTreeSet;

/// One item in so many is a key. The item itself decides whether it is one, so that two encodings of the same music,
/// and any part of it, have the same keys.
const KEY_SHARE: u32 = 4;

/// An item that comes so often in a row is silence or a drone, and says nothing.
const DRONE: usize = 8;

/// The items of a fingerprint by which it is looked up among many, each once and in order.
pub fn fingerprint_keys(items: &[u32]) -> Vec<u32> {
    let lively = items.chunk_by(|one, next| one == next).filter(|run| run.len() < DRONE).map(|run| run[0]);
    // Multiplied by a large odd number, any bits of the item decide.
    let is_key = |item: &u32| item.wrapping_mul(0x9e37_79b1) >> 16 & (KEY_SHARE - 1) == 0;
    lively.filter(is_key).collect::<BTreeSet<u32>>().into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_of_the_items_are_keys_and_the_same_ones_in_any_part() {
        let items: Vec<u32> = (0..4_000_u32).map(|n| n.wrapping_mul(2_654_435_761) ^ n << 7).collect();
        let all = fingerprint_keys(&items);
        assert!((800..1_200).contains(&all.len()), "{}", all.len());
        let part = fingerprint_keys(&items[1_000..2_000]);
        assert!(part.len() > 200 && part.iter().all(|key| all.binary_search(key).is_ok()));
    }

    #[test]
    fn silence_is_looked_up_nowhere() {
        let item = (0..).find(|item| !fingerprint_keys(&[*item]).is_empty()).expect("a key");
        assert!(fingerprint_keys(&[item; 100]).is_empty());
    }
}

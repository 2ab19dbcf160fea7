//! Where an entry stands: a fraction between 0 and 1 by its digits, so that between two there is always another and a move
//! changes one row.

use serde::{Deserialize, Serialize};

/// In the order of their bytes, as PostgreSQL's collation "C" sorts them.
const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const BASE: u64 = 62;

/// What is appended or put first counts on in so many digits, so that ranks stay short however long a list grows.
const COUNTED_DIGITS: usize = 8;
const STEP: u64 = BASE.pow(4);
const END: u64 = BASE.pow(8);

/// A longer one asks for all ranks of its playlist to be made anew.
const LONG: usize = 64;

/// No list gives out a longer one.
const MAX: usize = 4096;

/// Digits to base 62 after the point, without zeros at the end.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Rank(String);

impl TryFrom<String> for Rank {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let bytes = text.as_bytes();
        let fits = (1..=MAX).contains(&bytes.len()) && bytes.iter().all(u8::is_ascii_alphanumeric);
        if fits && !text.ends_with('0') { Ok(Self(text)) } else { Err("This is no place in a playlist.") }
    }
}

impl Rank {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether its playlist's ranks should be made anew.
    pub(super) fn is_long(&self) -> bool {
        self.0.len() > LONG
    }

    /// `count` ranks after `low` and before `high`, in their order; the ends are open where there is none.
    pub(super) fn between(low: Option<&Self>, high: Option<&Self>, count: usize) -> Vec<Self> {
        let wanted = count as u64;
        let counted = match (low, high) {
            (low, None) => {
                let from = low.map_or(END / 2, Self::counted);
                wanted.checked_mul(STEP).filter(|room| from + room < END).map(|_| from + STEP)
            }
            (None, Some(high)) => wanted.checked_mul(STEP).and_then(|room| high.counted().checked_sub(room)),
            (Some(_), Some(_)) => None,
        };
        if let Some(first) = counted.filter(|first| *first > 0) {
            return (0..wanted).map(|number| Self::of_number(first + number * STEP)).collect();
        }
        let mut ranks = Vec::with_capacity(count);
        fill(low.map_or(&[], |low| low.0.as_bytes()), high.map(|high| high.0.as_bytes()), count, &mut ranks);
        ranks
    }

    /// `count` ranks for a list that begins anew, with room everywhere.
    pub(super) fn anew(count: usize) -> Vec<Self> {
        Self::between(None, None, count)
    }

    fn counted(&self) -> u64 {
        let digits = self.0.bytes().chain(std::iter::repeat(b'0')).take(COUNTED_DIGITS);
        digits.fold(0, |sum, digit| sum * BASE + u64::from(value(digit)))
    }

    fn of_number(number: u64) -> Self {
        let mut digits: Vec<u8> = Vec::with_capacity(COUNTED_DIGITS);
        let mut rest = number;
        for _ in 0..COUNTED_DIGITS {
            digits.push((rest % BASE) as u8);
            rest /= BASE;
        }
        digits.reverse();
        Self(spelled(&digits))
    }
}

// The middle first, then both halves: so ranks stay as short as their number allows.
fn fill(low: &[u8], high: Option<&[u8]>, count: usize, ranks: &mut Vec<Rank>) {
    if count == 0 {
        return;
    }
    let middle = middle(low, high);
    let before = (count - 1) / 2;
    fill(low, Some(middle.0.as_bytes()), before, ranks);
    let own = middle.0.clone();
    ranks.push(middle);
    fill(own.as_bytes(), high, count - 1 - before, ranks);
}

/// The shortest fraction about in the middle of `low` and `high`, which is 1 where there is none.
fn middle(low: &[u8], high: Option<&[u8]>) -> Rank {
    let mut digits: Vec<u8> = Vec::new();
    let mut bounded = high;
    for place in 0.. {
        let least = low.get(place).map_or(0, |digit| value(*digit));
        let most = match bounded {
            // Past its digits the upper bound's fraction is used up; that comes about only for bounds out of order.
            Some(high) => high.get(place).map_or(0, |digit| value(*digit)),
            None => 62,
        };
        if most > least + 1 {
            digits.push(least + (most - least) / 2);
            break;
        }
        digits.push(least);
        if most > least {
            bounded = None;
        }
    }
    Rank(spelled(&digits))
}

fn value(digit: u8) -> u8 {
    DIGITS.iter().position(|known| *known == digit).unwrap_or(0) as u8
}

fn spelled(digits: &[u8]) -> String {
    let text: String = digits.iter().map(|digit| char::from(DIGITS[usize::from(*digit)])).collect();
    text.trim_end_matches('0').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rank(text: &str) -> Rank {
        Rank::try_from(text.to_owned()).expect(text)
    }

    fn are_in_order(low: Option<&Rank>, ranks: &[Rank], high: Option<&Rank>) -> bool {
        let all: Vec<&Rank> = low.into_iter().chain(ranks).chain(high).collect();
        all.windows(2).all(|pair| pair[0] < pair[1]) && ranks.iter().all(|one| rank(one.as_str()) == *one)
    }

    #[test]
    fn there_is_always_room_between_two() {
        let bounds = [
            (None, None),
            (Some("V"), None),
            (None, Some("V")),
            (Some("V"), Some("V1")),
            (Some("V"), Some("V00000000001")),
            (Some("Vz"), Some("W")),
            (Some("zzzzzzzz"), None),
            (None, Some("00000001")),
            (None, Some("0000000001")),
            (Some("Vzzzzzzzzzzz"), Some("W")),
        ];
        for (low, high) in bounds {
            let (low, high) = (low.map(rank), high.map(rank));
            for count in [0, 1, 2, 3, 500, 10_000] {
                let ranks = Rank::between(low.as_ref(), high.as_ref(), count);
                assert_eq!(ranks.len(), count);
                assert!(are_in_order(low.as_ref(), &ranks, high.as_ref()), "{count} between {low:?} and {high:?}");
                assert!(ranks.iter().all(|rank| rank.as_str().len() <= 24), "{low:?} {high:?} {count}");
            }
        }
    }

    #[test]
    fn a_list_that_grows_at_either_end_keeps_short_ranks() {
        let (mut first, mut last) = (rank("V"), rank("V"));
        for _ in 0..20_000 {
            let (before, after) =
                (Rank::between(None, Some(&first), 1).remove(0), Rank::between(Some(&last), None, 1).remove(0));
            assert!(before < first && after > last);
            (first, last) = (before, after);
        }
        assert!(first.as_str().len() <= 8 && last.as_str().len() <= 8, "{first:?} {last:?}");
    }

    #[test]
    fn moves_to_one_and_the_same_place_make_ranks_long_in_the_end() {
        let (low, mut high) = (rank("A"), rank("B"));
        let mut moves = 0;
        while !high.is_long() {
            let next = Rank::between(Some(&low), Some(&high), 1).remove(0);
            assert!(low < next && next < high);
            high = next;
            moves += 1;
        }
        assert!(moves > 300, "{moves}");
    }

    #[test]
    fn what_is_no_rank_is_none() {
        for bad in ["", "0", "V0", "a b", "ä", "a\0", &"V".repeat(4097)] {
            assert!(Rank::try_from(bad.to_owned()).is_err(), "{bad:?}");
        }
    }
}

//! Correcting misspelt words: trigrams find the candidates, the edit distance chooses.

use super::query::Query;
use super::vocabulary;
use crate::platform::db::Conn;
use crate::platform::error::Result;

/// The query with every unknown word replaced by the nearest known one; `None` where there is nothing to correct.
pub(super) async fn correct(conn: &mut Conn, query: &Query) -> Result<Option<Query>> {
    let known = vocabulary::known(conn, &query.words).await?;
    let mut words = Vec::with_capacity(query.words.len());
    let last = query.words.len() - 1;
    for (at, word) in query.words.iter().enumerate() {
        let is_known = known.contains(word) || (at == last && vocabulary::has_prefix(conn, word).await?);
        let better = if is_known { None } else { nearest(word, vocabulary::near(conn, word).await?) };
        words.push(better.unwrap_or_else(|| word.clone()));
    }
    Ok((words != query.words).then(|| query.with(words)))
}

fn nearest(word: &str, candidates: Vec<String>) -> Option<String> {
    let tolerated = match word.chars().count() {
        0..=2 => 0,
        3..=4 => 1,
        5..=8 => 2,
        _ => 3,
    };
    let distances = candidates.into_iter().map(|candidate| (distance(word, &candidate), candidate));
    // `min_by_key` keeps the first of equals: the candidates come by similarity.
    distances.filter(|(distance, _)| *distance <= tolerated).min_by_key(|(distance, _)| *distance).map(|(_, word)| word)
}

/// Optimal string alignment: insertions, deletions, substitutions, and swaps of neighbours.
fn distance(left: &str, right: &str) -> usize {
    let (left, right): (Vec<char>, Vec<char>) = (left.chars().collect(), right.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=right.len()).collect();
    for i in 1..=left.len() {
        let mut row = vec![i];
        for j in 1..=right.len() {
            let substituted = above[j - 1] + usize::from(left[i - 1] != right[j - 1]);
            let mut best = substituted.min(above[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1] {
                best = best.min(before[j - 2] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut above, row);
    }
    above[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_distance_counts_mistakes() {
        assert_eq!(distance("mountain", "mountain"), 0);
        assert_eq!(distance("montain", "mountain"), 1);
        assert_eq!(distance("muontain", "mountain"), 1);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("kitten", "sitting"), 3);
    }

    #[test]
    fn short_words_tolerate_less() {
        assert_eq!(nearest("cat", vec!["dog".into(), "cart".into()]), Some("cart".into()));
        assert_eq!(nearest("ab", vec!["abc".into()]), None);
    }
}

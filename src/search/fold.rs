//! Text into words, the same for documents and queries.
//!
//! Folding: Unicode NFKD, without the combining marks of Latin, Greek and Cyrillic (U+0300–036F) and the vowel signs of
//! Arabic; not all marks, for those of か and が make them different letters. Lower case, and composed again. Chinese and
//! Japanese, which are written without spaces, become pairs of letters.

use unicode_normalization::UnicodeNormalization;

/// A word of a text, and where it stands, counted in code points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) text: String,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Words beyond this length say nothing more.
const LONGEST: usize = 64;

/// The folded form of a text.
pub(super) fn fold(text: &str) -> String {
    text.nfkd().filter(|letter| !is_dropped(*letter)).flat_map(char::to_lowercase).flat_map(spell_out).nfc().collect()
}

/// The folded words of a text, in order.
pub(super) fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut run: Vec<(usize, char)> = Vec::new();
    for (at, letter) in text.chars().enumerate() {
        if is_part(letter) {
            run.push((at, letter));
        } else if !is_joint(letter) {
            take(&mut run, &mut words);
        }
    }
    take(&mut run, &mut words);
    words
}

// A run of letters is a word; where scripts without spaces begin and end, it is cut.
fn take(run: &mut Vec<(usize, char)>, words: &mut Vec<Word>) {
    for part in run.chunk_by(|(_, left), (_, right)| is_spaceless(*left) == is_spaceless(*right)) {
        if is_spaceless(part[0].1) {
            pairs(part, words);
        } else {
            words.extend(word(part));
        }
    }
    run.clear();
}

fn pairs(part: &[(usize, char)], words: &mut Vec<Word>) {
    if part.len() == 1 {
        words.extend(word(part));
    }
    words.extend(part.windows(2).filter_map(word));
}

fn word(part: &[(usize, char)]) -> Option<Word> {
    let (start, end) = (part.first()?.0, part.last()?.0 + 1);
    let text: String = part.iter().map(|(_, letter)| *letter).collect();
    let folded: String = fold(&text).chars().filter(|letter| letter.is_alphanumeric()).take(LONGEST).collect();
    (!folded.is_empty()).then_some(Word { text: folded, start, end })
}

fn is_part(letter: char) -> bool {
    letter.is_alphanumeric() || is_dropped(letter) || unicode_normalization::char::is_combining_mark(letter)
}

// Inside a word these join: don't, L’Aquila.
fn is_joint(letter: char) -> bool {
    matches!(letter, '\'' | '’' | 'ʼ')
}

fn is_dropped(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36F}' | '\u{64B}'..='\u{65F}' | '\u{670}' | '\u{640}')
}

// Han, Hiragana, Katakana.
fn is_spaceless(letter: char) -> bool {
    matches!(letter, '\u{3041}'..='\u{30FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{2FA1F}')
}

// Letters that Unicode does not take apart, as people type them without.
fn spell_out(letter: char) -> impl Iterator<Item = char> {
    let (first, second) = match letter {
        'ß' => ('s', Some('s')),
        'æ' => ('a', Some('e')),
        'œ' => ('o', Some('e')),
        'þ' => ('t', Some('h')),
        'ø' => ('o', None),
        'ł' => ('l', None),
        'đ' | 'ð' => ('d', None),
        'ı' => ('i', None),
        other => (other, None),
    };
    std::iter::once(first).chain(second)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        words(text).into_iter().map(|word| word.text).collect()
    }

    #[test]
    fn accents_do_not_matter() {
        assert_eq!(texts("Über den nördlichen Bergen"), ["uber", "den", "nordlichen", "bergen"]);
        assert_eq!(texts("Æther & Ωmega"), ["aether", "ωmega"]);
        assert_eq!(texts("don't L’Aquila e\u{301}tude"), ["dont", "laquila", "etude"]);
    }

    #[test]
    fn voiced_kana_are_other_letters() {
        assert_ne!(fold("か"), fold("が"));
    }

    #[test]
    fn scripts_without_spaces_become_pairs() {
        assert_eq!(texts("北の山 live"), ["北の", "の山", "live"]);
        assert_eq!(texts("山"), ["山"]);
    }

    #[test]
    fn a_word_knows_its_place() {
        let found = words("— Äther 🎵 two");
        assert_eq!((found[0].start, found[0].end), (2, 7));
        assert_eq!((found[1].start, found[1].end), (10, 13));
    }
}

use serde::{Deserialize, Serialize};

/// The words of a song.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lyrics {
    /// Line by line, without times. At most 20,000 characters.
    pub text: String,
    /// The same in time with the music, where the file says when; at most 2,000 lines of 500 characters.
    pub lines: Vec<LyricLine>,
}

/// A line that is sung.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LyricLine {
    /// When it begins, in milliseconds.
    pub at_ms: u32,
    /// Empty where nobody sings.
    pub text: String,
}

const MAX_CHARS: usize = 20_000;
const MAX_LINES: usize = 2_000;
const MAX_LINE_CHARS: usize = 500;

impl Lyrics {
    /// Plain words, or words with times in brackets (LRC). Times win over plain words that came before.
    pub(super) fn add_text(to: &mut Option<Self>, text: &str) {
        let text: String =
            text.trim_matches('\0').split('\0').next().unwrap_or_default().chars().take(MAX_CHARS).collect();
        match timed(&text) {
            Some(lines) => Self::add_lines(to, lines),
            None => {
                let text = tidy(&text);
                if !text.is_empty() && to.as_ref().is_none_or(|lyrics| lyrics.text.is_empty()) {
                    to.get_or_insert_default().text = text;
                }
            }
        }
    }

    /// The frame SYLT of ID3v2 (§4.9): encoding, language, unit of time, kind, a description, then words and times.
    pub(super) fn add_frame(to: &mut Option<Self>, frame: &[u8]) {
        const MILLISECONDS: u8 = 2;
        /// Lyrics, or a transcription of the text.
        const KINDS: std::ops::RangeInclusive<u8> = 1..=2;
        let [encoding, _, _, _, MILLISECONDS, kind, rest @ ..] = frame else { return };
        if !KINDS.contains(kind) {
            return;
        }
        let Some((_, mut rest)) = string(*encoding, rest) else { return };
        let mut lines = Vec::new();
        while lines.len() < MAX_LINES
            && let Some((text, behind)) = string(*encoding, rest)
            && let Some((time, behind)) = behind.split_first_chunk::<4>()
        {
            lines.push(LyricLine { at_ms: u32::from_be_bytes(*time), text: line(&text) });
            rest = behind;
        }
        Self::add_lines(to, lines);
    }

    fn add_lines(to: &mut Option<Self>, mut lines: Vec<LyricLine>) {
        lines.sort_by_key(|line| line.at_ms);
        if lines.is_empty() || to.as_ref().is_some_and(|lyrics| !lyrics.lines.is_empty()) {
            return;
        }
        let lyrics = to.get_or_insert_default();
        if lyrics.text.is_empty() {
            let words: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
            lyrics.text = tidy(&words.join("\n").chars().take(MAX_CHARS).collect::<String>());
        }
        lyrics.lines = lines;
    }
}

/// `None` unless most lines that say something begin with a time: `[01:02.34]`, several of them where a line comes again.
fn timed(text: &str) -> Option<Vec<LyricLine>> {
    let (mut lines, mut untimed) = (Vec::new(), 0);
    for whole in text.lines().map(str::trim).filter(|whole| !whole.is_empty()) {
        let (mut rest, mut times) = (whole, Vec::new());
        while let Some((at_ms, behind)) = time(rest) {
            times.push(at_ms);
            rest = behind.trim_start();
        }
        // `[ar:Somebody]` and the like head a file.
        let is_header = times.is_empty() && whole.starts_with('[') && whole.ends_with(']') && whole.contains(':');
        untimed += usize::from(times.is_empty() && !is_header);
        lines.extend(times.into_iter().map(|at_ms| LyricLine { at_ms, text: line(rest) }));
        lines.truncate(MAX_LINES);
    }
    (lines.len() > untimed).then_some(lines)
}

/// A time in brackets at the start of a line, and what follows.
fn time(text: &str) -> Option<(u32, &str)> {
    let (inside, behind) = text.strip_prefix('[')?.split_once(']')?;
    let (minutes, seconds) = inside.split_once(':')?;
    let (seconds, fraction) = seconds.split_once(['.', ':']).unwrap_or((seconds, ""));
    let digits = |text: &str, most: usize| {
        let is_number = (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| text.parse::<u32>().ok()).flatten()
    };
    let part_ms = match fraction.len() {
        0 => 0,
        digits_given => digits(fraction, 3)? * 10u32.pow(3 - digits_given as u32),
    };
    let seconds = digits(seconds, 2).filter(|seconds| *seconds < 60)?;
    Some(((digits(minutes, 3)? * 60 + seconds) * 1_000 + part_ms, behind))
}

/// A string up to its end mark, in one of the four encodings of ID3v2, and what follows.
fn string(encoding: u8, bytes: &[u8]) -> Option<(String, &[u8])> {
    if matches!(encoding, 0 | 3) {
        let end = bytes.iter().position(|byte| *byte == 0)?;
        let (text, rest) = (&bytes[..end], &bytes[end + 1..]);
        let text = match encoding {
            0 => text.iter().map(|byte| char::from(*byte)).collect(),
            _ => String::from_utf8_lossy(text).into_owned(),
        };
        return Some((text, rest));
    }
    let units = bytes.as_chunks::<2>().0;
    let end = units.iter().position(|unit| *unit == [0, 0])?;
    let (text, is_little) = match (encoding, units[..end].split_first()) {
        (1, Some(([0xff, 0xfe], text))) => (text, true),
        (1, Some(([0xfe, 0xff], text))) => (text, false),
        (1 | 2, _) => (&units[..end], encoding == 1),
        _ => return None,
    };
    let unit = |pair: &[u8; 2]| if is_little { u16::from_le_bytes(*pair) } else { u16::from_be_bytes(*pair) };
    let units: Vec<u16> = text.iter().map(unit).collect();
    Some((String::from_utf16_lossy(&units), &bytes[2 * end + 2..]))
}

/// Without control characters and the space around.
fn line(text: &str) -> String {
    let spaced: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MAX_LINE_CHARS).collect();
    spaced.trim().to_owned()
}

/// Line by line, with no more than one empty line between.
fn tidy(text: &str) -> String {
    let mut lines: Vec<String> = text.replace("\r\n", "\n").split(['\n', '\r']).map(line).collect();
    lines.dedup_by(|one, before| one.is_empty() && before.is_empty());
    lines.join("\n").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lyrics(texts: &[&str]) -> Option<Lyrics> {
        let mut lyrics = None;
        texts.iter().for_each(|text| Lyrics::add_text(&mut lyrics, text));
        lyrics
    }

    fn lines(lyrics: &Lyrics) -> Vec<(u32, &str)> {
        lyrics.lines.iter().map(|line| (line.at_ms, line.text.as_str())).collect()
    }

    #[test]
    fn plain_words_keep_their_lines() {
        let found = lyrics(&["One\r\ntwo\u{7}\n\n\n\nthree [sic]\0\0"]).expect("words");
        assert_eq!((found.text.as_str(), found.lines.len()), ("One\ntwo\n\nthree [sic]", 0));
        assert_eq!((lyrics(&[" \0"]), lyrics(&[""])), (None, None));
        assert_eq!(lyrics(&[&"é\n".repeat(50_000)]).map(|found| found.text.chars().count()), Some(19_999));
    }

    #[test]
    fn times_in_brackets_are_times() {
        let found = lyrics(&["[ar:Somebody]\n[00:12.5]One\n[01:02.34] [02:03.456]Again\n[00:59]\n"]).expect("words");
        assert_eq!(lines(&found), [(12_500, "One"), (59_000, ""), (62_340, "Again"), (123_456, "Again")]);
        assert_eq!(found.text, "One\n\nAgain\nAgain");
        assert!(lyrics(&["[Verse 1]\nOne\n[Chorus]\ntwo"]).expect("words").lines.is_empty());
        for no_time in ["[1:2:3:4]x", "[99999:00]x", "[00:61]x", "[é:00]x", "[00:00.1234]x", "[:]x", "[00:0é]x"] {
            assert_eq!(time(no_time), None, "{no_time}");
        }
    }

    #[test]
    fn times_come_to_words_that_were_there() {
        let found = lyrics(&["One\ntwo", "[00:01]One\n[00:02]two"]).expect("words");
        assert_eq!((found.text.as_str(), lines(&found)), ("One\ntwo", vec![(1_000, "One"), (2_000, "two")]));
    }

    fn frame(encoding: u8, encode: impl Fn(&str) -> Vec<u8>) -> Lyrics {
        let mut frame = vec![encoding, b'e', b'n', b'g', 2, 1];
        frame.extend(encode("about"));
        for (text, at_ms) in [("ünd", 500u32), ("over\u{a0}", 1_500)] {
            frame.extend(encode(text));
            frame.extend(at_ms.to_be_bytes());
        }
        let mut lyrics = None;
        Lyrics::add_frame(&mut lyrics, &frame);
        lyrics.expect("words")
    }

    #[test]
    fn synchronised_frames_are_read_in_every_encoding() {
        let latin = |text: &str| text.chars().map(|c| c as u8).chain([0]).collect::<Vec<u8>>();
        let utf_16 =
            |text: &str, bytes: fn(u16) -> [u8; 2]| text.encode_utf16().chain([0]).flat_map(bytes).collect::<Vec<u8>>();
        let with_mark = |text: &str| [vec![0xff, 0xfe], utf_16(text, u16::to_le_bytes)].concat();
        let found = [
            frame(0, latin),
            frame(1, with_mark),
            frame(2, |text| utf_16(text, u16::to_be_bytes)),
            frame(3, |text| [text.as_bytes(), &[0]].concat()),
        ];
        for (encoding, lyrics) in found.iter().enumerate() {
            assert_eq!(lines(lyrics), [(500, "ünd"), (1_500, "over")], "{encoding}");
        }
    }

    #[test]
    fn broken_frames_do_no_harm() {
        let whole =
            [&[1, b'e', b'n', b'g', 2, 1, 0xff, 0xfe, 0, 0, 0xff, 0xfe, 0x3d, 0xd8, 0, 0][..], &[0, 0, 1, 0]].concat();
        for length in 0..=whole.len() {
            for encoding in 0..5 {
                let mut frame = whole[..length].to_vec();
                if let Some(first) = frame.first_mut() {
                    *first = encoding;
                }
                Lyrics::add_frame(&mut None, &frame);
            }
        }
    }
}

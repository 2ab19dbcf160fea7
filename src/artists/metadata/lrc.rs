//! LRC: words in time with the music, as a text that begins each line with the time when it is sung.

use crate::artists::credits::{LyricLine, Lyrics, MAX_LINE, MAX_LINES};
use crate::platform::error::{Error, Result};

/// Characters of a whole file.
const MAX: usize = 100_000;

/// The words of an LRC file, in the order of time. A line may have several times (`[00:12.00][01:15.00]Again`); lines of
/// information (`[ar:Nina]`) are passed over, `[offset:250]` lets everything begin 250 ms earlier, times within a line
/// (`<00:12.50>`) are dropped. Where something is wrong, the line is named.
pub(super) fn parse(text: &str) -> Result<Lyrics> {
    if text.chars().count() > MAX {
        return Err(invalid("An LRC text has at most 100,000 characters."));
    }
    let (mut lines, mut offset_ms) = (Vec::new(), 0);
    for (number, line) in (1..).zip(text.trim_start_matches('\u{FEFF}').lines()) {
        let line = line.trim();
        if let Some(offset) = information(line, "offset") {
            offset_ms =
                offset.trim().parse::<i64>().ok().filter(|ms| ms.unsigned_abs() < 1_000_000).ok_or_else(|| {
                    invalid(format!("Line {number}: an offset is a number of milliseconds, such as [offset:-250]."))
                })?;
        } else if !line.is_empty() && !is_information(line) {
            let (times, words) = timed(line).ok_or_else(|| {
                invalid(format!("Line {number} begins with no time such as [01:02.50], of at most 59 seconds."))
            })?;
            // Before the words are there once for each of their times.
            if lines.len() + times.len() > MAX_LINES || words.chars().count() > MAX_LINE {
                return Err(invalid(format!(
                    "Line {number}: words in time have at most {MAX_LINES} lines of {MAX_LINE} characters."
                )));
            }
            lines.extend(times.into_iter().map(|at_ms| (at_ms, words.clone())));
        }
    }
    if lines.is_empty() {
        return Err(invalid("There is no line with a time in this text."));
    }
    let shifted = |ms: u32| u32::try_from((i64::from(ms) - offset_ms).max(0)).unwrap_or(u32::MAX);
    lines.sort_by_key(|(at_ms, _)| *at_ms);
    Ok(Lyrics::timed(lines.into_iter().map(|(at_ms, text)| LyricLine { at_ms: shifted(at_ms), text }).collect()))
}

fn invalid(problem: impl Into<String>) -> Error {
    Error::invalid("lyrics_lrc", problem)
}

/// `[ar:Nina]`: the value of a name.
fn information<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let (found, value) = line.strip_prefix('[')?.strip_suffix(']')?.split_once(':')?;
    found.trim().eq_ignore_ascii_case(name).then_some(value)
}

fn is_information(line: &str) -> bool {
    let tag = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).and_then(|tag| tag.split_once(':'));
    tag.is_some_and(|(name, value)| {
        name.starts_with(|letter: char| letter.is_alphabetic() || letter == '#') && !value.contains(']')
    })
}

/// The times that a line begins with, and its words.
fn timed(line: &str) -> Option<(Vec<u32>, String)> {
    let (mut times, mut rest) = (Vec::new(), line);
    while let Some((stamp, after)) = rest.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
        times.push(milliseconds(stamp)?);
        rest = after.trim_start();
    }
    (!times.is_empty()).then(|| (times, without_stamps(rest)))
}

/// `mm:ss`, `mm:ss.xx` or `mm:ss.xxx`; some write the fraction behind a colon.
fn milliseconds(stamp: &str) -> Option<u32> {
    let (minutes, rest) = stamp.split_once(':')?;
    let (seconds, fraction) = rest.split_once(['.', ':']).unwrap_or((rest, "0"));
    let number = |text: &str, most: usize| {
        let is_number = (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        if is_number { text.parse::<u32>().ok() } else { None }
    };
    let seconds = number(seconds, 2).filter(|seconds| *seconds < 60)?;
    let fraction = number(fraction, 3)? * [100, 10, 1][fraction.len() - 1];
    Some((number(minutes, 3)? * 60 + seconds) * 1000 + fraction)
}

fn without_stamps(words: &str) -> String {
    let mut clean = String::with_capacity(words.len());
    let mut rest = words;
    while let Some((before, after)) = rest.split_once('<') {
        clean.push_str(before);
        match after.split_once('>') {
            Some((stamp, behind)) if milliseconds(stamp).is_some() => rest = behind,
            _ => {
                clean.push('<');
                rest = after;
            }
        }
    }
    clean.push_str(rest);
    clean.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<(u32, String)> {
        let lyrics = serde_json::to_value(parse(text).expect("an LRC text")).expect("JSON");
        let line = |line: &serde_json::Value| {
            (line["at_ms"].as_u64().expect("a time") as u32, line["text"].as_str().expect("words").to_owned())
        };
        lyrics["lines"].as_array().expect("lines").iter().map(line).collect()
    }

    #[test]
    fn words_come_in_the_order_of_time() {
        let text = "\u{FEFF}[ar:Nina]\n[ti: Tides]\n\n[00:12.5]<00:12.50>Low <00:13.00> tide\n[01:15.250][00:02]High\n[00:20:07]\n";
        let expected = [(2_000, "High"), (12_500, "Low tide"), (20_070, ""), (75_250, "High")];
        assert_eq!(lines(text), expected.map(|(at, words)| (at, words.to_owned())));
    }

    #[test]
    fn an_offset_lets_all_lines_begin_earlier() {
        assert_eq!(
            lines("[offset:+500]\n[00:01.00]a < b\n[00:00.20]c"),
            [(0, "c".to_owned()), (500, "a < b".to_owned())]
        );
        assert_eq!(lines("[00:01.00]a\n[offset:-500]"), [(1_500, "a".to_owned())]);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        for (text, problem) in [
            ("[00:01.00]a\nb", "Line 2 begins with no time"),
            ("[00:61.00]a", "Line 1 begins with no time"),
            ("[00:01.0000]a", "Line 1 begins with no time"),
            ("[1000:00]a", "Line 1 begins with no time"),
            ("[00:01.00][x]a", "Line 1 begins with no time"),
            ("[offset:soon]\n[00:01.00]a", "Line 1: an offset"),
            ("[offset:-9223372036854775808]\n[00:01.00]a", "Line 1: an offset"),
            ("[ar:Nina]", "There is no line with a time"),
            ("", "There is no line with a time"),
            (&"x".repeat(100_001), "An LRC text has at most"),
            // As long as the words may be, 9,000 times.
            (&format!("{}{}", "[0:1]".repeat(9000), "x".repeat(54_000)), "Line 1: words in time have at most"),
            (&format!("[0:1]{}", "x".repeat(501)), "Line 1: words in time have at most"),
            (&"[0:1]\n".repeat(2001), "Line 2001: words in time have at most"),
        ] {
            match parse(text) {
                Err(Error::Invalid { field, problem: found }) => {
                    assert!(field == "lyrics_lrc" && found.starts_with(problem), "{text:.20}: {found}");
                }
                other => panic!("{text:.20}: {other:?}"),
            }
        }
    }
}

//! PLS: `File1=`, `Title1=`, `Length1=`.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::line::split;
use super::{Line, MOST, ReadList, TOO_MANY, Written, flat, lines, push};

pub(super) fn read(text: &str) -> Result<ReadList, String> {
    let mut numbered: BTreeMap<u32, Line> = BTreeMap::new();
    for line in lines(text) {
        let Some((key, value)) = line?.split_once('=') else { continue };
        let key = key.trim().to_ascii_lowercase();
        let name = key.trim_end_matches(|letter: char| letter.is_ascii_digit());
        let Ok(number) = key[name.len()..].parse() else { continue };
        match name {
            "file" => numbered.entry(number).or_default().location = Some(value.trim().to_owned()),
            "title" => {
                let line = numbered.entry(number).or_default();
                (line.artist, line.title) = split(value);
            }
            "length" => {
                let seconds = value.trim().parse::<i64>().ok().filter(|seconds| (1..1_000_000).contains(seconds));
                numbered.entry(number).or_default().duration_ms = seconds.map(|seconds| seconds * 1000);
            }
            _ => {}
        }
        if numbered.len() > MOST {
            return Err(TOO_MANY.into());
        }
    }
    let mut list = ReadList::default();
    for line in numbered.into_values() {
        push(&mut list.lines, line)?;
    }
    Ok(list)
}

pub(super) fn write(playlist: &Written<'_>) -> String {
    let mut text = "[playlist]\n".to_owned();
    for (number, line) in (1..).zip(playlist.lines) {
        // Writing to a string does not fail.
        let _ = writeln!(text, "File{number}={}", line.url);
        if let Some(name) = &line.named {
            let _ = writeln!(text, "Title{number}={} - {}", flat(&name.artist), flat(&name.title));
            let _ = writeln!(text, "Length{number}={}", (name.duration_ms + 500) / 1000);
        }
    }
    let _ = writeln!(text, "NumberOfEntries={}\nVersion=2", playlist.lines.len());
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_stand_in_the_order_of_their_numbers() {
        let text = "[playlist]\nFile2=b.mp3\nfile1=http://a.example/x\nTitle1=Nina - Tides\nLength1=61\nLength2=-1\n\
                    NumberOfEntries=2\nFile99999999999=x\n";
        let list = read(text).expect("a list");
        assert_eq!(list.lines.iter().map(Line::name).collect::<Vec<_>>(), ["Nina - Tides", "b"]);
        assert_eq!((list.lines[0].duration_ms, list.lines[1].duration_ms), (Some(61_000), None));
    }
}

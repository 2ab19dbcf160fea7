//! Extended M3U: a location a line, and what is said of it in a comment before.

use std::fmt::Write;

use super::line::{clean, split};
use super::{Line, ReadList, Written, flat, lines, push};

pub(super) fn read(text: &str) -> Result<ReadList, String> {
    let mut list = ReadList::default();
    let mut next = Line::default();
    for line in lines(text) {
        let line = line?;
        if line.is_empty() {
            continue;
        }
        let Some(comment) = line.strip_prefix('#') else {
            next.location = Some(line.to_owned());
            push(&mut list.lines, std::mem::take(&mut next))?;
            continue;
        };
        match comment.split_once(':') {
            Some(("EXTINF", about)) => tell(&mut next, about),
            Some(("EXTART", artist)) => next.artist = clean(artist),
            Some(("PLAYLIST", title)) => list.title = clean(title),
            // A comment, or something about it that finds no track.
            _ => {}
        }
    }
    Ok(list)
}

// Seconds, perhaps attributes, a comma, and the names.
fn tell(line: &mut Line, about: &str) {
    let (numbers, names) = about.split_once(',').unwrap_or((about, ""));
    let seconds = numbers.split_whitespace().next().and_then(|seconds| seconds.parse::<f64>().ok());
    line.duration_ms =
        seconds.filter(|seconds| *seconds > 0.0 && *seconds < 1e6).map(|seconds| (seconds * 1000.0) as i64);
    let (artist, title) = split_names(names);
    line.artist = line.artist.take().or(artist);
    line.title = title;
}

// A number before a name is part of it here: nobody numbers these.
fn split_names(names: &str) -> (Option<String>, Option<String>) {
    match names.split_once(" - ") {
        Some((artist, title)) => (clean(artist), clean(title)),
        None => split(names),
    }
}

pub(super) fn write(playlist: &Written<'_>) -> String {
    let mut text = format!("#EXTM3U\n#PLAYLIST:{}\n", flat(playlist.title));
    for line in playlist.lines {
        if let Some(name) = &line.named {
            let seconds = (name.duration_ms + 500) / 1000;
            // Writing to a string does not fail.
            let _ = writeln!(text, "#EXTINF:{seconds},{} - {}", flat(&name.artist), flat(&name.title));
            let _ = writeln!(text, "#EXTALB:{}", flat(&name.release));
        }
        let _ = writeln!(text, "{}", line.url);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_comment_says_is_of_the_next_line() {
        let text = "#EXTM3U\r\n#PLAYLIST:Mine\r\n# hello\r\n#EXTINF:61.5 tvg-id=\"x\",99 Luft - Ballons\r\n\
                    file:///etc/passwd\r\n\r\n#EXTINF:-1,Alone\r\n#EXTART:Nina\r\na.mp3\r\nb.mp3\r\n";
        let list = read(text).expect("a list");
        assert_eq!(list.title.as_deref(), Some("Mine"));
        let told: Vec<_> = list.lines.iter().map(Line::name).collect();
        assert_eq!(told, ["99 Luft - Ballons", "Nina - Alone", "b"]);
        assert_eq!((list.lines[0].duration_ms, list.lines[1].duration_ms), (Some(61_500), None));
    }
}

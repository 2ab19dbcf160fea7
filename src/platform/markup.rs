//! Text as a part of XML and HTML.

use std::fmt::Write;

/// A text as it stands between tags and within quotes of XML 1.0 and HTML. What XML has no way to write (control characters,
/// the two non-characters of its §2.2) is left out, so that a document is well-formed whatever a title holds.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + text.len() / 8);
    for letter in text.chars().filter(|letter| is_writable(*letter)) {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            // A parser would make a line feed of it.
            '\r' => escaped.push_str("&#13;"),
            letter => escaped.push(letter),
        }
    }
    escaped
}

// The production `Char` of XML 1.0, without the controls of C1, which it only advises against.
fn is_writable(letter: char) -> bool {
    matches!(letter, '\t' | '\n' | '\r') || !(letter.is_control() || matches!(letter, '\u{FFFE}' | '\u{FFFF}'))
}

/// Appends `<name>text</name>` and a line's end.
pub(crate) fn element(to: &mut String, name: &str, text: &str) {
    // Writing into memory does not fail.
    let _ = writeln!(to, "<{name}>{}</{name}>", escape(text));
}

/// Appends `<name a="…" b="…"/>` and a line's end.
pub(crate) fn empty_element(to: &mut String, name: &str, attributes: &[(&str, &str)]) {
    to.push('<');
    to.push_str(name);
    for (attribute, value) in attributes {
        let _ = write!(to, " {attribute}=\"{}\"", escape(value));
    }
    to.push_str("/>\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_cannot_leave_its_place() {
        let hostile = "</title><script>alert(\"x\")</script> & 'y' ]]>";
        let escaped = escape(hostile);
        assert!(!escaped.contains(['<', '>', '"', '\'']), "{escaped}");
        assert_eq!(escape("a & b"), "a &amp; b");
    }

    #[test]
    fn what_xml_cannot_hold_is_left_out() {
        assert_eq!(escape("a\u{0}b\u{1F}c\u{7F}d\u{85}e\u{FFFE}f\u{FFFF}g"), "abcdefg");
        assert_eq!(escape("a\tb\nc\rd 🎵 北"), "a\tb\nc&#13;d 🎵 北");
    }

    #[test]
    fn elements_hold_what_they_are_given() {
        let mut xml = String::new();
        element(&mut xml, "title", "<Tides>");
        empty_element(&mut xml, "link", &[("href", "https://a.example/?x=\"1\"&y=2")]);
        assert_eq!(xml, "<title>&lt;Tides&gt;</title>\n<link href=\"https://a.example/?x=&quot;1&quot;&amp;y=2\"/>\n");
    }
}

//! From what stands in a tag to what may be shown.

const MAX_CHARS: usize = 200;

pub(super) fn fill(field: &mut Option<String>, text: &str) {
    if field.is_none() {
        *field = clean(text);
    }
}

pub(super) fn fill_number(field: &mut Option<u32>, number: u64) {
    if field.is_none() {
        *field = u32::try_from(number).ok().filter(|number| (1..=9_999).contains(number));
    }
}

fn clean(text: &str) -> Option<String> {
    // What follows a NUL is padding, or a second value of ID3v2.4.
    let first = text.trim_start_matches('\0').split('\0').next()?;
    let spaced: String = first.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MAX_CHARS).collect();
    let trimmed = spaced.trim();
    (!trimmed.is_empty()).then(|| trimmed.to_owned())
}

/// The year, month and day of an ISO 8601 time, as far as they are there and can be.
pub(super) fn date(text: &str) -> Option<String> {
    let text = text.trim();
    let day = text.split(['T', ' ', '\0']).next()?;
    let mut parts = day.split(['-', '/', '.']);
    let mut next = |digits: usize, range: std::ops::RangeInclusive<u32>| {
        let part =
            parts.next().filter(|part| part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit()))?;
        part.parse().ok().filter(|number| range.contains(number))
    };
    let year = next(4, 1_000..=9_999)?;
    let Some(month) = next(2, 1..=12) else { return Some(format!("{year}")) };
    Some(match next(2, 1..=31) {
        Some(day) => format!("{year}-{month:02}-{day:02}"),
        None => format!("{year}-{month:02}"),
    })
}

/// Of two dates the first, unless the second says more of the same.
pub(super) fn longer(first: Option<String>, second: Option<String>) -> Option<String> {
    match (first, second) {
        (Some(first), Some(second)) => Some(if second.starts_with(&first) { second } else { first }),
        (first, second) => first.or(second),
    }
}

/// ISO 3901: country, registrant, year and designation. Writers put hyphens or spaces between.
pub(super) fn isrc(text: &str) -> Option<String> {
    let code: String = text.chars().filter(|c| !matches!(c, '-' | ' ' | '\0')).take(13).collect();
    let code = code.to_ascii_uppercase();
    let fits = |range: std::ops::Range<usize>, is: fn(&u8) -> bool| {
        code.as_bytes().get(range).is_some_and(|part| part.iter().all(is))
    };
    let is_code = code.len() == 12
        && fits(0..2, u8::is_ascii_uppercase)
        && fits(2..5, u8::is_ascii_alphanumeric)
        && fits(5..12, u8::is_ascii_digit);
    is_code.then_some(code)
}

/// The first of the UUIDs that a text holds, in lower case; writers put several behind each other.
pub(super) fn uuid(text: &str) -> Option<String> {
    let is_uuid = |text: &&str| {
        text.len() == 36
            && text.bytes().enumerate().all(|(at, byte)| match at {
                8 | 13 | 18 | 23 => byte == b'-',
                _ => byte.is_ascii_hexdigit(),
            })
            && text.bytes().any(|byte| !matches!(byte, b'0' | b'-'))
    };
    let mut words = text.split(['\0', ' ', '/', ';', ',', '\\']).filter(|word| !word.is_empty());
    words.next().filter(is_uuid).map(str::to_ascii_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_trimmed_and_free_of_control_characters() {
        assert_eq!(clean("  a\tb\n ").as_deref(), Some("a b"));
        assert_eq!(clean("one\0two").as_deref(), Some("one"));
        assert_eq!(clean(" \u{7}\0 "), None);
        assert_eq!(clean(&"é".repeat(500)).map(|text| text.chars().count()), Some(200));
    }

    #[test]
    fn dates_are_as_long_as_they_are_true() {
        for (text, expected) in [
            ("2026-11-28T19:00:00Z", Some("2026-11-28")),
            ("2026-11-28 19:00", Some("2026-11-28")),
            ("2026/11/28", Some("2026-11-28")),
            ("2026-11", Some("2026-11")),
            ("2026-13-40", Some("2026")),
            ("1999", Some("1999")),
            ("0000", None),
            ("28.11.2026", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(date(text).as_deref(), expected, "{text}");
        }
        let longer = |first: &str, second: &str| longer(Some(first.to_owned()), Some(second.to_owned()));
        assert_eq!(longer("2026", "2026-11").as_deref(), Some("2026-11"));
        assert_eq!(longer("1971", "2026-11").as_deref(), Some("1971"));
    }

    #[test]
    fn a_recording_code_is_whole_or_nothing() {
        assert_eq!(isrc("US-RC1-76-07839").as_deref(), Some("USRC17607839"));
        assert_eq!(isrc("usrc17607839").as_deref(), Some("USRC17607839"));
        for text in ["", "USRC1760783", "USRC176078399", "12RC17607839", "USRC1760783X", "ÜSRC17607839"] {
            assert_eq!(isrc(text), None, "{text}");
        }
    }

    #[test]
    fn an_identifier_is_whole_or_nothing() {
        let id = "5b11f4ce-a62d-471e-81fc-a69a8278c7da";
        let other = "83d91898-7763-47d7-b03b-b92132375c47";
        for text in
            [id.to_owned(), id.to_uppercase(), format!(" {id}\0"), format!("{id}/{other}"), format!("{id}; {other}")]
        {
            assert_eq!(uuid(&text).as_deref(), Some(id), "{text}");
        }
        let nil = "00000000-0000-0000-0000-000000000000";
        for text in ["", "nonsense", &id[1..], &format!("{id}0"), &id.replace('-', ""), nil, &format!("nonsense/{id}")]
        {
            assert_eq!(uuid(text), None, "{text}");
        }
    }
}

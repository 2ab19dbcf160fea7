//! Ranges of a whole file (RFC 9110 §14).

use actix_web::http::header::{self, HeaderMap};

/// What to send of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// All of it: 200.
    Whole,
    /// `length` bytes from `offset`: 206.
    Range { offset: u64, length: u64 },
    /// Nothing of it: 416.
    Unsatisfiable,
}

/// The part of an object of `size` bytes that a request asks for. Several ranges, other units and what cannot be read
/// are passed over, and so is a range whose `If-Range` names another object: the answer is the whole.
pub(crate) fn part(headers: &HeaderMap, size: u64, etag: &str) -> Part {
    let mut ranges = headers.get_all(header::RANGE);
    let (Some(range), None) = (ranges.next(), ranges.next()) else { return Part::Whole };
    if let Some(condition) = headers.get(header::IF_RANGE)
        && condition.as_bytes() != etag.as_bytes()
    {
        return Part::Whole;
    }
    range.to_str().ok().and_then(|text| parse(text, size)).unwrap_or(Part::Whole)
}

// `None`: not a range that we serve.
fn parse(text: &str, size: u64) -> Option<Part> {
    let (unit, spec) = text.split_once('=')?;
    let (first, last) = spec.trim().split_once('-')?;
    if !unit.trim().eq_ignore_ascii_case("bytes") || last.contains(',') {
        return None;
    }
    let (first, last) = (first.trim(), last.trim());
    if first.is_empty() {
        return Some(suffix(number(last)?, size));
    }
    let first = number(first)?;
    let last = if last.is_empty() { u64::MAX } else { number(last)? };
    if last < first {
        return None;
    }
    if first >= size {
        return Some(Part::Unsatisfiable);
    }
    Some(Part::Range { offset: first, length: last.min(size - 1) - first + 1 })
}

fn suffix(length: u64, size: u64) -> Part {
    match length.min(size) {
        0 => Part::Unsatisfiable,
        length => Part::Range { offset: size - length, length },
    }
}

// Digits alone: `parse` would take a sign.
fn number(text: &str) -> Option<u64> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(text.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    fn asked(range: &str) -> Part {
        let mut headers = HeaderMap::new();
        headers.insert(header::RANGE, HeaderValue::from_str(range).expect("a header"));
        part(&headers, 1000, "\"tag\"")
    }

    #[test]
    fn one_range_is_a_part() {
        assert_eq!(asked("bytes=0-0"), Part::Range { offset: 0, length: 1 });
        assert_eq!(asked("bytes=900-"), Part::Range { offset: 900, length: 100 });
        assert_eq!(asked("bytes=-1"), Part::Range { offset: 999, length: 1 });
        assert_eq!(asked("bytes=-5000"), Part::Range { offset: 0, length: 1000 });
        assert_eq!(asked("bytes=10-99999999999999999999999"), Part::Range { offset: 10, length: 990 });
    }

    #[test]
    fn a_range_outside_is_unsatisfiable() {
        assert_eq!(asked("bytes=1000-"), Part::Unsatisfiable);
        assert_eq!(asked("bytes=-0"), Part::Unsatisfiable);
    }

    #[test]
    fn what_is_no_single_range_is_the_whole() {
        for other in ["bytes=0-1,5-6", "lines=1-2", "bytes=5-2", "bytes=", "bytes=-", "bytes=+1-2", "bytes=a-b", "0-1"]
        {
            assert_eq!(asked(other), Part::Whole, "{other}");
        }
    }

    #[test]
    fn a_range_of_another_object_is_the_whole() {
        let mut headers = HeaderMap::new();
        headers.insert(header::RANGE, HeaderValue::from_static("bytes=0-1"));
        headers.insert(header::IF_RANGE, HeaderValue::from_static("\"other\""));
        assert_eq!(part(&headers, 1000, "\"tag\""), Part::Whole);
        headers.insert(header::IF_RANGE, HeaderValue::from_static("\"tag\""));
        assert_eq!(part(&headers, 1000, "\"tag\""), Part::Range { offset: 0, length: 2 });
    }
}

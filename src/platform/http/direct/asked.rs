//! What a client asks for, as far as it is answered directly.

use std::net::IpAddr;

use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};

use crate::platform::http::edge;

/// A request with more headers than this is not followed.
const HEADERS: usize = 64;

/// A request for music without a body.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) is_head: bool,
    /// The path, and the query behind a `?` if there is one: letters, digits and `-._~/?=&` alone, and nothing is escaped.
    pub(crate) target: String,
    /// Those that change the answer: ranges, conditions, the country.
    pub(crate) headers: HeaderMap,
    /// Who sent it, where the configuration wants to know.
    pub(crate) peer: Option<IpAddr>,
    /// How the path begins, for the figures.
    pub(super) route: &'static str,
    /// The connection ends with the answer.
    pub(super) closes: bool,
    /// What the request takes in the socket.
    pub(super) head_bytes: usize,
}

/// What a head asks for.
pub(super) enum Head {
    /// There is more to come.
    Incomplete,
    Music(Asked),
    /// Something for the app, and how far it reaches: the bytes of head and body, where everybody who reads them is sure to
    /// find the same.
    Other(Option<u64>),
}

/// Reads a whole request (RFC 9112 §3), for music as players send it or how far it reaches. What is unusual of music is the
/// app's too: a body, an upgrade, an older version, a strange host.
pub(super) fn parse(bytes: &[u8], public_url: Option<&str>, country_header: Option<&str>) -> Head {
    let mut headers = [httparse::EMPTY_HEADER; HEADERS];
    let mut request = httparse::Request::new(&mut headers);
    let head_bytes = match request.parse(bytes) {
        Ok(httparse::Status::Complete(head_bytes)) => head_bytes,
        Ok(httparse::Status::Partial) => return Head::Incomplete,
        Err(_) => return Head::Other(None),
    };
    match music(&request, head_bytes, public_url, country_header) {
        Some(asked) => Head::Music(asked),
        None => Head::Other(length(&request, head_bytes)),
    }
}

fn music(
    request: &httparse::Request<'_, '_>,
    head_bytes: usize,
    public_url: Option<&str>,
    country_header: Option<&str>,
) -> Option<Asked> {
    let is_head = match request.method? {
        "GET" => false,
        "HEAD" => true,
        _ => return None,
    };
    let target = request.path?;
    let route = edge::media_route(target)?;
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/?=&".contains(&byte);
    if request.version != Some(1) || !target.bytes().all(is_plain) {
        return None;
    }
    let (headers, closes) = read(request.headers, public_url, country_header)?;
    Some(Asked { is_head, target: target.to_owned(), headers, peer: None, route, closes, head_bytes })
}

// Where two might read a request in two ways, one of them would take a body for a request (RFC 9112 §11.2): such a connection
// has one reader from then on.
fn length(request: &httparse::Request<'_, '_>, head_bytes: usize) -> Option<u64> {
    let mut body_bytes = None;
    for httparse::Header { name, value } in request.headers.iter() {
        let is = |other: &HeaderName| name.eq_ignore_ascii_case(other.as_str());
        if is(&header::CONTENT_LENGTH) {
            let digits = str::from_utf8(value).ok().filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()))?;
            body_bytes.replace(digits.parse::<u64>().ok()?).is_none().then_some(())?;
        } else if is(&header::CONNECTION) {
            value.eq_ignore_ascii_case(b"keep-alive").then_some(())?;
        } else if [header::TRANSFER_ENCODING, header::EXPECT, header::UPGRADE].iter().any(is) {
            return None;
        }
    }
    (request.version == Some(1) && request.method != Some("CONNECT")).then_some(())?;
    body_bytes.unwrap_or(0).checked_add(head_bytes as u64)
}

// What changes the answer, and whether the connection ends with it.
fn read(
    all: &[httparse::Header<'_>],
    public_url: Option<&str>,
    country_header: Option<&str>,
) -> Option<(HeaderMap, bool)> {
    let (mut headers, mut closes, mut hosts) = (HeaderMap::new(), false, 0);
    for httparse::Header { name, value } in all {
        let is = |other: &HeaderName| name.eq_ignore_ascii_case(other.as_str());
        if is(&header::HOST) {
            hosts += 1;
            let host = str::from_utf8(value).ok()?;
            edge::knows_host(host, public_url).then_some(())?;
        } else if is(&header::CONNECTION) {
            closes |= value.eq_ignore_ascii_case(b"close");
            (closes || value.eq_ignore_ascii_case(b"keep-alive")).then_some(())?;
        } else if [header::CONTENT_LENGTH, header::TRANSFER_ENCODING, header::EXPECT, header::UPGRADE].iter().any(is) {
            return None;
        } else if [header::RANGE, header::IF_RANGE, header::IF_NONE_MATCH].iter().any(is)
            || country_header.is_some_and(|country| name.eq_ignore_ascii_case(country))
        {
            let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
            headers.append(name, HeaderValue::from_bytes(value).ok()?);
        }
    }
    (hosts == 1).then_some((headers, closes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(text: &str) -> Option<Asked> {
        match parse(text.as_bytes(), Some("https://music.example"), None) {
            Head::Music(asked) => Some(asked),
            Head::Other(_) | Head::Incomplete => None,
        }
    }

    fn reaches(text: &str) -> Option<u64> {
        match parse(text.as_bytes(), None, None) {
            Head::Other(bytes) => bytes,
            Head::Music(_) | Head::Incomplete => panic!("no whole request for the app: {text}"),
        }
    }

    #[test]
    fn a_player_s_request_is_read_with_what_changes_its_answer() {
        let text = "GET /api/v1/audio/grant/opus_ogg_128 HTTP/1.1\r\nHost: localhost\r\nUser-Agent: mpv\r\n\
                    Range: bytes=5-\r\nConnection: close\r\n\r\nGET /next";
        let asked = asked(text).expect("a request");
        assert_eq!(asked.target, "/api/v1/audio/grant/opus_ogg_128");
        assert_eq!((asked.is_head, asked.closes, asked.route), (false, true, "/api/v1/audio/"));
        assert_eq!(asked.headers.get("range").map(HeaderValue::as_bytes), Some(&b"bytes=5-"[..]));
        assert_eq!((asked.headers.len(), &text[asked.head_bytes..]), (1, "GET /next"));
    }

    #[test]
    fn whatever_is_unusual_is_left_to_the_app() {
        let whole = "GET /api/v1/audio/g/o HTTP/1.1\r\nHost: localhost\r\n\r\n";
        assert!(asked(whole).is_some() && asked(&whole.replace("localhost", "music.example")).is_some());
        let others = [
            &whole[..whole.len() - 2],
            "GET /api/v1/tracks HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "POST /api/v1/audio/g/o HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "GET /api/v1/audio/g/o HTTP/1.0\r\nHost: localhost\r\n\r\n",
            "GET /api/v1/audio/g%2fo HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "GET http://localhost/api/v1/audio/g/o HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "GET /api/v1/audio/g/o HTTP/1.1\r\n\r\n",
            "GET /api/v1/audio/g/o HTTP/1.1\r\nHost: evil.example\r\n\r\n",
            "GET /api/v1/audio/g/o HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n",
            "GET /api/v1/audio/g/o HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc",
            "GET /api/v1/audio/g/o HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "GET /api/v1/audio/g/o HTTP/1.1\r\nHost: localhost\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n",
            "GET /api/v1/audio/g/o HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n\r\n",
            "GET /api/v1/audio/g/o HTTP/1.1\r\nHost: localhost\r\nRange : bytes=0-\r\n\r\n",
        ];
        for other in others {
            assert!(asked(other).is_none(), "{other:?}");
        }
    }

    #[test]
    fn a_request_reaches_to_the_end_of_its_body() {
        let head = "POST /api/v1/plays HTTP/1.1\r\nHost: localhost\r\nContent-Length: 7\r\n\r\n";
        assert_eq!(reaches(&format!("{head}{{}}")), Some(head.len() as u64 + 7));
        let bare = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Keep-Alive\r\n\r\n";
        assert_eq!(reaches(bare), Some(bare.len() as u64));
    }

    #[test]
    fn where_two_might_read_a_request_in_two_ways_nobody_says_how_far_it_reaches() {
        for header in [
            "Content-Length: +7",
            "Content-Length: 7, 7",
            "Content-Length: 7\r\nContent-Length: 7",
            "Content-Length: ",
            "Content-Length: 99999999999999999999",
            "Content-Length: 18446744073709551615",
            "Transfer-Encoding: chunked",
            "Content-Length: 7\r\nTransfer-Encoding: identity",
            "Connection: close",
            "Connection: keep-alive, TE",
            "Connection: Upgrade\r\nUpgrade: websocket",
            "Expect: 100-continue",
            "Content-Length : 7",
        ] {
            assert_eq!(reaches(&format!("POST / HTTP/1.1\r\nHost: localhost\r\n{header}\r\n\r\n")), None, "{header}");
        }
        for whole in ["GET / HTTP/1.0\r\n\r\n", "CONNECT a:1 HTTP/1.1\r\n\r\n", "nonsense\r\n\r\n"] {
            assert_eq!(reaches(whole), None, "{whole}");
        }
    }

    #[test]
    fn a_part_of_a_head_is_incomplete() {
        let whole = "GET /api/v1/audio/g/o HTTP/1.1\r\nHost: localhost\r\n\r\n";
        for length in 0..whole.len() {
            assert!(matches!(parse(&whole.as_bytes()[..length], None, None), Head::Incomplete), "{length}");
        }
    }
}

//! What a client asks for, as far as it is answered directly.

use std::net::IpAddr;

use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};

use crate::platform::http::edge;

/// More headers than this are the app's to read.
const HEADERS: usize = 32;

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

/// Reads a whole request (RFC 9112 §3) for music as players send it. `None`: it is incomplete, or the app has to look at it, as
/// at all that is unusual: a body, an upgrade, an older version, a strange host.
pub(super) fn parse(bytes: &[u8], public_url: Option<&str>, country_header: Option<&str>) -> Option<Asked> {
    let mut headers = [httparse::EMPTY_HEADER; HEADERS];
    let mut request = httparse::Request::new(&mut headers);
    let head_bytes = request.parse(bytes).ok().filter(httparse::Status::is_complete)?.unwrap();
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
        parse(text.as_bytes(), Some("https://music.example"), None)
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
}

//! What is edited carries a strong `ETag`, and may be changed on the condition that it is still what the editor saw
//! (`If-Match`), or asked for only if it is not (`If-None-Match`); RFC 9110 §8.8.3 and §13.
//!
//! The tag is the hash of the representation as this viewer gets it: no column to keep, and nothing that shows can
//! change without it.

use std::future::{Ready, ready};

use actix_web::body::BoxBody;
use actix_web::dev::Payload;
use actix_web::http::header::{self, HeaderMap, HeaderName};
use actix_web::{FromRequest, HttpRequest, HttpResponse, Responder, ResponseError};
use serde::Serialize;
use utoipa::IntoParams;

use crate::platform::error::{Code, Error, Result};

/// The length of each part of a tag that names two.
const PART: usize = 32;

/// 200 with a JSON body and its `ETag`; 304 to a GET whose `If-None-Match` names it.
pub(crate) struct Editable<T>(pub(crate) T);

impl<T: Serialize> Responder for Editable<T> {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        match serde_json::to_vec(&self.0) {
            Ok(body) => answer(request, body),
            Err(cause) => Error::Internal(cause.into()).error_response(),
        }
    }
}

/// The same for what is edited in part, while the rest changes by itself (how many follow an artist). The tag names both, so
/// that it is as strong as any; `If-Match` asks for the edited part alone ([`IfMatch::require_part`]), or nobody could change
/// what many people look at.
pub(crate) struct PartlyEditable<T, E> {
    pub(crate) body: T,
    pub(crate) edited: E,
}

impl<T: Serialize, E: Serialize> Responder for PartlyEditable<T, E> {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        match (serde_json::to_vec(&self.body), serde_json::to_vec(&self.edited)) {
            (Ok(body), Ok(edited)) => {
                let tag = format!("\"{}{}\"", part(&edited), part(&body));
                answer_as(request, body, tag)
            }
            (Err(cause), _) | (_, Err(cause)) => Error::Internal(cause.into()).error_response(),
        }
    }
}

fn part(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex()[..PART].to_owned()
}

fn answer(request: &HttpRequest, body: Vec<u8>) -> HttpResponse {
    let tag = tag(&body);
    answer_as(request, body, tag)
}

fn answer_as(request: &HttpRequest, body: Vec<u8>, tag: String) -> HttpResponse {
    let is_known = request.method().is_safe() && is_fresh(request.headers(), &tag);
    let mut response = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response.insert_header((header::ETAG, tag)).insert_header((header::CACHE_CONTROL, "private, no-cache"));
    if is_known { response.finish() } else { response.content_type("application/json").body(body) }
}

fn tag(body: &[u8]) -> String {
    let hash = blake3::hash(body).to_hex();
    format!("\"{}\"", &hash[..32])
}

/// Whether the client holds what has this tag already (`If-None-Match`, RFC 9110 §13.1.2).
pub(crate) fn is_fresh(headers: &HeaderMap, tag: &str) -> bool {
    // Weak comparison: a cache may have weakened the tag.
    let fits = |other: &String| other == "*" || other.strip_prefix("W/").unwrap_or(other) == tag;
    listed(headers, header::IF_NONE_MATCH).iter().any(fits)
}

/// What the editor saw, if the request tells (`If-Match`).
#[derive(Debug, Default)]
pub(crate) struct IfMatch(Vec<String>);

/// The header, for the API's document.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "describes the header for the API's document")]
pub(crate) struct IfMatchHeader {
    /// The `ETag` of what the editor saw, several of them, or `*`. Nothing is changed when none of them fits any more (412).
    #[param(rename = "If-Match")]
    tags: Option<String>,
}

/// The header, for the API's document.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "describes the header for the API's document")]
pub(crate) struct IfNoneMatchHeader {
    /// The `ETag` of what the client holds; while that is so, the answer is 304 without a body.
    #[param(rename = "If-None-Match")]
    tags: Option<String>,
}

impl FromRequest for IfMatch {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self(listed(request.headers(), header::IF_MATCH))))
    }
}

impl IfMatch {
    /// Whether the outcome depends on what there is now. Not without the header, and not with `*`.
    pub(crate) fn asks(&self) -> bool {
        !self.0.is_empty() && !self.0.iter().any(|tag| tag == "*")
    }

    /// Refused unless `current`, which the caller has locked and shows as this editor sees it, is what the editor saw.
    pub(crate) fn require(&self, current: &impl Serialize) -> Result<()> {
        let tag = tag(&serde_json::to_vec(current).map_err(anyhow::Error::from)?);
        if !self.asks() || self.0.contains(&tag) { Ok(()) } else { Err(Error::Refused(Code::ChangedMeanwhile)) }
    }

    /// Refused unless the editor saw the edited part of a [`PartlyEditable`] as it is now, locked by the caller.
    pub(crate) fn require_part(&self, edited: &impl Serialize) -> Result<()> {
        let part = part(&serde_json::to_vec(edited).map_err(anyhow::Error::from)?);
        let seen = |tag: &String| tag.strip_prefix('"').is_some_and(|tag| tag.starts_with(&part));
        if !self.asks() || self.0.iter().any(seen) { Ok(()) } else { Err(Error::Refused(Code::ChangedMeanwhile)) }
    }
}

// What is no tag stays in the list, and fits nothing: a condition that cannot be read must not be passed over.
fn listed(headers: &HeaderMap, name: HeaderName) -> Vec<String> {
    let values = headers.get_all(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    values.flat_map(|value| value.split(',').map(|tag| tag.trim().to_owned()).collect::<Vec<_>>()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn if_match(value: &str) -> IfMatch {
        let request =
            actix_web::test::TestRequest::default().insert_header((header::IF_MATCH, value)).to_http_request();
        IfMatch(listed(request.headers(), header::IF_MATCH))
    }

    #[test]
    fn one_tag_of_a_list_is_enough_and_a_weak_one_is_not() {
        let now = tag(b"\"now\"");
        for fits in [now.clone(), "*".into(), format!("\"other\", {now}"), format!("\"a\",{now},\"b\"")] {
            assert!(if_match(&fits).require(&"now").is_ok(), "{fits}");
        }
        for stale in ["\"other\"".into(), format!("W/{now}"), now.replace('"', ""), "\"a\", \"b\"".into(), "".into()] {
            assert!(if_match(&stale).require(&"now").is_err(), "{stale}");
        }
        assert!(IfMatch::default().require(&"now").is_ok());
    }

    #[test]
    fn an_edit_asks_for_the_edited_part_alone() {
        let request = actix_web::test::TestRequest::default().to_http_request();
        let tag = |followers: u8, name: &'static str| {
            let answer = PartlyEditable { body: (followers, name), edited: name }.respond_to(&request);
            answer.headers().get(header::ETAG).and_then(|tag| tag.to_str().ok()).expect("a tag").to_owned()
        };
        assert_ne!(tag(1, "Nina"), tag(2, "Nina"), "what shows has changed");
        assert!(if_match(&tag(1, "Nina")).require_part(&"Nina").is_ok());
        assert!(if_match(&tag(1, "Nina")).require_part(&"Otto").is_err());
        assert!(if_match("\"\"").require_part(&"Nina").is_err() && if_match("nonsense").require_part(&"Nina").is_err());
    }
}

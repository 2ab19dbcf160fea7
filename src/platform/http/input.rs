//! Input parsed at the door: JSON bodies, query strings and ids, with the field at fault named.

use std::future::{Ready, ready};
use std::pin::Pin;
use std::str::FromStr;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use futures_util::StreamExt;
use serde::de::DeserializeOwned;

use crate::platform::auth;
use crate::platform::error::{Code, Error, Result};

/// The largest JSON body.
const MAX_BODY_BYTES: usize = 256 * 1024;

/// How long a JSON body may take to arrive.
const PATIENCE: Duration = Duration::from_secs(10);

/// A JSON body. Not JSON → 400; an unknown, missing or bad field → 422 that names it; over 256 KiB → 413.
pub(crate) struct Json<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest for Json<T> {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_json = request.mime_type().ok().flatten().is_some_and(|mime| mime.subtype() == "json");
        let (payload, request) = (payload.take(), request.clone());
        Box::pin(async move {
            if !is_json {
                return Err(Error::Malformed("Content-Type must be application/json.".into()));
            }
            let body = tokio::time::timeout(PATIENCE, read_all(payload)).await;
            let body = body.map_err(|_| Error::Malformed("The body did not arrive in time.".into()))??;
            auth::require_still(&request).await?;
            let parsed = parse(&body);
            if parsed.is_err() {
                auth::decided(&request).await;
            }
            parsed.map(Json)
        })
    }
}

async fn read_all(mut payload: Payload) -> Result<Vec<u8>> {
    let mut body = Vec::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|cause| Error::Malformed(cause.to_string()))?;
        if body.len() + chunk.len() > MAX_BODY_BYTES {
            return Err(Error::Refused(Code::BodyTooLarge));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T> {
    let mut json = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|cause| {
        let path = cause.path().to_string();
        match cause.inner().classify() {
            serde_json::error::Category::Data => invalid(&path, &cause.inner().to_string()),
            // serde_json words a number where one of some names is wanted as if it were no JSON.
            _ if is_json(body) => Error::invalid(path, "This field does not take such a value."),
            _ => Error::Malformed(cause.inner().to_string()),
        }
    })?;
    json.end().map_err(|cause| Error::Malformed(cause.to_string()))?;
    Ok(value)
}

fn is_json(body: &[u8]) -> bool {
    serde_json::from_slice::<serde::de::IgnoredAny>(body).is_ok()
}

/// A query string. Unknown parameters are passed over; a bad one → 422 that names it.
pub(crate) struct Query<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest for Query<T> {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let pairs = form_urlencoded::parse(request.query_string().as_bytes());
        let query = serde_urlencoded::Deserializer::new(pairs);
        ready(match serde_path_to_error::deserialize(query) {
            Ok(value) => Ok(Query(value)),
            Err(cause) => Err(invalid(&cause.path().to_string(), &cause.inner().to_string())),
        })
    }
}

// serde words an unknown or a missing field without a path; the name stands in backquotes.
fn invalid(path: &str, message: &str) -> Error {
    let problem = message.split(" at line ").next().unwrap_or(message);
    let named = problem.split('`').nth(1).filter(|_| path == "." || problem.starts_with("unknown field"));
    Error::invalid(named.unwrap_or(path), sentence(problem))
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str().trim_end_matches('.'))
}

/// The id in the path's `{id}`. What is no id is nothing that exists: 404.
pub(crate) struct Id<T>(pub(crate) T);

impl<T: FromStr> FromRequest for Id<T> {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let id = request.match_info().get("id").and_then(|text| text.parse().ok());
        ready(id.map(Id).ok_or(Error::NotFound("thing")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        #[expect(dead_code, reason = "only read")]
        count: u8,
        #[expect(dead_code, reason = "only read")]
        tempo: Option<Tempo>,
    }

    #[derive(Debug, serde::Deserialize)]
    enum Tempo {
        Largo,
    }

    fn fault(body: &str) -> (String, String) {
        match parse::<Sample>(body.as_bytes()) {
            Err(Error::Invalid { field, problem }) => (field, problem),
            Err(Error::Malformed(why)) => ("(malformed)".into(), why),
            other => panic!("accepted: {other:?}"),
        }
    }

    #[test]
    fn the_field_at_fault_is_named() {
        assert_eq!(fault(r#"{"count": 300}"#).0, "count");
        assert_eq!(fault(r#"{"count": 3, "admin": true}"#).0, "admin");
        assert_eq!(fault("{}").0, "count");
        for tempo in ["7", "[]", "true", "\"presto\"", "{}"] {
            assert_eq!(fault(&format!(r#"{{"count": 3, "tempo": {tempo}}}"#)).0, "tempo", "{tempo}");
        }
    }

    #[test]
    fn what_is_not_json_is_malformed() {
        assert_eq!(fault(r#"{"count": "#).0, "(malformed)");
        assert_eq!(fault(r#"{"count": 1} trailing"#).0, "(malformed)");
    }
}

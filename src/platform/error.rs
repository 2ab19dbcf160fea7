//! The one error type of the modules, and its form on the wire (RFC 9457).

use std::time::Duration;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;
use utoipa::ToSchema;

use super::telemetry;

mod code;

pub use code::Code;

/// What a use case answers with.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why something was not done: the caller's fault (a variant with a clear answer) or ours (`Internal`).
#[derive(Debug)]
pub enum Error {
    /// No valid credentials (401).
    Unauthenticated,
    /// Valid credentials, but not for this (403). Where the caller may not know that a thing exists, use `NotFound`.
    Forbidden,
    /// No such thing, or none that the caller may see (404). Holds the thing's name: `"track"`.
    NotFound(&'static str),
    /// The body is not JSON at all, or a header says nothing (400).
    Malformed(String),
    /// A field is unknown, missing or out of its limits (422).
    Invalid {
        /// The field at fault, as the client wrote it.
        field: String,
        /// What is wrong and what the limit is.
        problem: String,
    },
    /// A business rule says no; the code says which.
    Refused(Code),
    /// The same, with a sentence on this very case.
    RefusedBecause(Code, String),
    /// A limit was reached (429).
    TooManyRequests {
        /// When to come back.
        retry_after: Duration,
    },
    /// The database or a needed part is away; it will be back (503).
    Unavailable,
    /// Our own fault: logged with its cause, shown as a bare 500.
    Internal(anyhow::Error),
}

/// The body of every error: `application/problem+json` (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// `/problems/<slug>`, stable.
    #[serde(rename = "type")]
    pub kind: String,
    /// One sentence for people.
    pub title: String,
    /// The HTTP status, again.
    pub status: u16,
    /// Find this in the log.
    pub request_id: String,
    /// The field at fault, where one is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// More on this very case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

impl Error {
    /// A field that breaks its rule.
    pub fn invalid(field: impl Into<String>, problem: impl Into<String>) -> Self {
        Self::Invalid { field: field.into(), problem: problem.into() }
    }

    /// The stable name of this kind of error.
    pub fn slug(&self) -> &'static str {
        match self {
            Self::Unauthenticated => "unauthenticated",
            Self::Forbidden => "forbidden",
            Self::NotFound(_) => "not-found",
            Self::Malformed(_) => "malformed",
            Self::Invalid { .. } => "invalid",
            Self::Refused(code) | Self::RefusedBecause(code, _) => code.slug(),
            Self::TooManyRequests { .. } => "too-many-requests",
            Self::Unavailable => "unavailable",
            Self::Internal(_) => "internal",
        }
    }

    /// This error as its body.
    pub fn problem(&self) -> Problem {
        let (title, field, detail) = self.words();
        Problem {
            kind: format!("/problems/{}", self.slug()),
            title,
            status: self.status_code().as_u16(),
            request_id: telemetry::current_request().map(|id| id.to_string()).unwrap_or_default(),
            field,
            detail,
        }
    }

    fn words(&self) -> (String, Option<String>, Option<String>) {
        match self {
            Self::Unauthenticated => ("Sign in first.".into(), None, None),
            Self::Forbidden => ("This account may not do that.".into(), None, None),
            Self::NotFound(what) => (format!("No such {what}."), None, None),
            Self::Malformed(why) => ("The request could not be read.".into(), None, Some(why.clone())),
            Self::Invalid { field, problem } => (problem.clone(), Some(field.clone()), None),
            Self::Refused(code) => (code.title().into(), None, None),
            Self::RefusedBecause(code, why) => (code.title().into(), None, Some(why.clone())),
            Self::TooManyRequests { .. } => ("Too many requests; try again later.".into(), None, None),
            Self::Unavailable => ("The server cannot answer right now; try again in a moment.".into(), None, None),
            Self::Internal(_) => ("Something went wrong on our side.".into(), None, None),
        }
    }

    /// A violation of the named constraint becomes the refusal that it stands for; anything else stays what it is.
    pub(crate) fn on_constraint(self, name: &str, code: Code) -> Self {
        match &self {
            Self::Internal(cause) if violated(cause) == Some(name) => Self::Refused(code),
            _ => self,
        }
    }
}

fn violated(cause: &anyhow::Error) -> Option<&str> {
    match cause.downcast_ref::<diesel::result::Error>() {
        Some(diesel::result::Error::DatabaseError(_, info)) => info.constraint_name(),
        _ => None,
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Internal(cause) => write!(f, "{cause:#}"),
            Self::Invalid { field, problem } => write!(f, "{field}: {problem}"),
            other => f.write_str(&other.words().0),
        }
    }
}

impl std::error::Error for Error {}

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::Unauthenticated => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::Invalid { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Refused(code) | Self::RefusedBecause(code, _) => code.status(),
            Self::TooManyRequests { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse {
        if let Self::Internal(cause) = self {
            tracing::error!(error = format!("{cause:#}"), "request failed");
        }
        let mut response = HttpResponse::build(self.status_code());
        match self {
            Self::TooManyRequests { retry_after } => {
                response.insert_header((header::RETRY_AFTER, retry_after.as_secs().max(1)));
            }
            Self::Unavailable => {
                response.insert_header((header::RETRY_AFTER, 2));
            }
            Self::Unauthenticated => {
                response.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
            }
            _ => {}
        }
        let body = serde_json::to_string(&self.problem()).unwrap_or_default();
        response.insert_header((header::CACHE_CONTROL, "no-store")).content_type("application/problem+json").body(body)
    }
}

impl From<anyhow::Error> for Error {
    fn from(cause: anyhow::Error) -> Self {
        match cause.downcast::<Self>() {
            Ok(error) => error,
            Err(cause) => Self::Internal(cause),
        }
    }
}

impl From<diesel::result::Error> for Error {
    fn from(cause: diesel::result::Error) -> Self {
        use diesel::result::{DatabaseErrorKind, Error as Diesel};
        match &cause {
            // A server that shuts down, restarts or went away: the client may try again.
            Diesel::DatabaseError(DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand, _)
            | Diesel::BrokenTransactionManager => {
                tracing::warn!(error = %cause, "database connection lost");
                Self::Unavailable
            }
            Diesel::DatabaseError(_, info) if is_outage(info.message()) => {
                tracing::warn!(error = %cause, "database unavailable");
                Self::Unavailable
            }
            Diesel::DatabaseError(_, info) if info.message().contains("No space left on device") => {
                Self::Refused(Code::StorageFull)
            }
            // PostgreSQL's texts hold no NUL; what asks for one asks for nothing that exists.
            Diesel::DatabaseError(_, info) if info.message().contains("invalid byte sequence") => {
                Self::Malformed("A text holds a NUL character.".into())
            }
            _ => Self::Internal(anyhow::Error::new(cause).context("database")),
        }
    }
}

// diesel keeps no SQLSTATE of class 57 (operator intervention); its messages are fixed in the C locale that our cluster runs in.
fn is_outage(message: &str) -> bool {
    [
        "terminating connection",
        "the database system is",
        "connection closed",
        "cannot connect now",
        "canceling statement due to",
        "deadlock detected",
    ]
    .iter()
    .any(|outage| message.contains(outage))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_its_own_slug() {
        let mut slugs: Vec<_> = Code::ALL.iter().map(|code| code.slug()).collect();
        slugs.sort_unstable();
        slugs.dedup();
        assert_eq!(slugs.len(), Code::ALL.len());
    }

    #[test]
    fn an_internal_error_shows_no_cause() {
        let error = Error::from(anyhow::anyhow!("password=hunter2"));
        let body = serde_json::to_string(&error.problem()).expect("a problem is JSON");
        assert!(!body.contains("hunter2"), "{body}");
    }
}

//! The headers of the tus protocol 1.0: how they are read, and how an upload's state is told in them.

use actix_web::HttpRequest;
use actix_web::HttpResponseBuilder;
use chrono::{DateTime, Utc};

use super::transfer::{Form, Transfer};
use crate::platform::error::{Error, Result};
use crate::platform::id::{TrackId, UploadId};

pub(super) const VERSION: &str = "1.0.0";
pub(super) const EXTENSIONS: &str =
    "creation,creation-with-upload,creation-defer-length,expiration,checksum,termination,concatenation";

pub(super) const TUS_RESUMABLE: &str = "tus-resumable";
pub(super) const TUS_VERSION: &str = "tus-version";
pub(super) const TUS_EXTENSION: &str = "tus-extension";

/// The type of a body with bytes of an upload.
const PIECE: &str = "application/offset+octet-stream";

/// A header's text, if it is there once; `Malformed` where it comes twice or is no text.
pub(super) fn text<'a>(request: &'a HttpRequest, name: &str) -> Result<Option<&'a str>> {
    let mut values = request.headers().get_all(name);
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => value.to_str().map(Some).map_err(|_| malformed(name, "it is no text in ASCII")),
        _ => Err(malformed(name, "it comes twice")),
    }
}

/// A header that holds a number of bytes.
pub(super) fn bytes(request: &HttpRequest, name: &str) -> Result<Option<u64>> {
    let Some(text) = text(request, name)? else { return Ok(None) };
    let is_plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.parse().ok().filter(|number: &u64| is_plain && i64::try_from(*number).is_ok());
    number.map(Some).ok_or_else(|| malformed(name, "it must be a number of bytes, in decimal digits"))
}

/// Whether the body holds bytes of an upload.
pub(super) fn is_piece(request: &HttpRequest) -> Result<bool> {
    Ok(text(request, "content-type")?.is_some_and(|mime| mime.trim().eq_ignore_ascii_case(PIECE)))
}

/// What the request says that its body has; 0 where it does not.
pub(super) fn announced(request: &HttpRequest) -> Result<u64> {
    Ok(bytes(request, "content-length")?.unwrap_or(0))
}

pub(super) fn malformed(name: &str, why: &str) -> Error {
    Error::Malformed(format!("{}: {why}.", canonical(name)))
}

fn canonical(name: &str) -> String {
    let words = name.split('-').map(|word| {
        let (first, rest) = word.split_at(word.len().min(1));
        format!("{}{rest}", first.to_ascii_uppercase())
    });
    words.collect::<Vec<_>>().join("-")
}

/// Where an upload is.
pub(super) fn location(id: UploadId) -> String {
    format!("/api/v1/uploads/{id}")
}

/// How far an upload is, and until when it waits.
pub(super) fn tell_progress(
    response: &mut HttpResponseBuilder,
    offset: Option<u64>,
    expires_at: DateTime<Utc>,
    track: Option<TrackId>,
) {
    response.insert_header(("cache-control", "no-store"));
    if let Some(offset) = offset {
        response.insert_header(("upload-offset", offset));
    }
    // As RFC 9110 §5.6.7 writes a date.
    response.insert_header(("upload-expires", expires_at.format("%a, %d %b %Y %H:%M:%S GMT").to_string()));
    if let Some(track) = track {
        response.insert_header(("upload-track", track.to_string()));
    }
}

/// All that there is to say of an upload.
pub(super) fn tell(response: &mut HttpResponseBuilder, transfer: &Transfer) {
    tell_progress(response, transfer.told_offset(), transfer.expires_at, transfer.track_id);
    match transfer.length() {
        Some(length) => response.insert_header(("upload-length", length)),
        None => response.insert_header(("upload-defer-length", 1)),
    };
    if let Some(metadata) = &transfer.metadata {
        response.insert_header(("upload-metadata", metadata.as_str()));
    }
    let parts = || transfer.parts().map(location).collect::<Vec<_>>().join(" ");
    match transfer.form {
        Form::Whole => {}
        Form::Part => drop(response.insert_header(("upload-concat", "partial"))),
        Form::Joined => drop(response.insert_header(("upload-concat", format!("final;{}", parts())))),
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn length(values: &[&str]) -> Result<Option<u64>, String> {
        let request = values
            .iter()
            .fold(TestRequest::default(), |request, value| request.append_header(("upload-length", *value)));
        bytes(&request.to_http_request(), "upload-length").map_err(|error| match error {
            Error::Malformed(why) => why,
            other => panic!("{other}"),
        })
    }

    #[test]
    fn a_number_of_bytes_is_digits_alone() {
        assert_eq!(length(&[]), Ok(None));
        assert_eq!(length(&["0"]), Ok(Some(0)));
        assert_eq!(length(&["9223372036854775807"]), Ok(Some(i64::MAX as u64)));
        for bad in ["", "-1", "+1", " 1 2", "1.0", "0x10", "9223372036854775808", "99999999999999999999999"] {
            assert!(length(&[bad]).is_err(), "{bad}");
        }
        assert_eq!(length(&["1", "1"]).expect_err("twice"), "Upload-Length: it comes twice.");
    }
}

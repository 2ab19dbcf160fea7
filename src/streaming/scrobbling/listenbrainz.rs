//! ListenBrainz, by its API (<https://listenbrainz.readthedocs.io/en/latest/users/api/core.html>).

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{Method, Request, StatusCode, Url};
use serde::Deserialize;
use serde_json::{Value, json};

use super::listen::Listen;
use super::protocol::{Failure, Profile};
use crate::platform::Platform;
use crate::platform::fetch::{Reach, USUAL_LIMIT};

#[derive(Deserialize)]
struct Validity {
    valid: bool,
    #[serde(default)]
    user_name: String,
}

pub(super) async fn profile(platform: &Platform, token: &str) -> Result<Profile, Failure> {
    let request = request(platform, Method::GET, "1/validate-token", token, None)?;
    let answer = platform.fetch.send(Reach::Configured, request, USUAL_LIMIT).await?;
    if !answer.status.is_success() {
        return Err(judge(answer.status, &answer.body));
    }
    match serde_json::from_slice::<Validity>(&answer.body) {
        Ok(Validity { valid: true, user_name }) => Ok(Profile { username: user_name, secret: token.to_owned() }),
        Ok(_) => Err(Failure::Refused),
        Err(cause) => Err(Failure::Away(cause.to_string())),
    }
}

/// `kind` is `single` or `playing_now`.
pub(super) async fn submit(platform: &Platform, token: &str, listen: &Listen, kind: &str) -> Result<(), Failure> {
    let body = document(listen, kind);
    let request = request(platform, Method::POST, "1/submit-listens", token, Some(&body))?;
    let answer = platform.fetch.send(Reach::Configured, request, USUAL_LIMIT).await?;
    if answer.status.is_success() { Ok(()) } else { Err(judge(answer.status, &answer.body)) }
}

fn document(listen: &Listen, kind: &str) -> Value {
    let Listen { track, started_at } = listen;
    let mut payload = json!({
        "track_metadata": {
            "artist_name": track.artist,
            "track_name": track.title,
            "release_name": track.release,
            "additional_info": {
                "duration_ms": track.duration_ms,
                "isrc": track.isrc,
                "recording_mbid": track.recording_mbid,
                "media_player": "Legato",
                "submission_client": "Legato",
                "submission_client_version": env!("CARGO_PKG_VERSION"),
            },
        },
    });
    // What is heard now has no time.
    if kind == "single" {
        payload["listened_at"] = json!(started_at.timestamp());
    }
    if let Some(info) = payload["track_metadata"]["additional_info"].as_object_mut() {
        info.retain(|_, value| !value.is_null());
    }
    json!({ "listen_type": kind, "payload": [payload] })
}

fn request(
    platform: &Platform,
    method: Method,
    path: &str,
    token: &str,
    body: Option<&Value>,
) -> Result<Request, Failure> {
    let base = platform.config.listenbrainz_url.trim_end_matches('/');
    let url = Url::parse(&format!("{base}/{path}")).map_err(|cause| Failure::Away(cause.to_string()))?;
    let mut request = Request::new(method, url);
    // What is no header's value is nobody's token.
    let value = format!("Token {token}").parse().map_err(|_| Failure::Refused)?;
    request.headers_mut().insert(AUTHORIZATION, value);
    if let Some(body) = body {
        let json = HeaderValue::from_static("application/json");
        request.headers_mut().insert(CONTENT_TYPE, json);
        *request.body_mut() = Some(body.to_string().into());
    }
    Ok(request)
}

fn judge(status: StatusCode, body: &[u8]) -> Failure {
    let words: String = String::from_utf8_lossy(body).chars().take(200).collect();
    match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Failure::Refused,
        StatusCode::BAD_REQUEST => Failure::Senseless(words),
        _ => Failure::Away(format!("{status}: {words}")),
    }
}

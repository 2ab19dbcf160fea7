//! Last.fm, by its API (<https://www.last.fm/api/scrobbling>): forms, signed with MD5 as it wants them.

use std::collections::BTreeMap;

use md5::{Digest, Md5};
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use reqwest::{Method, Request, Url};
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde_json::Value;
use url::form_urlencoded;

use super::listen::Listen;
use super::protocol::{Failure, Profile};
use crate::platform::Platform;
use crate::platform::config::Lastfm;
use crate::platform::fetch::{Reach, USUAL_LIMIT};

/// A call's parameters, in the order in which they are signed.
type Parameters = BTreeMap<&'static str, String>;

/// Where an account says that we may speak for it, and the token that this makes good.
#[derive(Debug)]
pub(super) struct Authorization {
    pub(super) token: String,
    pub(super) url: String,
}

#[derive(Deserialize)]
struct Token {
    token: String,
}

#[derive(Deserialize)]
struct Session {
    session: Keys,
}

#[derive(Deserialize)]
struct Keys {
    name: String,
    key: String,
}

/// An answer that says why nothing was done: `error` is a number of Last.fm's.
#[derive(Deserialize)]
struct Complaint {
    error: u32,
    #[serde(default)]
    message: String,
}

pub(super) async fn authorize(platform: &Platform) -> Result<Authorization, Failure> {
    let lastfm = configured(platform)?;
    let Token { token } = call(platform, "auth.getToken", Parameters::new()).await?;
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("api_key", &lastfm.api_key)
        .append_pair("token", &token)
        .finish();
    Ok(Authorization { url: format!("{}?{query}", lastfm.authorize_url), token })
}

pub(super) async fn profile(platform: &Platform, token: &str) -> Result<Profile, Failure> {
    let parameters = Parameters::from([("token", token.to_owned())]);
    let Session { session } = call(platform, "auth.getSession", parameters).await?;
    Ok(Profile { username: session.name, secret: session.key })
}

/// `method` is `track.scrobble` or `track.updateNowPlaying`.
pub(super) async fn submit(
    platform: &Platform,
    session_key: &str,
    listen: &Listen,
    method: &'static str,
) -> Result<(), Failure> {
    let Listen { track, started_at } = listen;
    let mut parameters = Parameters::from([
        ("artist", track.artist.clone()),
        ("track", track.title.clone()),
        ("album", track.release.clone()),
        ("duration", (track.duration_ms / 1000).to_string()),
        ("sk", session_key.to_owned()),
    ]);
    if method == "track.scrobble" {
        parameters.insert("timestamp", started_at.timestamp().to_string());
    }
    if let Some(mbid) = &track.recording_mbid {
        parameters.insert("mbid", mbid.clone());
    }
    judge_listen(&call(platform, method, parameters).await?)
}

// A listen that was passed over comes with a code why: 5 is a day's limit.
fn judge_listen(answer: &Value) -> Result<(), Failure> {
    // Numbers come as numbers or as texts.
    let number = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let ignored = &answer["scrobbles"]["@attr"]["ignored"];
    if ignored.is_null() || number(ignored) == "0" {
        return Ok(());
    }
    let code = number(&answer["scrobbles"]["scrobble"]["ignoredMessage"]["code"]);
    let why = format!("it was passed over: {code}");
    if code == "5" { Err(Failure::Away(why)) } else { Err(Failure::Senseless(why)) }
}

async fn call<T: serde::de::DeserializeOwned>(
    platform: &Platform,
    method: &'static str,
    mut parameters: Parameters,
) -> Result<T, Failure> {
    let lastfm = configured(platform)?;
    parameters.insert("method", method.to_owned());
    parameters.insert("api_key", lastfm.api_key.clone());
    let form = signed_form(&parameters, lastfm.secret.expose_secret());
    let url = Url::parse(&lastfm.url).map_err(|cause| Failure::Away(cause.to_string()))?;
    let mut request = Request::new(Method::POST, url);
    let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
    request.headers_mut().insert(CONTENT_TYPE, kind);
    *request.body_mut() = Some(form.into());
    let answer = platform.fetch.send(Reach::Configured, request, USUAL_LIMIT).await?;
    // An error may come with any status.
    if let Ok(complaint) = serde_json::from_slice::<Complaint>(&answer.body) {
        return Err(judge(complaint));
    }
    if !answer.status.is_success() {
        return Err(Failure::Away(answer.status.to_string()));
    }
    serde_json::from_slice(&answer.body).map_err(|cause| Failure::Away(cause.to_string()))
}

fn configured(platform: &Platform) -> Result<&Lastfm, Failure> {
    platform.config.lastfm.as_ref().ok_or_else(|| Failure::Away("this server has no key of Last.fm".to_owned()))
}

fn judge(Complaint { error, message }: Complaint) -> Failure {
    match error {
        // A token or session key that is no good, is not agreed to, or has run out.
        4 | 9 | 14 | 15 | 17 => Failure::Refused,
        6 | 7 => Failure::Senseless(message),
        other => Failure::Away(format!("error {other}: {message}")),
    }
}

fn signed_form(parameters: &Parameters, secret: &str) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(parameters).append_pair("api_sig", &sign(parameters, secret)).append_pair("format", "json");
    form.finish()
}

/// All parameters, name behind name, with their values, and the secret behind them.
fn sign(parameters: &Parameters, secret: &str) -> String {
    let mut hasher = Md5::new();
    for (name, value) in parameters {
        hasher.update(name);
        hasher.update(value);
    }
    hasher.update(secret);
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listen_that_was_passed_over_was_not_taken() {
        let answer = |ignored: Value, code: &str| {
            serde_json::json!({ "scrobbles": {
                "@attr": { "accepted": 0, "ignored": ignored }, "scrobble": { "ignoredMessage": { "code": code } },
            } })
        };
        assert!(judge_listen(&answer(0.into(), "0")).is_ok() && judge_listen(&Value::Null).is_ok());
        assert!(matches!(judge_listen(&answer(1.into(), "5")), Err(Failure::Away(_))));
        assert!(matches!(judge_listen(&answer("1".into(), "3")), Err(Failure::Senseless(_))));
    }

    #[test]
    fn a_call_is_signed_over_its_parameters_in_their_order() {
        let parameters = Parameters::from([
            ("method", "auth.getSession".to_owned()),
            ("api_key", "xxx".to_owned()),
            ("token", "yyy".to_owned()),
        ]);
        // printf %s 'api_keyxxxmethodauth.getSessiontokenyyyilovecher' | md5sum
        assert_eq!(sign(&parameters, "ilovecher"), "6fbd8819d5d7464f4d946b8ea5eeab92");
    }
}

//! Last.fm, or who speaks like it.

use secrecy::SecretString;

use super::layers::Layers;
use super::parse::service_url;

/// What lets this server speak to Last.fm, or to who speaks like it.
#[derive(Debug, Clone)]
pub struct Lastfm {
    /// Its API, and the page on which people agree.
    pub url: String,
    pub authorize_url: String,
    pub api_key: String,
    pub secret: SecretString,
}

// An account's plays go nowhere with half of a key.
pub(super) fn settings(layers: &mut Layers) -> Option<Lastfm> {
    let url = layers.get("lastfm_url", "https://ws.audioscrobbler.com/2.0/", service_url);
    let authorize_url = layers.get("lastfm_authorize_url", "https://www.last.fm/api/auth/", service_url);
    let api_key = layers.optional("lastfm_api_key", |text| Ok(text.to_owned()));
    let secret = layers.optional("lastfm_secret", |text| Ok(text.to_owned())).map(SecretString::from);
    match (api_key, secret) {
        (Some(api_key), Some(secret)) => Some(Lastfm { url, authorize_url, api_key, secret }),
        (None, None) => None,
        _ => {
            layers.complain("lastfm_api_key, lastfm_secret: one needs the other");
            None
        }
    }
}

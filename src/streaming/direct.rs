//! What is answered on the connection itself: segments, their playlists, whole files.

use super::audio;
use super::hls;
use super::renditions::Renditions;
use crate::platform::Platform;
use crate::platform::country::Country;
use crate::platform::error::Result;
use crate::platform::http::direct::{Answer, Answering, Asked};

/// Answers as the routes of the same paths do. What fails is left to them, who say why.
pub(crate) struct Music {
    platform: Platform,
    renditions: Renditions,
}

impl Music {
    pub(crate) fn new(platform: &Platform, renditions: &Renditions) -> Self {
        Self { platform: platform.clone(), renditions: renditions.clone() }
    }

    async fn find(&self, asked: &Asked) -> Result<Option<Answer>> {
        let Self { platform, renditions } = self;
        let country = Country::told(&platform.config, asked.peer, &asked.headers);
        let (path, query) = asked.target.split_once('?').unwrap_or((&asked.target, ""));
        let mut parts = path.split('/').skip(3);
        let mut part = || parts.next().unwrap_or_default();
        let (kind, grant, name) = (part(), part(), part());
        let rest = (parts.next(), parts.next(), parts.next());
        match (kind, rest) {
            ("audio", (None, ..)) if query.is_empty() => {
                let wanted = audio::Wanted { is_head: asked.is_head, headers: &asked.headers };
                Ok(audio::answer(platform, renditions, &country, (grant, name), wanted).await?.ok())
            }
            ("hls", (Some(list), None, None)) if !asked.is_head => {
                let (Some(list), Some(within)) = (hls::List::named(list), hls::Within::parse(query)) else {
                    return Ok(None);
                };
                hls::list(platform, renditions, &country, (grant, name, list), &within).await.map(Some)
            }
            ("hls", (Some(rendition), Some(file), None)) if !asked.is_head && query.is_empty() => {
                let Some(wanted) = hls::Wanted::named(file) else { return Ok(None) };
                let path = (grant, name, rendition, wanted);
                hls::answer(platform, renditions, &country, path, &asked.headers).await.map(Some)
            }
            _ => Ok(None),
        }
    }
}

impl Answering for Music {
    async fn answer(&self, asked: &Asked) -> Option<Answer> {
        self.find(asked).await.ok().flatten()
    }
}

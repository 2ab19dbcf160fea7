//! The renditions behind a grant, remembered for a moment, so that a segment costs no query.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use bytes::Bytes;
use lru::LruCache;
use tokio_util::sync::CancellationToken;

use super::{playlist, preview};
use crate::artists::{self, PlayableRendition, SegmentIndex, Territories};
use crate::platform::Platform;
use crate::platform::auth::Hold;
use crate::platform::country::Country;
use crate::platform::error::{Code, Error, Result};
use crate::platform::grant::Grant;
use crate::platform::id::TrackId;

mod remembered;

use remembered::{Forms, Key, Remembered};

/// Tracks that one query asks about.
const AT_ONCE: usize = 1000;

/// What this process knows of renditions. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Renditions {
    remembered: Arc<Remembered>,
    /// Media playlists by the object that they list.
    playlists: Arc<Mutex<LruCache<String, Bytes>>>,
}

/// What a grant opens, for as long as `hold` holds.
pub(super) struct Opened {
    pub(super) grant: Grant,
    pub(super) hold: Hold,
    pub(super) renditions: Arc<Vec<PlayableRendition>>,
}

/// One rendition of what a grant opens, for as long as `hold` holds.
pub(super) struct Chosen {
    pub(super) grant: Grant,
    pub(super) hold: Hold,
    all: Arc<Vec<PlayableRendition>>,
    at: usize,
}

impl Chosen {
    pub(super) fn rendition(&self) -> &PlayableRendition {
        &self.all[self.at]
    }
}

/// Media playlists that are remembered, of some 2 kB each.
const PLAYLISTS: NonZeroUsize = NonZeroUsize::new(4096).expect("not zero");

impl Renditions {
    pub(crate) fn new() -> Self {
        let playlists = Arc::new(Mutex::new(LruCache::new(PLAYLISTS)));
        Self { remembered: Arc::new(Remembered::new()), playlists }
    }

    /// The media playlist of a rendition: written once, and the same for all; but for a piece, which its artist moves.
    pub(super) fn playlist(&self, rendition: &PlayableRendition, is_preview: bool, index: &SegmentIndex) -> Bytes {
        if is_preview {
            return playlist::media(index).into();
        }
        let mut playlists = self.playlists.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = playlists.get(&rendition.object_key) {
            return known.clone();
        }
        let text: Bytes = playlist::media(index).into();
        playlists.put(rendition.object_key.clone(), text.clone());
        text
    }

    /// All renditions that a path's grant opens in a country; 404 for a grant that does not hold, or no longer.
    pub(super) async fn all(&self, platform: &Platform, segment: &str, country: &Country) -> Result<Opened> {
        let grant = platform.grants.check(segment, platform.clock.now())?;
        let mut hold = platform.auth.hold(grant.subjects(), grant.granted_at());
        if !hold.holds() {
            return Err(Error::NotFound("stream"));
        }
        let key = Key::from(&grant);
        let forms = match self.remembered.fresh(&key) {
            Some(forms) => forms,
            None => self.look_up(platform, key).await?,
        };
        require_here(forms.territories.as_ref(), country)?;
        Ok(Opened { renditions: forms.as_of(grant.granted_at()), grant, hold })
    }

    /// The one of them that has a name.
    pub(super) async fn open(
        &self,
        platform: &Platform,
        (segment, name): (&str, &str),
        country: &Country,
    ) -> Result<Chosen> {
        let mut opened = self.all(platform, segment, country).await?;
        let mut at = position(&opened.renditions, name);
        if at.is_none() {
            // It may be newer than what is remembered.
            let forms = self.look_up(platform, Key::from(&opened.grant)).await?;
            opened.renditions = forms.as_of(opened.grant.granted_at());
            at = position(&opened.renditions, name);
        }
        let at = at.ok_or(Error::NotFound("stream"))?;
        Ok(Chosen { grant: opened.grant, hold: opened.hold, all: opened.renditions, at })
    }

    async fn look_up(&self, platform: &Platform, key: Key) -> Result<Forms> {
        let began = Instant::now();
        match look_up(platform, key).await {
            Ok((forms, is_open)) => Ok(self.remembered.remember(key, forms, is_open, began)),
            // With the database away, music goes on.
            Err(Error::Unavailable) => self.remembered.stale(&key).ok_or(Error::Unavailable),
            Err(error) => {
                self.remembered.forget(&key);
                Err(error)
            }
        }
    }

    /// Makes sure again and again that what is heard may be heard by all still; with one query for all of it, so that who
    /// listens costs none. Ends with `ending`.
    pub(crate) async fn keep_fresh(self, platform: Platform, ending: CancellationToken) {
        while ending.run_until_cancelled(tokio::time::sleep(remembered::EVERY)).await.is_some() {
            for tracks in self.remembered.heard().chunks(AT_ONCE) {
                if let Err(error) = self.check(&platform, tracks).await {
                    // Each of them is looked up by whoever asks for it next.
                    tracing::debug!(%error, "checking what is heard");
                }
            }
        }
    }

    async fn check(&self, platform: &Platform, tracks: &[TrackId]) -> Result<()> {
        let began = Instant::now();
        let open = artists::tracks_open_to_all(&mut *platform.db.conn().await?, tracks).await?;
        self.remembered.confirm(tracks, &open.into_iter().collect(), began);
        Ok(())
    }
}

fn position(renditions: &[PlayableRendition], name: &str) -> Option<usize> {
    renditions.iter().position(|rendition| rendition.name == name)
}

/// Leaves what the server's line carries; of each form the least, where all is more. Any where the limit is zero.
fn limit(renditions: &mut Vec<PlayableRendition>, most_bps: i32) {
    if most_bps <= 0 {
        return;
    }
    let least = |segments: bool| {
        let formed = renditions.iter().filter(|rendition| rendition.segments.is_some() == segments);
        formed.map(|rendition| rendition.bitrate_bps).min().unwrap_or(most_bps)
    };
    let (whole, segmented) = (least(false).max(most_bps), least(true).max(most_bps));
    renditions
        .retain(|rendition| rendition.bitrate_bps <= if rendition.segments.is_some() { segmented } else { whole });
}

/// Refuses what is not for listeners in a country.
pub(super) fn require_here(territories: Option<&Territories>, country: &Country) -> Result<()> {
    let is_here = territories.is_none_or(|territories| territories.allow(country));
    if is_here { Ok(()) } else { Err(Error::Refused(Code::NotInThisCountry)) }
}

// What is known, and whether it is so for everybody, wherever they are.
async fn look_up(platform: &Platform, Key { track, account, link, is_preview }: Key) -> Result<(Forms, bool)> {
    let mut conn = platform.db.conn().await?;
    // Asked before the rest is read: what changes meanwhile does not fit then, and is not taken for what all may hear.
    let said = artists::tracks_open_to_all(&mut conn, &[track]).await?.pop();
    let found = match link {
        Some(link) => artists::playable_by_link(&mut conn, link, track).await?,
        None => artists::playable(&mut conn, &[track], account).await?.pop(),
    };
    let mut found = found.ok_or(Error::NotFound("stream"))?;
    let mut former = artists::former_renditions(&mut conn, track).await?;
    let superseded_at = former.last().map(|former| former.until);
    let is_whole = link.is_none() && !is_preview && found.territories.is_none();
    let is_open = is_whole && said.is_some_and(|(_, last)| last == superseded_at);
    if is_preview {
        preview::cut(&mut found);
        // Who hears a piece hears what there is now.
        former.clear();
    }
    limit(&mut found.renditions, platform.config.stream_max_bps);
    let territories = found.territories;
    Ok((Forms { renditions: Arc::new(found.renditions), former: Arc::new(former), territories }, is_open))
}

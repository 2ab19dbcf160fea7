//! The renditions behind a grant, remembered for a moment, so that a segment costs no query.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use lru::LruCache;

use super::preview;
use crate::artists::{self, FormerRendition, PlayableRendition, Territories};
use crate::platform::Platform;
use crate::platform::auth::Hold;
use crate::platform::country::Country;
use crate::platform::error::{Code, Error, Result};
use crate::platform::grant::Grant;
use crate::platform::id::{AccountId, LinkId, TrackId};

/// How long a withdrawn track may still be fetched with a grant that was given before.
const FRESH: Duration = Duration::from_secs(5);

/// With the database away, what was known last holds this long, so that music does not stop.
const STALE: Duration = Duration::from_secs(600);

const CAPACITY: NonZeroUsize = NonZeroUsize::new(10_000).expect("not zero");

/// What is asked for, and who asks: somebody, nobody, or whoever holds a link; and whether they hear no more than a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    track: TrackId,
    account: Option<AccountId>,
    link: Option<LinkId>,
    is_preview: bool,
}

impl From<&Grant> for Key {
    fn from(grant: &Grant) -> Self {
        let Grant { track, account, is_preview, .. } = *grant;
        Self { track, account, link: grant.link(), is_preview }
    }
}

struct Known {
    at: Instant,
    forms: Forms,
}

/// What a track is offered in, and what it was offered in before.
#[derive(Clone)]
struct Forms {
    renditions: Arc<Vec<PlayableRendition>>,
    former: Arc<Vec<FormerRendition>>,
    territories: Option<Territories>,
}

/// What this process knows of renditions. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Renditions {
    known: Arc<Mutex<LruCache<Key, Known>>>,
}

impl Renditions {
    pub(crate) fn new() -> Self {
        Self { known: Arc::new(Mutex::new(LruCache::new(CAPACITY))) }
    }

    /// All renditions that a path's grant opens in a country; 404 for a grant that does not hold, or no longer.
    pub(super) async fn all(
        &self,
        platform: &Platform,
        segment: &str,
        country: &Country,
    ) -> Result<(Grant, Arc<Vec<PlayableRendition>>)> {
        let grant = platform.grants.check(segment, platform.clock.now())?;
        if !hold(platform, &grant).holds() {
            return Err(Error::NotFound("stream"));
        }
        let forms = self.of(platform, Key::from(&grant), FRESH).await?;
        require_here(forms.territories.as_ref(), country)?;
        let renditions = forms.as_of(grant.granted_at());
        Ok((grant, renditions))
    }

    /// The one of them that has a name.
    pub(super) async fn open(
        &self,
        platform: &Platform,
        (segment, name): (&str, &str),
        country: &Country,
    ) -> Result<(Grant, PlayableRendition)> {
        let (grant, renditions) = self.all(platform, segment, country).await?;
        if let Some(found) = named(&renditions, name) {
            return Ok((grant, found));
        }
        // It may be newer than what is remembered.
        let forms = self.of(platform, Key::from(&grant), Duration::ZERO).await?;
        let found = named(&forms.as_of(grant.granted_at()), name);
        found.map(|rendition| (grant, rendition)).ok_or(Error::NotFound("stream"))
    }

    async fn of(&self, platform: &Platform, key: Key, age: Duration) -> Result<Forms> {
        if let Some(forms) = self.find(key, age) {
            return Ok(forms);
        }
        match look_up(platform, key).await {
            Ok(forms) => Ok(self.remember(key, forms)),
            Err(Error::Unavailable) => self.find(key, STALE).ok_or(Error::Unavailable),
            Err(error) => {
                self.known.lock().unwrap_or_else(PoisonError::into_inner).pop(&key);
                Err(error)
            }
        }
    }

    fn find(&self, key: Key, age: Duration) -> Option<Forms> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&key).filter(|known| known.at.elapsed() < age).map(|known| known.forms.clone())
    }

    fn remember(&self, key: Key, forms: Forms) -> Forms {
        let known = Known { at: Instant::now(), forms: forms.clone() };
        self.known.lock().unwrap_or_else(PoisonError::into_inner).put(key, known);
        forms
    }
}

impl Forms {
    /// What was offered when something was granted: who listens hears the same file to its end, though the track was made
    /// anew meanwhile. What came since is added.
    fn as_of(&self, granted_at: DateTime<Utc>) -> Arc<Vec<PlayableRendition>> {
        let mut then: Vec<PlayableRendition> = Vec::new();
        for former in self.former.iter().filter(|former| former.until > granted_at) {
            if named(&then, &former.rendition.name).is_none() {
                then.push(former.rendition.clone());
            }
        }
        if then.is_empty() {
            return Arc::clone(&self.renditions);
        }
        let since = self.renditions.iter().filter(|rendition| named(&then, &rendition.name).is_none());
        let since: Vec<PlayableRendition> = since.cloned().collect();
        then.extend(since);
        Arc::new(then)
    }
}

fn named(renditions: &[PlayableRendition], name: &str) -> Option<PlayableRendition> {
    renditions.iter().find(|rendition| rendition.name == name).cloned()
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

/// What says whether a grant still holds.
pub(super) fn hold(platform: &Platform, grant: &Grant) -> Hold {
    platform.auth.hold(grant.subjects(), grant.granted_at())
}

async fn look_up(platform: &Platform, Key { track, account, link, is_preview }: Key) -> Result<Forms> {
    let mut conn = platform.db.conn().await?;
    let found = match link {
        Some(link) => artists::playable_by_link(&mut conn, link, track).await?,
        None => artists::playable(&mut conn, &[track], account).await?.pop(),
    };
    let mut found = found.ok_or(Error::NotFound("stream"))?;
    let mut former = artists::former_renditions(&mut conn, track).await?;
    if is_preview {
        preview::cut(&mut found);
        // Who hears a piece hears what there is now.
        former.clear();
    }
    limit(&mut found.renditions, platform.config.stream_max_bps);
    let territories = found.territories;
    Ok(Forms { renditions: Arc::new(found.renditions), former: Arc::new(former), territories })
}

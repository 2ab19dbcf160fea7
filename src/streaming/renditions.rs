//! The renditions behind a grant, remembered for a moment, so that a segment costs no query.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use lru::LruCache;

use crate::artists::{self, PlayableRendition};
use crate::platform::Platform;
use crate::platform::auth::Hold;
use crate::platform::error::{Error, Result};
use crate::platform::grant::Grant;
use crate::platform::id::{AccountId, TrackId};

/// How long a withdrawn track may still be fetched with a grant that was given before.
const FRESH: Duration = Duration::from_secs(5);

/// With the database away, what was known last holds this long, so that music does not stop.
const STALE: Duration = Duration::from_secs(600);

const CAPACITY: NonZeroUsize = NonZeroUsize::new(10_000).expect("not zero");

type Key = (TrackId, Option<AccountId>);

struct Known {
    at: Instant,
    renditions: Arc<Vec<PlayableRendition>>,
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

    /// All renditions that a path's grant opens; 404 for a grant that does not hold, or no longer.
    pub(super) async fn all(&self, platform: &Platform, segment: &str) -> Result<(Grant, Arc<Vec<PlayableRendition>>)> {
        let grant = platform.grants.check(segment, platform.clock.now())?;
        if !hold(platform, &grant).holds() {
            return Err(Error::NotFound("stream"));
        }
        let renditions = self.of(platform, (grant.track, grant.account)).await?;
        Ok((grant, renditions))
    }

    /// The one of them that has a name.
    pub(super) async fn open(
        &self,
        platform: &Platform,
        segment: &str,
        name: &str,
    ) -> Result<(Grant, PlayableRendition)> {
        let (grant, renditions) = self.all(platform, segment).await?;
        let found = renditions.iter().find(|rendition| rendition.name == name).cloned();
        found.map(|rendition| (grant, rendition)).ok_or(Error::NotFound("stream"))
    }

    async fn of(&self, platform: &Platform, key: Key) -> Result<Arc<Vec<PlayableRendition>>> {
        if let Some(renditions) = self.find(key, FRESH) {
            return Ok(renditions);
        }
        match look_up(platform, key).await {
            Ok(renditions) => Ok(self.remember(key, renditions)),
            Err(Error::Unavailable) => self.find(key, STALE).ok_or(Error::Unavailable),
            Err(error) => {
                self.known.lock().unwrap_or_else(PoisonError::into_inner).pop(&key);
                Err(error)
            }
        }
    }

    fn find(&self, key: Key, age: Duration) -> Option<Arc<Vec<PlayableRendition>>> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&key).filter(|known| known.at.elapsed() < age).map(|known| Arc::clone(&known.renditions))
    }

    fn remember(&self, key: Key, renditions: Vec<PlayableRendition>) -> Arc<Vec<PlayableRendition>> {
        let renditions = Arc::new(renditions);
        let known = Known { at: Instant::now(), renditions: Arc::clone(&renditions) };
        self.known.lock().unwrap_or_else(PoisonError::into_inner).put(key, known);
        renditions
    }
}

/// What says whether a grant still holds.
pub(super) fn hold(platform: &Platform, grant: &Grant) -> Hold {
    platform.auth.hold(grant.subjects(), grant.granted_at())
}

async fn look_up(platform: &Platform, (track, account): Key) -> Result<Vec<PlayableRendition>> {
    let found = artists::playable(&mut *platform.db.conn().await?, &[track], account).await?.pop();
    found.map(|track| track.renditions).ok_or(Error::NotFound("stream"))
}

//! What is remembered of tracks, and for how long it is believed.

use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use lru::LruCache;

use crate::artists::{FormerRendition, PlayableRendition, Territories};
use crate::platform::grant::Grant;
use crate::platform::id::{AccountId, LinkId, TrackId};

/// How long a withdrawn track may still be fetched with a grant that was given before.
const FRESH: Duration = Duration::from_secs(5);

/// With the database away, what was known last holds this long, so that music does not stop. What everybody may hear is read
/// anew after this time, though it was confirmed all the while.
const STALE: Duration = Duration::from_secs(600);

/// What is heard is confirmed this often: twice before it is not believed any more.
pub(super) const EVERY: Duration = Duration::from_secs(2);

/// What was asked for within this time is heard: longer than the longest segment.
const HEARD: Duration = Duration::from_secs(20);

const CAPACITY: NonZeroUsize = NonZeroUsize::new(10_000).expect("not zero");

/// What is asked for, and who asks: somebody, nobody, or whoever holds a link; and whether they hear no more than a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub(super) track: TrackId,
    pub(super) account: Option<AccountId>,
    pub(super) link: Option<LinkId>,
    pub(super) is_preview: bool,
}

impl From<&Grant> for Key {
    fn from(grant: &Grant) -> Self {
        let Grant { track, account, is_preview, .. } = *grant;
        Self { track, account, link: grant.link(), is_preview }
    }
}

impl Key {
    /// Whether it may open what it opens to everybody.
    fn is_of_many(&self) -> bool {
        self.link.is_none() && !self.is_preview
    }
}

/// What a track is offered in, and what it was offered in before.
#[derive(Debug, Clone)]
pub(super) struct Forms {
    pub(super) renditions: Arc<Vec<PlayableRendition>>,
    pub(super) former: Arc<Vec<FormerRendition>>,
    pub(super) territories: Option<Territories>,
}

struct Known {
    at: Instant,
    forms: Forms,
}

/// What everybody may hear, whoever they are.
struct Open {
    known: Known,
    confirmed: Instant,
    asked: Instant,
}

/// All that is remembered.
pub(super) struct Remembered {
    /// What one listener may hear, or who holds one link.
    own: Mutex<LruCache<Key, Known>>,
    open: Mutex<LruCache<TrackId, Open>>,
}

impl Remembered {
    pub(super) fn new() -> Self {
        Self { own: Mutex::new(LruCache::new(CAPACITY)), open: Mutex::new(LruCache::new(CAPACITY)) }
    }

    /// What needs no look at the database.
    pub(super) fn fresh(&self, key: &Key) -> Option<Forms> {
        self.find(key, FRESH, STALE)
    }

    /// What was known before the database went away.
    pub(super) fn stale(&self, key: &Key) -> Option<Forms> {
        // What was confirmed until then holds from then on, however long ago it was read.
        self.find(key, STALE, Duration::MAX)
    }

    fn find(&self, key: &Key, age: Duration, since_read: Duration) -> Option<Forms> {
        if key.is_of_many()
            && let Some(open) = lock(&self.open).get_mut(&key.track)
            && open.confirmed.elapsed() < age
            && open.known.at.elapsed() < since_read
        {
            open.asked = Instant::now();
            return Some(open.known.forms.clone());
        }
        lock(&self.own).get(key).filter(|known| known.at.elapsed() < age).map(|known| known.forms.clone())
    }

    /// Keeps what was read from `began` on: for all, where `is_open`, else for whoever asked.
    pub(super) fn remember(&self, key: Key, forms: Forms, is_open: bool, began: Instant) -> Forms {
        let known = Known { at: began, forms: forms.clone() };
        if is_open {
            lock(&self.open).put(key.track, Open { known, confirmed: began, asked: Instant::now() });
        } else {
            self.forget(&key);
            lock(&self.own).put(key, known);
        }
        forms
    }

    pub(super) fn forget(&self, key: &Key) {
        if key.is_of_many() {
            lock(&self.open).pop(&key.track);
        }
        lock(&self.own).pop(key);
    }

    /// Of what everybody may hear: what is being heard.
    pub(super) fn heard(&self) -> Vec<TrackId> {
        let open = lock(&self.open);
        open.iter().filter(|(_, open)| open.asked.elapsed() < HEARD).map(|(track, _)| *track).collect()
    }

    /// Of `tracks`, those in `open` could be heard by all at `began`; they are told with when one of their forms was
    /// superseded last. The others are forgotten, and those that were made anew.
    pub(super) fn confirm(&self, tracks: &[TrackId], open: &HashMap<TrackId, Option<DateTime<Utc>>>, began: Instant) {
        let mut table = lock(&self.open);
        for track in tracks {
            let Some(known) = table.peek_mut(track) else { continue };
            if known.confirmed > began {
                continue;
            }
            let superseded_at = known.known.forms.former.last().map(|former| former.until);
            if open.get(track) == Some(&superseded_at) {
                known.confirmed = began;
            } else {
                table.pop(track);
            }
        }
    }
}

impl Forms {
    /// What was offered when something was granted: who listens hears the same file to its end, though the track was made
    /// anew meanwhile. What came since is added.
    pub(super) fn as_of(&self, granted_at: DateTime<Utc>) -> Arc<Vec<PlayableRendition>> {
        let mut then: Vec<PlayableRendition> = Vec::new();
        for former in self.former.iter().filter(|former| former.until > granted_at) {
            if super::position(&then, &former.rendition.name).is_none() {
                then.push(former.rendition.clone());
            }
        }
        if then.is_empty() {
            return Arc::clone(&self.renditions);
        }
        let since = self.renditions.iter().filter(|rendition| super::position(&then, &rendition.name).is_none());
        let since: Vec<PlayableRendition> = since.cloned().collect();
        then.extend(since);
        Arc::new(then)
    }
}

fn lock<T>(table: &Mutex<T>) -> MutexGuard<'_, T> {
    table.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(track: TrackId, account: Option<AccountId>) -> Key {
        Key { track, account, link: None, is_preview: false }
    }

    fn forms() -> Forms {
        Forms { renditions: Arc::new(Vec::new()), former: Arc::new(Vec::new()), territories: None }
    }

    #[test]
    fn what_all_may_hear_is_known_for_all_and_the_rest_for_one() {
        let (remembered, track, other) = (Remembered::new(), TrackId::new(), TrackId::new());
        let (one, two) = (Some(AccountId::new()), Some(AccountId::new()));
        remembered.remember(key(track, one), forms(), true, Instant::now());
        remembered.remember(key(other, one), forms(), false, Instant::now());
        assert!(remembered.fresh(&key(track, two)).is_some() && remembered.fresh(&key(track, None)).is_some());
        assert!(remembered.fresh(&key(other, one)).is_some() && remembered.fresh(&key(other, two)).is_none());
        let by_link = Key { link: Some(LinkId::new()), ..key(track, None) };
        assert!(remembered.fresh(&by_link).is_none(), "a link may open more, and less");
        assert!(remembered.fresh(&Key { is_preview: true, ..key(track, None) }).is_none(), "a piece is no whole");
        assert_eq!(remembered.heard(), [track]);
    }

    #[test]
    fn what_is_not_confirmed_is_forgotten() {
        let (remembered, tracks) = (Remembered::new(), [TrackId::new(), TrackId::new(), TrackId::new()]);
        for track in tracks {
            remembered.remember(key(track, None), forms(), true, Instant::now());
        }
        let [open, withdrawn, renewed] = tracks;
        let said = HashMap::from([(open, None), (renewed, Some(DateTime::UNIX_EPOCH))]);
        remembered.confirm(&tracks, &said, Instant::now());
        assert!(remembered.fresh(&key(open, None)).is_some());
        assert!(remembered.stale(&key(withdrawn, None)).is_none() && remembered.stale(&key(renewed, None)).is_none());
    }

    #[test]
    fn what_was_read_meanwhile_is_newer_than_what_was_asked() {
        let (remembered, track) = (Remembered::new(), TrackId::new());
        let began = Instant::now();
        remembered.remember(key(track, None), forms(), true, Instant::now());
        remembered.confirm(&[track], &HashMap::new(), began);
        assert!(remembered.fresh(&key(track, None)).is_some());
    }

    #[test]
    fn what_was_confirmed_until_an_outage_outlives_it_however_long_ago_it_was_read() {
        let (remembered, track) = (Remembered::new(), TrackId::new());
        remembered.remember(key(track, None), forms(), true, Instant::now());
        // A machine that has just started has no earlier time.
        let Some(long_ago) = Instant::now().checked_sub(STALE + FRESH) else { return };
        lock(&remembered.open).get_mut(&track).expect("it is known").known.at = long_ago;
        assert!(remembered.fresh(&key(track, None)).is_none(), "it is read anew while that can be done");
        assert!(remembered.stale(&key(track, None)).is_some());
    }
}

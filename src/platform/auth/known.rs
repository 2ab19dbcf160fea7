//! What this process knows: whom it has identified a moment ago, and what was revoked.

use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use lru::LruCache;
use tokio::sync::broadcast::error::RecvError;
use uuid::Uuid;

use super::proof::Proof;
use super::revoke::{Revoked, Subject, TOPIC, revoked};
use crate::platform::broadcast::Broadcast;
use crate::platform::db::Db;
use crate::platform::error::Result;
use crate::platform::task;

/// How long a proof is believed without asking again. What ends it is also broadcast; this is the bound when that is lost.
const FRESH: TimeDelta = TimeDelta::seconds(5);

const CAPACITY: NonZeroUsize = NonZeroUsize::new(50_000).expect("not zero");

/// Cheap to clone.
#[derive(Clone)]
pub(crate) struct Auth {
    inner: Arc<Inner>,
}

struct Inner {
    known: Mutex<LruCache<Vec<u8>, Known>>,
    revoked: RwLock<HashMap<Uuid, DateTime<Utc>>>,
    /// Grows with each revocation: what was looked up before one is not remembered after it.
    generation: AtomicU64,
}

/// To whom something was granted: a session or token, an account, a play; as many as there are.
pub(crate) type Subjects = [Option<Uuid>; 3];

struct Known {
    at: DateTime<Utc>,
    proof: Proof,
}

impl Auth {
    /// Reads what is revoked, and listens for more. The database must be migrated.
    pub(crate) async fn start(db: &Db, broadcast: &Broadcast) -> Result<Self> {
        let inner = Inner {
            known: Mutex::new(LruCache::new(CAPACITY)),
            revoked: RwLock::default(),
            generation: AtomicU64::default(),
        };
        let auth = Self { inner: Arc::new(inner) };
        // Subscribed before the table is read, so that nothing falls between.
        let mut messages = broadcast.subscribe(TOPIC);
        auth.read(db).await?;
        let (hearing, db) = (auth.clone(), db.clone());
        task::background("auth", async move {
            loop {
                match messages.recv().await {
                    Ok(message) => hearing.take_in(Revoked::parse(&message.payload)),
                    Err(RecvError::Lagged(_)) => hearing.read_until_done(&db).await,
                    Err(RecvError::Closed) => break,
                }
            }
        });
        Ok(auth)
    }

    async fn read(&self, db: &Db) -> Result<()> {
        let rows = revoked(&mut *db.conn().await?).await?;
        self.take_in(rows);
        Ok(())
    }

    async fn read_until_done(&self, db: &Db) {
        while let Err(error) = self.read(db).await {
            tracing::warn!(%error, "reading what was revoked");
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }

    fn take_in(&self, rows: Vec<Revoked>) {
        let subjects: Vec<Uuid> = rows.iter().map(|row| row.subject_id).collect();
        let mut revoked = self.inner.revoked.write().unwrap_or_else(PoisonError::into_inner);
        for row in rows {
            let at = revoked.entry(row.subject_id).or_insert(row.revoked_at);
            *at = row.revoked_at.max(*at);
        }
        drop(revoked);
        self.drop_known(&subjects);
    }

    /// Forgets proofs of these subjects, in this process, now: called after the commit that ended or changed them.
    pub(crate) fn forget(&self, subjects: &[Subject]) {
        let subjects: Vec<Uuid> = subjects.iter().map(|subject| subject.uuid()).collect();
        self.drop_known(&subjects);
    }

    fn drop_known(&self, subjects: &[Uuid]) {
        self.inner.generation.fetch_add(1, Ordering::AcqRel);
        let mut known = self.inner.known.lock().unwrap_or_else(PoisonError::into_inner);
        let ended: Vec<Vec<u8>> = known
            .iter()
            .filter(|(_, known)| known.proof.subjects().iter().any(|subject| subjects.contains(&subject.uuid())))
            .map(|(hash, _)| hash.clone())
            .collect();
        for hash in ended {
            known.pop(&hash);
        }
    }

    /// Forgets revocations that no grant is old enough for.
    pub(super) fn prune(&self, before: DateTime<Utc>) {
        self.inner.revoked.write().unwrap_or_else(PoisonError::into_inner).retain(|_, at| *at > before);
    }

    pub(super) fn generation(&self) -> u64 {
        self.inner.generation.load(Ordering::Acquire)
    }

    pub(super) fn find(&self, hash: &[u8], now: DateTime<Utc>) -> Option<Proof> {
        let mut known = self.inner.known.lock().unwrap_or_else(PoisonError::into_inner);
        let is_fresh = |known: &&Known| (TimeDelta::zero()..FRESH).contains(&(now - known.at));
        known.get(hash).filter(is_fresh).map(|known| known.proof)
    }

    /// Remembers a proof, unless something was revoked since the generation in which it was looked up.
    pub(super) fn remember(&self, hash: &[u8], proof: Proof, now: DateTime<Utc>, generation: u64) {
        let mut known = self.inner.known.lock().unwrap_or_else(PoisonError::into_inner);
        if self.generation() == generation {
            known.put(hash.to_vec(), Known { at: now, proof });
        }
    }

    /// Watches over something that was granted to `subjects` at `granted_at`.
    pub(crate) fn hold(&self, subjects: Subjects, granted_at: DateTime<Utc>) -> Hold {
        Hold { auth: self.clone(), subjects, granted_at, checked: None, holds: true }
    }

    fn is_revoked(&self, subjects: &Subjects, granted_at: DateTime<Utc>) -> bool {
        let revoked = self.inner.revoked.read().unwrap_or_else(PoisonError::into_inner);
        subjects.iter().flatten().any(|subject| revoked.get(subject).is_some_and(|at| *at >= granted_at))
    }
}

/// Whether something that was granted still holds. Asking costs one atomic load while nothing is revoked.
pub(crate) struct Hold {
    auth: Auth,
    subjects: Subjects,
    granted_at: DateTime<Utc>,
    checked: Option<u64>,
    holds: bool,
}

impl Hold {
    pub(crate) fn holds(&mut self) -> bool {
        let generation = self.auth.generation();
        if self.holds && self.checked != Some(generation) {
            self.checked = Some(generation);
            self.holds = !self.auth.is_revoked(&self.subjects, self.granted_at);
        }
        self.holds
    }
}

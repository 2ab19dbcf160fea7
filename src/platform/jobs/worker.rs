//! This process as a worker: its name, the leases that it holds, and how it closes.

use std::sync::Arc;

use tokio::sync::watch;

use super::figures::Figures;
use super::lease::Leases;
use super::settle::Settler;
use crate::platform::db::Db;

/// What the fetchers, leases and runs of this process share.
pub(super) struct Worker {
    /// Unique to this process and start.
    pub(super) name: String,
    pub(super) db: Db,
    pub(super) leases: Leases,
    pub(super) settler: Settler,
    pub(super) figures: Figures,
    closing: watch::Sender<bool>,
}

impl Worker {
    pub(super) fn new(db: &Db, settler: Settler, figures: Figures) -> Arc<Self> {
        let name = uuid::Uuid::now_v7().to_string();
        Arc::new(Self {
            name,
            db: db.clone(),
            leases: Leases::default(),
            settler,
            figures,
            closing: watch::Sender::new(false),
        })
    }

    /// No more fetches from now on.
    pub(super) fn close(&self) {
        self.closing.send_replace(true);
    }

    pub(super) fn is_closing(&self) -> bool {
        *self.closing.borrow()
    }

    /// Waits until the worker closes.
    pub(super) async fn closed(&self) {
        // The sender lives in `self`, so this cannot fail.
        let _ = self.closing.subscribe().wait_for(|closing| *closing).await;
    }
}

//! Places for downloads: a few at a time for each listener.

use crate::platform::auth::Proof;
use crate::platform::client::ClientAddress;
use crate::platform::error::Result;
use crate::streaming::places::{Place, Places};

/// What one account fetches at the same time from this process.
const PER_LISTENER: usize = 3;
/// The same for all at one address who have no account.
const PER_ADDRESS: usize = 3;

/// All places of this process. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Downloads(Places);

impl Downloads {
    pub(crate) fn new(capacity: usize) -> Self {
        Self(Places::new(capacity))
    }

    /// A place for whoever fetches; free when it is dropped.
    pub(super) async fn take(&self, proof: Option<&Proof>, client: ClientAddress) -> Result<Place> {
        match proof {
            Some(proof) => self.0.take(&proof.account.to_string(), PER_LISTENER).await,
            None => self.0.take(&client.limit_key(), PER_ADDRESS).await,
        }
    }
}

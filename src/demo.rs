//! The demo catalogue: music that the program composes and renders itself, uploaded like anybody else's.

mod seed;

use std::sync::Arc;

use crate::platform::Platform;
use crate::platform::task;

/// The demo's sign-in, the same for its artists and a listener.
pub(crate) const PASSWORD: &str = "demo-legato";

/// Fills an empty server in the background; a server that has artists stays as it is.
pub(crate) fn start(platform: &Platform) {
    let platform = Arc::new(platform.clone());
    task::background("demo", async move {
        match seed::fill(&platform).await {
            Ok(()) => {}
            Err(error) => tracing::error!(%error, "the demo catalogue is not complete"),
        }
    });
}

//! What a token proves, whichever kind it is of.

use super::{api_token, session};
use crate::platform::Platform;
use crate::platform::auth::{Presented, Proof};
use crate::platform::error::Result;

/// Façade: what a token proves, if it is valid now. One indexed query.
pub(crate) async fn identity(platform: Platform, presented: Presented) -> Result<Option<Proof>> {
    if presented.is_api_token {
        api_token::prove(&platform, &presented).await
    } else {
        session::prove(&platform, &presented).await
    }
}

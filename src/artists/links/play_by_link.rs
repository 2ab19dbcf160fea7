//! Façade: what plays by a link.

use super::link::SharedLink;
use crate::artists::playable::{Playable, linked};
use crate::platform::db::Conn;
use crate::platform::error::{Code, Error, Result};
use crate::platform::id::{LinkId, TrackId};

/// Façade: a track, if it is of the link's release and ready, and the link opens it now.
pub(crate) async fn playable_by_link(conn: &mut Conn, link: LinkId, track: TrackId) -> Result<Option<Playable>> {
    linked(conn, track, link).await
}

/// Façade: counts a play of a track by a link; refused when it has been played as often as it allows.
pub(crate) async fn count_play(conn: &mut Conn, link: LinkId, track: TrackId) -> Result<()> {
    if SharedLink::count_play(conn, link, track).await? { Ok(()) } else { Err(Error::Refused(Code::LinkUsedUp)) }
}

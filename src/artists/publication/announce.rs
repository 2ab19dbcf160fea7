//! What is told of a release that becomes public.

use chrono::{DateTime, Utc};

use super::{Visibility, embargo};
use crate::artists::artist::Artist;
use crate::artists::release::OwnRelease;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::event::Event;

/// The event of a release that others see since `at`; notes that followers were told where they are.
pub(super) async fn event(
    conn: &mut Conn,
    release: &OwnRelease,
    visibility: Visibility,
    at: DateTime<Utc>,
) -> Result<Event> {
    if !visibility.is_announced() {
        return Ok(changed(release));
    }
    let artist = Artist::link(conn, release.artist_id).await?.ok_or(Error::NotFound("artist"))?;
    embargo::set_announced(conn, release.id).await?;
    Ok(Event::ReleasePublished {
        release: release.id,
        artist: artist.id,
        artist_name: artist.name,
        artist_slug: artist.slug,
        title: release.title.clone(),
        kind: release.kind.name().to_owned(),
        first: release.announced_at.is_none(),
        at,
    })
}

/// The event of a release that is another than it was.
pub(super) fn changed(release: &OwnRelease) -> Event {
    Event::ReleaseChanged { release: release.id, artist: release.artist_id }
}

//! Show an artist's earnings, in groups, beside the plays on this server.

use actix_web::get;
use actix_web::web::{Data, Path};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::IntoParams;

use super::earning::{Dimension, Earning, MonthlyPlays, OwnPlays, Question, Selection, tracks_of};
use super::statement::find_artist;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Read};
use crate::platform::db::Conn;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{Found, Page, Paging, PagingQuery, Query};
use crate::platform::id::{AccountId, ArtistId, TrackId};

/// What is asked for.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// By what to group: one or several of `month`, `track`, `territory`, `store` and `kind`, with commas between.
    #[param(example = "month,track")]
    group: String,
    /// Of this track alone.
    track: Option<TrackId>,
    /// ISO 3166-1 alpha-2.
    territory: Option<String>,
    store: Option<String>,
    /// The first month, `2026-01`.
    from: Option<String>,
    /// The last month.
    to: Option<String>,
}

impl Asked {
    fn selection(self) -> Result<Selection> {
        let dimensions = self.group.split(',').map(|name| dimension(name.trim())).collect::<Result<Vec<_>>>()?;
        let (from, to) = (month("from", self.from.as_deref())?, month("to", self.to.as_deref())?);
        Ok(Selection { dimensions, track: self.track, territory: self.territory, store: self.store, from, to })
    }
}

fn dimension(name: &str) -> Result<Dimension> {
    let known = Dimension::ALL.iter().find(|dimension| dimension.name() == name);
    let names =
        || Error::invalid("group", "Group by month, track, territory, store or kind, or several with commas between.");
    known.copied().ok_or_else(names)
}

fn month(field: &str, text: Option<&str>) -> Result<Option<NaiveDate>> {
    let Some(text) = text else { return Ok(None) };
    let month = NaiveDate::parse_from_str(&format!("{text}-01"), "%Y-%m-%d").ok().filter(|_| text.len() == 7);
    month.map(Some).ok_or_else(|| Error::invalid(field, "Write a month as 2026-01."))
}

/// What an artist earned elsewhere, in each currency, and how often it was played here. For those who act for it.
#[utoipa::path(tag = "statements",
    params(("id" = String, Path, description = "The artist's id or slug"), Asked, PagingQuery),
    responses((status = 200, body = Page<Earning>), (status = 401, body = Problem), (status = 404, body = Problem),
    (status = 422, body = Problem)))]
#[get("/artists/{id}/earnings")]
pub(super) async fn get(
    platform: Data<Platform>,
    own_plays: Data<OwnPlays>,
    identity: Identity<Read>,
    artist: Path<String>,
    Query(asked): Query<Asked>,
    paging: Paging<String>,
) -> Result<Found<Page<Earning>>> {
    let mut conn = platform.db.conn().await?;
    let ledger = open(&mut conn, &artist, identity.account, asked, &own_plays).await?;
    let list = ledger.page(&mut conn, paging.after, paging.limit).await?;
    Ok(Found(Page::new(list, paging.limit, |earning| earning.key.clone())))
}

/// What somebody asked for, and may see.
pub(super) struct Ledger {
    artist: ArtistId,
    member: AccountId,
    selection: Selection,
    plays: Vec<MonthlyPlays>,
}

/// Finds out what may be seen, and counts the plays here.
pub(super) async fn open(
    conn: &mut Conn,
    artist: &str,
    member: AccountId,
    asked: Asked,
    own_plays: &OwnPlays,
) -> Result<Ledger> {
    let selection = asked.selection()?;
    let artist = find_artist(conn, artist, member).await?;
    let mut tracks = tracks_of(conn, artist).await?;
    tracks.retain(|track| selection.track.is_none_or(|wanted| wanted == *track));
    let plays = own_plays(conn, &tracks).await?;
    Ok(Ledger { artist, member, selection, plays })
}

impl Ledger {
    /// Up to `limit + 1` groups.
    pub(super) async fn page(&self, conn: &mut Conn, after: Option<String>, limit: i64) -> Result<Vec<Earning>> {
        let Self { artist, member, selection, plays } = self;
        let question = Question { artist: *artist, member: *member, selection, plays };
        Earning::list(conn, &question, after.as_deref(), limit).await
    }
}

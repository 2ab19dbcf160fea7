//! Find something.

use std::collections::HashMap;

use actix_web::get;
use actix_web::web::Data;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::correct::correct;
use super::document::{DocumentKind, Hit, MAX_CANDIDATES};
use super::fold::words;
use super::query::Query as Words;
use crate::artists::{self, Artwork};
use crate::platform::Platform;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{Found, Page, Paging, PagingQuery, Query};

/// What is looked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Search {
    /// 1 to 200 characters. The last word may be unfinished.
    #[param(min_length = 1, max_length = 200)]
    q: String,
    /// Some of `artist`, `release`, `track`, with commas; all where absent.
    kinds: Option<String>,
}

/// Something that was found.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SearchHit {
    kind: DocumentKind,
    id: Uuid,
    title: String,
    subtitle: String,
    /// The path of its page.
    url: String,
    /// An artist's avatar, or the artwork of a release; null where there is none.
    artwork: Option<Artwork>,
    highlights: Vec<Highlight>,
}

/// Where a field holds what was looked for, in Unicode code points.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Highlight {
    /// `title` or `subtitle`.
    field: &'static str,
    start: usize,
    end: usize,
}

/// What was found.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SearchResults {
    items: Vec<SearchHit>,
    /// What was looked for instead, where words were corrected.
    did_you_mean: Option<String>,
    next_cursor: Option<String>,
}

/// Find artists, releases and tracks.
#[utoipa::path(tag = "search", params(Search, PagingQuery), responses(
    (status = 200, body = SearchResults), (status = 422, body = Problem)))]
#[get("/search")]
pub(super) async fn get(
    platform: Data<Platform>,
    Query(search): Query<Search>,
    paging: Paging<i64>,
) -> Result<Found<SearchResults>> {
    find(&mut *platform.db.conn().await?, &search, &paging).await.map(Found)
}

async fn find(conn: &mut Conn, search: &Search, paging: &Paging<i64>) -> Result<SearchResults> {
    let kinds = search.kinds()?;
    let Some(query) = search.words()? else {
        return Ok(SearchResults { items: Vec::new(), did_you_mean: None, next_cursor: None });
    };
    let offset = paging.after.unwrap_or(0).clamp(0, MAX_CANDIDATES);
    let hits = Hit::list(conn, &query, &kinds, offset, paging.limit).await?;
    if !hits.is_empty() {
        return answer(conn, &query, None, hits, offset, paging.limit).await;
    }
    // On every page: a cursor counts in the hits of the corrected words.
    let Some(corrected) = correct(conn, &query).await? else {
        return answer(conn, &query, None, hits, offset, paging.limit).await;
    };
    let hits = Hit::list(conn, &corrected, &kinds, offset, paging.limit).await?;
    let meant = (!hits.is_empty()).then(|| corrected.folded());
    answer(conn, &corrected, meant, hits, offset, paging.limit).await
}

impl Search {
    fn words(&self) -> Result<Option<Words>> {
        match self.q.chars().count() {
            1..=200 => Ok(Words::parse(&self.q)),
            _ => Err(Error::invalid("q", "A search has 1 to 200 characters.")),
        }
    }

    fn kinds(&self) -> Result<Vec<DocumentKind>> {
        let Some(kinds) = &self.kinds else { return Ok(DocumentKind::ALL.to_vec()) };
        let known = |kind: &str| DocumentKind::ALL.iter().copied().find(|known| known.name() == kind.trim());
        let kinds: Option<Vec<_>> = kinds.split(',').map(known).collect();
        kinds.ok_or_else(|| Error::invalid("kinds", "Kinds are artist, release and track."))
    }
}

async fn answer(
    conn: &mut Conn,
    query: &Words,
    did_you_mean: Option<String>,
    hits: Vec<Hit>,
    offset: i64,
    limit: i64,
) -> Result<SearchResults> {
    let page = Page::new(hits, limit, |_| offset + limit);
    let mut visible = visible(conn, &page.items).await?;
    let hits = page.items.into_iter().filter_map(|hit| visible.remove(&hit.entity_id).map(|artwork| (hit, artwork)));
    let items = hits.map(|(hit, artwork)| found(hit, artwork, query)).collect();
    Ok(SearchResults { items, did_you_mean, next_cursor: page.next_cursor })
}

// The index may be a moment behind the catalogue; what leaves is checked there, and gets its picture.
async fn visible(conn: &mut Conn, hits: &[Hit]) -> Result<HashMap<Uuid, Option<Artwork>>> {
    let of =
        |kind: DocumentKind| hits.iter().filter(|hit| hit.kind == kind).map(|hit| hit.entity_id).collect::<Vec<_>>();
    let visible =
        artists::visible(conn, &of(DocumentKind::Artist), &of(DocumentKind::Release), &of(DocumentKind::Track)).await?;
    Ok(visible.into_iter().map(|visible| (visible.id, visible.artwork)).collect())
}

fn found(hit: Hit, artwork: Option<Artwork>, query: &Words) -> SearchHit {
    let highlights =
        highlights("title", &hit.title, query).chain(highlights("subtitle", &hit.subtitle, query)).collect();
    let Hit { kind, entity_id: id, title, subtitle, url } = hit;
    SearchHit { kind, id, title, subtitle, url, artwork, highlights }
}

fn highlights<'a>(field: &'static str, text: &str, query: &'a Words) -> impl Iterator<Item = Highlight> + use<'a> {
    let words = words(text).into_iter().filter(|word| query.matches(&word.text));
    words.map(move |word| Highlight { field, start: word.start, end: word.end })
}

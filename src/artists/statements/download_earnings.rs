//! Download an artist's earnings as a CSV (RFC 4180) for a spreadsheet.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION};
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get};
use bytes::Bytes;
use futures_util::Stream;
use futures_util::stream;

use super::earning::{Earning, OwnPlays};
use super::show_earnings::{Asked, Ledger, open};
use crate::platform::Platform;
use crate::platform::auth::{Identity, Read};
use crate::platform::error::{Problem, Result};
use crate::platform::http::Query;

/// Groups that are looked up together: many, for each time it is all summed up that may be among them.
const BATCH: i64 = 10_000;

const HEADER: &str =
    "month,track_id,track,territory,store,kind,streams,downloads,physical,other,currency,amount,own_plays\r\n";

/// The same as the list of earnings, whole, with a line for each currency of a group. A text that a spreadsheet would take for
/// a formula has an apostrophe before it.
#[utoipa::path(tag = "statements",
    params(("id" = String, Path, description = "The artist's id or slug"), Asked),
    responses((status = 200, body = String, content_type = "text/csv"), (status = 401, body = Problem),
    (status = 404, body = Problem), (status = 422, body = Problem)))]
#[get("/artists/{id}/earnings.csv")]
pub(super) async fn get(
    platform: Data<Platform>,
    own_plays: Data<OwnPlays>,
    identity: Identity<Read>,
    artist: Path<String>,
    Query(asked): Query<Asked>,
) -> Result<HttpResponse> {
    let ledger = open(&mut *platform.db.conn().await?, &artist, identity.account, asked, &own_plays).await?;
    let body = Box::pin(lines(platform.get_ref().clone(), ledger));
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((CONTENT_DISPOSITION, "attachment; filename=\"earnings.csv\""))
        .insert_header((CACHE_CONTROL, "private, no-store"))
        .streaming(body))
}

/// Where a download is.
enum Place {
    Start,
    After(String),
    End,
}

fn lines(platform: Platform, ledger: Ledger) -> impl Stream<Item = Result<Bytes>> {
    stream::try_unfold((platform, ledger, Place::Start), |(platform, ledger, place)| async move {
        let (mut text, after) = match place {
            Place::Start => (HEADER.to_owned(), None),
            Place::After(key) => (String::new(), Some(key)),
            Place::End => return Ok(None),
        };
        let mut page = ledger.page(&mut *platform.db.conn().await?, after, BATCH).await?;
        let more = page.len() > usize::try_from(BATCH).unwrap_or(usize::MAX);
        page.truncate(usize::try_from(BATCH).unwrap_or(usize::MAX));
        page.iter().for_each(|earning| write(&mut text, earning));
        let place = page.pop().filter(|_| more).map_or(Place::End, |last| Place::After(last.key));
        Ok(Some((Bytes::from(text), (platform, ledger, place))))
    })
}

// What a group has but once stands in its first line alone, so that a column can be summed.
fn write(text: &mut String, earning: &Earning) {
    let track = earning.track.as_ref();
    let id = track.map(|track| track.id.to_string()).unwrap_or_default();
    let names = [
        earning.month.as_deref().unwrap_or_default(),
        &id,
        track.map_or("", |track| track.title.as_str()),
        earning.territory.as_deref().unwrap_or_default(),
        earning.store.as_deref().unwrap_or_default(),
        earning.kind.map_or("", super::sale::SaleKind::name),
    ];
    let names = names.map(cell).join(",");
    let counts = [earning.streams, earning.downloads, earning.physical, earning.other];
    let amounts = earning.amounts.iter().map(|money| (cell(&money.currency), money.amount.clone()));
    let amounts: Vec<(String, String)> = amounts.collect();
    for place in 0..amounts.len().max(1) {
        let count = |count: i64| if place == 0 { count.to_string() } else { "0".to_owned() };
        let counts = counts.map(count).join(",");
        let (currency, amount) = amounts.get(place).cloned().unwrap_or_default();
        *text += &format!("{names},{counts},{currency},{amount},{}\r\n", count(earning.own_plays));
    }
}

/// A text as a cell: quoted where RFC 4180 asks for it, and no formula.
fn cell(text: &str) -> String {
    let safe = harmless(text);
    if safe.contains([',', '"', '\r', '\n', ';', '\t']) || safe != text {
        return format!("\"{}\"", safe.replace('"', "\"\""));
    }
    safe
}

/// A text that no spreadsheet takes for a formula (OWASP, “CSV Injection”).
pub(in crate::artists) fn harmless(text: &str) -> String {
    let is_formula = text.trim_start().starts_with(['=', '+', '-', '@', '\t', '\r', '|', '%', '＝', '＋', '－', '＠'])
        || text.starts_with(['\t', '\r', '\n']);
    if is_formula { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for (text, safe) in [
            ("Tides", "Tides"),
            ("Tides, again", "\"Tides, again\""),
            ("The \"B\" side", "\"The \"\"B\"\" side\""),
            ("=cmd|' /C calc'!A0", "\"'=cmd|' /C calc'!A0\""),
            ("  @SUM(1)", "\"'  @SUM(1)\""),
            ("-1+1", "\"'-1+1\""),
            ("+49", "\"'+49\""),
            ("a;=1", "\"a;=1\""),
        ] {
            assert_eq!(cell(text), safe);
        }
    }
}

//! The outside world's numbers: statements of stores and aggregators, imported, reconciled, and matched to tracks.
//!
//! ```text
//! upload_statement ─ raw/ ─▶ import_statement: check (the sandboxed child, `reading`) ─ staging/ ─▶ load ─▶ sales ─▶ earnings
//! ```
//! `reading` knows bytes, columns and stores, and no table; `statement`, `mapping`, `sale`, `sale_total`, `sold_item`,
//! `matching` and `earning` are the tables. A sale counts once, however many files tell of it (docs/adr/0039).

mod assign_sold_item;
mod clear_sales;
mod create_mapping;
mod delete_mapping;
mod download_earnings;
mod earning;
mod import_statement;
mod list_mappings;
mod list_sales;
mod list_sold_items;
mod list_statements;
mod mapping;
mod match_items;
mod matching;
mod reading;
mod remove_statement;
mod sale;
mod sale_total;
mod show_earnings;
mod show_statement;
mod sold_item;
mod statement;
mod upload_statement;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use clear_sales::{ClearSales, run as run_clear_sales};
pub(super) use download_earnings::harmless;
pub(crate) use earning::{MonthlyPlays, OwnPlays};
pub(crate) use import_statement::{ImportStatement, on_dead as on_import_dead, run as run_import_statement};
pub(crate) use match_items::{MatchItems, run as run_match_items};
pub(crate) use reading::TASK as STATEMENT;
pub(super) use sale::take_turn;
pub(super) use statement::OwnStatement;

use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::id::{ArtistId, ReleaseId, StatementId};
use statement::StatementState;

/// The routes, under `/api/v1`.
pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(upload_statement::post)
        .service(list_statements::get)
        .service(show_statement::get)
        .service(list_sales::get)
        .service(remove_statement::delete)
        .service(create_mapping::post)
        .service(list_mappings::get)
        .service(delete_mapping::delete)
        .service(list_sold_items::get)
        .service(assign_sold_item::put)
        .service(show_earnings::get)
        .service(download_earnings::get);
}

/// Removes some sales of an artist that is deleted, statement by statement; false when nothing is left. The caller has taken
/// the turn, before anything else of the artist's.
pub(super) async fn remove_next(conn: &mut Conn, artist: ArtistId) -> Result<bool> {
    let Some(statement) = OwnStatement::lock_any_of(conn, artist).await? else { return Ok(false) };
    if statement.state != StatementState::Removing {
        statement.turn(conn, StatementState::Removing).await?;
    }
    let removing = OwnStatement { state: StatementState::Removing, ..statement };
    clear_sales::clear_or_end(conn, &removing).await?;
    Ok(true)
}

/// A release has another track, or a track another title or code: what was sold may be known now.
pub(super) async fn match_release(conn: &mut Conn, release: ReleaseId) -> Result<()> {
    match matching::artist_with_open_items(conn, release).await? {
        Some(artist) => match_items::enqueue(conn, artist).await,
        None => Ok(()),
    }
}

/// The id in a path. What is no id is nothing that exists.
fn id(text: &str) -> Result<StatementId> {
    text.parse().map_err(|_| Error::NotFound("statement"))
}

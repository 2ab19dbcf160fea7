//! Browsing the catalogue.

mod browse_releases;
mod count_genres;
mod genres_of_tags;
mod list_genres;
mod plans;

use serde_json::json;

use crate::support::Person;

/// Publishes a single with these genres, of this date.
pub(super) async fn puts_out(person: &Person<'_>, title: &str, genres: &[&str], date: &str) -> String {
    let single = person.drafts_a_single(title).await;
    let path = format!("/releases/{}", single.release);
    person.patch(&path, json!({ "genres": genres, "original_date": date })).await.is(200);
    person.publishes(&single.release).await;
    single.release
}

/// The titles on a shelf, page by page of two.
pub(super) async fn titles(person: &Person<'_>, query: &str) -> Vec<String> {
    let releases = person.walks(&format!("/releases?{query}"), 2).await;
    releases.iter().filter_map(|release| release["title"].as_str().map(str::to_owned)).collect()
}

//! What was sold finds its track, however much of it there is.

use serde_json::json;

use super::generator::{self, Line};
use super::takes;
use crate::support::with_app;

/// Notes how many names each statement changes.
const WATCH: &str = "
    create table public.batches (changed bigint);
    create function public.note() returns trigger language plpgsql as $$
    begin
        insert into public.batches select count(*) from changed;
        return null;
    end $$;
    create trigger watched after update on artists.sold_items referencing new table as changed
        for each statement execute function public.note()";

/// Names that nobody knows, all of the same title.
const NAMES: &str = "
    insert into artists.sold_items (id, artist_id, identity, title, artist_name, release_title)
    select gen_random_uuid(), a.id, sha256(number::text::bytea), ' TIDES ', 'Nina', 'Album ' || number
    from artists.artists a, generate_series(1, 9000) number";

#[tokio::test(flavor = "multi_thread")]
async fn many_names_are_looked_through_in_batches() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        app.execute(NAMES).await;
        app.runs(WATCH).await;
        let track = nina.drafts_a_single("Tides").await.track;
        app.settle().await;
        let known = "select coalesce(track_id::text, 'none') || ' ' || count(*) as line from artists.sold_items group by track_id";
        assert_eq!(app.lines(known).await, [format!("{track} 9000")]);
        let batches = "select max(changed) <= 4000 and sum(changed) = 9000 as line from public.batches";
        assert_eq!(app.lines(&format!("select line::text as line from ({batches}) b")).await, ["true"]);
        // And nothing is left to be wanted.
        assert!(app.lines("select artist_id::text as line from artists.item_matchings").await.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wanted_while_somebody_looks_is_looked_for_too() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        app.execute(NAMES).await;
        // A look that has begun, and of which nobody knows how far it is: its worker was lost.
        app.runs(
            "insert into artists.item_matchings (artist_id, wanted) select id, 3 from artists.artists;
             insert into platform.jobs (id, queue, kind, payload, priority, max_attempts, unique_key)
             select gen_random_uuid(), 'statements', 'artists.match_items', jsonb_build_object('artist', id), 0, 5,
                    'match_items:' || id from artists.artists",
        )
        .await;
        for title in ["Harbour", "Tides"] {
            nina.drafts_a_single(title).await;
        }
        app.settle().await;
        let open = "select count(*)::text as line from artists.sold_items where track_id is null";
        assert_eq!(app.lines(open).await, ["0"]);
        assert!(app.lines("select artist_id::text as line from artists.item_matchings").await.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_known_before_what_it_says_of_its_upc() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let album = nina.drafts_a_single("First").await;
        nina.patch(&format!("/tracks/{}", album.track), json!({ "isrc": "QZES71234567" })).await.is(200);
        for _ in 0..2 {
            nina.drafts_a_single("Twice").await;
        }
        // The name that is matched by the other's UPC comes before it.
        let twice = nina.uploads(&album.release, "Twice.wav", crate::support::tone(330.0, 0.5)).await;
        nina.waits_until_ready(&twice).await;
        let sold = [Line::new("Twice", "", "1"), Line::new("By another name", "QZES71234567", "1")];
        takes(&nina, "", generator::distrokid(&sold)).await;
        let known =
            "select title || ' ' || matched_by || ' ' || track_id as line from artists.sold_items order by title";
        let expected = [format!("By another name isrc {}", album.track), format!("Twice upc {twice}")];
        assert_eq!(app.lines(known).await, expected);
    })
    .await;
}

//! No list reads a whole table: PostgreSQL counts how often it did.

use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};

use crate::support::{App, with_app};

/// How often each big table was read from end to end.
async fn scans(app: &App) -> Vec<String> {
    // A connection that is idle tells what it has counted after ten seconds.
    tokio::time::sleep(std::time::Duration::from_secs(12)).await;
    app.lines(
        "select relname || ' ' || seq_scan as line from pg_stat_user_tables
         where schemaname = 'artists' and relname in ('artists', 'releases', 'tracks', 'analyses', 'shelves', 'standings', 'track_plays')
         order by relname",
    )
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn no_list_reads_a_whole_table() {
    with_app(async |app| {
        // Counting genres reads whole shelves, and is not what this is about. Its turn is held by a session of our own: the
        // server's might be the one that counts.
        let mut holds = AsyncPgConnection::establish(app.platform.db.url()).await.expect("a connection");
        let turn = "do $$ begin perform pg_advisory_lock(hashtextextended('artists.genres', 0)); end $$";
        holds.batch_execute(turn).await.expect("its turn");
        let catalogue = include_str!("../../../../benches/listings/catalogue.sql").replace(":tracks", "30000");
        app.runs(&catalogue).await;
        // As many artists as a million tracks have, for whom reading them all would not pay.
        app.runs(
            "insert into artists.artists (id, slug, name)
             select gen_random_uuid(), 'more-' || number, md5(number::text) from generate_series(1, 20000) number",
        )
        .await;
        // And as many releases, which are drafts here.
        app.runs(
            "insert into artists.releases (id, artist_id, title, kind)
             select gen_random_uuid(), a.id, md5(a.slug || number), 'album'
             from artists.artists a, generate_series(1, 5) number where a.slug like 'more-%'",
        )
        .await;
        app.runs("analyze").await;
        let fan = app.listener("fan").await;
        fan.follows("made-7").await;
        let before = scans(app).await;
        for query in [
            "/releases",
            "/releases?sort=title",
            "/releases?sort=most_played",
            "/releases?genre=pop",
            "/releases?genre=style+7&sort=title",
            "/releases?genre=rock&year=1999&sort=most_played",
            "/releases?year=2011&kind=album&sort=title",
            "/releases?kind=live",
            "/artists",
            "/artists?sort=name",
            "/artists?sort=followers",
            "/artists?sort=followers&genre=made",
            "/artists/made-7",
            "/artists/made-7/releases",
            "/genres",
        ] {
            for person in [&fan, &app.stranger()] {
                let page = person.get(query).await.is(200).json();
                if let Some(cursor) = page["next_cursor"].as_str() {
                    let glue = if query.contains('?') { '&' } else { '?' };
                    let next = person.get(&format!("{query}{glue}cursor={cursor}")).await.is(200).json();
                    assert!(next["items"].as_array().is_some_and(|items| !items.is_empty()), "{query}");
                }
            }
        }
        assert_eq!(scans(app).await, before);
        drop(holds);
    })
    .await;
}

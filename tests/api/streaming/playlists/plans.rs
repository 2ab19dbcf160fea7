//! No list of playlists reads a whole table, and no import the whole catalogue: PostgreSQL counts how often it did.

use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
use reqwest::Method;

use super::{makes, shares};
use crate::support::{App, send, with_app};

/// How often each table was read from end to end.
async fn scans(app: &App) -> Vec<String> {
    // A connection that is idle tells what it has counted after ten seconds.
    tokio::time::sleep(std::time::Duration::from_secs(12)).await;
    app.lines(
        "select relname || ' ' || seq_scan as line from pg_stat_user_tables
         where schemaname = 'streaming' and relname like 'playlist%'
            or schemaname = 'artists' and relname in ('artists', 'releases', 'tracks', 'analyses')
         order by relname",
    )
    .await
}

/// Many playlists, a hundredth of them this account's, each with people; and a catalogue in which much is to be passed over.
async fn fill(app: &App, account: &str) {
    app.runs(&format!(
        "insert into streaming.playlists (id, account_id, title, visibility)
         select gen_random_uuid(), case when n % 100 = 0 then '{account}'::uuid else gen_random_uuid() end, 'made', 'public'
         from generate_series(1, 20000) n;
         insert into streaming.playlist_entries (id, playlist_id, track_id, rank)
         select gen_random_uuid(), p.id, t.id, 'V' || lpad(n::text, 5, '0') || '1'
         from (select id from streaming.playlists where title in ('Mine', 'Ours') or id < '01000000-0000-0000-0000-000000000000') p,
              lateral (select id, row_number() over () n from artists.tracks limit 300) t;
         insert into streaming.playlist_collaborators (playlist_id, account_id, role)
         select id, gen_random_uuid(), 'viewer' from streaming.playlists;
         insert into streaming.playlist_followers (account_id, playlist_id)
         select case when random() < 0.05 then '{account}'::uuid else gen_random_uuid() end, id from streaming.playlists;
         insert into streaming.playlist_changes (id, playlist_id, kind, detail)
         select gen_random_uuid(), id, 'created', '{{\"kind\": \"created\"}}' from streaming.playlists;
         update artists.tracks set isrc = 'USRC1' || lpad((position * 7)::text, 7, '0');
         insert into artists.artists (id, slug, name)
         select gen_random_uuid(), 'more-' || number, md5(number::text) from generate_series(1, 20000) number;
         insert into artists.releases (id, artist_id, title, kind)
         select gen_random_uuid(), a.id, md5(a.slug || number), 'album'
         from artists.artists a, generate_series(1, 3) number where a.slug like 'more-%';
         analyze;"
    ))
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_list_and_no_import_reads_a_whole_table() {
    with_app(async |app| {
        // Counting genres reads much, and is not what this is about: its turn is held by a session of our own.
        let mut holds = AsyncPgConnection::establish(app.platform.db.url()).await.expect("a connection");
        let turn = "do $$ begin perform pg_advisory_lock(hashtextextended('artists.genres', 0)); end $$";
        holds.batch_execute(turn).await.expect("its turn");
        let (ada, ben) = (app.listener("ada").await, app.listener("ben").await);
        let (path, shared) = (makes(&ada, "Mine", "public").await, makes(&ben, "Ours", "public").await);
        shares(&ben, &shared, "ada", "editor").await;
        let catalogue = include_str!("../../../../benches/listings/catalogue.sql").replace(":tracks", "30000");
        app.runs(&catalogue).await;
        fill(app, &ada.id).await;
        let titles = app
            .lines(
                "select a.name || ' - ' || t.title as line from artists.tracks t
            join artists.releases r on r.id = t.release_id join artists.artists a on a.id = r.artist_id limit 300",
            )
            .await;
        let before = scans(app).await;
        for path in [
            "/playlists".to_owned(),
            "/accounts/ada/playlists".to_owned(),
            path.clone(),
            format!("{path}/entries"),
            format!("{path}/history"),
            "/me/library/playlists".to_owned(),
            format!("{shared}/collaborators"),
            format!("{path}/export?format=csv"),
        ] {
            let page = ada.get(&path).await.is(200);
            let page = serde_json::from_slice::<serde_json::Value>(&page.body).unwrap_or_default();
            if let Some(cursor) = page["next_cursor"].as_str() {
                ada.get(&format!("{path}?cursor={cursor}")).await.is(200);
            }
        }
        let lines: String = titles.iter().map(|title| format!("#EXTINF:210,{title}\nx.mp3\n")).collect();
        let request = ada.request(Method::POST, "/playlists/import?title=Found");
        let report = send(request.body(format!("#EXTM3U\n{lines}"))).await.is(201).json();
        assert_eq!(report["found"], titles.len());
        assert_eq!(scans(app).await, before);
        drop(holds);
    })
    .await;
}

//! What no track names any more goes away, and what one names stays.

use std::time::Duration;

use diesel_async::RunQueryDsl;
use legato::platform::db::Lent;
use reqwest::Method;
use reqwest::multipart::{Form, Part};

use crate::support::{App, Person, becomes_true, send, tone, with_app};

const IN_TIME: Duration = Duration::from_secs(30);

/// How many objects lie in `raw/`, `curated/` and `quarantine/`, once everything came to rest.
async fn objects(app: &App) -> [usize; 3] {
    app.settle().await;
    let stored = ["raw", "curated", "quarantine"].map(|zone| app.stored(zone).len());
    let recorded = app.lines("select key as line from platform.objects").await.len();
    assert_eq!(stored.iter().sum::<usize>(), recorded, "each has its lineage");
    stored
}

/// Two tracks of the same bytes, ready, in one release.
async fn twins(person: &Person<'_>) -> (String, [String; 2]) {
    let release = person.creates_release("Twins").await;
    let mut tracks = [String::new(), String::new()];
    for (track, name) in tracks.iter_mut().zip(["a.wav", "b.wav"]) {
        *track = person.uploads(&release, name, tone(440.0, 0.5)).await;
        person.waits_until_ready(track).await;
    }
    (release, tracks)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_objects_of_a_deleted_track_go_away_with_the_last_of_their_bytes() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let (release, [first, second]) = twins(&nina).await;
        nina.uploads(&release, "c.wav", tone(220.0, 0.5)).await;
        // The whole files name their track; the segments do not.
        assert_eq!(objects(app).await, [2, 15, 0]);
        nina.delete(&format!("/tracks/{first}")).await.is(204);
        assert_eq!(objects(app).await, [2, 12, 0]);
        let play = nina.plays(&second).await;
        let stream = play["stream"]["url"].as_str().unwrap_or_default();
        assert!(!nina.get(stream).await.is(200).body.is_empty());
        nina.delete(&format!("/tracks/{second}")).await.is(204);
        assert_eq!(objects(app).await, [1, 6, 0]);
        // The server may still know the track's renditions, but not serve them.
        nina.get(stream).await.is_problem(404, "not-found");
        nina.delete(&format!("/releases/{release}")).await.is(204);
        assert_eq!(objects(app).await, [0, 0, 0]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejected_original_goes_with_its_track() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Letters").await;
        let track = nina.uploads(&release, "letter.wav", "Dear Sir or Madam").await;
        assert_eq!(nina.waits_for(&track).await["state"], "rejected");
        assert_eq!(objects(app).await, [0, 0, 1]);
        nina.delete(&format!("/tracks/{track}")).await.is(204);
        assert_eq!(objects(app).await, [0, 0, 0]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_upload_leaves_nothing() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Everything").await;
        app.execute(&format!(
            "insert into artists.tracks (id, release_id, title, position, source_key, source_size_bytes, uploaded_by)
             select gen_random_uuid(), '{release}', 'Track ' || n, n, 'raw/00/00', 1, '{}' from generate_series(1, 200) n",
            nina.id
        ))
        .await;
        nina.tries_to_upload(&release, "201.wav", tone(440.0, 0.2)).await.is_problem(409, "release-full");
        assert_eq!(objects(app).await, [0, 0, 0]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_sent_again_leaves_nothing_of_its_own() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let uploads = async |bytes: Vec<u8>| {
            let form = Form::new().part("file", Part::bytes(bytes).file_name("a.wav"));
            let request = nina.request(Method::POST, &format!("/releases/{release}/tracks"));
            send(request.header("idempotency-key", "k").multipart(form)).await
        };
        let track = uploads(b"Dear Sir or Madam".to_vec()).await.is(202).json();
        nina.waits_for(track["id"].as_str().unwrap_or_default()).await;
        assert_eq!(objects(app).await, [0, 0, 1]);
        uploads(b"Dear Sir or Madam".to_vec()).await.is(202);
        assert_eq!(objects(app).await, [0, 0, 1]);
        uploads(b"Dear all".to_vec()).await.is(422);
        assert_eq!(objects(app).await, [0, 0, 1]);
    })
    .await;
}

/// Somebody who holds the lock of the one object in `raw/`.
struct Holder<'a> {
    conn: Lent<'a>,
    key: String,
}

impl<'a> Holder<'a> {
    async fn of(app: &'a App) -> Self {
        let conn = app.platform.db.conn().await.expect("a connection");
        let mut holder = Self { conn, key: app.stored("raw").remove(0) };
        holder.calls("pg_advisory_lock").await;
        holder
    }

    async fn lets_go(mut self) {
        self.calls("pg_advisory_unlock").await;
    }

    async fn calls(&mut self, function: &str) {
        let call = format!("select {function}(hashtextextended('raw/{}', 0))", self.key);
        diesel::sql_query(call).execute(&mut *self.conn).await.expect("called");
    }
}

async fn wait_for_queue(app: &App, length: usize) {
    let waiting = "select pid::text as line from pg_locks where locktype = 'advisory' and not granted
                   and database = (select oid from pg_database where datname = current_database())";
    let queued = becomes_true(IN_TIME, async || app.lines(waiting).await.len() == length).await;
    assert!(queued, "not {length} wait: {:?}", app.lines(waiting).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_whose_bytes_were_just_taken_away_is_sent_again() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.drafts_a_single("Tides").await;
        app.settle().await;
        let holder = Holder::of(app).await;
        let again = || nina.tries_to_upload(&single.release, "again.wav", tone(440.0, 1.0));
        let (refused, ()) = tokio::join!(again(), async {
            wait_for_queue(app, 1).await;
            std::fs::remove_file(app.data().join("objects/raw").join(&app.stored("raw")[0])).expect("taken away");
            holder.lets_go().await;
        });
        refused.is_problem(503, "unavailable");
        let track = again().await.is(202).json();
        nina.waits_until_ready(track["id"].as_str().unwrap_or_default()).await;
        assert_eq!(objects(app).await, [1, 9, 0]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_that_came_again_in_time_stay() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.drafts_a_single("Tides").await;
        app.settle().await;
        let holder = Holder::of(app).await;
        nina.delete(&format!("/tracks/{}", single.track)).await.is(204);
        wait_for_queue(app, 1).await;
        // As an upload does that was first.
        app.execute(&format!(
            "insert into artists.tracks (id, release_id, title, position, source_key, source_size_bytes, uploaded_by)
             values (gen_random_uuid(), '{}', 'Again', 1, 'raw/{}', 1, '{}')",
            single.release, holder.key, nina.id
        ))
        .await;
        holder.lets_go().await;
        assert_eq!(objects(app).await, [1, 0, 0]);
    })
    .await;
}

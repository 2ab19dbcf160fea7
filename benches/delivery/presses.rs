//! How long a press of the button takes, where there are a million tracks and ten million plays.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use diesel_async::{AsyncConnection, RunQueryDsl, SimpleAsyncConnection};
use futures_util::future::try_join_all;
use legato::platform::db::Conn;
use serde_json::json;
use tokio::time::sleep_until;

use super::load::{Connection, get};
use super::music::{Music, Site, text};
use super::servers::Process;
use super::{at, setting};

const CATALOGUE: &str = include_str!("../listings/catalogue.sql");
const PLAYS: &str = include_str!("plays.sql");

const LISTENERS: usize = 50;
const PER_SECOND: f64 = 200.0;
const LENGTH: Duration = Duration::from_secs(30);
/// Before that, uncounted: each connection to the database plans each query once.
const WARM_UP: Duration = Duration::from_secs(10);
/// After the load, so that what it set off in the background ends.
const REST: Duration = Duration::from_secs(10);
const MAX_P99: Duration = Duration::from_millis(15);

/// Fills the database, and measures; what passed its limit.
pub(crate) async fn measure(legato: &Process, music: &Music, database: &str) -> Result<Vec<&'static str>> {
    let tracks = setting("LEGATO_BENCH_TRACKS").unwrap_or_else(|| "1000000".to_owned());
    let plays = setting("LEGATO_BENCH_PLAYS").unwrap_or_else(|| "10000000".to_owned());
    let mut conn = Conn::establish(database).await?;
    conn.batch_execute(&CATALOGUE.replace(":tracks", &tracks)).await?;
    conn.batch_execute(&PLAYS.replace(":plays", &plays).replace(":track", &music.track)).await?;
    // A database at rest: what was loaded is on the disk, and nobody is busy with it any more.
    conn.batch_execute("vacuum analyze").await?;
    conn.batch_execute("checkpoint").await?;
    tokio::time::sleep(REST).await;
    let wanted = tracks_with_sound(&mut conn).await?;
    let period = Duration::from_secs_f64(LISTENERS as f64 / PER_SECOND);
    let begin = Instant::now() + Duration::from_millis(200);
    let listeners = (0..LISTENERS).map(|number| {
        let offset = period.mul_f64(number as f64 / LISTENERS as f64);
        press(legato, number, &wanted, (begin + offset, period))
    });
    let mut times: Vec<Duration> = try_join_all(listeners).await?.into_iter().flatten().collect();
    let tail = at(&mut times, 0.99);
    println!(
        "`POST /plays` among {tracks} tracks and {plays} plays, {PER_SECOND} in a second by {LISTENERS} listeners, {} of them: \
         p50 {:.1} ms, p99 **{:.1} ms** (the limit is {} ms).\n",
        times.len(),
        at(&mut times, 0.5).as_secs_f64() * 1e3,
        tail.as_secs_f64() * 1e3,
        MAX_P99.as_millis()
    );
    fill_itself(legato).await?;
    Ok(if tail > MAX_P99 { vec!["POST /plays"] } else { Vec::new() })
}

/// Rules of playlists that fill themselves, from what an index finds to what reads the whole catalogue.
const RULES: [(&str, &str); 3] = [
    (
        "liked, and not heard for a month",
        r#"[[{"field":"liked","test":"is","value":true}],[{"field":"last_played_at","test":"not_within_days","value":30}]]"#,
    ),
    ("published within a day", r#"[[{"field":"published_at","test":"within_days","value":1}]]"#),
    (
        "jazz of the nineties",
        r#"[[{"field":"genre","test":"is","value":"jazz"}],[{"field":"year","test":"at_least","value":1990}],[{"field":"year","test":"at_most","value":1999}]]"#,
    ),
];

/// Prints how long the first page of such a playlist takes, the best of three.
async fn fill_itself(legato: &Process) -> Result<()> {
    let token = "Authorization: Bearer legato_s_bench0\r\n".to_owned();
    let mut site = Site { connection: Connection::open(legato.address).await?, token };
    println!("The first page of a playlist that fills itself, over the same catalogue:\n\n| rules | ms |\n|---|---|");
    for (what, rules) in RULES {
        let new = json!({ "title": what, "rules": { "all_of": serde_json::from_str::<serde_json::Value>(rules)? } });
        let made = site.send("POST", "/playlists", &new).await?;
        let request = get(&format!("/api/v1/playlists/{}/entries", text(&made, "/id")?), &site.token);
        let mut best = Duration::MAX;
        for _ in 0..3 {
            let asked = Instant::now();
            let answer = site.connection.read(&request).await?;
            ensure!(answer.status == 200, "{what}: {}", answer.status);
            best = best.min(asked.elapsed());
        }
        println!("| {what} | {:.0} |", best.as_secs_f64() * 1e3);
    }
    println!();
    Ok(())
}

async fn tracks_with_sound(conn: &mut Conn) -> Result<Vec<String>> {
    #[derive(diesel::QueryableByName)]
    struct Row {
        #[diesel(sql_type = diesel::sql_types::Text)]
        id: String,
    }
    let list = "select distinct track_id::text as id from artists.renditions order by id";
    let rows: Vec<Row> = diesel::sql_query(list).load(conn).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// One listener, who is signed in; how long each press took from when it was due.
async fn press(
    legato: &Process,
    number: usize,
    tracks: &[String],
    (begin, period): (Instant, Duration),
) -> Result<Vec<Duration>> {
    let mut connection = Connection::open(legato.address).await?;
    let (mut due, mut times) = (begin, Vec::new());
    for step in 0.. {
        if due >= begin + WARM_UP + LENGTH {
            break;
        }
        let track = tracks.get((number * 97 + step * 31) % tracks.len()).context("a track")?;
        let body = json!({ "track_id": track, "client": "chromium" }).to_string();
        let request = format!(
            "POST /api/v1/plays HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer legato_s_bench{number}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        sleep_until(due.into()).await;
        let answer = connection.read(request.as_bytes()).await?;
        if due >= begin + WARM_UP {
            times.push(due.elapsed());
        }
        ensure!(answer.status == 201, "{}: {}", answer.status, String::from_utf8_lossy(&answer.body));
        due += period;
    }
    Ok(times)
}

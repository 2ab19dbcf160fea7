//! Signing in and being known: whether an unknown login takes as long as a known one, what a proven identity costs a
//! request, and how far sign-ins hold up everybody else. Prints a section of Markdown; fails where an unknown login shows.
//!
//! The server is a process of its own, in release, on an embedded PostgreSQL with fsync on. The floor is a bare actix-web
//! server, a process as well, that answers with the same bytes and asks nothing of anybody.
#![expect(clippy::print_stdout, reason = "the section is the output")]

#[path = "accounts/server.rs"]
mod server;

use std::future::Future;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use diesel_async::{AsyncConnection, RunQueryDsl};
use futures_util::future::{join_all, try_join_all};
use legato::platform::db::Conn;
use legato::platform::embedded_postgres::{EmbeddedPostgres, Options};
use serde_json::{Value, json};

use server::{Process, cpu_of_postgres};

/// Guesses at known logins, and as many at unknown ones.
const GUESSES: usize = 500;
/// Logins of each kind: so few guesses at each that no limit is reached.
const LOGINS: usize = 100;
/// How far the medians may be apart.
const TOLERANCE: f64 = 0.05;

const CONNECTIONS: usize = 64;
const WARM_UP: Duration = Duration::from_secs(1);
const MEASURED: Duration = Duration::from_secs(6);
/// More than can be asked for within the 5 s for which a process remembers an identity.
const SESSIONS: usize = 400_000;

/// Sign-ins in flight while somebody else asks for `/me` …
const SIGN_INS: usize = 8;
/// … which may take so many times as long as it does without them.
const MAX_SLOWDOWN: f64 = 2.0;

const ME: &str = "/api/v1/me";
/// Refused to a listener when it is known who asks: the check of the identity, and nothing else.
const ADMIN_ONLY: &str = "/api/v1/admin/accounts";

#[tokio::main]
async fn main() -> Result<()> {
    if std::env::args().any(|argument| argument == "floor") {
        return server::run_floor().await;
    }
    let folder = tempfile::tempdir()?;
    let postgres = EmbeddedPostgres::start(&folder.path().join("database"), Options::default()).await?;
    let server = Process::start(server::legato(folder.path(), &postgres.url())?).await?;
    let measured = measure(&server, &postgres, folder.path()).await;
    drop(server);
    postgres.stop().await?;
    measured
}

async fn measure(server: &Process, postgres: &EmbeddedPostgres, folder: &Path) -> Result<()> {
    println!("## Accounts\n");
    register(server).await?;
    let gap = compare_logins(server).await?;
    insert_sessions(&postgres.url()).await?;
    compare_requests(server, &folder.join("database")).await?;
    compare_latency(server).await?;
    ensure!(gap.abs() <= TOLERANCE, "an unknown login takes {:+.1} % of the time of a known one", gap * 100.0);
    Ok(())
}

// Requests ------------------------------------------------------------------------------------------------------------

/// A request with a body, from an address of its own.
fn post(path: &str, client: usize, body: &Value) -> Vec<u8> {
    let (body, [_, a, b, c]) = (body.to_string(), u32::try_from(client).unwrap_or(0).to_be_bytes());
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 10.{a}.{b}.{c}\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

fn get(path: &str, session: usize) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\n\r\n", token(session)).into_bytes()
}

// Known and unknown logins -------------------------------------------------------------------------------------------

fn password(login: usize) -> String {
    format!("the long password of listener number {login}")
}

async fn register(server: &Process) -> Result<()> {
    let mut connection = server.connect().await?;
    for number in 0..LOGINS {
        let handle = format!("known{number}");
        let new = json!({ "handle": handle, "email": format!("{handle}@example.org"), "password": password(number) });
        let (status, body) = connection.ask(&post("/api/v1/accounts", number, &new)).await?;
        ensure!(status == 201, "{status}: {}", String::from_utf8_lossy(body));
    }
    Ok(())
}

/// Wrong passwords for known and unknown logins in turns. How much longer the unknown ones take, as a share.
async fn compare_logins(server: &Process) -> Result<f64> {
    let mut connection = server.connect().await?;
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for number in 0..GUESSES {
        let (login, address) = (number % LOGINS, LOGINS + number);
        let kinds = [("known", &mut known), ("nobody", &mut unknown)];
        let kinds: Vec<_> = if number % 2 == 0 { kinds.into() } else { kinds.into_iter().rev().collect() };
        for (kind, times) in kinds {
            let guess = json!({ "login": format!("{kind}{login}"), "password": "a guess, and a wrong one" });
            let asked = Instant::now();
            let (status, body) = connection.ask(&post("/api/v1/session", address, &guess)).await?;
            times.push(asked.elapsed());
            ensure!(status == 401, "{status}: {}", String::from_utf8_lossy(body));
        }
    }
    let (known, unknown) = (at(&mut known, 0.5), at(&mut unknown, 0.5));
    let gap = unknown.as_secs_f64() / known.as_secs_f64() - 1.0;
    println!(
        "A wrong password, {GUESSES} guesses at known logins and {GUESSES} at unknown ones in turns: the median is"
    );
    println!("{:.2} ms for a known login and {:.2} ms for an unknown one:", millis(known), millis(unknown));
    println!("**{:+.1} %** (the limit is {:.0} %).\n", gap * 100.0, TOLERANCE * 100.0);
    Ok(gap)
}

// What an identity costs ---------------------------------------------------------------------------------------------

fn token(session: usize) -> String {
    format!("legato_s_bench{session}")
}

/// Sessions as sign-ins make them, without the sign-ins.
async fn insert_sessions(database: &str) -> Result<()> {
    let insert = format!(
        "insert into accounts.sessions (id, account_id, token_hash, device, expires_at)
         select gen_random_uuid(), (select id from accounts.accounts where handle = 'known0'),
                sha256(convert_to('legato_s_bench' || number, 'UTF8')), 'bench', now() + interval '30 days'
         from generate_series(0, {}) as number",
        SESSIONS - 1
    );
    // No connection of a pool: so many rows may take longer than any request.
    let mut conn = Conn::establish(database).await?;
    diesel::sql_query(insert).execute(&mut conn).await?;
    diesel::sql_query("vacuum analyze accounts.sessions").execute(&mut conn).await?;
    Ok(())
}

/// Requests in a second, and what each took of the server's and of PostgreSQL's CPU.
struct Load {
    per_second: f64,
    server: Duration,
    postgres: Duration,
}

async fn compare_requests(server: &Process, database: &Path) -> Result<()> {
    let body = server.connect().await?.ask(&get(ME, 0)).await?.1.to_vec();
    let bare = Process::start(server::floor(&String::from_utf8(body)?)?).await?;
    println!(
        "Requests over {CONNECTIONS} connections, the client on the same machine; CPU is user and system time of whole"
    );
    println!(
        "processes. *Warm*: 64 sessions, whose identities the server remembers. *Cold*: each request with another"
    );
    println!("session, whose identity it looks up. The floor is a bare actix-web server with the same body and no");
    println!("identity; the ratio is the CPU of Legato's process against it.\n");
    println!("| what | per second | CPU µs, Legato | PostgreSQL | ratio |\n|---|---|---|---|---|");
    let least = load(&bare, database, ME, CONNECTIONS, 200).await?;
    row("the floor", &least, &least);
    row("`GET /me`, warm", &load(server, database, ME, CONNECTIONS, 200).await?, &least);
    row("`GET /me`, cold", &load(server, database, ME, SESSIONS, 200).await?, &least);
    row("identity alone (403), warm", &load(server, database, ADMIN_ONLY, CONNECTIONS, 403).await?, &least);
    row("identity alone (403), cold", &load(server, database, ADMIN_ONLY, SESSIONS, 403).await?, &least);
    println!();
    Ok(())
}

fn row(what: &str, load: &Load, least: &Load) {
    let micros = |time: Duration| time.as_secs_f64() * 1e6;
    let ratio = load.server.as_secs_f64() / least.server.as_secs_f64();
    let (ours, postgres) = (micros(load.server), micros(load.postgres));
    println!("| {what} | {:.0} | {ours:.1} | {postgres:.1} | {ratio:.2} |", load.per_second);
}

/// As many requests as it takes, each with the next of so many sessions.
async fn load(server: &Process, database: &Path, path: &str, sessions: usize, wanted: u16) -> Result<Load> {
    // What was asked before shall not be remembered.
    tokio::time::sleep(Duration::from_secs(6)).await;
    let share = sessions / CONNECTIONS;
    let warm = Instant::now() + WARM_UP;
    let readers = (0..CONNECTIONS).map(|reader| read(server, path, reader * share..(reader + 1) * share, warm, wanted));
    let marks = async {
        tokio::time::sleep_until(warm.into()).await;
        let before = (server.cpu()?, cpu_of_postgres(database)?);
        tokio::time::sleep(MEASURED).await;
        anyhow::Ok((server.cpu()? - before.0, cpu_of_postgres(database)? - before.1))
    };
    let (counts, marks) = tokio::join!(try_join_all(readers), marks);
    let (requests, (server, postgres)) = (counts?.into_iter().sum::<u32>(), marks?);
    let per_second = f64::from(requests) / MEASURED.as_secs_f64();
    Ok(Load { per_second, server: server / requests, postgres: postgres / requests })
}

/// Asks until the time is over; how often, once it was warm.
fn read(
    server: &Process,
    path: &str,
    sessions: std::ops::Range<usize>,
    warm: Instant,
    wanted: u16,
) -> impl Future<Output = Result<u32>> {
    let requests: Vec<Vec<u8>> = sessions.map(|session| get(path, session)).collect();
    async move {
        let mut connection = server.connect().await?;
        let mut asked = 0;
        for request in requests.iter().cycle() {
            let (status, body) = connection.ask(request).await?;
            ensure!(status == wanted, "{status}: {}", String::from_utf8_lossy(body));
            let now = Instant::now();
            if now > warm + MEASURED {
                break;
            }
            asked += u32::from(now > warm);
        }
        Ok(asked)
    }
}

// Sign-ins and everybody else ----------------------------------------------------------------------------------------

/// How many times as long `GET /me` takes at its 99th percentile while others sign in.
async fn compare_latency(server: &Process) -> Result<()> {
    let quiet = at(&mut latencies(server).await?, 0.99);
    let stop = tokio::sync::watch::Sender::new(false);
    let sign_ins = join_all((0..SIGN_INS).map(|number| sign_in(server, number, stop.subscribe())));
    let asking = async {
        let asked = latencies(server).await;
        stop.send_replace(true);
        asked
    };
    let (signed_in, busy) = tokio::join!(sign_ins, asking);
    let signed_in: usize = signed_in.into_iter().sum::<Result<usize>>()?;
    let busy = at(&mut busy?, 0.99);
    let slowdown = busy.as_secs_f64() / quiet.as_secs_f64();
    println!(
        "`GET /me` every 2 ms on one connection: p99 is {:.2} ms when it is quiet, and {:.2} ms with",
        millis(quiet),
        millis(busy)
    );
    println!(
        "{SIGN_INS} sign-ins in flight ({signed_in} of them): **{slowdown:.2} times** (the limit is {MAX_SLOWDOWN})."
    );
    Ok(())
}

async fn latencies(server: &Process) -> Result<Vec<Duration>> {
    let (mut connection, request) = (server.connect().await?, get(ME, 0));
    let mut pace = tokio::time::interval(Duration::from_millis(2));
    pace.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let (mut times, begun) = (Vec::new(), Instant::now());
    while begun.elapsed() < MEASURED {
        pace.tick().await;
        let asked = Instant::now();
        ensure!(connection.ask(&request).await?.0 == 200, "somebody known");
        times.push(asked.elapsed());
    }
    Ok(times)
}

/// Signs in over and over with the right password; how often.
async fn sign_in(server: &Process, number: usize, stop: tokio::sync::watch::Receiver<bool>) -> Result<usize> {
    let mut connection = server.connect().await?;
    let credentials =
        json!({ "login": format!("known{}", LOGINS - 1 - number), "password": password(LOGINS - 1 - number) });
    let (request, mut times) = (post("/api/v1/session", 2 * (LOGINS + GUESSES) + number, &credentials), 0);
    while !*stop.borrow() {
        let (status, body) = connection.ask(&request).await?;
        ensure!(status == 201, "{status}: {}", String::from_utf8_lossy(body));
        times += 1;
    }
    Ok(times)
}

fn at(times: &mut [Duration], share: f64) -> Duration {
    times.sort_unstable();
    times[((times.len() - 1) as f64 * share) as usize]
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

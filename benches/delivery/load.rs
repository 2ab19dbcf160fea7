//! Connections that are kept alive, and what goes over them: as much as a server can do, or so much in a second.

use std::cell::RefCell;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use futures_util::future::try_join_all;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use super::music::Music;
use super::servers::Process;
use super::{at, ratio};

thread_local! {
    /// Where bodies go that nobody wants. All connections share it, as nothing waits while it holds something.
    static SCRAP: RefCell<Vec<u8>> = RefCell::new(vec![0; 256 * 1024]);
}

/// A connection, and one request at a time on it.
pub(crate) struct Connection {
    stream: TcpStream,
}

/// What came of a request.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body_bytes: usize,
    /// When its first byte was there.
    pub(crate) began: Instant,
    /// The body, where it was wanted.
    pub(crate) body: Vec<u8>,
}

impl Connection {
    pub(crate) async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream })
    }

    /// Reads the whole answer and throws its body away.
    pub(crate) async fn fetch(&mut self, request: &[u8]) -> Result<Answer> {
        self.ask(request, false).await
    }

    /// Reads the whole answer.
    pub(crate) async fn read(&mut self, request: &[u8]) -> Result<Answer> {
        self.ask(request, true).await
    }

    async fn ask(&mut self, request: &[u8], keeps: bool) -> Result<Answer> {
        self.stream.write_all(request).await?;
        let (mut heard, mut head, mut seen, mut began) = (Vec::new(), None, 0, None);
        loop {
            self.stream.readable().await?;
            let read = SCRAP.with_borrow_mut(|scrap| match self.stream.try_read(scrap) {
                Ok(0) => bail!("the server hung up"),
                Ok(read) => {
                    if head.is_none() || keeps {
                        heard.extend_from_slice(&scrap[..read]);
                    }
                    Ok(read)
                }
                Err(cause) if cause.kind() == std::io::ErrorKind::WouldBlock => Ok(0),
                Err(cause) => Err(cause.into()),
            })?;
            seen += read;
            if read > 0 {
                began.get_or_insert_with(Instant::now);
            }
            head = head.or_else(|| lengths(&heard));
            if let Some((status, head_bytes, body_bytes)) = head
                && seen >= head_bytes + body_bytes
            {
                let body = if keeps { heard.split_off(head_bytes) } else { Vec::new() };
                return Ok(Answer { status, body_bytes, began: began.unwrap_or_else(Instant::now), body });
            }
        }
    }
}

/// Status, bytes of the head, bytes of the body; `None` while the head is not there.
fn lengths(heard: &[u8]) -> Option<(u16, usize, usize)> {
    let head = heard.windows(4).position(|window| window == b"\r\n\r\n")?;
    let text = std::str::from_utf8(&heard[..head]).ok()?;
    let length = |line: &str| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
    };
    Some((text.get(9..12)?.parse().ok()?, head + 4, text.lines().find_map(length).unwrap_or(0)))
}

pub(crate) fn get(path: &str, headers: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: identity\r\n{headers}\r\n").into_bytes()
}

/// A row of the table: a path here and there, so many requests in a round, and how much more of nginx's CPU it may take.
pub(crate) struct Work<'a> {
    pub(crate) what: &'static str,
    pub(crate) ours: &'a str,
    pub(crate) theirs: &'static str,
    pub(crate) requests: usize,
    pub(crate) limit: f64,
}

/// Measures a row and prints it; the ratio to the first of the others.
pub(crate) async fn compare(
    legato: &Process,
    others: &[(&str, &Process)],
    work: &Work<'_>,
    (connections, rounds): (usize, usize),
) -> Result<f64> {
    let sides: Vec<(&Process, Vec<u8>)> = [(legato, get(work.ours, ""))]
        .into_iter()
        .chain(others.iter().map(|(_, process)| (*process, get(work.theirs, ""))))
        .collect();
    let (mut costs, mut bytes) = (vec![Vec::new(); sides.len()], 0);
    for round in 0..=rounds {
        for (side, (process, request)) in sides.iter().enumerate() {
            let (each, body_bytes) = cost(process, (request, 200), connections, work.requests).await?;
            bytes = body_bytes;
            // The first round only warms up.
            if round > 0 {
                costs[side].push(each);
            }
        }
    }
    let mut ratios: Vec<f64> = costs[0].iter().zip(&costs[1]).map(|(ours, theirs)| ratio(*ours, *theirs)).collect();
    ratios.sort_unstable_by(f64::total_cmp);
    let middle = ratios[ratios.len() / 2];
    let micros: Vec<f64> = costs.iter_mut().map(|side| at(side, 0.5).as_secs_f64() * 1e6).collect();
    let rest: Vec<String> = micros[2..].iter().map(|micros| format!("{micros:.1}")).collect();
    println!(
        "| {} | {bytes} | {:.1} | {:.1} | **{middle:.2}** | {:.2} | {} |",
        work.what,
        micros[0],
        micros[1],
        work.limit,
        rest.join(" | ")
    );
    Ok(middle)
}

/// The CPU of one request, while the server answers as fast as it can, and the bytes of one body.
pub(crate) async fn cost(
    process: &Process,
    (request, status): (&[u8], u16),
    connections: usize,
    requests: usize,
) -> Result<(Duration, usize)> {
    let before = process.cpu()?;
    let bytes = flood(process.address, (request, status), connections, requests).await?;
    Ok(((process.cpu()? - before) / u32::try_from(requests)?, bytes))
}

/// As fast as the server answers; the bytes of one body.
async fn flood(
    address: SocketAddr,
    (request, status): (&[u8], u16),
    connections: usize,
    requests: usize,
) -> Result<usize> {
    let share = requests / connections;
    let readers = (0..connections).map(|_| async move {
        let mut connection = Connection::open(address).await?;
        let mut bytes = 0;
        for _ in 0..share {
            let answer = connection.fetch(request).await?;
            ensure!(answer.status == status, "{}", answer.status);
            bytes = answer.body_bytes;
        }
        anyhow::Ok(bytes)
    });
    try_join_all(readers).await?.pop().context("somebody reads")
}

/// Prints how long seeks take on each server; the p99 here, and of the first of the others.
pub(crate) async fn seek(
    legato: &Process,
    others: &[(&str, &Process)],
    music: &Music,
    (connections, rounds, per_second): (usize, usize, f64),
) -> Result<(Duration, Duration)> {
    let sides: Vec<(&str, &Process, &str)> = [("Legato", legato, music.whole.as_str())]
        .into_iter()
        .chain(others.iter().map(|(name, process)| (*name, *process, "/whole.flac")))
        .collect();
    let mut times = vec![Vec::new(); sides.len()];
    for round in 0..=rounds {
        for (side, (_, process, path)) in sides.iter().enumerate() {
            let took = pace(process.address, path, music.whole_bytes, connections, per_second).await?;
            if round > 0 {
                times[side].extend(took);
            }
        }
    }
    let mut tails = Vec::new();
    for ((name, ..), times) in sides.iter().zip(&mut times) {
        let (middle, tail) = (at(times, 0.5), at(times, 0.99));
        println!("| {name} | {} | {} |", middle.as_micros(), tail.as_micros());
        tails.push(tail);
    }
    Ok((tails[0], tails[1]))
}

/// Two seconds of seeks at a steady rate; how long each took from when it was due.
async fn pace(
    address: SocketAddr,
    path: &str,
    whole_bytes: usize,
    connections: usize,
    per_second: f64,
) -> Result<Vec<Duration>> {
    const WINDOW: usize = 64 * 1024;
    let period = Duration::from_secs_f64(connections as f64 / per_second);
    let begin = tokio::time::Instant::now() + Duration::from_millis(50);
    let seekers = (0..connections).map(|number| async move {
        let mut connection = Connection::open(address).await?;
        let mut due = begin + period.mul_f64(number as f64 / connections as f64);
        let mut times = Vec::new();
        for step in 0..(2.0 / period.as_secs_f64()) as usize {
            tokio::time::sleep_until(due).await;
            let place = (number * 7919 + step * 104_729) * 4096 % (whole_bytes - WINDOW);
            let range = format!("Range: bytes={place}-{}\r\n", place + WINDOW - 1);
            let asked = Instant::now();
            let answer = connection.fetch(&get(path, &range)).await?;
            times.push(asked.elapsed());
            ensure!((answer.status, answer.body_bytes) == (206, WINDOW), "{} {}", answer.status, answer.body_bytes);
            due += period;
        }
        anyhow::Ok(times)
    });
    Ok(try_join_all(seekers).await?.into_iter().flatten().collect())
}

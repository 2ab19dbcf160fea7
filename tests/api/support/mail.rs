//! The letters of a server: those that it kept as files, and those that a mail server of ours caught.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::{App, becomes_true};

const PATIENCE: Duration = Duration::from_secs(30);

/// A letter as its reader sees it.
#[derive(Debug, Clone)]
pub(crate) struct Letter {
    /// Names in lower case.
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) text: String,
    pub(crate) html: String,
    /// As it was sent.
    pub(crate) raw: String,
}

impl Letter {
    pub(crate) fn parse(raw: &str) -> Self {
        let (head, body) = raw.split_once("\r\n\r\n").expect("a head and a body");
        let headers = headers(head);
        let boundary = headers["content-type"].split('"').nth(1).expect("a boundary");
        let parts: Vec<&str> = body.split(&format!("--{boundary}")).collect();
        let part = |kind: &str| decoded(parts.iter().find(|part| part.contains(kind)).expect("the part"));
        Self { text: part("text/plain"), html: part("text/html"), raw: raw.to_owned(), headers }
    }

    pub(crate) fn to(&self) -> &str {
        &self.headers["to"]
    }

    pub(crate) fn subject(&self) -> String {
        decoded_words(&self.headers["subject"])
    }

    /// The letter's link: the page, and the code after `#` (empty where there is none).
    pub(crate) fn link(&self) -> (String, String) {
        let line = self.text.lines().find(|line| line.starts_with("http")).unwrap_or_else(|| panic!("{}", self.text));
        let (page, code) = line.split_once('#').unwrap_or((line, ""));
        (page.to_owned(), code.to_owned())
    }

    pub(crate) fn code(&self) -> String {
        self.link().1
    }
}

impl App {
    /// The letters to an address that were kept as files, oldest first.
    pub(crate) fn letters_to(&self, address: &str) -> Vec<Letter> {
        let all = kept(self.data());
        all.into_iter().filter(|letter| letter.to() == address).collect()
    }

    /// Waits for the newest letter to an address with this word in its subject.
    pub(crate) async fn letter_to(&self, address: &str, subject: &str) -> Letter {
        let find = || self.letters_to(address).into_iter().rfind(|letter| letter.subject().contains(subject));
        becomes_true(PATIENCE, async || find().is_some()).await;
        find().unwrap_or_else(|| panic!("no letter “{subject}” to {address}: {:#?}", kept(self.data())))
    }
}

/// Every letter in the folder of a server without a mail server.
pub(crate) fn kept(data: &Path) -> Vec<Letter> {
    let entries = std::fs::read_dir(data.join("mail")).into_iter().flatten().flatten();
    let mut files: Vec<_> = entries.map(|entry| entry.path()).filter(|path| has_ending(path)).collect();
    files.sort();
    files.iter().map(|file| Letter::parse(&std::fs::read_to_string(file).expect("a letter"))).collect()
}

fn has_ending(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "eml")
}

fn headers(head: &str) -> BTreeMap<String, String> {
    let unfolded = head.replace("\r\n ", " ").replace("\r\n\t", " ");
    let lines = unfolded.lines().filter_map(|line| line.split_once(": "));
    lines.map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect()
}

/// A part's text: as it is, in quoted-printable or in base64.
fn decoded(part: &str) -> String {
    let (head, body) = part.trim_start().split_once("\r\n\r\n").expect("a part");
    let bytes = match headers(head).get("content-transfer-encoding").map(String::as_str) {
        Some("quoted-printable") => unquoted(&body.replace("=\r\n", ""), b'='),
        Some("base64") => base64(&body.replace("\r\n", "")),
        _ => body.as_bytes().to_vec(),
    };
    String::from_utf8(bytes).expect("UTF-8").replace("\r\n", "\n").trim_end().to_owned()
}

/// `=?utf-8?b?…?=` (RFC 2047).
fn decoded_words(value: &str) -> String {
    let words = value.split_inclusive("?=").map(|piece| match piece.trim().strip_prefix("=?utf-8?b?") {
        Some(word) => String::from_utf8(base64(word.trim_end_matches("?="))).expect("UTF-8"),
        None => piece.to_owned(),
    });
    words.collect()
}

fn base64(text: &str) -> Vec<u8> {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.decode(text.trim()).expect("base64")
}

fn unquoted(text: &str, sign: u8) -> Vec<u8> {
    let bytes = text.as_bytes();
    let (mut out, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while at < bytes.len() {
        let hex = (bytes[at] == sign).then(|| u8::from_str_radix(text.get(at + 1..at + 3)?, 16).ok()).flatten();
        out.push(hex.unwrap_or(bytes[at]));
        at += if hex.is_some() { 3 } else { 1 };
    }
    out
}

/// A mail server (RFC 5321) that keeps what it gets, and refuses what it is told to.
pub(crate) struct Catcher {
    port: u16,
    state: Arc<Mutex<Caught>>,
    task: tokio::task::JoinHandle<()>,
}

#[derive(Default)]
struct Caught {
    letters: Vec<Letter>,
    /// What clients said before their letters.
    commands: Vec<String>,
    /// A command, and what it is answered the next time that it comes.
    refusals: Vec<(&'static str, &'static str)>,
}

impl Caught {
    fn refusal_of(&mut self, verb: &str) -> Option<&'static str> {
        let at = self.refusals.iter().position(|(refused, _)| *refused == verb)?;
        Some(self.refusals.remove(at).1)
    }
}

impl Catcher {
    #[expect(clippy::disallowed_methods, reason = "a server of the test's")]
    pub(crate) async fn start(refusals: &[(&'static str, &'static str)]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let state = Arc::new(Mutex::new(Caught { refusals: refusals.to_vec(), ..Caught::default() }));
        let task = tokio::spawn(serve(listener, state.clone()));
        Self { port, state, task }
    }

    /// The setting `smtp_url` that leads here, with credentials.
    pub(crate) fn url(&self) -> String {
        format!("smtp://postbote:geheim%21@127.0.0.1:{}", self.port)
    }

    pub(crate) fn letters(&self) -> Vec<Letter> {
        self.state.lock().expect("whole").letters.clone()
    }

    pub(crate) fn commands(&self) -> Vec<String> {
        self.state.lock().expect("whole").commands.clone()
    }

    /// Waits for so many letters.
    pub(crate) async fn has(&self, letters: usize) -> Vec<Letter> {
        becomes_true(PATIENCE, async || self.letters().len() >= letters).await;
        assert_eq!(self.letters().len(), letters, "{:#?}", self.commands());
        self.letters()
    }
}

impl Drop for Catcher {
    fn drop(&mut self) {
        self.task.abort();
    }
}

#[expect(clippy::disallowed_methods, reason = "a mail server for one test")]
async fn serve(listener: TcpListener, state: Arc<Mutex<Caught>>) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(converse(stream, state.clone()));
    }
}

async fn converse(stream: TcpStream, state: Arc<Mutex<Caught>>) -> std::io::Result<()> {
    let (input, mut output) = stream.into_split();
    let mut lines = BufReader::new(input).lines();
    output.write_all(b"220 catcher\r\n").await?;
    while let Some(line) = lines.next_line().await? {
        let verb = line.split(' ').next().unwrap_or_default().to_uppercase();
        let refusal = state.lock().expect("whole").refusal_of(&verb);
        let answer = refusal.unwrap_or(match verb.as_str() {
            "EHLO" => "250-catcher\r\n250-8BITMIME\r\n250 AUTH PLAIN",
            "AUTH" => "235 welcome",
            "DATA" => "354 go on",
            "QUIT" => "221 bye",
            _ => "250 fine",
        });
        state.lock().expect("whole").commands.push(line);
        output.write_all(format!("{answer}\r\n").as_bytes()).await?;
        if verb == "DATA" && refusal.is_none() {
            let mut raw = String::new();
            while let Some(line) = lines.next_line().await?.filter(|line| line != ".") {
                raw.push_str(line.strip_prefix('.').unwrap_or(&line));
                raw.push_str("\r\n");
            }
            state.lock().expect("whole").letters.push(Letter::parse(&raw));
            output.write_all(b"250 taken\r\n").await?;
        }
    }
    Ok(())
}

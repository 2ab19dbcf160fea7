//! An S3 for one test: moto, which is written in Python and speaks the real protocol.

use std::process::Stdio;
use std::time::Duration;

use reqwest::{Client, Method, RequestBuilder};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use super::{App, client, skipped, variable, with_settings};

const PATIENCE: Duration = Duration::from_secs(60);

/// A running `moto_server` with one empty bucket; killed at the end of its test.
pub(crate) struct S3Server {
    http: Client,
    pub(crate) authority: String,
    _process: Child,
}

impl S3Server {
    /// `None`, said loudly, where no `moto_server` is installed.
    pub(crate) async fn start() -> Option<Self> {
        let mut command = Command::new("moto_server");
        command.args(["-H", "127.0.0.1", "-p", "0"]).stdout(Stdio::null()).stderr(Stdio::piped()).kill_on_drop(true);
        let Ok(mut process) = command.spawn() else {
            assert!(variable("CI").is_none(), "no moto_server");
            skipped("moto_server is not installed: bin/setup --tests");
            return None;
        };
        let lines = BufReader::new(process.stderr.take().expect("it is piped")).lines();
        let authority = tokio::time::timeout(PATIENCE, address(lines)).await.expect("moto starts");
        let server = Self { http: client().build().expect("a client"), authority, _process: process };
        server.ask(Method::PUT, "").await;
        Some(server)
    }

    /// The settings under which a server keeps its objects here, or behind a proxy at `authority`.
    pub(crate) fn settings(&self, authority: &str) -> [(&'static str, String); 4] {
        [
            ("storage_url", "s3://music/legato".to_owned()),
            ("s3_endpoint", format!("http://{authority}")),
            ("s3_access_key", "somebody".to_owned()),
            ("s3_secret_key", "secret".to_owned()),
        ]
    }

    /// The keys in a zone, below it.
    pub(crate) async fn stored(&self, zone: &str) -> Vec<String> {
        let prefix = format!("legato/{zone}/");
        let list = self.ask(Method::GET, &format!("?list-type=2&prefix={prefix}")).await;
        values(&list, "Key").iter().map(|key| key.trim_start_matches(&prefix).to_owned()).collect()
    }

    /// Uploads in parts that were begun and not ended.
    pub(crate) async fn unfinished(&self) -> usize {
        values(&self.ask(Method::GET, "?uploads").await, "UploadId").len()
    }

    /// Begins an upload in parts, as a server does that dies over it.
    pub(crate) async fn begins_upload(&self, key: &str) {
        self.ask(Method::POST, &format!("/legato/{key}?uploads")).await;
    }

    /// An object's bytes.
    pub(crate) async fn gives(&self, key: &str) -> Vec<u8> {
        let answer = self.request(Method::GET, &format!("/legato/{key}")).send().await.expect("an answer");
        assert!(answer.status().is_success(), "{key}: {}", answer.status());
        answer.bytes().await.expect("bytes").to_vec()
    }

    /// The same, if it is there.
    pub(crate) async fn finds(&self, key: &str) -> Option<Vec<u8>> {
        let answer = self.request(Method::GET, &format!("/legato/{key}")).send().await.expect("an answer");
        if answer.status() == 404 { None } else { Some(answer.bytes().await.expect("bytes").to_vec()) }
    }

    /// Puts other bytes where an object is, or some where none is.
    pub(crate) async fn takes(&self, key: &str, bytes: impl Into<reqwest::Body>) {
        let request = self.request(Method::PUT, &format!("/legato/{key}"));
        let sent = request.body(bytes).send().await.expect("an answer");
        assert!(sent.status().is_success(), "{key}: {}", sent.status());
    }

    /// Loses an object.
    pub(crate) async fn loses(&self, key: &str) {
        self.ask(Method::DELETE, &format!("/legato/{key}")).await;
    }

    async fn ask(&self, method: Method, path: &str) -> String {
        let answer = self.request(method, path).send().await.expect("an answer");
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        answer.text().await.expect("a text")
    }

    // Moto looks whether a request is signed, and not by whom.
    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("http://{}/music{path}", self.authority));
        request.header("authorization", "AWS somebody:signature")
    }
}

/// Waits for the line that tells the port; what follows is read and forgotten, so that the server never waits for us.
#[expect(clippy::disallowed_methods, reason = "a task of the test's")]
async fn address(mut lines: tokio::io::Lines<BufReader<tokio::process::ChildStderr>>) -> String {
    loop {
        let line = lines.next_line().await.expect("a line").expect("moto says where it listens");
        if let Some((_, authority)) = line.split_once("Running on http://") {
            let authority = authority.trim().to_owned();
            tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
            return authority;
        }
    }
}

/// What stands in the elements of a name.
fn values(xml: &str, name: &str) -> Vec<String> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    let pieces = xml.split(&open).skip(1);
    pieces.map(|piece| piece.split(&close).next().unwrap_or_default().to_owned()).collect()
}

/// A server that keeps its objects in an S3 of its own; nothing, where there is none to be had.
pub(crate) async fn with_s3(test: impl AsyncFnOnce(&App, &S3Server)) {
    let Some(server) = S3Server::start().await else { return };
    let settings = server.settings(&server.authority);
    let settings: Vec<(&'static str, &str)> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
    with_settings(&settings, async |app| test(app, &server).await).await;
}

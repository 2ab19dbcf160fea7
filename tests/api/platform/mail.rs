//! The ways of mail: a mail server, a program, a folder.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use base64::Engine;
use serde_json::json;

use crate::support::{App, Catcher, Database, Legato, Letter, becomes_true, kept, run_legato, with_app, with_settings};

const PATIENCE: Duration = Duration::from_secs(30);

fn smtp(catcher: &Catcher) -> [(&'static str, String); 3] {
    let named = |name, value: &str| (name, value.to_owned());
    [
        ("smtp_url", catcher.url()),
        named("public_url", "https://music.example"),
        named("mail_from", "Müsik <music@music.example>"),
    ]
}

fn borrowed<'a, const N: usize>(settings: &'a [(&'static str, String); N]) -> [(&'static str, &'a str); N] {
    settings.each_ref().map(|(name, value)| (*name, value.as_str()))
}

/// A server whose dead jobs are what its test is about.
async fn with_failing(settings: &[(&'static str, &str)], test: impl AsyncFnOnce(&App)) {
    let database = Database::create().await;
    let app = App::start(&database.url, settings).await;
    Box::pin(test(&app)).await;
    app.stop().await;
    database.drop().await;
}

async fn jobs(app: &App) -> Vec<String> {
    let query = "select concat_ws(' ', state, attempts, last_error) as line from platform.jobs where queue = 'mail'";
    app.lines(query).await
}

/// Waits until the letter is given up, after one attempt, and says why.
async fn given_up(app: &App) -> String {
    becomes_true(PATIENCE, async || jobs(app).await.iter().any(|job| job.starts_with("dead"))).await;
    let jobs = jobs(app).await;
    assert_eq!(jobs.len(), 1, "{jobs:?}");
    assert!(jobs[0].starts_with("dead 1 "), "{jobs:?}");
    jobs[0].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_server_gets_whole_messages_with_our_credentials() {
    let catcher = Catcher::start(&[]).await;
    with_settings(&borrowed(&smtp(&catcher)), async |app| {
        app.listener("ada").await;
        let letter = catcher.has(1).await.remove(0);
        assert_eq!(letter.to(), "ada@example.org");
        assert!(letter.headers["from"].ends_with("<music@music.example>"), "{}", letter.headers["from"]);
        assert!(letter.headers["message-id"].ends_with("@music.example>"), "{}", letter.headers["message-id"]);
        assert_eq!(letter.headers["auto-submitted"], "auto-generated");
        let date = chrono::DateTime::parse_from_rfc2822(&letter.headers["date"]).expect("a date");
        assert!((app.platform.clock.now() - date.to_utc()).num_seconds() < 60, "{date}");
        assert!(letter.text.contains("https://music.example/confirm-email#legato_l_"), "{}", letter.text);

        let commands = catcher.commands();
        let plain = base64::engine::general_purpose::STANDARD.encode("\0postbote\0geheim!");
        for command in ["EHLO music.example", &format!("AUTH PLAIN {plain}"), "RCPT TO:<ada@example.org>"] {
            assert!(commands.iter().any(|said| said == command), "{command}: {commands:?}");
        }
        assert!(commands.iter().any(|said| said.starts_with("MAIL FROM:<music@music.example>")), "{commands:?}");
        assert!(kept(app.data()).is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_mail_server_refuses_for_now_is_sent_again_and_arrives_once() {
    let catcher = Catcher::start(&[("RCPT", "451 come back later"), ("AUTH", "535 not like this")]).await;
    with_settings(&borrowed(&smtp(&catcher)), async |app| {
        app.listener("ada").await;
        app.settle().await;
        catcher.has(1).await;
        assert_eq!(catcher.commands().iter().filter(|said| said.starts_with("EHLO")).count(), 3);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_mail_server_refuses_for_good_is_given_up() {
    let catcher = Catcher::start(&[("RCPT", "550 no such user")]).await;
    with_failing(&borrowed(&smtp(&catcher)), async |app| {
        app.listener("ada").await;
        let why = given_up(app).await;
        assert!(why.contains("no such user") && !why.contains("geheim"), "{why}");
        assert!(catcher.letters().is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_server_that_is_away_keeps_no_request_waiting_and_costs_no_letter() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("smtp://127.0.0.1:{}", closed.local_addr().expect("an address").port());
    drop(closed);
    with_failing(&[("smtp_url", &url)], async |app| {
        app.listener("ada").await;
        let tried =
            async || jobs(app).await.iter().any(|job| job.starts_with("pending") && job.contains("mail server"));
        assert!(becomes_true(PATIENCE, tried).await, "{:?}", jobs(app).await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_mail_server_letters_are_private_files() {
    with_app(async |app| {
        app.listener("ada").await;
        app.settle().await;
        assert_eq!(kept(app.data()).len(), 1);
        let folder = app.data().join("mail");
        assert_eq!(mode(&folder), 0o700);
        let files: Vec<PathBuf> =
            folder.read_dir().expect("a folder").map(|entry| entry.expect("a file").path()).collect();
        assert_eq!(files.len(), 1, "nothing half is left: {files:?}");
        assert_eq!(mode(&files[0]), 0o600);
    })
    .await;
}

fn mode(path: &Path) -> u32 {
    path.metadata().expect("it is there").permissions().mode() & 0o777
}

/// A program in the place of `sendmail` that keeps what it is given.
struct Program {
    folder: tempfile::TempDir,
}

impl Program {
    /// `first` is what it does before it takes a letter.
    fn new(first: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().display();
        let script = format!("#!/bin/sh\ncd '{path}'\n{first}\nprintf '%s\\n' \"$@\" > arguments\ncat > letter.eml\n");
        std::fs::write(folder.path().join("sendmail"), script).expect("a script");
        let executable = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(folder.path().join("sendmail"), executable).expect("executable");
        Self { folder }
    }

    fn path(&self) -> String {
        self.folder.path().join("sendmail").display().to_string()
    }

    fn file(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.path().join(name)).unwrap_or_default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_gets_the_letter_and_its_address() {
    let program = Program::new("if [ ! -e tried ]; then touch tried; echo busy >&2; exit 75; fi");
    with_settings(&[("sendmail", &program.path())], async |app| {
        let new = json!({ "handle": "ada", "email": "-oq/tmp/x@example.org", "password": "analytical engine" });
        app.stranger().post("/accounts", new).await.is(201);
        app.settle().await;
        assert_eq!(program.file("arguments"), "-i\n-f\nlegato@localhost\n--\n-oq/tmp/x@example.org\n");
        let letter = Letter::parse(&program.file("letter.eml"));
        assert_eq!(letter.to(), "-oq/tmp/x@example.org");
        assert!(letter.text.starts_with("Hello ada,"), "{}", letter.text);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_knows_no_such_user_is_not_asked_again() {
    let program = Program::new("echo 'user unknown' >&2; exit 67");
    with_failing(&[("sendmail", &program.path())], async |app| {
        app.listener("ada").await;
        let why = given_up(app).await;
        assert!(why.contains("user unknown"), "{why}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_and_the_doctor_say_where_letters_go() {
    let home = tempfile::tempdir().expect("a folder");
    let data = home.path().join("data");
    let (legato, site) = Legato::serve(&data, &[]).await;
    let mail = data.join("mail").display().to_string();
    assert!(legato.logged().contains(&format!("letters go to files in {mail}")), "{}", legato.logged());
    site.listener("ada").await;
    let arrived =
        becomes_true(PATIENCE, async || kept(&data).iter().any(|letter| letter.to() == "ada@example.org")).await;
    assert!(arrived, "{}", legato.logged());
    let doctor = run_legato(&data, &["doctor"], "").await;
    let told = String::from_utf8_lossy(&doctor.stdout).into_owned();
    assert!(told.contains(&format!("warn  mail: letters go to files in {mail}")), "{told}");
    legato.kill().await;
}

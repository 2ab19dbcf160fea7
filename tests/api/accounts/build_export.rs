//! What an archive holds.

use std::io::{Cursor, Read};

use diesel_async::SimpleAsyncConnection;
use serde_json::{Value, json};
use zip::ZipArchive;

use crate::support::{App, Person, becomes_true, password, tone, with_app};

/// An archive that was fetched.
struct Archive(ZipArchive<Cursor<Vec<u8>>>);

impl Archive {
    async fn of(app: &App, person: &Person<'_>) -> Self {
        person.post("/me/export", json!({})).await.is(202);
        app.settle().await;
        let fetched = person.get("/me/export/archive").await.is(200);
        Self(ZipArchive::new(Cursor::new(fetched.body.to_vec())).expect("a zip"))
    }

    fn names(&self) -> Vec<String> {
        self.0.file_names().map(|name| name.expect("UTF-8").into_owned()).collect()
    }

    fn read(&mut self, name: &str) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.0.by_name(name).expect(name).read_to_end(&mut bytes).expect("whole");
        bytes
    }

    fn json(&mut self, name: &str) -> Value {
        serde_json::from_slice(&self.read(name)).expect("JSON")
    }

    /// Everything that is text.
    fn words(&mut self) -> String {
        let names = self.names().into_iter().filter(|name| !name.starts_with("music/"));
        names.map(|name| String::from_utf8(self.read(&name)).expect("text")).collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_holds_what_is_the_accounts_and_nothing_of_anybody_else() {
    with_app(async |app| {
        let (nina, otto) = (app.artist("nina").await, app.artist("otto").await);
        let single = nina.publishes_a_single("Tides").await;
        let others = otto.publishes_a_single("Foreign").await;
        otto.follows("nina").await;
        nina.follows("otto").await;
        app.settle().await;
        otto.publishes_a_single("News").await;
        nina.plays(&others.track).await;
        otto.plays(&single.track).await;
        app.settle().await;
        let mut archive = Archive::of(app, &nina).await;

        let account = archive.json("account.json");
        assert_eq!((&account["handle"], &account["email"]), (&json!("nina"), &json!("nina@example.org")), "{account}");
        let artists = archive.json("artists.json");
        assert_eq!(artists[0]["releases"][0]["tracks"][0]["id"], json!(single.track), "{artists}");
        assert_eq!(archive.json("following.json")[0]["slug"], "otto");
        let plays = archive.json("plays.json");
        assert_eq!(plays.as_array().map(Vec::len), Some(1), "{plays}");
        assert_eq!((&plays[0]["track_id"], &plays[0]["artist"]), (&json!(others.track), &json!("otto")), "{plays}");
        assert_eq!(archive.json("notifications.json")[0]["title"], "News");
        assert_eq!(archive.json("sessions.json").as_array().map(Vec::len), Some(1));
        assert_eq!(archive.read("music/nina/Tides/01 Tides.wav"), tone(440.0, 1.0));
        let words = archive.words();
        for foreign in [otto.id.as_str(), "otto@example.org", "Foreign.wav"] {
            assert!(!words.contains(foreign), "{foreign} in {words}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_holds_no_secret() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        ada.post("/me/tokens", json!({ "name": "player", "scopes": ["listen"] })).await.is(201);
        ada.post("/me/app-passwords", json!({ "name": "phone" })).await.is(201);
        ada.post("/me/totp", json!({})).await;
        let mut archive = Archive::of(app, &ada).await;
        assert_eq!(archive.json("tokens.json")["api_tokens"][0]["name"], "player");
        assert_eq!(archive.json("tokens.json")["app_passwords"][0]["name"], "phone");
        let words = archive.words();
        let token = ada.token.clone().unwrap_or_default();
        for secret in ["argon2", "legato_", "_hash", "sealed", "otpauth", &token, &password("ada")] {
            assert!(!words.contains(secret), "{secret} in {words}");
        }
        let columns = "select encode(token_hash, 'hex') as line from accounts.sessions union all
                       select encode(token_hash, 'hex') from accounts.api_tokens union all
                       select encode(sealed_password, 'hex') from accounts.app_passwords";
        for hash in app.lines(columns).await {
            assert!(!words.contains(&hash[..16]), "{hash} in {words}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_readme_says_what_each_file_is() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        let mut archive = Archive::of(app, &ada).await;
        let readme = String::from_utf8(archive.read("README.txt")).expect("text");
        for name in archive.names().iter().filter(|name| *name != "README.txt") {
            assert!(readme.contains(&format!("\n{name}\n    ")), "{name} is not in {readme}");
        }
        assert_eq!((archive.json("plays.json"), archive.json("playlists.json")), (json!([]), json!([])));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn names_in_an_archive_lead_nowhere() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("../../../etc").await;
        for name in ["../../evil.wav", "/etc/passwd.wav", "..\\..\\evil.wav", "CON.wav", "same.wav", "same.wav"] {
            let track = nina.uploads(&release, name, tone(440.0, 0.2)).await;
            nina.waits_until_ready(&track).await;
        }
        let archive = Archive::of(app, &nina).await;
        let music: Vec<String> = archive.names().into_iter().filter(|name| name.starts_with("music/")).collect();
        assert_eq!(music.len(), 6, "{music:?}");
        for name in &music {
            let parts: Vec<&str> = name.split('/').collect();
            assert_eq!(parts.len(), 4, "{name}");
            assert!(parts.iter().all(|part| !part.starts_with('.') && !part.is_empty()), "{name}");
            assert!(!name.contains('\\') && !name.contains(':'), "{name}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejected_original_is_still_its_owners() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Letters").await;
        let track = nina.uploads(&release, "letter.wav", "Dear Sir or Madam").await;
        assert_eq!(nina.waits_for(&track).await["state"], "rejected");
        app.settle().await;
        let mut archive = Archive::of(app, &nina).await;
        assert_eq!(archive.read("music/nina/Letters/01 letter.wav"), b"Dear Sir or Madam");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_was_given_up_leaves_nothing_and_touches_nothing() {
    with_app(async |app| {
        let nina = app.listener("nina").await;
        // The first run waits for what nobody lets it read …
        let mut held = app.platform.db.conn().await.expect("a connection");
        held.batch_execute("begin; lock table notifications.notifications").await.expect("locked");
        nina.post("/me/export", json!({})).await.is(202);
        let running =
            "select id::text as line from platform.jobs where kind = 'accounts.build_export' and state = 'running'";
        let begun =
            becomes_true(std::time::Duration::from_secs(5), async || !app.lines(running).await.is_empty()).await;
        assert!(begun);
        // … and goes on when another one has the job: it stores what nobody will fetch.
        app.execute("update platform.jobs set attempts = attempts + 1 where kind = 'accounts.build_export'").await;
        held.batch_execute("commit").await.expect("let go");
        drop(held);
        app.settle().await;
        let key = app.lines("select object_key as line from accounts.exports").await.concat();
        let alone = becomes_true(std::time::Duration::from_secs(10), async || app.stored("exports").len() == 1).await;
        assert!(alone, "{:?}", app.stored("exports"));
        assert_eq!(key, format!("exports/{}", app.stored("exports")[0]));
        let fetched = nina.get("/me/export/archive").await.is(200);
        assert!(ZipArchive::new(Cursor::new(fetched.body.to_vec())).is_ok());
        // Each run has a name of its own.
        let export = app.lines("select id::text as line from accounts.exports").await.concat();
        assert_ne!(key, format!("exports/{export}.zip"));
    })
    .await;
}

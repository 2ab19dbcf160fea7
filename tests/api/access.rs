//! Who may do what: every operation of the document, as everybody, on the owner's things, and where it matters on what is a
//! draft and on what is published, compared with `access.txt`. An operation that the table misses fails; `LEGATO_TEST_ACCEPT=1` writes the table anew.

mod people;
mod playlists;
mod things;

use std::collections::HashMap;
use std::path::Path;

use image::ImageFormat;
use legato::platform::clock::Clock;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use tokio::sync::Mutex;

use crate::support::picture::picture;
use crate::support::{App, Person, Single, send, tone, too_busy, variable, with_settings};

const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/api/access.txt");

/// Everybody: by session, and by API tokens with one scope each. A token's owner could do all that its scope allows.
/// `editor` and `viewer` are members of the owner's artist, `label` owns its label, `invited` is asked to become an owner.
const ROLES: [&str; 17] = [
    "stranger",
    "listener",
    "other",
    "owner",
    "editor",
    "viewer",
    "label",
    "invited",
    "moderator",
    "admin",
    "suspended",
    "t:read",
    "t:listen",
    "t:library",
    "t:upload",
    "t:moderate",
    "t:admin",
];

/// Roles themselves are reserved.
fn handle(role: &str) -> String {
    format!("the-{role}")
}

/// One operation of the document.
struct Operation {
    method: Method,
    path: String,
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_is_open_to_those_whom_the_table_names() {
    // So many devices as there are requests play here.
    with_settings(&[("streams_per_account", "0")], async |app| {
        let stage = Stage::set(app).await;
        let mut table = format!("{:<76}{}\n", "", ROLES.map(|role| format!("{role:<11}")).concat().trim_end());
        for (state, single) in [("draft", &stage.draft), ("published", &stage.published)] {
            for operation in operations().iter().filter(|operation| operation.depends_on_releases() || state == "draft")
            {
                let state = if operation.depends_on_releases() { state } else { "" };
                let line = format!("{:<10} {:<7}{}", state, operation.method.as_str(), operation.path);
                let mut row = format!("{line:<76}");
                for role in ROLES {
                    stage.restore().await;
                    row += &format!("{:<11}", stage.status(role, operation, single).await);
                }
                table += row.trim_end();
                table += "\n";
            }
        }
        compare(&table);
    })
    .await;
}

fn compare(table: &str) {
    if variable("LEGATO_TEST_ACCEPT").is_some() {
        std::fs::write(TABLE, table).expect("the table is written");
    }
    let accepted = std::fs::read_to_string(TABLE).unwrap_or_default();
    let mut differences = Vec::new();
    for line in table.lines().filter(|line| !accepted.lines().any(|other| other == *line)) {
        differences.push(format!("is      {line}"));
    }
    for line in accepted.lines().filter(|line| !table.lines().any(|other| other == *line)) {
        differences.push(format!("was     {line}"));
    }
    assert!(differences.is_empty(), "{} says otherwise:\n{}", Path::new(TABLE).display(), differences.join("\n"));
}

/// All operations: what reads first, and what destroys last, the smaller thing before the greater.
fn operations() -> Vec<Operation> {
    let document: Value = serde_json::from_str(&legato::app::openapi().to_json().expect("JSON")).expect("JSON");
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for method in ["get", "put", "post", "patch", "delete", "head", "options"] {
            if item.get(method).is_some() {
                let method = method.to_uppercase().parse().expect("a method");
                operations.push(Operation { method, path: path.clone() });
            }
        }
    }
    let order = [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
    let place = |operation: &Operation| order.iter().position(|method| *method == operation.method);
    operations.sort_by(|a, b| (place(a), &b.path).cmp(&(place(b), &a.path)));
    operations
}

impl Operation {
    fn is_of_uploads(&self) -> bool {
        self.path.starts_with("/api/v1/uploads")
    }

    /// Whether its answer has to do with a release being public.
    fn depends_on_releases(&self) -> bool {
        [
            "/artists",
            "/releases",
            "/tracks",
            "/plays",
            "/audio",
            "/hls",
            "/search",
            "/artwork",
            "/enclosures",
            "/oembed",
        ]
        .iter()
        .any(|part| self.path.starts_with(&format!("/api/v1{part}")))
    }
}

/// The cast and what they act upon.
struct Stage<'a> {
    app: &'a App,
    draft: Single,
    published: Single,
    notification: String,
    owner_id: String,
    editor_id: String,
    /// The token of a role, as long as it is good.
    tokens: Mutex<HashMap<&'static str, String>>,
}

impl<'a> Stage<'a> {
    async fn set(app: &'a App) -> Self {
        let owner = app.artist("the-owner").await;
        app.artist("the-other").await;
        app.artist("the-label").await;
        let mut editor_id = String::new();
        for role in ["listener", "moderator", "admin", "suspended", "viewer", "invited", "editor"] {
            editor_id = app.listener(&handle(role)).await.id;
        }
        // The owner follows herself, and has a notification of her own.
        owner.follows("the-owner").await;
        app.settle().await;
        let (draft, published) = (owner.drafts_a_single("Draft").await, owner.publishes_a_single("Public").await);
        for release in [&draft.release, &published.release] {
            let request = owner.request(Method::PUT, &format!("/releases/{release}/artwork"));
            send(request.body(picture(64, 64, ImageFormat::Png))).await.is(200);
        }
        // Her music goes out.
        owner.patch("/artists/the-owner", json!({ "feed": true })).await.is(200);
        app.settle().await;
        let inbox = owner.get("/notifications").await.is(200).json();
        let notification = inbox["items"][0]["id"].as_str().expect("a notification").to_owned();
        app.execute(
            "update accounts.accounts set role = substr(handle, 5) where handle in ('the-moderator', 'the-admin')",
        )
        .await;
        Self { app, draft, published, notification, owner_id: owner.id.clone(), editor_id, tokens: Mutex::default() }
    }

    /// What is a draft is one again, and what is public too; who was suspended or is leaving is back, but for one; and the
    /// owner's artist has its people.
    async fn restore(&self) {
        self.gather("the-owner").await;
        let (draft, published) = (&self.draft.release, &self.published.release);
        let statement = format!(
            "update artists.releases set published_at = case id when '{published}' then now() - interval '1 minute' end
             , embargo_until = null, visibility = 'public' where id in ('{draft}', '{published}')"
        );
        self.app.execute(&statement).await;
        self.app
            .execute(
                "update accounts.accounts set closing_until = null, suspended_at = null, suspension_reason = null
                 where handle <> 'the-suspended'",
            )
            .await;
    }

    /// Somebody in this role, with a token that is good, if there is one for the role.
    async fn person(&self, role: &'static str) -> Person<'a> {
        if role == "stranger" {
            return self.app.stranger();
        }
        let known = self.tokens.lock().await.get(role).cloned();
        let token = match known {
            Some(token) if role == "suspended" || self.is_good(&token).await => token,
            _ => self.new_token(role).await,
        };
        self.tokens.lock().await.insert(role, token.clone());
        self.app.site.holds(&token)
    }

    async fn is_good(&self, token: &str) -> bool {
        let query = format!(
            "select account_id::text as line from accounts.sessions where token_hash = sha256('{token}'::bytea)
             union all select account_id::text from accounts.api_tokens where token_hash = sha256('{token}'::bytea)"
        );
        !self.app.lines(&query).await.is_empty()
    }

    async fn new_token(&self, role: &str) -> String {
        let Some(scope) = role.strip_prefix("t:") else {
            let person = self.app.site.signs_in(&handle(role)).await;
            if role == "suspended" {
                let statement = "update accounts.accounts set suspended_at = now(), suspension_reason = 'spam'
                                 where handle = 'the-suspended'";
                self.app.execute(statement).await;
            }
            return person.token.clone().expect("a session");
        };
        let owner = if ["moderate", "admin"].contains(&scope) {
            scope.replace("moderate", "moderator")
        } else {
            "owner".into()
        };
        let person = self.app.site.signs_in(&handle(&owner)).await;
        let token = person.post("/me/tokens", json!({ "name": scope, "scopes": [scope] })).await.is(201).json();
        token["secret"].as_str().expect("a token").to_owned()
    }

    /// What a role is answered.
    async fn status(&self, role: &'static str, operation: &Operation, single: &Single) -> u16 {
        let person = self.person(role).await;
        let path = self.fill(operation, single).await;
        let status = loop {
            let request = self.ask(&person, role, operation, single, &path);
            let answer = request.send().await.expect("an answer");
            let status = answer.status().as_u16();
            if let Some(wait) = too_busy(status, answer.headers()) {
                tokio::time::sleep(wait).await;
                continue;
            }
            // Of others the head alone: live channels do not end. A listener has few streams at the same time.
            if operation.path.contains("/on-the-fly/") {
                answer.bytes().await.expect("a stream to its end");
            }
            break status;
        };
        if ["/tracks", "/reprocessing", "/audio", "/statements", "/artists/{id}", "/export", "/imports"]
            .iter()
            .any(|end| operation.path.ends_with(end))
        {
            self.app.settle().await;
        }
        self.app.execute("delete from accounts.passkeys").await;
        status
    }

    fn ask(
        &self,
        person: &Person<'_>,
        role: &'static str,
        operation: &Operation,
        single: &Single,
        path: &str,
    ) -> RequestBuilder {
        let request = person.request(operation.method.clone(), path);
        let request = if operation.is_of_uploads() { tus(request, single) } else { request };
        match body(operation, single, &self.notification, role) {
            _ if operation.is_of_uploads() => request,
            _ if operation.method == Method::POST && operation.path.ends_with("/releases/{id}/tracks") => {
                request.multipart(upload())
            }
            Some(_) if operation.path.ends_with("/statements") => request.multipart(statement()),
            _ if operation.path.ends_with("/tracks/{id}/audio") => request.multipart(upload()),
            _ if operation.path.ends_with("/metadata") => request.header("content-type", "text/csv").body("title\n"),
            _ if operation.path.ends_with("/playlists/import") => request.body("a.mp3"),
            Some(body) => request.json(&body),
            None => request,
        }
    }

    /// The path with the owner's things in it; a grant is what the owner was given.
    async fn fill(&self, operation: &Operation, single: &Single) -> String {
        let path = operation.path.as_str();
        let id = self.id(operation, single).await;
        let grant = if path.contains("{grant}") { grant(&self.person("owner").await, single).await } else { None };
        let path = path.replace("{id}", &id).replace("{track}", &single.track).replace("{number}", "0");
        let path = path.replace("{rendition}", "opus_cmaf_128").replace("{object}", "opus_ogg_128");
        let path = path.replace("{rung}", "opus_96").replace("{file}", &format!("{}.opus", single.track));
        let path = path.replace("{grant}", grant.as_deref().unwrap_or("gone"));
        // Codes of letters, providers and pictures that there are none of.
        let key = if path.contains("/artwork/") { self.artwork(single).await } else { "nothing".to_owned() };
        let path = path.replace("{token}", "nothing").replace("{provider}", "nobody").replace("{key}", &key);
        // One that nobody speaks to: what asks others is tested beside.
        let path = path.replace("{service}", "nothing");
        let path = path.replace("{handle}", "the-owner").replace("{account}", &self.editor_id);
        let path = self.fill_people(path).await;
        let path = self.fill_playlists(path).await;
        let path = self.fill_release(path, single).await;
        let path = self.fill_outside(path).await;
        let path = self.fill_packages(path).await;
        assert!(!path.contains('{'), "who fills in {path}?");
        match path.rsplit('/').next() {
            Some("search") => format!("{path}?q=public"),
            Some("contains") => format!("{path}?ids={}", single.track),
            Some("oembed") => format!("{path}?url={}/releases/{}", self.app.site.base, single.release),
            _ => path,
        }
    }
}

/// The owner's grant for a track, as long as there is one.
async fn grant(owner: &Person<'_>, single: &Single) -> Option<String> {
    let play = owner.post("/plays", json!({ "track_id": single.track })).await;
    let url = play.json()["stream"]["url"].as_str()?.to_owned();
    url.split('/').nth(4).map(str::to_owned)
}

/// What the tus protocol wants to hear, to begin an upload and to go on with one.
fn tus(request: reqwest::RequestBuilder, single: &Single) -> reqwest::RequestBuilder {
    let release = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, &single.release);
    let request = request.header("tus-resumable", "1.0.0").header("upload-length", 4).header("upload-offset", 0);
    let request = request.header("upload-metadata", format!("release_id {release}"));
    request.header("content-type", "application/offset+octet-stream")
}

fn upload() -> reqwest::multipart::Form {
    let file = reqwest::multipart::Part::bytes(tone(440.0, 0.1)).file_name("a.wav");
    reqwest::multipart::Form::new().part("file", file)
}

fn statement() -> reqwest::multipart::Form {
    let file = reqwest::multipart::Part::text("nothing").file_name("a.csv");
    reqwest::multipart::Form::new().part("file", file)
}

/// A body that the operation takes; one that nobody has used before.
fn body(operation: &Operation, single: &Single, notification: &str, role: &str) -> Option<Value> {
    let unique = format!("{}-{}", role.replace(':', "-"), &single.track[30..]);
    let body = match (operation.method.as_str(), operation.path.trim_start_matches("/api/v1")) {
        ("POST", "/accounts") => {
            json!({ "handle": unique, "email": format!("{unique}@example.net"), "password": "long enough" })
        }
        ("POST", "/session") => json!({ "login": "the-owner", "password": crate::support::password("the-owner") }),
        ("POST", "/password-resets") => json!({ "login": format!("{unique}@example.net") }),
        ("PUT", "/accounts/{id}/suspension") => json!({ "reason": "spam" }),
        ("PATCH", "/admin/accounts/{id}") => json!({ "role": "listener" }),
        ("POST", "/artists/{id}/invitations") => {
            json!({ "invitee": format!("{unique}@example.net"), "role": "viewer" })
        }
        ("POST", "/artists/{id}/imports") => json!({ "upload_ids": [things::PART] }),
        ("PATCH", "/artists/{id}/members/{account}") => json!({ "role": "viewer" }),
        ("PUT", "/artists/{id}/label") => json!({ "label": "the-label" }),
        ("PATCH", "/me/passkeys/{id}") => json!({ "name": "another name" }),
        ("POST", "/artists") => json!({ "name": unique }),
        ("POST", "/artists/{id}/releases") => json!({ "title": unique, "kind": "ep" }),
        ("POST", "/releases/{id}/links") => {
            let tomorrow = Clock::default().now() + chrono::TimeDelta::days(1);
            json!({ "recipient": unique, "expires_at": tomorrow })
        }
        ("PATCH", "/releases/{id}/tracks") => json!({ "tracks": [{ "id": single.track, "changes": {} }] }),
        ("PUT", "/tracks/{id}/splits") => json!({ "shares": [] }),
        ("PUT", "/me/splits/{id}") => json!({ "confirmed": true }),
        // To itself, which those hear who might hand it over: the track stays.
        ("POST", "/tracks/{id}/handover") => json!({ "to": single.track }),
        ("PUT", "/tracks/{id}/rating") => json!({ "stars": 3 }),
        ("PUT", "/me/bookmarks/{id}") => json!({ "position_ms": 0 }),
        ("PUT", "/me/queue") | ("POST", "/me/players/{id}/hand-over") => json!({ "items": [] }),
        ("PUT", "/me/players/this") => json!({ "name": "Kitchen" }),
        ("POST", "/rooms") => json!({ "title": unique, "items": [single.track] }),
        ("PUT", "/rooms/{id}/membership") => json!({ "key": "nothing" }),
        ("PUT", "/rooms/{id}/playback") => json!({ "current": 0, "position_ms": 0, "is_playing": true }),
        ("POST", "/plays") => json!({ "track_id": single.track }),
        ("PATCH", "/plays/{id}") => json!({ "position_ms": 0, "heard_ms": 0, "state": "playing" }),
        ("PUT", "/artists/{id}/sold-items/{item}/track") => json!({ "track_id": null }),
        ("POST", "/artists/{id}/statement-mappings") => json!({
            "name": unique, "columns": ["a", "b", "c"], "fields": { "period": "a", "amount": "b", "title": "c" },
            "date": "year_month", "currency": "EUR"
        }),
        ("POST", "/playlists") => json!({ "title": unique }),
        ("POST", "/playlists/{id}/entries") => json!({ "track_ids": [single.track] }),
        ("PATCH", "/playlists/{id}/entries/{entry}") => json!({ "after": null }),
        ("PUT", "/playlists/{id}/collaborators/{account}") => json!({ "role": "editor" }),
        ("PUT", "/notifications/read") => json!({ "up_to": notification }),
        ("POST" | "PUT" | "PATCH", _) => json!({}),
        _ => return None,
    };
    Some(body)
}

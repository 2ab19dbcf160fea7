//! Who may do what: every operation of the document, as everybody, on what is a draft and on what is published,
//! compared with `access.txt`. An operation that the table misses fails; `LEGATO_TEST_ACCEPT=1` writes the table anew.

use std::path::Path;

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{App, Person, Single, tone, variable, with_app};

const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/api/access.txt");

const ROLES: [&str; 4] = ["anonymous", "listener", "other artist", "owner"];

/// One operation of the document.
struct Operation {
    method: Method,
    path: String,
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_is_open_to_those_whom_the_table_names() {
    with_app(async |app| {
        let stage = Stage::set(app).await;
        let mut table = format!("{:<76}{}\n", "", ROLES.map(|role| format!("{role:<14}")).concat().trim_end());
        for (state, single) in [("draft", &stage.draft), ("published", &stage.published)] {
            for operation in operations() {
                let line = format!("{:<10} {:<7}{}", state, operation.method.as_str(), operation.path);
                let mut row = format!("{line:<76}");
                for role in ROLES {
                    stage.restore().await;
                    row += &format!("{:<14}", stage.status(role, &operation, single).await);
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

/// The cast and what they act upon.
struct Stage<'a> {
    app: &'a App,
    draft: Single,
    published: Single,
    notification: String,
}

impl<'a> Stage<'a> {
    async fn set(app: &'a App) -> Self {
        let owner = app.artist("owner").await;
        app.artist("other").await;
        app.listener("listener").await;
        // The owner follows herself, and has a notification of her own.
        owner.follows("owner").await;
        app.settle().await;
        let (draft, published) = (owner.drafts_a_single("Draft").await, owner.publishes_a_single("Public").await);
        app.settle().await;
        let inbox = owner.get("/notifications").await.is(200).json();
        let notification = inbox["items"][0]["id"].as_str().expect("a notification").to_owned();
        Self { app, draft, published, notification }
    }

    /// What is a draft is one again, and what is public too.
    async fn restore(&self) {
        let (draft, published) = (&self.draft.release, &self.published.release);
        let statement = format!(
            "update artists.releases set published_at = case id when '{published}' then now() - interval '1 minute' end
             where id in ('{draft}', '{published}')"
        );
        self.app.execute(&statement).await;
    }

    /// What a role is answered. Each time with a new session, for one of the operations is to sign out.
    async fn status(&self, role: &str, operation: &Operation, single: &Single) -> u16 {
        let person = match role {
            "anonymous" => self.app.stranger(),
            "listener" => self.app.site.signs_in("listener").await,
            "owner" => self.app.site.signs_in("owner").await,
            _ => self.app.site.signs_in("other").await,
        };
        let path = self.fill(&operation.path, single).await;
        let request = person.request(operation.method.clone(), &path);
        let request = match body(operation, single, &self.notification, role) {
            _ if operation.path.ends_with("/releases/{id}/tracks") => request.multipart(upload()),
            Some(body) => request.json(&body),
            None => request,
        };
        // The head alone: live channels do not end.
        let status = request.send().await.expect("an answer").status().as_u16();
        if operation.path.ends_with("/tracks") {
            self.app.settle().await;
        }
        status
    }

    /// The path with the owner's things in it; a grant is what the owner was given.
    async fn fill(&self, path: &str, single: &Single) -> String {
        let id = match path {
            path if path.contains("/artists/") => "owner",
            path if path.contains("/tracks/") => &single.track,
            path if path.contains("/notifications/") => &self.notification,
            _ => &single.release,
        };
        let grant =
            if path.contains("{grant}") { grant(&self.app.site.signs_in("owner").await, single).await } else { None };
        let path = path.replace("{id}", id).replace("{track}", &single.track).replace("{number}", "0");
        let path = path.replace("{rendition}", "opus_cmaf").replace("{object}", "opus_ogg");
        let path = path.replace("{grant}", grant.as_deref().unwrap_or("gone"));
        assert!(!path.contains('{'), "who fills in {path}?");
        if path.ends_with("/search") { format!("{path}?q=public") } else { path }
    }
}

/// The owner's grant for a track, as long as there is one.
async fn grant(owner: &Person<'_>, single: &Single) -> Option<String> {
    let play = owner.post("/plays", json!({ "track_id": single.track })).await;
    let url = play.json()["stream"]["url"].as_str()?.to_owned();
    url.split('/').nth(4).map(str::to_owned)
}

fn upload() -> reqwest::multipart::Form {
    let file = reqwest::multipart::Part::bytes(tone(440.0, 0.1)).file_name("a.wav");
    reqwest::multipart::Form::new().part("file", file)
}

/// A body that the operation takes; one that nobody has used before.
fn body(operation: &Operation, single: &Single, notification: &str, role: &str) -> Option<Value> {
    let unique = format!("{}-{}", role.replace(' ', "-"), &single.track[30..]);
    let body = match (operation.method.as_str(), operation.path.trim_start_matches("/api/v1")) {
        ("POST", "/accounts") => {
            json!({ "handle": unique, "email": format!("{unique}@example.net"), "password": "long enough" })
        }
        ("POST", "/session") => json!({ "login": "owner", "password": crate::support::password("owner") }),
        ("POST", "/artists") => json!({ "name": unique }),
        ("POST", "/artists/{id}/releases") => json!({ "title": unique, "kind": "ep" }),
        ("POST", "/plays") => json!({ "track_id": single.track }),
        ("PUT", "/notifications/read") => json!({ "up_to": notification }),
        ("POST" | "PUT" | "PATCH", _) => json!({}),
        _ => return None,
    };
    Some(body)
}

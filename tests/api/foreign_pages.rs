//! What a page of somebody else's may do with a browser that is signed in here: nothing (security cases B1 and B4).

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::support::{App, password, send, with_app};

/// Every operation that changes something, with ids of nothing in its path.
fn changes() -> Vec<(Method, String)> {
    let document: Value = serde_json::from_str(&legato::app::openapi().to_json().expect("JSON")).expect("JSON");
    let mut changes = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for method in ["post", "put", "patch", "delete"].into_iter().filter(|method| item.get(method).is_some()) {
            let nothing = "01a1fef0-eeee-74d1-aff8-1cf9439c51f7";
            let path = ["{id}", "{change}", "{link}"].iter().fold(path.clone(), |path, id| path.replace(id, nothing));
            let path = path.replace("{token}", "nothing").replace("{provider}", "nobody").replace("{handle}", "nobody");
            let path = path.replace("{service}", "nothing");
            let id = "01a1fef0-eeee-74d1-aff8-1cf9439c51f7";
            let path_names =
                ["{account}", "{invitation}", "{label}", "{statement}", "{mapping}", "{item}", "{track}", "{entry}"];
            let path = path_names.iter().fold(path, |path, name| path.replace(name, id));
            assert!(!path.contains('{'), "who fills in {path}?");
            changes.push((method.to_uppercase().parse().expect("a method"), path));
        }
    }
    assert!(changes.len() > 30, "{changes:?}");
    changes
}

/// The cookie of a session that a browser has.
async fn cookie(app: &App) -> String {
    app.listener("ada").await;
    let credentials = json!({ "login": "ada", "password": password("ada"), "cookie": true });
    let request = app.stranger().request(Method::POST, "/session").header("origin", &app.site.base);
    let answer = send(request.json(&credentials)).await.is(201);
    answer.header("set-cookie").split(';').next().expect("a cookie").to_owned()
}

fn body(request: RequestBuilder) -> RequestBuilder {
    // The version is what uploads want to hear first.
    request.header("content-type", "application/json").header("tus-resumable", "1.0.0").body("{}")
}

#[tokio::test(flavor = "multi_thread")]
async fn no_change_is_taken_from_a_foreign_page() {
    with_app(async |app| {
        let cookie = cookie(app).await;
        for (method, path) in changes() {
            for origin in [Some("http://evil.example"), Some("null"), None] {
                let request = app.stranger().request(method.clone(), &path).header("cookie", &cookie);
                let request =
                    origin.into_iter().fold(body(request), |request, origin| request.header("origin", origin));
                let answer = send(request).await;
                let is_refused = match asks_nobody(&path) {
                    // No cookie matters there: the code in the path or the body is all that counts.
                    true => answer.status >= 400 || answer.status == 202,
                    false => answer.status == 403 && answer.text().contains("foreign-origin"),
                };
                assert!(is_refused, "{method} {path} from {origin:?}: {} {}", answer.status, answer.text());
                assert!(answer.headers.get("set-cookie").is_none(), "{method} {path}");
            }
        }
        let me = app.stranger().request(Method::GET, "/me").header("cookie", &cookie);
        assert_eq!(send(me).await.is(200).json()["handle"], "ada");
    })
    .await;
}

/// Operations that do not look at who is signed in.
fn asks_nobody(path: &str) -> bool {
    let ends =
        ["/accounts", "/session/second-factor", "/session/passkey", "/session/passkey-ceremonies", "/password-resets"];
    path.ends_with("/nothing") || path == "/api/v1/session" || ends.iter().any(|end| path == format!("/api/v1{end}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_of_a_foreign_page_is_no_body() {
    with_app(async |app| {
        let cookie = cookie(app).await;
        for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"] {
            let request = app.stranger().request(Method::POST, "/artists").header("cookie", &cookie);
            let request = request.header("origin", &app.site.base).header("content-type", kind);
            send(request.body(json!({ "name": "Eve" }).to_string())).await.is_problem(400, "malformed");
        }
        assert!(app.lines("select name as line from artists.artists").await.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_changes_by_looking() {
    with_app(async |app| {
        let cookie = cookie(app).await;
        for (method, path) in changes() {
            let request = app.stranger().request(Method::GET, &path).header("cookie", &cookie);
            let answer = send(request.header("x-http-method-override", method.as_str())).await;
            assert!(answer.status < 500, "GET {path}: {}", answer.text());
        }
        let me = app.stranger().request(Method::GET, "/me").header("cookie", &cookie);
        send(me).await.is(200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_foreign_page_reads_an_answer_with_credentials() {
    with_app(async |app| {
        let cookie = cookie(app).await;
        for origin in ["http://evil.example", "null"] {
            for method in [Method::GET, Method::OPTIONS] {
                for path in ["/me", "/me/sessions", "/notifications", "/session"] {
                    let request = app.stranger().request(method.clone(), path).header("cookie", &cookie);
                    let request = request.header("origin", origin).header("access-control-request-method", "DELETE");
                    let answer = send(request).await;
                    for name in ["access-control-allow-origin", "access-control-allow-credentials"] {
                        assert_eq!(answer.header(name), "", "{method} {path} for {origin}");
                    }
                }
            }
        }
    })
    .await;
}

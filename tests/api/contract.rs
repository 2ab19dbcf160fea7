//! The contract: what is written down is what the server does.

use std::path::Path;

use legato::platform::error::Code;
use reqwest::Method;
use serde_json::Value;

use crate::support::{Raw, send, with_app};

#[test]
fn the_committed_document_is_the_generated_one() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
    let committed = std::fs::read_to_string(path).expect("openapi.json");
    let generated = legato::app::openapi().to_pretty_json().expect("JSON");
    let same = committed.trim_end() == generated.trim_end();
    assert!(same, "openapi.json is not what the code says: `cargo run -- openapi > openapi.json`");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_served_document_is_the_generated_one() {
    with_app(async |app| {
        let generated = legato::app::openapi().to_json().expect("JSON");
        let generated: Value = serde_json::from_str(&generated).expect("JSON");
        assert_eq!(app.stranger().get("/api/openapi.json").await.is(200).json(), generated);
        let docs = app.stranger().get("/api/docs/").await.is(200);
        assert!(docs.header("content-type").starts_with("text/html"));
        assert!(!docs.text().contains("https://"), "a page of ours asks nobody else");
    })
    .await;
}

/// The codes whose status is one of these, in their order.
fn table(is_wanted: impl Fn(u16) -> bool) -> String {
    let row = |code: &Code| format!("{} {:<28} {}", code.status().as_u16(), code.slug(), code.title());
    Code::ALL.iter().filter(|code| is_wanted(code.status().as_u16())).map(row).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_conflict_has_its_place_in_the_table() {
    insta::assert_snapshot!(table(|status| status == 409), @r"
    409 handle-taken                 This handle is taken.
    409 email-taken                  An account with this e-mail address exists.
    409 slug-taken                   An artist with this address exists.
    409 release-without-ready-tracks A release needs at least one track that is ready.
    409 release-still-processing     A track of this release is still being processed.
    409 release-is-public            This release is public: withdraw it before you set an embargo.
    409 nothing-to-restore           These fields are what they were before this change.
    409 not-restorable               This change cannot be taken back; make another one.
    409 too-many-links               A release has at most 500 links that are good.
    409 split-confirmed              You have confirmed this share: it holds until it is another one.
    409 track-still-processing       This track is being processed: wait until that has ended, or stop it.
    409 nothing-to-hand-over         This track's file was rejected or taken down: no other track gets it.
    409 release-full                 A release holds at most 200 tracks.
    409 mapping-name-taken           This artist has a mapping of that name.
    409 handle-reserved              This handle is reserved.
    409 totp-already-on              An authenticator is set up already.
    409 passkeys-unavailable         Passkeys need a server with a name, over https: set public_url, or come by http://localhost.
    409 linked-elsewhere             This identity belongs to another account.
    409 last-way-in                  Without this nobody could sign in to the account any more.
    409 last-admin                   The server needs an administrator.
    409 last-owner                   An artist needs an owner: offer the ownership to somebody first, or delete the artist.
    409 label-exists                 This artist has a label; that has to end first.
    409 limit-reached                There are as many of these as an account may have.
    409 upload-elsewhere             The upload does not stand at this offset: ask where it does.
    409 upload-parts-unfinished      An upload that this one is put together of is not complete.
    409 import-under-way             A package is being brought in for this artist already: wait until that has ended.
    409 playlist-full                A playlist holds at most 10,000 entries.
    409 playlist-fills-itself        This playlist fills itself by its rules.
    409 too-many-streams             This account plays on as many devices as it may: stop one of them, or take over.
    ");
}

#[test]
fn every_other_refusal_has_its_place_in_the_table() {
    insta::assert_snapshot!(table(|status| status != 409), @r"
    401 wrong-credentials            The login or the password is wrong.
    403 foreign-origin               This request came from another site's page.
    421 unknown-host                 This server does not answer under this host name.
    403 not-in-this-country          This release may not be heard where you are.
    403 link-used-up                 This link has been played as often as it allows.
    415 not-a-multipart-upload       Send the file as the field `file` of a multipart/form-data body.
    413 upload-too-large             The file is larger than this server accepts.
    400 upload-interrupted           The upload ended before the file was complete.
    413 body-too-large               The body is larger than 256 KiB.
    507 storage-full                 The server's disk is full; nothing was stored.
    406 nothing-acceptable           None of the formats that the client accepts is at hand.
    416 range-not-satisfiable        The range lies outside of the file.
    412 changed-meanwhile            Somebody has changed this meanwhile; look at it again.
    403 registration-closed          This server takes no new accounts.
    403 invitation-needed            Opening an account here needs an invitation that is still good.
    401 second-factor-required       This account also asks for a second factor.
    401 wrong-code                   This code is wrong or was used before.
    403 account-suspended            This account is suspended.
    403 account-closing              This account is about to be closed; sign in with `reopen` to keep it.
    403 reauthentication-required    Prove once more that it is you.
    403 session-needed               An API token may not do that: sign in.
    403 scope-missing                This API token has no scope for that.
    422 passkey-refused              This passkey could not be verified.
    400 provider-refused             The other provider did not vouch for this sign-in.
    502 provider-away                The other provider does not answer.
    502 service-away                 The other service does not answer.
    422 provider-without-email       The other provider tells no e-mail address of yours that it has verified, and an account needs one.
    415 not-a-picture                Send a JPEG, PNG, WebP or AVIF picture of at most 40 megapixels.
    412 upload-version               Uploads speak version 1.0.0 of the tus protocol: say so in Tus-Resumable.
    415 not-a-piece-of-an-upload     Send the bytes of an upload as application/offset+octet-stream.
    423 upload-busy                  This upload is being written to by another request.
    410 upload-expired               This upload was not finished in time, and its bytes are gone: begin a new one.
    410 upload-refused               This upload came whole and was refused; it says why.
    403 upload-put-together          This upload is put together of others, and takes no bytes of its own.
    460 checksum-mismatch            The bytes that came are not those that the checksum is of; they were thrown away.
    413 quota-of-bytes               This artist has no room left for so much.
    403 quota-of-tracks              This artist has as many tracks as it may have.
    403 quota-of-uploads             As much was uploaded for this artist today as may be in a day; go on tomorrow.
    415 not-a-table                  Send the table as text/csv.
    ");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_problem_has_the_same_form() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        let mut problems = Vec::new();
        for (method, path, body) in [
            ("GET", "/me", None),
            ("GET", "/artists/nobody", None),
            ("GET", "/nothing/at/all", None),
            ("GET", "/artists?limit=0", None),
            ("POST", "/artists", Some("{")),
            ("POST", "/artists", Some("{\"name\": \"Ada\", \"colour\": \"blue\"}")),
            ("POST", "/session", Some("{\"login\": \"ada\", \"password\": \"x\"}")),
        ] {
            let person = if path == "/artists" { &ada } else { &app.stranger() };
            let request = person.request(method.parse().expect("a method"), path);
            let request = request.header("content-type", "application/json").body(body.unwrap_or_default());
            let answer = send(request).await;
            let mut problem = answer.is_problem(answer.status, problem_slug(&answer.json()));
            problem["request_id"] = "…".into();
            problems.push(format!("{method} {path}\n  {problem}"));
        }
        insta::assert_snapshot!(problems.join("\n"), @r#"
        GET /me
          {"request_id":"…","status":401,"title":"Sign in first.","type":"/problems/unauthenticated"}
        GET /artists/nobody
          {"request_id":"…","status":404,"title":"No such artist.","type":"/problems/not-found"}
        GET /nothing/at/all
          {"request_id":"…","status":404,"title":"No such thing.","type":"/problems/not-found"}
        GET /artists?limit=0
          {"field":"limit","request_id":"…","status":422,"title":"A page holds 1 to 200 items.","type":"/problems/invalid"}
        POST /artists
          {"detail":"EOF while parsing an object at line 1 column 1","request_id":"…","status":400,"title":"The request could not be read.","type":"/problems/malformed"}
        POST /artists
          {"field":"colour","request_id":"…","status":422,"title":"Unknown field `colour`, expected `name` or `slug`.","type":"/problems/invalid"}
        POST /session
          {"request_id":"…","status":401,"title":"The login or the password is wrong.","type":"/problems/wrong-credentials"}
        "#);
    })
    .await;
}

fn problem_slug(problem: &Value) -> &str {
    problem["type"].as_str().and_then(|kind| kind.strip_prefix("/problems/")).unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_carries_what_protects_its_reader() {
    with_app(async |app| {
        for path in ["/healthz", "/readyz", "/api/v1/me", "/api/v1/artists", "/api/v1/nothing"] {
            let answer = app.stranger().get(path).await;
            assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
            assert!(answer.header("content-security-policy").contains("default-src 'none'"), "{path}");
            assert_eq!(answer.header("x-request-id").len(), 36, "{path}");
            assert_eq!(answer.header("access-control-allow-origin"), "", "{path}");
        }
        assert_eq!(app.stranger().get("/healthz").await.is(200).json()["status"], "ok");
        assert_eq!(app.stranger().get("/readyz").await.is(200).json()["status"], "ready");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_other_name_and_no_other_page_speaks_for_us() {
    with_app(async |app| {
        for host in ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example:80", ""] {
            let request = app.stranger().request(Method::GET, "/me").header("host", host);
            assert!([400, 421].contains(&send(request).await.status), "{host}");
        }
        let preflight = app.stranger().request(Method::OPTIONS, "/me").header("origin", "http://evil.example");
        let answer = send(preflight.header("access-control-request-method", "GET")).await;
        assert_eq!(answer.header("access-control-allow-origin"), "");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_that_can_be_read_in_two_ways_are_not_read() {
    with_app(async |app| {
        for head in [
            "POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}",
            "GET /api/v1/me HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip, chunked, x\r\n\r\n",
            "GET /api/v1/me HTTP/9.9\r\nHost: localhost\r\n\r\n",
            "\u{0}\u{1}\r\n\r\n",
        ] {
            let mut raw = Raw::open(&app.site).await;
            raw.sends(head.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")).await;
            let heard = raw.reads().await;
            assert!(heard.is_empty() || heard.starts_with("HTTP/1.1 4"), "{head:?}: {heard}");
        }
        app.stranger().get("/healthz").await.is(200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_way_of_writing_a_path_opens_no_other_door() {
    with_app(async |app| {
        for path in
            ["//api/v1/me", "/api/v1//me", "/api/v1/me/", "/API/v1/me", "/api/v1/./me", "/api/v1/me;x", "/api/v1/%6de"]
        {
            let mut raw = Raw::open(&app.site).await;
            raw.sends(format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")).await;
            let heard = raw.reads().await;
            let is_page = heard.starts_with("HTTP/1.1 200") && heard.contains("text/html");
            let is_refused = ["HTTP/1.1 401", "HTTP/1.1 404"].iter().any(|status| heard.starts_with(status));
            assert!(is_page || is_refused, "{path}: {heard}");
        }
    })
    .await;
}

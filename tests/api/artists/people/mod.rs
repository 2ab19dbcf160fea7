//! Who acts for an artist: invitations, members, roles, and what each of them may do.

mod accept_invitation;
mod invite;
mod list_members;
mod remove_member;

use serde_json::{Value, json};

use crate::support::{Answer, App, Person, send, tone, with_app};

/// Somebody is asked; the answer is the invitation.
pub(super) async fn invites(owner: &Person<'_>, artist: &str, invitee: &str, role: &str) -> Value {
    let new = json!({ "invitee": invitee, "role": role });
    owner.post(&format!("/artists/{artist}/invitations"), new).await.is(201).json()
}

/// The newest thing that somebody is asked; the answer is its id.
pub(super) async fn asked(guest: &Person<'_>) -> String {
    let list = guest.get("/me/invitations").await.is(200).json();
    list["items"][0]["id"].as_str().unwrap_or_else(|| panic!("nothing is asked: {list}")).to_owned()
}

pub(super) async fn accepts(guest: &Person<'_>) -> Answer {
    guest.put(&format!("/me/invitations/{}/acceptance", asked(guest).await), json!({})).await
}

/// Somebody is asked and accepts.
pub(super) async fn joins(owner: &Person<'_>, artist: &str, guest: &Person<'_>, role: &str) {
    invites(owner, artist, &guest.handle, role).await;
    let joined = accepts(guest).await.is(200).json();
    assert_eq!((&joined["role"], &joined["mine"]), (&json!(role), &json!(true)), "{joined}");
}

/// Who is there, as what.
pub(super) async fn members(person: &Person<'_>, artist: &str) -> Vec<String> {
    let list = person.walks(&format!("/artists/{artist}/members"), 2).await;
    list.iter()
        .map(|one| format!("{} {}", one["handle"].as_str().expect("a handle"), one["role"].as_str().expect("a role")))
        .collect()
}

/// Notifications of somebody, oldest first: kind, title, subtitle.
pub(super) async fn told(app: &App, person: &Person<'_>) -> Vec<String> {
    app.settle().await;
    let mut lines: Vec<String> = person
        .walks("/notifications", 50)
        .await
        .iter()
        .map(|one| format!("{} {} {}", one["kind"], one["title"], one["subtitle"]).replace('"', ""))
        .collect();
    lines.reverse();
    lines
}

/// The account has proved that its address is its own.
pub(super) async fn confirms(app: &App, person: &Person<'_>) {
    app.execute(&format!("update accounts.accounts set email_confirmed_at = now() where id = '{}'", person.id)).await;
}

/// Each change of what is an artist's, and what only its owners change.
fn changes(release: &str, track: &str) -> Vec<(&'static str, String, Value, bool)> {
    vec![
        ("PATCH", "/artists/nina".into(), json!({ "places": ["Berlin"] }), false),
        ("POST", "/artists/nina/releases".into(), json!({ "title": "Winds", "kind": "ep" }), false),
        ("PATCH", format!("/releases/{release}"), json!({ "kind": "ep" }), false),
        ("PATCH", format!("/tracks/{track}"), json!({ "title": "Ebb" }), false),
        ("PUT", format!("/releases/{release}/publication"), json!({}), false),
        ("DELETE", format!("/releases/{release}/publication"), json!({}), false),
        ("POST", "/artists/nina/invitations".into(), json!({ "invitee": "x@example.net", "role": "editor" }), true),
        ("GET", "/artists/nina/invitations".into(), json!({}), true),
        ("GET", "/artists/nina/label-offers".into(), json!({}), true),
        ("PUT", "/artists/nina/label".into(), json!({ "label": "otto" }), true),
        ("DELETE", "/artists/nina/label-offers/otto".into(), json!({}), true),
        ("DELETE", format!("/tracks/{track}"), json!({}), false),
        ("DELETE", format!("/releases/{release}"), json!({}), false),
        ("DELETE", "/artists/nina".into(), json!({}), true),
    ]
}

async fn attempts(person: &Person<'_>, (method, path, body, _): &(&'static str, String, Value, bool)) -> u16 {
    send(person.request(method.parse().expect("a method"), path).json(body)).await.status
}

#[tokio::test(flavor = "multi_thread")]
async fn each_role_does_what_it_may_and_nothing_else() {
    with_app(async |app| {
        let (nina, otto) = (app.artist("nina").await, app.artist("otto").await);
        let (vera, emil, gast) = (app.listener("vera").await, app.listener("emil").await, app.listener("gast").await);
        joins(&nina, "nina", &vera, "viewer").await;
        joins(&nina, "nina", &emil, "editor").await;
        invites(&nina, "nina", "gast", "owner").await;
        let single = nina.drafts_a_single("Tides").await;
        let path = format!("/tracks/{}", single.track);
        let before = nina.get(&path).await.is(200).json();
        for act in &changes(&single.release, &single.track) {
            // Who is invited is nobody yet.
            for person in [&otto, &gast] {
                let is_a_side = act.1.contains("label") && act.0 != "GET" && person.handle == "otto";
                assert!(attempts(person, act).await == 404 || is_a_side, "{} {act:?}", person.handle);
            }
            let refused = attempts(&vera, act).await;
            assert!(refused == 403 || refused == 404, "a viewer: {refused} {act:?}");
        }
        for person in [&otto, &gast] {
            person.get(&path).await.is_problem(404, "not-found");
            person.get("/artists/nina/members").await.is_problem(404, "not-found");
            person.tries_to_upload(&single.release, "a.wav", tone(440.0, 0.1)).await.is_problem(404, "not-found");
            let seen = person.get("/artists/nina").await.is(200).json();
            assert_eq!((&seen["role"], &seen["mine"]), (&json!(null), &json!(false)));
        }
        vera.tries_to_upload(&single.release, "a.wav", tone(440.0, 0.1)).await.is_problem(404, "not-found");
        // A viewer sees all, and has changed nothing.
        let seen = vera.get(&path).await.is(200).json();
        assert_eq!(seen, before);
        assert_eq!(vera.get("/artists/nina").await.json()["role"], "viewer");
        vera.plays(&single.track).await;
        // An editor does all but what is its owners'.
        for act in &changes(&single.release, &single.track) {
            let status = attempts(&emil, act).await;
            assert_eq!(status == 403, act.3, "an editor: {status} {act:?}");
            assert!(act.3 || (200..300).contains(&status), "an editor: {status} {act:?}");
        }
        assert_eq!(members(&emil, "nina").await, ["nina owner", "vera viewer", "emil editor"]);
        nina.delete("/artists/nina").await.is(204);
    })
    .await;
}

//! What is left of an account that is erased.

use serde_json::json;

use super::people::{joins, members, told};
use crate::support::{App, Person, with_app};

/// As the erasure tells of it.
async fn is_erased(app: &App, person: &Person<'_>) {
    let closed = format!(
        "insert into platform.outbox (id, name, payload)
         values (gen_random_uuid(), 'accounts.account_closed.v1', jsonb_build_object(
            'event', 'accounts.account_closed.v1', 'data', jsonb_build_object('account', '{}')))",
        person.id
    );
    app.execute(&closed).await;
    app.settle().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_editor_who_was_there_longest_becomes_the_owner() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let (vera, ada, ben) = (app.listener("vera").await, app.listener("ada").await, app.listener("ben").await);
        joins(&nina, "nina", &vera, "viewer").await;
        joins(&nina, "nina", &ben, "editor").await;
        joins(&nina, "nina", &ada, "editor").await;
        is_erased(app, &nina).await;
        assert_eq!(members(&ada, "nina").await, ["vera viewer", "ben owner", "ada editor"]);
        assert_eq!(told(app, &ben).await.pop().as_deref(), Some("role_changed nina owner"));
        is_erased(app, &ben).await;
        assert_eq!(members(&ada, "nina").await, ["vera viewer", "ada owner"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_owner_stays_the_owner_and_nobody_rises() {
    with_app(async |app| {
        let (nina, ada, ben) = (app.artist("nina").await, app.listener("ada").await, app.listener("ben").await);
        joins(&nina, "nina", &ada, "editor").await;
        joins(&nina, "nina", &ben, "owner").await;
        is_erased(app, &nina).await;
        assert_eq!(members(&ada, "nina").await, ["ada editor", "ben owner"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_viewer_never_does_and_the_artist_goes() {
    with_app(async |app| {
        let (nina, vera) = (app.artist("nina").await, app.listener("vera").await);
        joins(&nina, "nina", &vera, "viewer").await;
        let single = nina.publishes_a_single("Tides").await;
        is_erased(app, &nina).await;
        vera.get("/artists/nina").await.is_problem(404, "not-found");
        vera.get(&format!("/tracks/{}", single.track)).await.is_problem(404, "not-found");
        assert!(app.stored("raw").is_empty() && app.stored("curated").is_empty());
        assert!(app.lines("select account_id::text as line from artists.memberships").await.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_label_inherits_what_nobody_else_could() {
    with_app(async |app| {
        let (nina, lena) = (app.artist("nina").await, app.artist("lena").await);
        for person in [&nina, &lena] {
            person.put("/artists/nina/label", json!({ "label": "lena" })).await.is(200);
        }
        is_erased(app, &nina).await;
        assert_eq!(members(&lena, "nina").await, ["lena owner"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_account_asked_and_was_asked_is_forgotten() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        joins(&nina, "nina", &ada, "owner").await;
        let new = json!({ "invitee": "x@example.net", "role": "viewer" });
        ada.post("/artists/nina/invitations", new).await.is(201);
        app.artist("otto").await;
        ada.put("/artists/nina/label", json!({ "label": "otto" })).await.is(200);
        is_erased(app, &ada).await;
        let left =
            "select id::text as line from artists.invitations union all select id::text from artists.label_offers";
        assert!(app.lines(left).await.is_empty());
        assert_eq!(members(&nina, "nina").await, ["nina owner"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_reads_the_handle_of_who_is_erased() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("adalbert").await);
        joins(&nina, "nina", &ada, "editor").await;
        let track = nina.drafts_a_single("Tides").await.track;
        let path = format!("/tracks/{track}/splits");
        for shares in [json!([{ "handle": "nina", "percent": "60" }, { "handle": "adalbert", "percent": "40" }]), json!([{ "handle": "nina", "percent": "100" }])] {
            nina.put(&path, json!({ "shares": shares })).await.is(200);
        }
        let shares = async || {
            let history = nina.get(&format!("/tracks/{track}/history")).await.is(200).json();
            let of = |place: usize, side: &str| history["items"][place]["fields"][0][side].clone();
            (of(0, "before"), of(1, "after"), of(0, "after"))
        };
        let told_with = |handle: serde_json::Value| json!([{ "handle": "nina", "percent": "60.00" }, { "handle": handle, "percent": "40.00" }]);
        let hers = json!([{ "handle": "nina", "percent": "100.00" }]);
        let with = told_with(json!("adalbert"));
        assert_eq!(shares().await, (with.clone(), with, hers.clone()));
        assert_eq!(told(app, &nina).await, ["invitation_accepted nina adalbert"]);
        is_erased(app, &ada).await;
        let without = told_with(json!(null));
        assert_eq!(shares().await, (without.clone(), without, hers));
        assert_eq!(told(app, &nina).await, ["invitation_accepted nina "]);
        // Neither a word of it is kept.
        let kept = format!(
            "select kept as line from (select fields::text as kept from artists.changes
                union all select to_jsonb(n)::text from notifications.notifications n) all_of_it
             where kept like '%adalbert%' or kept like '%{}%'",
            ada.id
        );
        assert_eq!(app.lines(&kept).await, [""; 0]);
    })
    .await;
}

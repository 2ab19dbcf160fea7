//! What an artist says of itself, and under which address.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Person, send, with_app};

const NINA: &str = "/artists/nina";

async fn edits_if(person: &Person<'_>, tag: &str, changes: Value) -> crate::support::Answer {
    send(person.request(Method::PATCH, NINA).header("if-match", tag).json(&changes)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_reads_what_an_artist_says_of_itself() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let bare = app.stranger().get(NINA).await.is(200).json();
        assert_eq!(
            (&bare["biography"], &bare["links"], &bare["genres"], &bare["pinned_release"], &bare["label"]),
            (&json!({ "markdown": "", "html": "" }), &json!([]), &json!([]), &json!(null), &json!(null))
        );
        assert_eq!((&bare["role"], &bare["mine"]), (&json!(null), &json!(false)));
        let changes = json!({
            "name": "Nina S.",
            "biography": "Plays the *harp*.\n\n<script>alert(1)</script>",
            "links": [{ "label": "Home", "url": "https://nina.example" }],
            "places": ["Reykjavík", "Berlin", "Reykjavík"],
            "genres": ["Neo  Classical", "ambient", "Ambient"],
        });
        let edited = nina.patch(NINA, changes).await.is(200).json();
        assert_eq!((&edited["role"], &edited["mine"]), (&json!("owner"), &json!(true)));
        let seen = app.stranger().get(NINA).await.is(200).json();
        assert_eq!(seen["name"], "Nina S.");
        let html = "<p>Plays the <em>harp</em>.</p>\n&lt;script&gt;alert(1)&lt;/script&gt;";
        assert_eq!(seen["biography"]["html"].as_str().map(str::trim), Some(html));
        assert_eq!(seen["links"], json!([{ "label": "Home", "url": "https://nina.example/" }]));
        assert_eq!(seen["places"], json!(["Reykjavík", "Berlin"]));
        assert_eq!(seen["genres"], json!(["neo classical", "ambient"]));
        let mbid = "5b11f4ce-a62d-471e-81fc-a69a8278c7da";
        let address = format!("https://musicbrainz.org/artist/{}/releases", mbid.to_uppercase());
        assert_eq!(seen["artist_mbid"], json!(null));
        assert_eq!(nina.patch(NINA, json!({ "artist_mbid": address })).await.is(200).json()["artist_mbid"], mbid);
        assert_eq!(app.stranger().get(NINA).await.json()["artist_mbid"], mbid);
        let other = format!("https://musicbrainz.org/release/{mbid}");
        nina.patch(NINA, json!({ "artist_mbid": other })).await.is_invalid("artist_mbid");
        assert_eq!(nina.patch(NINA, json!({ "artist_mbid": null })).await.is(200).json()["artist_mbid"], json!(null));
        // What is absent stays, and what is empty goes.
        let edited = nina.patch(NINA, json!({ "biography": "", "links": [] })).await.is(200).json();
        assert_eq!((&edited["biography"]["html"], &edited["links"]), (&json!(""), &json!([])));
        assert_eq!(edited["genres"], json!(["neo classical", "ambient"]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pinned_release_shows_to_those_who_may_see_it() {
    with_app(async |app| {
        let (nina, otto) = (app.artist("nina").await, app.artist("otto").await);
        let pin = |release: &str| json!({ "pinned_release_id": release });
        let foreign = otto.creates_release("Winds").await;
        nina.patch(NINA, pin(&foreign)).await.is_invalid("pinned_release_id");
        let single = nina.drafts_a_single("Tides").await;
        assert_eq!(nina.patch(NINA, pin(&single.release)).await.is(200).json()["pinned_release"]["title"], "Tides");
        assert_eq!(otto.get(NINA).await.is(200).json()["pinned_release"], json!(null), "a draft");
        nina.publishes(&single.release).await;
        assert_eq!(otto.get(NINA).await.is(200).json()["pinned_release"]["id"], single.release);
        nina.patch(NINA, json!({ "name": "Nina" })).await.is(200);
        assert_eq!(otto.get(NINA).await.json()["pinned_release"]["id"], single.release, "what is absent stays");
        nina.patch(NINA, json!({ "pinned_release_id": null })).await.is(200);
        assert_eq!(otto.get(NINA).await.json()["pinned_release"], json!(null));
        nina.patch(NINA, pin(&single.release)).await.is(200);
        nina.delete(&format!("/releases/{}", single.release)).await.is(204);
        assert_eq!(nina.get(NINA).await.is(200).json()["pinned_release"], json!(null));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_former_address_still_leads_to_the_artist_and_is_nobody_elses() {
    with_app(async |app| {
        let (nina, otto) = (app.artist("nina").await, app.artist("otto").await);
        let single = nina.publishes_a_single("Tides").await;
        let id = nina.get(NINA).await.json()["id"].clone();
        nina.patch(NINA, json!({ "slug": "nina-s", "name": "Nina Sol" })).await.is(200);
        for address in ["nina", "nina-s", id.as_str().expect("an id")] {
            let found = otto.get(&format!("/artists/{address}")).await.is(200).json();
            assert_eq!((&found["id"], &found["slug"]), (&id, &json!("nina-s")), "{address}");
        }
        assert_eq!(otto.walks("/artists/nina/releases", 10).await.len(), 1);
        otto.follows("nina").await;
        nina.post("/artists/nina/releases", json!({ "title": "Winds", "kind": "ep" })).await.is(201);
        let taken = json!({ "slug": "nina" });
        otto.patch("/artists/otto", taken).await.is_problem(409, "slug-taken");
        let taken = json!({ "name": "Another", "slug": "nina" });
        otto.post("/artists", taken).await.is_problem(409, "slug-taken");
        // Its own former address, an artist takes back.
        assert_eq!(nina.patch(NINA, json!({ "slug": "nina" })).await.is(200).json()["slug"], "nina");
        app.settle().await;
        let hits = otto.get("/search?q=sol").await.is(200).json();
        let titles: Vec<&str> =
            hits["items"].as_array().expect("hits").iter().filter_map(|hit| hit["title"].as_str()).collect();
        assert_eq!(titles.len(), 3, "the artist, and its release and track under the new name: {titles:?}");
        assert!(otto.get("/search?q=nina").await.json()["items"].as_array().is_some_and(|hits| hits.len() == 3));
        nina.delete(NINA).await.is(204);
        app.settle().await;
        for address in ["nina", "nina-s"] {
            otto.get(&format!("/artists/{address}")).await.is_problem(404, "not-found");
        }
        otto.patch("/artists/otto", json!({ "slug": "nina-s" })).await.is(200);
        otto.get(&format!("/tracks/{}", single.track)).await.is(404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_artist_has_so_many_addresses_and_no_more() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        for number in 2..=20 {
            nina.patch(NINA, json!({ "slug": format!("nina-{number}") })).await.is(200);
        }
        nina.patch(NINA, json!({ "slug": "nina-21" })).await.is_invalid("slug");
        assert_eq!(nina.patch(NINA, json!({ "slug": "nina-7" })).await.is(200).json()["slug"], "nina-7");
        assert_eq!(app.lines("select count(*)::text as line from artists.slugs").await, ["20"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_is_not_edited_into_what_it_cannot_be() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let before = nina.get(NINA).await.json();
        let link =
            |url: &str| json!([{ "label": "Home", "url": "https://nina.example" }, { "label": "x", "url": url }]);
        for (changes, field) in [
            (json!({ "name": " " }), "name"),
            (json!({ "slug": "No Slug" }), "slug"),
            (json!({ "slug": "0190b2f0-c0de-7000-8000-00000000cafe" }), "slug"),
            (json!({ "biography": "x".repeat(10_001) }), "biography"),
            (json!({ "biography": "a\u{7}" }), "biography"),
            (json!({ "links": link("http://nina.example") }), "links[1].url"),
            (json!({ "links": link("javascript:alert(1)") }), "links[1].url"),
            (json!({ "links": link("https://bank.example@evil.example") }), "links[1].url"),
            (json!({ "links": [{ "label": "", "url": "https://nina.example" }] }), "links[0].label"),
            (json!({ "links": [{ "label": "x", "url": "https://nina.example", "rel": "me" }] }), "rel"),
            (json!({ "links": vec![json!({ "label": "x", "url": "https://nina.example" }); 21] }), "links"),
            (json!({ "places": vec!["x"; 11] }), "places"),
            (json!({ "places": ["x".repeat(101)] }), "places[0]"),
            (json!({ "genres": vec!["x"; 11] }), "genres"),
            (json!({ "genres": [""] }), "genres[0]"),
            (json!({ "pinned_release_id": "nonsense" }), "pinned_release_id"),
        ] {
            nina.patch(NINA, changes).await.is_invalid(field);
        }
        for field in ["id", "label_id", "mine", "role", "follower_count", "closed_at", "members"] {
            nina.patch(NINA, json!({ field: "0190b2f0-c0de-7000-8000-00000000cafe" })).await.is_invalid(field);
        }
        assert_eq!(nina.get(NINA).await.json(), before);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_of_what_changed_meanwhile_is_refused_and_followers_do_not_matter() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        let seen = nina.get(NINA).await.is(200).header("etag").to_owned();
        let again = send(nina.request(Method::GET, NINA).header("if-none-match", &seen)).await;
        assert_eq!((again.status, again.text().as_str()), (304, ""));
        ada.follows("nina").await;
        let counted = send(nina.request(Method::GET, NINA).header("if-none-match", &seen)).await.is(200);
        assert_eq!(counted.json()["follower_count"], 1);
        let edited = edits_if(&nina, &seen, json!({ "places": ["Berlin"] })).await.is(200);
        edits_if(&nina, &seen, json!({ "places": [] })).await.is_problem(412, "changed-meanwhile");
        edits_if(&nina, "\"nonsense\"", json!({ "places": [] })).await.is_problem(412, "changed-meanwhile");
        assert_eq!(nina.get(NINA).await.json()["places"], json!(["Berlin"]));
        edits_if(&nina, edited.header("etag"), json!({ "places": [] })).await.is(200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_tells_how_it_became_what_it_is_and_goes_back() {
    with_app(async |app| {
        let (nina, otto) = (app.artist("nina").await, app.artist("otto").await);
        let history = async || nina.walks(&format!("{NINA}/history"), 2).await;
        assert!(history().await.is_empty());
        nina.patch(NINA, json!({ "biography": "Plays.", "genres": ["folk"] })).await.is(200);
        nina.patch(NINA, json!({ "biography": "Plays." })).await.is(200);
        let single = nina.drafts_a_single("Tides").await;
        let all = json!({
            "name": "Nina S.", "slug": "nina-s", "biography": "Plays the *harp*.", "places": ["Berlin"], "genres": [],
            "links": [{ "label": "Home", "url": "https://nina.example/" }], "feed": true,
            "artist_mbid": "5b11f4ce-a62d-471e-81fc-a69a8278c7da", "pinned_release_id": single.release,
        });
        nina.patch(NINA, all.clone()).await.is(200);
        let entries = history().await;
        assert_eq!(entries.len(), 2, "what changes nothing is no entry: {entries:#?}");
        let change = &entries[0];
        assert_eq!((&change["by"]["handle"], &change["takes_back"]), (&json!("nina"), &json!(null)));
        let fields = change["fields"].as_array().expect("fields");
        assert_eq!(fields.len(), 9);
        for field in fields {
            assert_eq!(field["after"], all[field["field"].as_str().expect("a name")], "{field}");
        }
        // Nobody else sees it, or goes back.
        let id = change["id"].as_str().expect("an id");
        let back = format!("{NINA}/history/{id}/restoration");
        otto.get(&format!("{NINA}/history")).await.is_problem(404, "not-found");
        app.stranger().get(&format!("{NINA}/history")).await.is_problem(401, "unauthenticated");
        otto.post(&back, json!({})).await.is_problem(404, "not-found");
        otto.post(&format!("/artists/otto/history/{id}/restoration"), json!({})).await.is_problem(404, "not-found");
        let stale = nina.request(Method::POST, &back).header("if-match", "\"stale\"");
        send(stale).await.is_problem(412, "changed-meanwhile");

        let made = nina.post(&back, json!({})).await.is(201).json();
        assert_eq!((&made["takes_back"], &history().await[0]), (&change["id"], &made));
        let now = nina.get(NINA).await.json();
        assert_eq!((&now["name"], &now["slug"], &now["feed"]), (&json!("nina"), &json!("nina"), &json!(false)));
        assert_eq!((&now["biography"]["markdown"], &now["genres"]), (&json!("Plays."), &json!(["folk"])));
        assert_eq!((&now["artist_mbid"], &now["pinned_release"]), (&json!(null), &json!(null)));
        nina.post(&back, json!({})).await.is_problem(409, "nothing-to-restore");
        // The way back of the way back, while what it shows first is there.
        let id = made["id"].as_str().expect("an id").to_owned();
        nina.delete(&format!("/releases/{}", single.release)).await.is(204);
        nina.post(&format!("{NINA}/history/{id}/restoration"), json!({})).await.is_problem(409, "not-restorable");
        assert_eq!(nina.get(NINA).await.json(), now);
    })
    .await;
}

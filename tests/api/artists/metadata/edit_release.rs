//! Edit a release.

use serde_json::json;

use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn what_is_given_changes_and_the_rest_stays() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let path = format!("/releases/{}", nina.creates_release("Tides").await);
        let edited = nina.patch(&path, json!({ "title": "High Tides" })).await.is(200).json();
        assert_eq!((&edited["title"], &edited["kind"]), (&json!("High Tides"), &json!("single")));
        let edited = nina.patch(&path, json!({ "kind": "ep" })).await.is(200).json();
        assert_eq!((&edited["title"], &edited["kind"]), (&json!("High Tides"), &json!("ep")));
        assert_eq!(nina.get(&path).await.json(), nina.patch(&path, json!({})).await.is(200).json());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_is_not_edited_into_what_it_cannot_be() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let path = format!("/releases/{}", nina.creates_release("Tides").await);
        let before = nina.get(&path).await.json();
        nina.patch(&path, json!({ "title": "" })).await.is_invalid("title");
        nina.patch(&path, json!({ "kind": "mixtape" })).await.is_invalid("kind");
        for field in ["id", "artist_id", "published_at", "state", "mine"] {
            nina.patch(&path, json!({ field: "2026-01-01T00:00:00Z" })).await.is_invalid(field);
        }
        nina.patch("/releases/nonsense", json!({})).await.is_problem(404, "not-found");
        assert_eq!(nina.get(&path).await.json(), before);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_of_a_release_is_kept_in_its_usual_form() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let path = format!("/releases/{}", nina.creates_release("Tides").await);
        let credits = json!([
            { "role": "producer", "name": " Otto " },
            { "role": "instrument", "name": "Ada", "detail": "bowed saw" },
        ]);
        let changes = json!({
            "release_mbid": "https://musicbrainz.org/release/5B11F4CE-A62D-471E-81FC-A69A8278C7DA?tag=x",
            "release_group_mbid": "83d91898776347d7b03bb92132375c47",
            "label_name": "Northern Light", "upc": "0 36000-29145 2", "original_date": "1968-11", "release_date": "2026-11-28",
            "genres": ["Drum  & Bass", "drum & bass", "Ambient"], "tags": ["Sea"], "languages": ["pt-br", "DE"],
            "explicit": true, "credits": credits, "phonogram_line": "2026 Northern Light", "copyright_line": "2026 Nina",
            "licence": "CC-BY-SA-4.0", "territories": { "rule": "deny", "countries": ["us", "DE"] },
            "liner_notes": "Recorded at sea.\r\nTwice.",
        });
        let said = json!({
            "release_mbid": "5b11f4ce-a62d-471e-81fc-a69a8278c7da",
            "release_group_mbid": "83d91898-7763-47d7-b03b-b92132375c47",
            "label_name": "Northern Light", "upc": "036000291452", "original_date": "1968-11", "release_date": "2026-11-28",
            "genres": ["drum & bass", "ambient"], "tags": ["sea"], "languages": ["pt-BR", "de"], "explicit": true,
            "credits": [
                { "role": "producer", "name": "Otto", "detail": null },
                { "role": "instrument", "name": "Ada", "detail": "bowed saw" },
            ],
            "phonogram_line": "2026 Northern Light", "copyright_line": "2026 Nina", "licence": "CC-BY-SA-4.0",
            "territories": { "rule": "deny", "countries": ["DE", "US"] }, "liner_notes": "Recorded at sea.\nTwice.",
        });
        let unsaid = json!({
            "release_mbid": null, "release_group_mbid": null, "label_name": null, "upc": null, "original_date": null, "release_date": null, "genres": [], "tags": [],
            "languages": [], "explicit": false, "credits": [], "phonogram_line": null, "copyright_line": null,
            "licence": "all-rights-reserved", "territories": null, "liner_notes": null,
        });
        let holds = |release: &serde_json::Value, fields: &serde_json::Value| {
            for (field, value) in fields.as_object().expect("fields") {
                assert_eq!(&release[field], value, "{field}");
            }
        };
        holds(&nina.get(&path).await.json(), &unsaid);
        holds(&nina.patch(&path, changes.clone()).await.is(200).json(), &said);
        holds(&nina.patch(&path, json!({ "title": "Tides II" })).await.is(200).json(), &said);
        // One that begins like that.
        let mut new = changes;
        new["title"] = json!("More tides");
        new["kind"] = json!("ep");
        holds(&nina.post("/artists/nina/releases", new).await.is(201).json(), &said);
        let nothing: serde_json::Map<_, _> =
            unsaid.as_object().expect("fields").keys().map(|field| (field.clone(), json!(null))).collect();
        holds(&nina.patch(&path, json!(nothing)).await.is(200).json(), &unsaid);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_breaks_a_limit_is_refused_with_the_field_and_changes_nothing() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let path = format!("/releases/{}", nina.creates_release("Tides").await);
        let before = nina.get(&path).await.json();
        let many = |count: usize| (0..count).map(|number| format!("label {number}")).collect::<Vec<_>>();
        for (field, value) in [
            ("upc", json!("036000291453")),
            ("upc", json!(36_000_291_452_u64)),
            ("label_name", json!("a\nb")),
            ("original_date", json!("2023-02-29")),
            ("release_date", json!("soon")),
            ("genres", json!(many(11))),
            ("tags", json!(many(31))),
            ("languages", json!(["german language"])),
            ("languages", json!(["de", "qq"])),
            ("languages", json!(["de-YY"])),
            ("release_mbid", json!("nonsense")),
            ("release_mbid", json!("https://musicbrainz.org/release-group/5b11f4ce-a62d-471e-81fc-a69a8278c7da")),
            ("release_group_mbid", json!(12)),
            ("explicit", json!("yes")),
            ("credits[0].role", json!([{ "role": "friend", "name": "Otto" }])),
            ("credits[0].name", json!([{ "role": "producer", "name": "" }])),
            ("licence", json!("MIT")),
            ("territories.countries", json!({ "rule": "allow", "countries": ["UK"] })),
            ("territories.countries", json!({ "rule": "allow", "countries": [] })),
            ("liner_notes", json!("x".repeat(20_001))),
        ] {
            let name = field.split(['.', '[']).next().expect("a name");
            nina.patch(&path, json!({ "title": "Changed", name: value })).await.is_invalid(field);
            let new = json!({ "title": "New", "kind": "ep", name: value });
            nina.post("/artists/nina/releases", new).await.is_invalid(field);
        }
        assert_eq!(nina.get(&path).await.json(), before);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_language_that_was_said_before_it_had_to_be_registered_stays_readable() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let path = format!("/releases/{release}");
        app.execute("update artists.releases set details = details || '{\"languages\": [\"qq\"]}'").await;
        assert_eq!(nina.get(&path).await.is(200).json()["languages"], json!(["qq"]));
        // What is about something else is no question of languages.
        assert_eq!(nina.patch(&path, json!({ "title": "Winds" })).await.is(200).json()["languages"], json!(["qq"]));
        nina.patch(&path, json!({ "languages": ["qq"] })).await.is_invalid("languages");
        for good in [json!(["qaa", "x-whale", "en-XK"]), json!(["sr-Latn-RS", "yue"])] {
            assert_eq!(nina.patch(&path, json!({ "languages": good })).await.is(200).json()["languages"], good);
        }
        // And the way back does not lead to what may not be said any more.
        let history = nina.get(&format!("{path}/history")).await.is(200).json();
        let first = history["items"].as_array().expect("changes").iter().rev();
        let change = first.clone().find(|change| change["fields"][0]["before"] == json!(["qq"])).expect("the change");
        let id = change["id"].as_str().expect("an id");
        let answer = nina.post(&format!("{path}/history/{id}/restoration"), json!({})).await;
        answer.is_problem(409, "not-restorable");
    })
    .await;
}

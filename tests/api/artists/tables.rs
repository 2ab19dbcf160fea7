//! A table of metadata for a release's tracks.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, Person, send, tone, with_app};

async fn puts(person: &Person<'_>, release: &str, table: &str) -> Answer {
    let request = person.request(Method::PUT, &format!("/releases/{release}/metadata"));
    send(request.header("content-type", "text/csv; charset=utf-8").body(table.to_owned())).await
}

async fn looks_at(person: &Person<'_>, release: &str, table: &str) -> Answer {
    let request = person.request(Method::PUT, &format!("/releases/{release}/metadata?dry_run=true"));
    send(request.header("content-type", "text/csv").body(table.to_owned())).await
}

async fn tracks(person: &Person<'_>, release: &str) -> Vec<Value> {
    person.get(&format!("/releases/{release}")).await.is(200).json()["tracks"].as_array().cloned().expect("tracks")
}

fn field(tracks: &[Value], name: &str) -> Vec<Value> {
    tracks.iter().map(|track| track[name].clone()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_says_what_tracks_are_called_all_of_it_or_nothing() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        for name in ["01 ebb.wav", "02 flow.wav", "03 slack.wav"] {
            nina.uploads(&release, name, tone(440.0, 0.2)).await;
        }
        app.settle().await;
        let before = tracks(&nina, &release).await;
        // Only looked at: what would become of it, and nothing does.
        let table = "filename,title,disc,recording_mbid,position\n02 flow.wav,Flow,2,5B11F4CEA62D471E81FCA69A8278C7DA,9\n";
        let report = looks_at(&nina, &release, table).await.is(200).json();
        assert_eq!((&report["fits"], &report["applied"]), (&json!(true), &json!(false)), "{report:#}");
        let expected = json!([
            { "field": "disc", "before": null, "after": 2 },
            { "field": "position", "before": 2, "after": 3 },
            { "field": "recording_mbid", "before": null, "after": "5b11f4ce-a62d-471e-81fc-a69a8278c7da" },
            { "field": "title", "before": "02 flow", "after": "Flow" },
        ]);
        assert_eq!(report["lines"][0]["changes"], expected);
        assert_eq!(tracks(&nina, &release).await, before);
        assert_eq!(nina.get(&format!("/releases/{release}/history")).await.json()["items"], json!([]));
        // The same report, and it is so.
        let applied = puts(&nina, &release, table).await.is(200).json();
        assert_eq!((&applied["lines"], &applied["untouched"]), (&report["lines"], &report["untouched"]));
        let flow = tracks(&nina, &release).await.pop().expect("the last");
        assert_eq!((&flow["title"], &flow["disc"], &flow["position"]), (&json!("Flow"), &json!(2), &json!(3)));
        assert_eq!(flow["recording_mbid"], "5b11f4ce-a62d-471e-81fc-a69a8278c7da");
        let undone = "filename,title,position\n02 flow.wav,02 flow,2\n";
        assert_eq!(puts(&nina, &release, undone).await.is(200).json()["applied"], true);
        // One line that fits nothing, and one with a bad value: nothing changes, and each says why.
        let table = "filename,title,isrc,composer,position\n01 ebb.wav,Ebb,,,\n9.wav,Nine,,,\n02 flow.wav,Flow,nonsense,,\n";
        let report = puts(&nina, &release, table).await.is(200).json();
        assert_eq!((&report["fits"], &report["applied"]), (&json!(false), &json!(false)));
        assert_eq!(looks_at(&nina, &release, table).await.is(200).json(), report);
        let faults = field(report["lines"].as_array().expect("lines"), "fault");
        assert_eq!(faults, [json!(null), json!("no_track"), json!("value")]);
        let problems = field(report["lines"].as_array().expect("lines"), "problem");
        assert!(problems[0].is_null() && problems[1].is_string() && problems[2].is_string(), "{report:#}");
        assert_eq!(field(report["lines"].as_array().expect("lines"), "line"), [2, 3, 4].map(|line| json!(line)));
        assert_eq!(field(&tracks(&nina, &release).await, "title"), field(&before, "title"));
        // All fit, by file, and move.
        let table = "filename,title,isrc,composer,position\n01 EBB.wav,Ebb,DE-A12-34-56789,Ada,3\n02 flow.wav,\"Flow, and back\",,,1\n";
        let report = puts(&nina, &release, table).await.is(200).json();
        assert_eq!((&report["applied"], &report["untouched"]), (&json!(true), &json!([before[2]["id"]])), "{report:#}");
        let after = tracks(&nina, &release).await;
        assert_eq!(field(&after, "title"), [json!("Flow, and back"), json!("03 slack"), json!("Ebb")]);
        assert_eq!((&after[2]["isrc"], &after[2]["composer"]), (&json!("DEA123456789"), &json!("Ada")));
        // By code and by title.
        let table = "isrc,title\nDEA123456789,Ebb (live)\n,03 SLACK\n";
        let report = puts(&nina, &release, table).await.is(200).json();
        assert_eq!(field(report["lines"].as_array().expect("lines"), "matched_by"), [json!("isrc"), json!("title")]);
        let titles = field(&tracks(&nina, &release).await, "title");
        assert_eq!(titles, [json!("Flow, and back"), json!("03 SLACK"), json!("Ebb (live)")]);
        app.settle().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_table_is_refused() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let ada = app.artist("ada").await;
        let release = nina.creates_release("Tides").await;
        puts(&nina, &release, "filename,artist\n").await.is_invalid("artist");
        looks_at(&nina, &release, "filename,artist\n").await.is_invalid("artist");
        looks_at(&ada, &release, "title\n").await.is_problem(404, "not-found");
        let odd = nina.request(Method::PUT, &format!("/releases/{release}/metadata?dry_run=perhaps"));
        send(odd.header("content-type", "text/csv").body("title\n")).await.is_invalid("dry_run");
        puts(&nina, &release, "composer\n").await.is_invalid("header");
        puts(&nina, &release, "title,composer\nx\n").await.is_invalid("line 2");
        puts(&nina, &release, &format!("title\n{}", "x\n".repeat(200_000))).await.is_problem(413, "body-too-large");
        puts(&ada, &release, "title\n").await.is_problem(404, "not-found");
        let request = nina.request(Method::PUT, &format!("/releases/{release}/metadata"));
        send(request.json(&json!({}))).await.is_problem(415, "not-a-table");
        let stale = nina.request(Method::PUT, &format!("/releases/{release}/metadata")).header("if-match", "\"stale\"");
        send(stale.header("content-type", "text/csv").body("title\n")).await.is_problem(412, "changed-meanwhile");
        // Two lines about one track.
        nina.uploads(&release, "a.wav", tone(440.0, 0.2)).await;
        let report = puts(&nina, &release, "filename,title\na.wav,One\na.wav,Two\n").await.is(200).json();
        assert_eq!((&report["applied"], report["lines"][1]["problem"].is_string()), (&json!(false), true));
    })
    .await;
}

async fn sends_ahead(person: &Person<'_>, release: &str, table: &str) -> Value {
    let request = person.request(Method::PUT, &format!("/releases/{release}/metadata?awaits=true"));
    send(request.header("content-type", "text/csv").body(table.to_owned())).await.is(200).json()
}

async fn waiting(person: &Person<'_>, release: &str) -> Value {
    person.get(&format!("/releases/{release}/metadata")).await.is(200).json()["lines"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_wait_for_files_that_are_still_to_come() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        nina.uploads(&release, "bonus.wav", tone(440.0, 0.2)).await;
        nina.uploads(&release, "03.wav", tone(330.0, 0.2)).await;
        app.settle().await;
        let table =
            "filename,title,position,composer\n01.wav,Ebb,1,Ada\n02.wav,Flow,2,\n03.wav,Slack,3,\n04.wav,Spring,4,\n";
        assert_eq!(puts(&nina, &release, table).await.is(200).json()["fits"], false, "nobody said that they may wait");
        let report = sends_ahead(&nina, &release, table).await;
        assert_eq!((&report["fits"], &report["applied"]), (&json!(true), &json!(true)), "{report:#}");
        let lines = report["lines"].as_array().expect("lines");
        assert_eq!(field(lines, "awaits"), [true, true, false, true].map(|awaits| json!(awaits)));
        assert!(lines.iter().all(|line| line["problem"].is_null() && line["fault"].is_null()), "{report:#}");
        let wait = waiting(&nina, &release).await;
        assert_eq!(field(wait.as_array().expect("lines"), "line"), [2, 3, 5].map(|line| json!(line)));
        let said = json!({ "filename": "01.wav", "title": "Ebb", "position": "1", "composer": "Ada" });
        assert_eq!(wait[0]["said"], said);
        // In whatever order they come, and beside others.
        for name in ["04.wav", "other.wav", "01.wav", "02.wav"] {
            nina.uploads(&release, name, tone(220.0, 0.2)).await;
            app.settle().await;
        }
        let after = tracks(&nina, &release).await;
        let titles = ["bonus", "Ebb", "Flow", "Slack", "Spring", "other"].map(|title| json!(title));
        assert_eq!(field(&after, "title"), titles);
        assert_eq!((&after[1]["composer"], &waiting(&nina, &release).await), (&json!("Ada"), &json!([])));
        let history = nina.get(&format!("/releases/{release}/history")).await.is(200).json();
        assert_eq!(history["items"].as_array().expect("entries").len(), 4, "{history:#}");
        // Once it is followed, a table says nothing any more.
        nina.uploads(&release, "01.wav", tone(550.0, 0.2)).await;
        app.settle().await;
        assert_eq!(tracks(&nina, &release).await.last().expect("a track")["title"], "01");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_is_what_the_last_table_says() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.artist("ada").await);
        let release = nina.creates_release("Tides").await;
        let path = format!("/releases/{release}/metadata");
        // Two lines about one file, one with a value that cannot be, one that names none.
        let table = "filename,title,isrc\na.wav,A,\nA.WAV,Also,\nb.wav,B,nonsense\n,,\n";
        let report = sends_ahead(&nina, &release, table).await;
        assert_eq!((&report["fits"], &report["applied"]), (&json!(false), &json!(false)));
        let faults = field(report["lines"].as_array().expect("lines"), "fault");
        assert_eq!(faults, [json!(null), json!("twice"), json!("value"), json!("no_track")]);
        assert_eq!(waiting(&nina, &release).await, json!([]));
        let looks = nina.request(Method::PUT, &format!("{path}?awaits=true&dry_run=true"));
        let looked = send(looks.header("content-type", "text/csv").body("filename,title\na.wav,A\n")).await;
        assert_eq!(looked.is(200).json()["fits"], true);
        assert_eq!(waiting(&nina, &release).await, json!([]), "it was only looked at");
        sends_ahead(&nina, &release, "filename,title\na.wav,A\n").await;
        sends_ahead(&nina, &release, "filename,title\na.wav,Another\nb.wav,B\n").await;
        let titles = waiting(&nina, &release).await;
        assert_eq!((&titles[0]["said"]["title"], titles[1]["line"].as_i64()), (&json!("Another"), Some(3)));
        ada.get(&path).await.is_problem(404, "not-found");
        nina.uploads(&release, "a.wav", tone(440.0, 0.2)).await;
        app.settle().await;
        assert_eq!(field(&tracks(&nina, &release).await, "title"), [json!("Another")]);
        // A table for what is there, and nobody waits any more.
        assert_eq!(puts(&nina, &release, "filename,title\na.wav,A\n").await.is(200).json()["applied"], true);
        nina.uploads(&release, "b.wav", tone(330.0, 0.2)).await;
        app.settle().await;
        assert_eq!(field(&tracks(&nina, &release).await, "title"), [json!("A"), json!("b")]);
        // What is deleted waits for nothing.
        sends_ahead(&nina, &release, "filename,title\nc.wav,C\n").await;
        nina.delete(&format!("/releases/{release}")).await.is(204);
        app.settle().await;
        assert_eq!(app.lines("select number::text as line from artists.awaiting_lines").await, [""; 0]);
    })
    .await;
}

//! Administrators hear of it when the quarantine grows.

use std::time::Duration;

use super::reprocess_catalogue::command;
use crate::support::{App, Person, becomes_true, password, with_settings};

/// Whoever starts looks at once.
async fn look(app: &App) {
    let data = app.data().to_str().expect("a plain path");
    let second = App::start(app.platform.db.url(), &[("data", data), ("quarantine_alert", "2")]).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    app.settle().await;
    second.stop().await;
}

async fn alerts(person: &Person<'_>) -> Vec<String> {
    let inbox = person.walks("/notifications", 50).await;
    inbox.iter().filter_map(|item| item["title"].as_str().map(str::to_owned)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_growth_is_told_once_and_to_administrators_alone() {
    with_settings(&[("quarantine_alert", "2")], async |app| {
        let create = ["admin", "create-account", "--handle", "root", "--email", "root@example.org", "--role", "admin"];
        command(app, &create, &format!("{}\n", password("root"))).await;
        let (root, nina) = (app.site.signs_in("root").await, app.artist("nina").await);
        let release = nina.creates_release("Letters").await;
        let bad = async |text: &str| {
            let track = nina.uploads(&release, "letter.wav", text.to_owned()).await;
            nina.waits_for(&track).await;
        };
        bad("Dear Sir").await;
        look(app).await;
        assert!(alerts(&root).await.is_empty(), "one is its artist's affair");
        bad("Dear Madam").await;
        look(app).await;
        let told = async || alerts(&root).await.len() == 1;
        assert!(becomes_true(Duration::from_secs(10), told).await);
        look(app).await;
        assert_eq!(alerts(&root).await, ["2 rejected files are in quarantine"]);
        bad("Dear all").await;
        bad("To whom it may concern").await;
        look(app).await;
        assert!(becomes_true(Duration::from_secs(10), async || alerts(&root).await.len() == 2).await);
        assert!(alerts(&nina).await.is_empty());
    })
    .await;
}

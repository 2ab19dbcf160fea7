//! The key that packages are signed with.

use crate::support::{App, Database, with_app};

#[tokio::test(flavor = "multi_thread")]
async fn everybody_learns_the_key_and_each_server_has_its_own() {
    with_app(async |app| {
        let key = app.stranger().get("/signing-key").await.is(200).json();
        assert_eq!((key["algorithm"].as_str(), key["id"].as_str().map(str::len)), (Some("Ed25519"), Some(16)));
        let pem = key["pem"].as_str().expect("a file");
        assert!(pem.starts_with("-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA"), "{pem}");
        let database = Database::create().await;
        let other = App::start(&database.url, &[]).await;
        assert_ne!(other.stranger().get("/signing-key").await.is(200).json()["id"], key["id"]);
        other.stop().await;
        database.drop().await;
    })
    .await;
}

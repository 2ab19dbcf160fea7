//! List what an account shows everybody.

use serde_json::json;

use super::makes;
use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn only_what_is_public_is_shown() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        for (title, visibility) in [("1", "public"), ("2", "unlisted"), ("3", "private"), ("4", "public")] {
            makes(&ada, title, visibility).await;
        }
        for person in [&ada, &app.stranger()] {
            let list = person.walks("/accounts/Ada/playlists", 1).await;
            let titles: Vec<_> = list.iter().map(|one| one["title"].clone()).collect();
            assert_eq!(titles, [json!("4"), json!("1")]);
        }
        for nobody in ["nobody", "%00", "a%20b"] {
            let path = format!("/accounts/{nobody}/playlists");
            app.stranger().get(&path).await.is_problem(404, "not-found");
        }
        app.execute("update accounts.accounts set suspended_at = now(), suspension_reason = 'spam'").await;
        app.stranger().get("/accounts/ada/playlists").await.is_problem(404, "not-found");
    })
    .await;
}

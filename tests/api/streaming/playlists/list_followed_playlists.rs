//! List the playlists that an account follows.

use serde_json::{Value, json};

use super::{makes, shares};
use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn what_is_followed_is_listed_the_latest_first_and_what_is_hidden_says_so() {
    with_app(async |app| {
        let (nina, ada) = (app.listener("nina").await, app.listener("ada").await);
        let mut paths = Vec::new();
        for title in ["Rivers", "Lakes", "Seas"] {
            let path = makes(&nina, title, "public").await;
            ada.put(&format!("{path}/following"), json!({})).await.is(204);
            paths.push(path);
        }
        let titles = async || {
            let (mut titles, mut cursor) = (Vec::new(), String::new());
            loop {
                let page = ada.get(&format!("/me/library/playlists?limit=2{cursor}")).await.is(200).json();
                titles.extend(
                    page["items"].as_array().expect("items").iter().map(|one| one["playlist"]["title"].clone()),
                );
                match page["next_cursor"].as_str() {
                    Some(next) => cursor = format!("&cursor={next}"),
                    None => break titles,
                }
            }
        };
        assert_eq!(titles().await, [json!("Seas"), json!("Lakes"), json!("Rivers")]);
        nina.patch(&paths[1], json!({ "visibility": "private" })).await.is(200);
        assert_eq!(titles().await, [json!("Seas"), Value::Null, json!("Rivers")]);
        shares(&nina, &paths[1], "ada", "viewer").await;
        assert_eq!(titles().await, [json!("Seas"), json!("Lakes"), json!("Rivers")]);
        nina.delete(&paths[2]).await.is(204);
        assert_eq!(titles().await, [json!("Lakes"), json!("Rivers")]);
        // Whoever is suspended shows nothing to those who have no role.
        app.execute(&format!(
            "update accounts.accounts set suspended_at = now(), suspension_reason = 'spam' where id = '{}'",
            nina.id
        ))
        .await;
        assert_eq!(titles().await, [json!("Lakes"), Value::Null]);
    })
    .await;
}

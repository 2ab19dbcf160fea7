//! List an account's playlists.

use super::{makes, shares};
use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn ones_own_and_those_of_others_come_the_newest_first() {
    with_app(async |app| {
        let (ada, ben) = (app.listener("ada").await, app.listener("ben").await);
        let mut own = Vec::new();
        for (person, title) in [(&ada, "1"), (&ben, "2"), (&ada, "3"), (&ben, "4"), (&ben, "5"), (&ada, "6")] {
            own.push(makes(person, title, "private").await);
        }
        shares(&ben, &own[1], "ada", "viewer").await;
        shares(&ben, &own[4], "ada", "editor").await;
        for limit in [1, 2, 10] {
            let list = ada.walks("/playlists", limit).await;
            let titles: Vec<_> = list.iter().map(|one| one["title"].as_str().expect("a title")).collect();
            let roles: Vec<_> = list.iter().map(|one| one["role"].as_str().expect("a role")).collect();
            assert_eq!(titles, ["6", "5", "3", "2", "1"]);
            assert_eq!(roles, ["owner", "editor", "owner", "viewer", "owner"]);
        }
        app.stranger().get("/playlists").await.is_problem(401, "unauthenticated");
    })
    .await;
}

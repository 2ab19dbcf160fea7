//! List who has a role in a playlist.

use super::{makes, shares};
use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn the_people_of_a_playlist_know_each_other() {
    with_app(async |app| {
        let (ada, ben) = (app.listener("ada").await, app.listener("ben").await);
        let path = makes(&ada, "Ours", "public").await;
        let people = format!("{path}/collaborators");
        ben.get(&people).await.is_problem(403, "forbidden");
        shares(&ada, &path, "ben", "viewer").await;
        for person in [&ada, &ben] {
            let list = person.get(&people).await.is(200).json();
            let named = list["items"].as_array().expect("items").iter();
            let named: Vec<_> = named.map(|one| (one["account"]["handle"].as_str(), one["role"].as_str())).collect();
            assert_eq!(named, [(Some("ada"), Some("owner")), (Some("ben"), Some("viewer"))]);
        }
        app.stranger().get(&people).await.is_problem(401, "unauthenticated");
    })
    .await;
}

//! Withdraw a player.

use super::announces;
use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn a_player_that_goes_is_in_no_list() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        let phone = app.site.signs_in("ada").await;
        announces(&ada, "Kitchen").await;
        let pocket = announces(&phone, "Phone").await;
        ada.delete("/me/players/this").await.is(204);
        ada.delete("/me/players/this").await.is(204);
        let listed = ada.get("/me/players").await.is(200).json();
        assert_eq!(
            (listed["items"][0]["id"].as_str(), listed["items"].as_array().map(Vec::len)),
            (Some(&*pocket), Some(1))
        );
    })
    .await;
}

//! Show how an account wants to listen.

use serde_json::{Value, json};

use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn who_said_nothing_wants_nothing_in_particular() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        let nothing = json!({
            "max_bitrate_bps": Value::Null, "metered_max_bitrate_bps": Value::Null, "lossless": false,
            "shares_now_playing": false,
        });
        assert_eq!(ada.get("/me/playback-preferences").await.is(200).json(), nothing);
        app.stranger().get("/me/playback-preferences").await.is_problem(401, "unauthenticated");
    })
    .await;
}

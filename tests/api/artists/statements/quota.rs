//! Statements count in the artist's quota, as long as they are kept, and as uploads of the day.

use serde_json::json;

use super::generator::{self, Line, lines};
use super::{imports, sends, takes};
use crate::support::with_settings;

const TIGHT: &[(&str, &str)] = &[("artist_max_bytes", "1200"), ("artist_max_uploads_per_day", "4")];

#[tokio::test(flavor = "multi_thread")]
async fn statements_take_room_and_are_uploads_of_the_day() {
    with_settings(TIGHT, async |app| {
        let nina = app.artist("nina").await;
        let file = generator::distrokid(&lines());
        let used = async || {
            let quota = nina.get("/artists/nina/quota").await.is(200).json();
            (quota["bytes"]["used"].clone(), quota["uploads_today"]["used"].clone(), quota["tracks"]["used"].clone())
        };
        let statement = takes(&nina, "", file.clone()).await;
        assert_eq!(used().await, (json!(file.len()), json!(1), json!(0)));
        // The same once more is an upload, and takes no room.
        sends(&nina, "", file.clone()).await.is(200);
        assert_eq!(used().await, (json!(file.len()), json!(2), json!(0)));
        // Too much is refused before it comes, and when its length is not told beforehand.
        let many = vec![Line::new("Tides", "QZES71234567", "1"); 20];
        sends(&nina, "", generator::distrokid(&many)).await.is_problem(413, "quota-of-bytes");
        let more = generator::distrokid(&vec![Line::new("Tides", "QZES71234567", "1"); 9]);
        assert!(more.len() + file.len() > 1200);
        sends(&nina, "", more).await.is_problem(413, "quota-of-bytes");
        assert_eq!(used().await, (json!(file.len()), json!(2), json!(0)));
        // What was rejected is kept, and counts; what is removed does not.
        let rejected = imports(&nina, "", "name,age\nnina,33\n").await;
        assert_eq!((&rejected["state"], used().await.0), (&json!("rejected"), json!(file.len() + 17)));
        for gone in [&rejected, &statement] {
            let path = format!("/artists/nina/statements/{}", gone["id"].as_str().expect("an id"));
            nina.delete(&path).await.is(204);
        }
        app.settle().await;
        assert_eq!(used().await, (json!(0), json!(3), json!(0)));
        takes(&nina, "", file.clone()).await;
        sends(&nina, "", file).await.is_problem(403, "quota-of-uploads");
        app.settle().await;
        assert_eq!(app.stored("raw").len(), 1, "nothing of what was refused is kept");
    })
    .await;
}

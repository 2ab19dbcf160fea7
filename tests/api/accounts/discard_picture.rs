//! Take objects away that no account shows any more.

use image::ImageFormat;
use reqwest::Method;

use crate::support::picture::picture;
use crate::support::{Person, send, with_app};

// An object that was taken away in the moment in which it came again is asked for once more (503).
async fn sets(person: &Person<'_>, side: u32) {
    let request = || person.request(Method::PUT, "/me/picture").body(picture(side, side, ImageFormat::Png));
    let answer = match send(request()).await {
        away if away.status == 503 => send(request()).await,
        answer => answer,
    };
    answer.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_shows_any_more_is_taken_from_the_store_with_its_lineage() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        for side in [64, 65, 66] {
            sets(&ada, side).await;
        }
        app.settle().await;
        let recorded = app.lines("select key as line from platform.objects order by key").await;
        assert_eq!(recorded.len(), 2, "{recorded:?}");
        assert_eq!(app.stored("curated").len(), 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_that_comes_back_before_it_was_taken_away_stays() {
    with_app(async |app| {
        let (ada, ben) = (app.listener("ada").await, app.listener("ben").await);
        sets(&ada, 64).await;
        tokio::join!(sets(&ada, 65), sets(&ben, 64));
        app.settle().await;
        for handle in ["ada", "ben"] {
            let profile = app.stranger().get(&format!("/accounts/{handle}")).await.is(200).json();
            let url = profile["picture_url"].as_str().expect("an address").to_owned();
            app.stranger().get(&url).await.is(200);
        }
        assert_eq!(app.stored("curated").len(), 4);
    })
    .await;
}

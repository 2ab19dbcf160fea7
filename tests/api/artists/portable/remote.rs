//! Packages of a server that keeps its objects in S3.

use reqwest::Method;
use serde_json::{Value, json};

use super::{document, exports, files, fills, imports, timeless};
use crate::support::{send, with_s3};

#[tokio::test(flavor = "multi_thread")]
async fn a_package_is_built_fetched_and_brought_in_by_way_of_s3() {
    with_s3(async |app, s3| {
        let (nina, otto) = (app.artist("nina").await, app.artist("otto").await);
        fills(&nina).await;
        let package = exports(&nina).await;
        // From any place of it.
        let from = package.len() / 2;
        let range = nina.request(Method::GET, "/artists/nina/export/archive").header("range", format!("bytes={from}-"));
        assert_eq!(send(range).await.is(206).body, package[from..]);
        let report = imports(&otto, &package, true).await;
        assert_eq!((&report["state"], &report["problem"]), (&json!("done"), &Value::Null), "{report:#}");
        app.settle().await;
        let again = exports(&otto).await;
        let (first, second) = (files(&package), files(&again));
        assert_eq!(timeless(document(&second, "releases.json")), timeless(document(&first, "releases.json")));
        let blobs = |name: &&String| name.starts_with("masters/") || name.starts_with("artwork/");
        assert!(first.keys().filter(blobs).count() > 3);
        for name in first.keys().chain(second.keys()).filter(blobs) {
            assert_eq!(first.get(name), second.get(name), "{name}");
        }
        assert_eq!((s3.stored("landing").await.len(), s3.unfinished().await), (0, 0));
    })
    .await;
}

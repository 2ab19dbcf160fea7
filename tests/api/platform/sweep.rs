//! What nobody comes back for is swept out of the store; each process does so as it starts.

use std::path::Path;
use std::time::{Duration, SystemTime};

use crate::support::{App, becomes_true, with_app};

const A_DAY_AND_MORE: Duration = Duration::from_secs(25 * 3600);

fn age(path: &Path) {
    let long_ago = SystemTime::UNIX_EPOCH + SystemTime::UNIX_EPOCH.elapsed().expect("a clock") - A_DAY_AND_MORE;
    std::fs::File::open(path).and_then(|file| file.set_modified(long_ago)).expect("set");
}

/// A file of nobody in the store.
fn lose(app: &App, name: &str) -> std::path::PathBuf {
    let path = app.data().join("objects").join(name);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
    std::fs::write(&path, "lost").expect("written");
    path
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_names_goes_after_a_day_and_all_else_stays() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        nina.drafts_a_single("Tides").await;
        app.settle().await;
        for zone in ["raw", "curated"] {
            app.stored(zone).iter().for_each(|name| age(&app.data().join("objects").join(zone).join(name)));
        }
        for young in ["raw/aa/young", "curated/aa/young", "staging/young/report.json"] {
            lose(app, young);
        }
        for old in ["raw/aa/old", "curated/aa/old", "quarantine/aa/old", "landing/old"] {
            age(&lose(app, old));
        }
        age(lose(app, "staging/old/report.json").parent().expect("its folder"));
        let second = App::start(app.platform.db.url(), &[("data", app.data().to_str().expect("a plain path"))]).await;
        let all = || ["landing", "staging", "raw", "curated", "quarantine"].map(|zone| app.stored(zone));
        let is_swept = || all().iter().flatten().all(|name| !name.contains("old"));
        assert!(becomes_true(Duration::from_secs(10), async || is_swept()).await, "{:?}", all());
        assert_eq!(all().map(|names| names.len()), [0, 1, 2, 5, 0], "{:?}", all());
        second.stop().await;
    })
    .await;
}

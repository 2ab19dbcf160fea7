//! What nobody comes back for is swept out of the store; each process does so as it starts.

use std::path::Path;
use std::time::{Duration, SystemTime};

use crate::support::{App, becomes_true, with_app};

const A_DAY_AND_MORE: Duration = Duration::from_secs(25 * 3600);

fn age(path: &Path) {
    age_by(path, A_DAY_AND_MORE);
}

fn age_by(path: &Path, age: Duration) {
    let long_ago = SystemTime::UNIX_EPOCH + SystemTime::UNIX_EPOCH.elapsed().expect("a clock") - age;
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
        // A step may come back for its folder within a week.
        age(lose(app, "staging/young/report.json").parent().expect("its folder"));
        let old = lose(app, "staging/old/report.json");
        age_by(old.parent().expect("its folder"), Duration::from_secs(8 * 24 * 3600));
        let second = App::start(app.platform.db.url(), &[("data", app.data().to_str().expect("a plain path"))]).await;
        let all = || ["landing", "staging", "raw", "curated", "quarantine"].map(|zone| app.stored(zone));
        let is_swept = || all().iter().flatten().all(|name| !name.contains("old"));
        assert!(becomes_true(Duration::from_secs(10), async || is_swept()).await, "{:?}", all());
        assert_eq!(all().map(|names| names.len()), [0, 1, 2, 7, 0], "{:?}", all());
        second.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn quarantine_and_archive_forget_after_their_time_and_nothing_else_does() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        nina.drafts_a_single("Tides").await;
        let release = nina.creates_release("Letters").await;
        for (name, letter) in [("old.wav", "Dear Sir or Madam"), ("young.wav", "Dear all")] {
            let track = nina.uploads(&release, name, letter).await;
            nina.waits_for(&track).await;
        }
        app.settle().await;
        let archived = app.platform.storage.copy(&format!("raw/{}", app.stored("raw")[0]), "archive/aa/aa").await;
        archived.expect("copied");
        let old = blake3::hash(b"Dear Sir or Madam").to_hex();
        app.execute(
            "insert into platform.objects (key, zone, step, step_version, hash, size_bytes)
             select 'archive/aa/aa', 'archive', 'move', 1, hash, size_bytes from platform.objects where zone = 'raw'",
        )
        .await;
        let restart = async || {
            let data = app.data().to_str().expect("a plain path");
            App::start(app.platform.db.url(), &[("data", data), ("archive_days", "10")]).await.stop().await;
        };
        let kept = || ["raw", "curated", "quarantine", "archive"].map(|zone| app.stored(zone).len());
        assert_eq!(kept(), [1, 6, 2, 1]);
        app.execute("update platform.objects set created_at = now() - interval '9 days'").await;
        restart().await;
        assert_eq!(kept(), [1, 6, 2, 1], "not yet");
        app.execute("update platform.objects set created_at = now() - interval '11 days' where zone <> 'quarantine'")
            .await;
        app.execute(&format!(
            "update platform.objects set created_at = now() - interval '91 days' where key like 'quarantine/%{old}'"
        ))
        .await;
        for _ in 0..2 {
            let second = App::start(
                app.platform.db.url(),
                &[("data", app.data().to_str().expect("a plain path")), ("archive_days", "10")],
            )
            .await;
            assert!(becomes_true(Duration::from_secs(10), async || kept() == [1, 6, 1, 0]).await, "{:?}", kept());
            second.stop().await;
        }
        let rows =
            app.lines("select zone || ' ' || count(*) as line from platform.objects group by zone order by zone").await;
        assert_eq!(rows, ["curated 6", "quarantine 1", "raw 1"]);
    })
    .await;
}

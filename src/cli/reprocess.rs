//! `legato reprocess`: process tracks once more, in the background of the running server.

use std::time::Duration;

use anyhow::{Context, bail};
use clap::{Args, ValueEnum};

use super::administer::on_platform;
use super::{Options, say};
use crate::artists::{self, Importer, Selection, Step};
use crate::platform::Platform;
use crate::platform::id::TrackId;

/// How often `--wait` looks.
const EVERY: Duration = Duration::from_secs(1);

/// Which tracks, and from where on.
#[derive(Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    options: Options,
    /// Only this artist's, by its address
    #[arg(long, conflicts_with = "track")]
    artist: Option<String>,
    /// Only this track, by its id, whether it is out of date or not
    #[arg(long)]
    track: Option<String>,
    /// The step to begin with
    #[arg(long, value_enum)]
    from: Option<StepName>,
    /// Also what is up to date, and what was rejected; everything is made again
    #[arg(long)]
    all: bool,
    /// Show how far it is, and end when it is done
    #[arg(long)]
    wait: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum StepName {
    Probe,
    Render,
    Package,
}

impl StepName {
    fn step(self) -> Step {
        match self {
            Self::Probe => Step::Probe,
            Self::Render => Step::Render,
            Self::Package => Step::Package,
        }
    }
}

pub(super) async fn run(arguments: Arguments) -> anyhow::Result<()> {
    on_platform(&arguments.options, async |platform| {
        let new = artists::request_reprocessing(platform, selection(platform, &arguments).await?).await?;
        let backlog = artists::reprocessing_backlog(&mut *platform.db.conn().await?).await?;
        let before = backlog.waiting + backlog.under_way - i64::try_from(new.len())?;
        say(&format!("{} to be processed once more; {} were so before.", tracks(new.len()), before.max(0)));
        if arguments.wait {
            return wait(platform, &new).await;
        }
        say("The server does it when nothing else is to be done; `legato reprocess --wait` shows how far it is.");
        Ok(())
    })
    .await
}

async fn selection(platform: &Platform, arguments: &Arguments) -> anyhow::Result<Selection> {
    let mut conn = platform.db.conn().await?;
    let artist = match &arguments.artist {
        Some(artist) => {
            Some(Importer::of(&mut conn, artist).await.with_context(|| format!("--artist {artist}"))?.artist_id())
        }
        None => None,
    };
    let track: Option<TrackId> = match &arguments.track {
        Some(id) => Some(id.parse().with_context(|| format!("--track {id}"))?),
        None => None,
    };
    if let Some(track) = track
        && !artists::exists(&mut conn, track).await?
    {
        bail!("--track: there is no track {track}");
    }
    Ok(Selection { artist, track, from: arguments.from.map(StepName::step), all: arguments.all })
}

async fn wait(platform: &Platform, new: &[TrackId]) -> anyhow::Result<()> {
    let mut told = String::new();
    loop {
        let backlog = artists::reprocessing_backlog(&mut *platform.db.conn().await?).await?;
        let line = format!("{} wait, {} under way", backlog.waiting, backlog.under_way);
        if line != told {
            say(&line);
            told = line;
        }
        if backlog.waiting + backlog.under_way == 0 {
            break;
        }
        tokio::time::sleep(EVERY).await;
    }
    let failed = artists::count_failed(&mut *platform.db.conn().await?, new).await?;
    say(&format!("Done: {}, of which {failed} failed.", tracks(new.len())));
    Ok(())
}

fn tracks(count: usize) -> String {
    if count == 1 { "1 track".to_owned() } else { format!("{count} tracks") }
}

//! Puts the demo catalogue in: accounts, artists, releases, uploads; and publishes what is ready.

use std::time::{Duration, Instant};

use legato_demo::{DemoArtist, DemoRelease, Piece};

use super::PASSWORD;
use crate::accounts::{self, Email, Handle, Language, NewAccount, Password};
use crate::artists::{self, NewArtist, NewRelease, ReleaseKind, Slug, Title, Upload};
use crate::platform::Platform;
use crate::platform::auth::Role;
use crate::platform::error::{Code, Error, Result};
use crate::platform::id::{AccountId, ReleaseId};
use crate::platform::storage::Zone;
use crate::platform::task;

/// Who signs in to look around.
const LISTENER: &str = "demo";

/// How long a release may stay in the chain.
const PATIENCE: Duration = Duration::from_secs(600);

/// Fills the server if it holds no artist but the demo's own. What an earlier start left half done goes on.
pub(super) async fn fill(platform: &Platform) -> Result<()> {
    let mut conn = platform.db.conn().await?;
    let is_demo = accounts::find_by_email(&mut conn, &email(LISTENER)).await?.is_some();
    let is_empty = !artists::any(&mut conn).await?;
    drop(conn);
    if !is_demo && !is_empty {
        tracing::warn!("the server holds artists: the demo catalogue stays out");
        return Ok(());
    }
    let started = Instant::now();
    account(platform, LISTENER).await?;
    tell_sign_in();
    for artist in legato_demo::catalogue() {
        fill_artist(platform, artist).await?;
    }
    tracing::info!(seconds = started.elapsed().as_secs(), "the demo catalogue is complete");
    Ok(())
}

#[expect(clippy::print_stdout, reason = "for who starts the demo")]
fn tell_sign_in() {
    let artists: Vec<&str> = legato_demo::catalogue().iter().map(|artist| artist.handle).collect();
    println!("Demo sign-in: {LISTENER}, or as an artist {}; the password is {PASSWORD}", artists.join(", "));
}

async fn fill_artist(platform: &Platform, artist: DemoArtist) -> Result<()> {
    let account = account(platform, artist.handle).await?;
    let slug = parsed(Slug::try_from(artist.handle.to_owned()))?;
    let new = NewArtist { name: title(artist.name)?, slug: Some(slug) };
    match artists::create_artist(&platform.db, account, new).await {
        Ok(_) => {
            let avatar = draw(&artist, DemoArtist::avatar).await?;
            artists::set_artist_picture(platform, artist.handle, account, avatar).await?;
        }
        Err(Error::Refused(Code::SlugTaken)) => {}
        Err(error) => return Err(error),
    }
    for release in artist.releases {
        fill_release(platform, account, artist.handle, release).await?;
    }
    Ok(())
}

async fn fill_release(platform: &Platform, account: AccountId, slug: &str, release: DemoRelease) -> Result<()> {
    let known = artists::own_releases(&mut *platform.db.conn().await?, account).await?;
    let (id, uploaded) = match known.into_iter().find(|known| known.title == release.title) {
        Some(known) => (known.id, known.filenames),
        None => {
            let new = NewRelease::new(title(release.title)?, kind(release.kind)?);
            (artists::create_release(&platform.db, account, slug, new).await?, Vec::new())
        }
    };
    let cover = draw(&release, DemoRelease::cover).await?;
    artists::set_release_artwork(platform, id, account, cover).await?;
    for piece in release.tracks {
        if !uploaded.contains(&filename(&piece)) {
            upload(platform, account, id, piece).await?;
        }
    }
    publish(platform, account, id).await
}

async fn draw<T: Clone + Send + Sync + 'static>(of: &T, picture: fn(&T) -> Vec<u8>) -> Result<Vec<u8>> {
    let of = of.clone();
    Ok(task::blocking(move || picture(&of)).await?)
}

fn filename(piece: &Piece) -> String {
    format!("{}.wav", piece.title)
}

async fn upload(platform: &Platform, account: AccountId, release: ReleaseId, piece: Piece) -> Result<()> {
    let filename = Some(filename(&piece));
    let wav = task::blocking(move || piece.render()).await?;
    let mut writer = platform.storage.land().await?;
    writer.write(wav.into()).await?;
    let stored = platform.storage.keep(writer, Zone::Raw).await?;
    artists::upload_track(platform, release, account, Upload { is_foreign: true, ..Upload::new(stored, filename) })
        .await?;
    Ok(())
}

async fn publish(platform: &Platform, account: AccountId, release: ReleaseId) -> Result<()> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        match artists::publish_release(platform, release, account).await {
            Err(Error::Refused(Code::ReleaseStillProcessing)) if Instant::now() < deadline => {
                tokio::time::sleep(Duration::from_millis(250)).await;
            }
            published => return published,
        }
    }
}

async fn account(platform: &Platform, handle: &str) -> Result<AccountId> {
    if let Some(account) = accounts::find_by_email(&mut *platform.db.conn().await?, &email(handle)).await? {
        return Ok(account);
    }
    let new = NewAccount {
        handle: parsed(Handle::try_from(handle.to_owned()))?,
        email: parsed(Email::try_from(email(handle)))?,
        password: parsed(Password::try_from(PASSWORD.to_owned()))?,
        language: Language::English,
        invitation: None,
    };
    accounts::create(&platform.db, new, Role::Listener).await
}

// `.invalid` is nobody's (RFC 2606): the demo's accounts are known by it.
fn email(handle: &str) -> String {
    format!("{handle}@demo.invalid")
}

fn title(text: &str) -> Result<Title> {
    parsed(Title::try_from(text.to_owned()))
}

fn kind(name: &str) -> Result<ReleaseKind> {
    match name {
        "album" => Ok(ReleaseKind::Album),
        "ep" => Ok(ReleaseKind::Ep),
        "single" => Ok(ReleaseKind::Single),
        other => Err(anyhow::anyhow!("the demo has an unknown kind of release: {other}").into()),
    }
}

fn parsed<T>(value: Result<T, &'static str>) -> Result<T> {
    value.map_err(|problem| anyhow::anyhow!("the demo catalogue: {problem}").into())
}

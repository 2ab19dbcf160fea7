//! The head of a public page: title, canonical address, Open Graph (ogp.me, with its `music:` properties), Twitter's cards,
//! and where the same is in another form.

use chrono::SecondsFormat;
use url::form_urlencoded;

use super::enclosure::{media_type, path};
use super::page::{Page, PageRelease, Subject};
use super::rss::seconds;
use super::show_embed::{WIDTH, height_of};
use super::{SITE, about};
use crate::artists::artwork::Artwork;
use crate::artists::profile::words_of;
use crate::platform::Platform;
use crate::platform::error::Result;
use crate::platform::web_app::{Alternate, Head};

/// What link previews show of a text.
const LONGEST_DESCRIPTION: usize = 200;

/// Songs that are named one by one.
const MOST_SONGS: usize = 30;

/// The widest size of a square picture.
const WIDEST: u32 = 1024;

/// Façade: the head of the page under a path, with links that begin with `base`; `None` where not everybody may see it.
pub(crate) async fn find(platform: Platform, path: String, base: String) -> Result<Option<Head>> {
    let Some(subject) = Subject::of(&path) else { return Ok(None) };
    let page = Page::find(&mut *platform.db.conn().await?, subject).await?;
    Ok(page.map(|page| head_of(&page, &base)))
}

/// A picture's address, for who takes it in one size.
pub(super) fn artwork_address(base: &str, picture: &Artwork) -> String {
    address_of_size(base, picture, WIDEST)
}

/// The address of one of its sizes.
pub(super) fn address_of_size(base: &str, picture: &Artwork, size: u32) -> String {
    format!("{base}/api/v1/artwork/{}?size={size}", picture.key)
}

/// Where a page's oEmbed is.
pub(super) fn oembed_address(base: &str, page: &str, format: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("url", page).append_pair("format", format);
    format!("{base}/api/v1/oembed?{}", query.finish())
}

fn head_of(page: &Page, base: &str) -> Head {
    let canonical = format!("{base}{}", page.path());
    let heading = match page.subject {
        Subject::Artist(_) => page.title.clone(),
        _ => format!("{} by {}", page.title, page.artist.name),
    };
    let description = describe(page);
    let mut head = Head { title: format!("{heading} · {SITE}"), canonical, ..Head::default() };
    let properties = [
        ("og:site_name", SITE.to_owned()),
        ("og:title", page.title.clone()),
        ("og:description", description.clone()),
        ("og:url", head.canonical.clone()),
    ];
    head.properties.extend(properties);
    add_picture(&mut head, page, base);
    add_music(&mut head, page, base);
    add_card(&mut head, page, base);
    add_alternates(&mut head, page, base);
    head.properties.extend(about::same_as(page).into_iter().map(|address| ("og:see_also", address)));
    head.about = Some(about::document(page, base));
    head.description = description;
    head
}

fn describe(page: &Page) -> String {
    let artist = &page.artist.name;
    match (&page.subject, &page.release) {
        (Subject::Track(_), Some(release)) => format!("From “{}” by {artist}.", release.title),
        (Subject::Release(_), _) if page.tracks.len() == 1 => format!("One track by {artist}."),
        (Subject::Release(_), _) => format!("{} tracks by {artist}.", page.tracks.len()),
        _ => {
            let words = words_of(&page.artist.biography, LONGEST_DESCRIPTION);
            if words.is_empty() { format!("The music of {artist}.") } else { words }
        }
    }
}

fn add_picture(head: &mut Head, page: &Page, base: &str) {
    let Some(picture) = &page.artwork else { return };
    let width = picture.width.min(WIDEST);
    let height = u64::from(picture.height) * u64::from(width) / u64::from(picture.width.max(1));
    head.properties.extend([
        ("og:image", artwork_address(base, picture)),
        ("og:image:type", "image/jpeg".to_owned()),
        ("og:image:width", width.to_string()),
        ("og:image:height", height.to_string()),
        ("og:image:alt", page.title.clone()),
    ]);
}

fn add_music(head: &mut Head, page: &Page, base: &str) {
    let artist = format!("{base}/artists/{}", page.artist.slug);
    match (&page.subject, &page.release) {
        (Subject::Release(_), Some(release)) => {
            head.properties.push(("og:type", "music.album".to_owned()));
            head.properties.push(("music:musician", artist));
            head.properties.push(("music:release_date", date(release)));
            for track in page.tracks.iter().take(MOST_SONGS) {
                head.properties.push(("music:song", format!("{base}/tracks/{}", track.id)));
                head.properties.push(("music:song:track", track.position.to_string()));
            }
        }
        (Subject::Track(_), Some(release)) => {
            head.properties.push(("og:type", "music.song".to_owned()));
            head.properties.push(("music:musician", artist));
            head.properties.push(("music:album", format!("{base}/releases/{}", release.id)));
            for track in &page.tracks {
                head.properties.push(("music:album:track", track.position.to_string()));
                head.properties.push(("music:duration", seconds(track.duration_ms).to_string()));
                if let Some(file) = track.file.filter(|_| page.artist.has_feed) {
                    head.properties.push(("og:audio", format!("{base}{}", path(track.id, file))));
                    head.properties.push(("og:audio:type", media_type(file).to_owned()));
                }
            }
        }
        _ => {
            head.properties.push(("og:type", "profile".to_owned()));
            head.properties.push(("profile:username", page.artist.slug.clone()));
        }
    }
}

fn date(release: &PageRelease) -> String {
    release.published_at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

// A player's card wants https; without it, or with nothing to hear, a picture stands for the page.
fn add_card(head: &mut Head, page: &Page, base: &str) {
    head.names.push(("twitter:title", page.title.clone()));
    if !base.starts_with("https://") || page.tracks.is_empty() {
        head.names.push(("twitter:card", "summary".to_owned()));
        return;
    }
    head.names.extend([
        ("twitter:card", "player".to_owned()),
        ("twitter:player", format!("{base}/embed{}", page.path())),
        ("twitter:player:width", WIDTH.to_string()),
        ("twitter:player:height", height_of(&page.subject).to_string()),
    ]);
}

fn add_alternates(head: &mut Head, page: &Page, base: &str) {
    let mut alternate = |media_type, title: &str, address| {
        head.alternates.push(Alternate { media_type, title: title.to_owned(), address });
    };
    if page.artist.has_feed {
        let feed = format!("{base}/api/v1/artists/{}/feed", page.artist.slug);
        alternate("application/rss+xml", &page.artist.name, format!("{feed}.rss"));
        alternate("application/feed+json", &page.artist.name, format!("{feed}.json"));
    }
    let canonical = format!("{base}{}", page.path());
    alternate("application/json+oembed", &page.title, oembed_address(base, &canonical, "json"));
    alternate("text/xml+oembed", &page.title, oembed_address(base, &canonical, "xml"));
}

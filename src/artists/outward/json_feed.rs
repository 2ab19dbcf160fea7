//! A feed as JSON Feed 1.1 (jsonfeed.org).

use serde_json::{Value, json};

use super::enclosure::{media_type, path};
use super::feed::{Feed, FeedArtist, FeedItem};
use super::head::artwork_address;
use super::rss::seconds;

/// The whole document; links begin with `base`.
pub(super) fn write(feed: &Feed, base: &str) -> Value {
    let artist = &feed.artist;
    let page = format!("{base}/artists/{}", artist.slug);
    let mut document = json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": artist.name,
        "home_page_url": page,
        "feed_url": format!("{base}/api/v1/artists/{}/feed.json", artist.slug),
        "description": artist.about(),
        "authors": [{ "name": artist.name, "url": page }],
        "items": feed.items.iter().map(|item| item_of(item, artist, base)).collect::<Vec<_>>(),
    });
    if let Some(avatar) = &artist.avatar {
        document["icon"] = json!(artwork_address(base, avatar));
        document["authors"][0]["avatar"] = document["icon"].clone();
    }
    document
}

fn item_of(item: &FeedItem, artist: &FeedArtist, base: &str) -> Value {
    let mut written = json!({
        "id": format!("urn:uuid:{}", item.track_id),
        "url": format!("{base}/tracks/{}", item.track_id),
        "title": item.title,
        "content_text": item.about(artist),
        "date_published": item.published_at,
        "attachments": [{
            "url": format!("{base}{}", path(item.track_id, item.kind)),
            "mime_type": media_type(item.kind),
            "title": item.title,
            "size_in_bytes": item.size_bytes,
            "duration_in_seconds": seconds(item.duration_ms),
        }],
    });
    if let Some(picture) = &item.artwork {
        written["image"] = json!(artwork_address(base, picture));
    }
    written
}

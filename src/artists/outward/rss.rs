//! A feed as RSS 2.0, with what podcast clients look for (Apple's `itunes:` elements) and its own address (`atom:link`).

use std::fmt::Write;

use chrono::{DateTime, Utc};

use super::SITE;
use super::enclosure::{media_type, path};
use super::feed::{Feed, FeedArtist, FeedItem};
use super::head::artwork_address;
use crate::platform::markup::{element, empty_element, escape};

const OPENING: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<rss version=\"2.0\" xmlns:atom=\"http://www.w3.org/2005/Atom\" \
xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\">
<channel>
";

/// The whole document; links begin with `base`.
pub(super) fn write(feed: &Feed, base: &str, changed_at: DateTime<Utc>) -> String {
    let artist = &feed.artist;
    let page = format!("{base}/artists/{}", artist.slug);
    let own = format!("{base}/api/v1/artists/{}/feed.rss", artist.slug);
    let mut xml = String::from(OPENING);
    element(&mut xml, "title", &artist.name);
    element(&mut xml, "link", &page);
    element(&mut xml, "description", &artist.about());
    empty_element(&mut xml, "atom:link", &[("href", &own), ("rel", "self"), ("type", "application/rss+xml")]);
    element(&mut xml, "lastBuildDate", &changed_at.to_rfc2822());
    element(&mut xml, "generator", SITE);
    element(&mut xml, "itunes:author", &artist.name);
    element(&mut xml, "itunes:type", "episodic");
    let explicit = feed.items.iter().any(|item| item.explicit);
    element(&mut xml, "itunes:explicit", if explicit { "true" } else { "false" });
    empty_element(&mut xml, "itunes:category", &[("text", "Music")]);
    let newest = feed.items.iter().find_map(|item| item.artwork.as_ref());
    if let Some(picture) = artist.avatar.as_ref().or(newest) {
        let address = artwork_address(base, picture);
        empty_element(&mut xml, "itunes:image", &[("href", &address)]);
        xml.push_str("<image>\n");
        element(&mut xml, "url", &address);
        element(&mut xml, "title", &artist.name);
        element(&mut xml, "link", &page);
        xml.push_str("</image>\n");
    }
    for item in &feed.items {
        write_item(&mut xml, item, artist, base);
    }
    xml.push_str("</channel>\n</rss>\n");
    xml
}

fn write_item(xml: &mut String, item: &FeedItem, artist: &FeedArtist, base: &str) {
    xml.push_str("<item>\n");
    element(xml, "title", &item.title);
    element(xml, "link", &format!("{base}/tracks/{}", item.track_id));
    // Writing into memory does not fail.
    let _ = writeln!(xml, "<guid isPermaLink=\"false\">urn:uuid:{}</guid>", escape(&item.track_id.to_string()));
    element(xml, "pubDate", &item.published_at.to_rfc2822());
    element(xml, "description", &item.about(artist));
    let file = [
        ("url", &*format!("{base}{}", path(item.track_id, item.kind))),
        ("length", &*item.size_bytes.to_string()),
        ("type", media_type(item.kind)),
    ];
    empty_element(xml, "enclosure", &file);
    element(xml, "itunes:author", &artist.name);
    element(xml, "itunes:duration", &seconds(item.duration_ms).to_string());
    element(xml, "itunes:explicit", if item.explicit { "true" } else { "false" });
    if let Some(picture) = &item.artwork {
        empty_element(xml, "itunes:image", &[("href", &artwork_address(base, picture))]);
    }
    xml.push_str("</item>\n");
}

/// A length of time as feeds and pages tell it: whole seconds, and one at least.
pub(super) fn seconds(duration_ms: i64) -> i64 {
    ((duration_ms + 500) / 1000).max(1)
}

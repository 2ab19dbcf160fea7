//! The cover picture in an archive becomes the artwork of its release, where the artist has said nothing of it.

use super::transfer::Transfer;
use crate::artists::set_release_artwork;
use crate::platform::Platform;
use crate::platform::error::Error;
use crate::platform::unpack::Entry;

/// What covers are called, the likeliest first.
const NAMES: &[&str] = &["cover", "front", "folder", "artwork", "albumart"];

/// Endings of pictures; the child says whether they are.
const PICTURES: &[&str] = &["jpg", "jpeg", "png", "webp", "avif"];

/// The file of an archive that is its cover, with its place: the likeliest name, and of those the outermost.
pub(super) fn find(entries: &[Entry]) -> Option<(usize, Entry)> {
    let named = entries.iter().enumerate().filter_map(|(index, entry)| Some((rank(&entry.name)?, index, entry)));
    named.min_by_key(|(rank, index, _)| (*rank, *index)).map(|(_, index, entry)| (index, entry.clone()))
}

fn rank(path: &str) -> Option<(usize, usize)> {
    let folders: Vec<&str> = path.split('/').collect();
    let is_hidden = folders.iter().any(|part| part.starts_with('.') || *part == "__MACOSX");
    let (name, ending) = folders.last()?.rsplit_once('.')?;
    let is_picture = PICTURES.contains(&ending.to_ascii_lowercase().as_str());
    let name = NAMES.iter().position(|known| name.eq_ignore_ascii_case(known))?;
    (is_picture && !is_hidden).then_some((name, folders.len()))
}

/// Shows it, unless the artist has said something of the release's artwork; in words, why it could not be.
pub(super) async fn set(platform: &Platform, transfer: &Transfer, picture: Vec<u8>) -> Option<String> {
    let release = transfer.release_id?;
    match set_release_artwork(platform, release, transfer.account_id, picture).await {
        Ok(_) => None,
        Err(Error::Invalid { problem, .. }) => Some(problem.clone()),
        Err(error @ (Error::Refused(_) | Error::NotFound(_))) => Some(error.problem().title),
        Err(error) => {
            tracing::warn!(%error, upload = %transfer.id, "the cover in an archive was left aside");
            Some("The picture could not be read just now. Set it as the artwork of the release.".to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cover_is_known_by_its_name() {
        for (better, worse) in
            [("Tides/Cover.JPG", "front.png"), ("front.png", "Scans/front.png"), ("folder.webp", "albumart.jpg")]
        {
            assert!(rank(better).is_some() && rank(better) < rank(worse), "{better} {worse}");
        }
        for other in
            ["cover.txt", "back.jpg", "cover", "__MACOSX/cover.jpg", ".cover.jpg", "cover.jpg/a.wav", ".git/cover.jpg"]
        {
            assert_eq!(rank(other), None, "{other}");
        }
    }
}

use serde::{Deserialize, Serialize};
use symphonia::core::meta::{Metadata, MetadataRevision, RawTag, RawValue, StandardTag, Tag};

/// What the file says about itself. Suggestions for a form, never trusted: any text may stand here.
/// Trimmed, free of control characters, at most 200 characters each.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tags {
    /// The track's title.
    pub title: Option<String>,
    /// The performer.
    pub artist: Option<String>,
    /// The release's title.
    pub album: Option<String>,
    /// The position in the release, from 1.
    pub track_number: Option<u32>,
}

const MAX_CHARS: usize = 200;

impl Tags {
    /// Collect from every revision of the metadata; the first one that has a field gives it.
    pub(crate) fn collect(mut metadata: Metadata<'_>) -> Self {
        let (mut tags, mut id3v1) = (Self::default(), Self::default());
        loop {
            match metadata.current() {
                // It cuts everything at 30 bytes, so it speaks last.
                Some(revision) if revision.info.short_name == "id3v1" => id3v1.fill_from(revision),
                Some(revision) => tags.fill_from(revision),
                None => {}
            }
            if metadata.pop().is_none() {
                break;
            }
        }
        Self {
            title: tags.title.or(id3v1.title),
            artist: tags.artist.or(id3v1.artist),
            album: tags.album.or(id3v1.album),
            track_number: tags.track_number.or(id3v1.track_number),
        }
    }

    fn fill_from(&mut self, revision: &MetadataRevision) {
        let per_track = revision.per_track.iter().flat_map(|track| &track.metadata.tags);
        let tags: Vec<&Tag> = revision.media.tags.iter().chain(per_track).collect();
        for tag in &tags {
            match &tag.std {
                Some(StandardTag::TrackTitle(text)) => fill(&mut self.title, text),
                Some(StandardTag::Artist(text)) => fill(&mut self.artist, text),
                Some(StandardTag::Album(text)) => fill(&mut self.album, text),
                Some(StandardTag::TrackNumber(number)) if self.track_number.is_none() => {
                    self.track_number = u32::try_from(*number).ok().filter(is_sensible);
                }
                _ => {}
            }
        }
        if revision.info.short_name == "mkv" {
            tags.iter().for_each(|tag| self.fill_by_name(&tag.raw));
        }
    }

    /// Matroska's tags belong to levels (album, track), which most writers leave out: symphonia then takes a
    /// title for the album's.
    fn fill_by_name(&mut self, tag: &RawTag) {
        let RawValue::String(text) = &tag.value else { return };
        let name = tag.key.rsplit('@').next().unwrap_or_default();
        match name.to_ascii_uppercase().as_str() {
            "TITLE" => fill(&mut self.title, text),
            "ARTIST" => fill(&mut self.artist, text),
            "ALBUM" => fill(&mut self.album, text),
            "TRACK" | "PART_NUMBER" if self.track_number.is_none() => {
                let number = text.split('/').next().and_then(|number| number.trim().parse().ok());
                self.track_number = number.filter(is_sensible);
            }
            _ => {}
        }
    }
}

fn is_sensible(track_number: &u32) -> bool {
    (1..=9_999).contains(track_number)
}

fn fill(field: &mut Option<String>, text: &str) {
    if field.is_none() {
        *field = clean(text);
    }
}

fn clean(text: &str) -> Option<String> {
    // What follows a NUL is padding, or a second value of ID3v2.4.
    let first = text.trim_start_matches('\0').split('\0').next()?;
    let spaced: String = first.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MAX_CHARS).collect();
    let trimmed = spaced.trim();
    (!trimmed.is_empty()).then(|| trimmed.to_owned())
}

#[cfg(test)]
mod tests {
    use super::clean;

    #[test]
    fn text_is_trimmed_and_free_of_control_characters() {
        assert_eq!(clean("  a\tb\n ").as_deref(), Some("a b"));
        assert_eq!(clean("one\0two").as_deref(), Some("one"));
        assert_eq!(clean(" \u{7}\0 "), None);
        assert_eq!(clean(&"é".repeat(500)).map(|text| text.chars().count()), Some(200));
    }
}

use crate::headers::MAX_PICTURE;
use symphonia::core::formats::FormatReader;
use symphonia::core::meta::{MetadataRevision, StandardVisualKey, Visual};

/// The front cover that a file holds, as it stands there: never decoded here, and not to be trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmbeddedCover {
    /// By the first bytes of the picture, whatever the file says: `image/jpeg`, `image/png`, `image/webp` or `image/gif`.
    pub media_type: &'static str,
    /// The picture's file, 16 MiB at most.
    pub bytes: Vec<u8>,
}

impl EmbeddedCover {
    /// The front cover, or, where none is called so, the first picture that is not called something else.
    pub(crate) fn find(demuxer: &mut dyn FormatReader) -> Option<Self> {
        demuxer.metadata().current().and_then(Self::of)
    }

    /// The same, of one tag.
    pub(super) fn of(newest: &MetadataRevision) -> Option<Self> {
        let visuals: Vec<&Visual> = visuals(newest).collect();
        let called =
            |usage: Option<StandardVisualKey>| visuals.iter().find(move |visual| visual.usage == usage).copied();
        let visual = called(Some(StandardVisualKey::FrontCover))
            .or_else(|| called(None))
            .or_else(|| called(Some(StandardVisualKey::Other)))?;
        let media_type = media_type(&visual.data).filter(|_| visual.data.len() as u64 <= MAX_PICTURE)?;
        Some(Self { media_type, bytes: visual.data.to_vec() })
    }
}

fn visuals(revision: &MetadataRevision) -> impl Iterator<Item = &Visual> {
    let per_track = revision.per_track.iter().flat_map(|track| &track.metadata.visuals);
    revision.media.visuals.iter().chain(per_track)
}

fn media_type(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some("image/png"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some("image/gif"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::media_type;

    #[test]
    fn only_the_bytes_say_what_a_picture_is() {
        assert_eq!(media_type(b"\xff\xd8\xff\xe0\0\x10JFIF"), Some("image/jpeg"));
        assert_eq!(media_type(b"\x89PNG\r\n\x1a\n\0\0"), Some("image/png"));
        assert_eq!(media_type(b"RIFF\0\0\0\0WEBPVP8 "), Some("image/webp"));
        assert_eq!(media_type(b"GIF89a"), Some("image/gif"));
        for bytes in [&b"<svg onload=\"alert(1)\">"[..], b"%PDF-1.7", b"RIFF\0\0\0\0WAVE", b"\xff\xd8", b""] {
            assert_eq!(media_type(bytes), None);
        }
    }
}

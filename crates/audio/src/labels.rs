use serde::{Deserialize, Serialize};

/// What is written into a downloaded file's tags: the catalogue's words, in UTF-8. An empty one is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Labels {
    /// The track's title.
    pub title: String,
    /// The performer.
    pub artist: String,
    /// The release's title.
    pub album: String,
    /// The position on its disc, from 1.
    pub track_number: Option<u32>,
    /// The disc, from 1.
    pub disc_number: Option<u32>,
    /// When it was released, as ISO 8601: `2026`, `2026-11` or `2026-11-28`.
    pub date: String,
    /// In words.
    pub genre: String,
    /// The recording's code after ISO 3901, without hyphens.
    pub isrc: String,
    /// Not in the JSON: pictures are files.
    #[serde(skip)]
    pub covers: Covers,
}

/// The front cover, in the sizes that fit different files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Covers {
    /// For FLAC and MP3.
    pub large: Option<FrontCover>,
    /// For Ogg, whose comments come before the first sound. One that fits no page is left out.
    pub small: Option<FrontCover>,
}

/// A picture that stands for a release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrontCover {
    /// `image/jpeg` or `image/png`.
    pub media_type: String,
    pub width: u32,
    pub height: u32,
    /// The picture's file.
    pub bytes: Vec<u8>,
}

impl FrontCover {
    /// As the writers of files take it.
    pub fn as_cover(&self) -> Cover<'_> {
        Cover { media_type: &self.media_type, width: self.width, height: self.height, bytes: &self.bytes }
    }
}

/// The front cover for a file's tags.
#[derive(Clone, Copy, Debug)]
pub struct Cover<'a> {
    /// `image/jpeg` or `image/png`.
    pub media_type: &'a str,
    /// Pixels from left to right; 0 if that is not known.
    pub width: u32,
    /// Pixels from top to bottom; 0 if that is not known.
    pub height: u32,
    /// The picture's file. A header counts it in 24 bits or fewer: see [`Cover::MAX_BYTES`].
    pub bytes: &'a [u8],
}

impl Cover<'_> {
    /// A larger picture is an error of the caller's.
    pub const MAX_BYTES: usize = 8 << 20;

    /// As FLAC and Vorbis comments hold it (RFC 9639 §8.8).
    pub(crate) fn block(&self) -> Vec<u8> {
        const FRONT_COVER: u32 = 3;
        let mut bytes = Vec::with_capacity(self.bytes.len() + 64);
        bytes.extend(FRONT_COVER.to_be_bytes());
        bytes.extend((self.media_type.len() as u32).to_be_bytes());
        bytes.extend_from_slice(self.media_type.as_bytes());
        bytes.extend([0; 4]); // no description
        bytes.extend(self.width.to_be_bytes());
        bytes.extend(self.height.to_be_bytes());
        bytes.extend(24u32.to_be_bytes()); // bits of a pixel
        bytes.extend([0; 4]); // no palette
        bytes.extend((self.bytes.len() as u32).to_be_bytes());
        bytes.extend_from_slice(self.bytes);
        bytes
    }

    pub(crate) fn check(&self) -> std::io::Result<()> {
        if self.bytes.len() > Self::MAX_BYTES || self.media_type.len() > 64 {
            return Err(std::io::Error::new(std::io::ErrorKind::InvalidInput, "the cover is too large for a tag"));
        }
        Ok(())
    }
}

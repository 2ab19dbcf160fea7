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

    pub(crate) fn check(&self) -> std::io::Result<()> {
        if self.bytes.len() > Self::MAX_BYTES || self.media_type.len() > 64 {
            return Err(std::io::Error::new(std::io::ErrorKind::InvalidInput, "the cover is too large for a tag"));
        }
        Ok(())
    }
}

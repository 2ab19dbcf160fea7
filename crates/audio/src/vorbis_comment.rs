use crate::labels::{Cover, Labels};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::io;

/// A Vorbis comment (xiph.org/vorbis/doc/v-comment.html) with the field names that players agree on, without a framing
/// bit: as FLAC (RFC 9639 §8.6) and Opus (RFC 7845 §5.2) have it. A cover that leaves no room for the words is left out.
///
/// # Errors
/// `InvalidInput` for labels that no page of Ogg holds.
pub(crate) fn vorbis_comment(labels: &Labels, cover: Option<Cover<'_>>) -> io::Result<Vec<u8>> {
    let number = |number: Option<u32>| number.map_or_else(String::new, |number| number.to_string());
    let (track, disc) = (number(labels.track_number), number(labels.disc_number));
    let fields = [
        ("TITLE", &labels.title),
        ("ARTIST", &labels.artist),
        ("ALBUM", &labels.album),
        ("TRACKNUMBER", &track),
        ("DISCNUMBER", &disc),
        ("DATE", &labels.date),
        ("GENRE", &labels.genre),
        ("ISRC", &labels.isrc),
        ("METADATA_BLOCK_PICTURE", &cover.map_or_else(String::new, encoded)),
    ];
    let fields = fields.iter().filter(|(_, value)| !value.is_empty());
    let mut bytes = Vec::new();
    text(b"Legato", &mut bytes);
    bytes.extend((fields.clone().count() as u32).to_le_bytes());
    fields.for_each(|(name, value)| text(format!("{name}={value}").as_bytes(), &mut bytes));
    if bytes.len() > MAX_BYTES {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "the labels are too long for a tag"));
    }
    Ok(bytes)
}

/// As xiph.org's wiki has it: a picture block of FLAC in base64.
fn encoded(cover: Cover<'_>) -> String {
    if cover.bytes.len() > MAX_COVER_BYTES {
        return String::new();
    }
    STANDARD.encode(cover.block())
}

/// Base64 makes four bytes of three; the rest is for words.
const MAX_COVER_BYTES: usize = 36_000;

/// Less than 255 segments of 255 bytes.
const MAX_BYTES: usize = 64_000;

fn text(text: &[u8], out: &mut Vec<u8>) {
    out.extend((text.len() as u32).to_le_bytes());
    out.extend_from_slice(text);
}

use crate::labels::{Cover, Labels};
use std::io;

/// An ID3v2.4 tag in UTF-8 (id3.org, 1 November 2000).
pub(crate) fn tag(labels: &Labels, cover: Option<Cover<'_>>) -> io::Result<Vec<u8>> {
    let number = |number: Option<u32>| number.map_or_else(String::new, |number| number.to_string());
    let (track, disc) = (number(labels.track_number), number(labels.disc_number));
    let texts = [
        (b"TIT2", &labels.title),
        (b"TPE1", &labels.artist),
        (b"TALB", &labels.album),
        (b"TRCK", &track),
        (b"TPOS", &disc),
        (b"TDRC", &labels.date),
        (b"TCON", &labels.genre),
        (b"TSRC", &labels.isrc),
    ];
    let mut frames = Vec::new();
    for (id, text) in texts {
        // A NUL would begin a second value.
        let text = text.replace('\0', "");
        if !text.is_empty() {
            frame(id, &[&[UTF_8], text.as_bytes()], &mut frames);
        }
    }
    if let Some(cover) = cover {
        cover.check()?;
        let head = [&[UTF_8], cover.media_type.as_bytes(), &[0, FRONT_COVER, 0]].concat(); // no description
        frame(b"APIC", &[&head, cover.bytes], &mut frames);
    }
    if frames.len() >= 1 << 28 {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "the labels are too long for a tag"));
    }
    let mut tag = b"ID3\x04\0\0".to_vec();
    tag.extend(syncsafe(frames.len()));
    tag.append(&mut frames);
    Ok(tag)
}

const UTF_8: u8 = 3;
const FRONT_COVER: u8 = 3;

fn frame(id: &[u8; 4], parts: &[&[u8]], out: &mut Vec<u8>) {
    out.extend(id);
    out.extend(syncsafe(parts.iter().map(|part| part.len()).sum()));
    out.extend([0; 2]);
    parts.iter().for_each(|part| out.extend_from_slice(part));
}

/// 28 bits in four bytes, so that no byte looks like the start of an MP3 frame.
fn syncsafe(length: usize) -> [u8; 4] {
    [21, 14, 7, 0].map(|shift| (length >> shift & 0x7f) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_labels_are_left_out() {
        assert_eq!(tag(&Labels::default(), None).unwrap(), b"ID3\x04\0\0\0\0\0\0");
        let labels = Labels { title: "é\0".into(), ..Labels::default() };
        assert_eq!(tag(&labels, None).unwrap(), b"ID3\x04\0\0\0\0\0\x0dTIT2\0\0\0\x03\0\0\x03\xc3\xa9");
    }

    #[test]
    fn lengths_have_seven_bits_in_a_byte() {
        assert_eq!(syncsafe(0x0fff_ffff), [0x7f; 4]);
        assert_eq!(syncsafe(257), [0, 0, 2, 1]);
    }
}

//! The tags of WAV files, which symphonia 0.6.1 does not hand out: its reader drops the `LIST` of RIFF (Multimedia
//! Programming Interface and Data Specifications 1.0, "INFO list chunk"), knows no `id3 ` chunk, and looks at nothing behind
//! the samples, where many programs write both.

use super::{EmbeddedCover, Tags, text};
use crate::headers::{MAX_METADATA, MAX_PICTURE};
use std::io::{Cursor, Read, Seek, SeekFrom};
use std::ops::Range;
use symphonia::core::io::MediaSourceStream;
use symphonia::core::meta::MetadataReader;
use symphonia::default::meta::Id3v2Reader;

/// Where a WAV file holds tags, by the bytes of the chunks' contents.
#[derive(Debug, Default)]
pub(crate) struct WaveTags {
    pub(crate) info: Option<Range<u64>>,
    pub(crate) id3: Option<Range<u64>>,
}

impl WaveTags {
    /// What they say; ID3 first, which has more room. What makes no sense says nothing.
    pub(crate) fn read(&self, source: &mut (impl Read + Seek), with_pictures: bool) -> (Tags, Option<EmbeddedCover>) {
        let most = if with_pictures { MAX_PICTURE + MAX_METADATA } else { MAX_METADATA };
        let (mut tags, mut cover) = (Tags::default(), None);
        if let Some(revision) = self.id3.as_ref().and_then(|place| bytes(source, place, most)).and_then(revision) {
            tags.fill_from(&revision);
            cover = EmbeddedCover::of(&revision).filter(|_| with_pictures);
        }
        if let Some(info) = self.info.as_ref().and_then(|place| bytes(source, place, MAX_METADATA)) {
            tags.fill_from_info(&info);
        }
        (tags, cover)
    }
}

fn bytes(source: &mut (impl Read + Seek), place: &Range<u64>, most: u64) -> Option<Vec<u8>> {
    source.seek(SeekFrom::Start(place.start)).ok()?;
    let mut bytes = Vec::new();
    source.take(most.min(place.end - place.start)).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

fn revision(tag: Vec<u8>) -> Option<symphonia::core::meta::MetadataRevision> {
    let stream = MediaSourceStream::new(Box::new(Cursor::new(tag)), Default::default());
    let mut reader = Id3v2Reader::try_new(stream, Default::default()).ok()?;
    reader.read_all().ok().map(|buffer| buffer.revision)
}

impl Tags {
    fn fill_from_info(&mut self, mut list: &[u8]) {
        while let Some((head, rest)) = list.split_at_checked(8) {
            let length = u32::from_le_bytes([head[4], head[5], head[6], head[7]]) as usize;
            let value = decoded(&rest[..length.min(rest.len())]);
            match &head[..4] {
                b"INAM" => text::fill(&mut self.title, &value),
                b"IART" => text::fill(&mut self.artist, &value),
                b"IPRD" => text::fill(&mut self.album, &value),
                b"IGNR" => text::fill(&mut self.genre, &value),
                b"IMUS" => text::fill(&mut self.composer, &value),
                b"ICRD" => self.date = self.date.take().or_else(|| text::date(&value)),
                b"ITRK" | b"IPRT" => {
                    let number = value.trim_matches(['\0', ' ']).split('/').next().and_then(|text| text.parse().ok());
                    if let Some(number) = number {
                        text::fill_number(&mut self.track_number, number);
                    }
                }
                b"ISRC" if self.isrc.is_none() => self.isrc = text::isrc(&value),
                _ => {}
            }
            list = rest.get(length.next_multiple_of(2)..).unwrap_or_default();
        }
    }
}

// The specification names no encoding: programs of today write UTF-8, older ones what Windows called ANSI.
fn decoded(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().copied().map(windows_1252).collect(),
    }
}

fn windows_1252(byte: u8) -> char {
    const HIGH: [char; 32] = [
        '€', ' ', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', ' ', 'Ž', ' ', ' ', '‘', '’', '“', '”', '•',
        '–', '—', '˜', '™', 'š', '›', 'œ', ' ', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9f => HIGH[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk(id: &[u8; 4], content: &[u8]) -> Vec<u8> {
        let mut chunk = id.to_vec();
        chunk.extend((content.len() as u32).to_le_bytes());
        chunk.extend(content);
        chunk.resize(chunk.len().next_multiple_of(2), 0);
        chunk
    }

    fn told(list: &[u8]) -> Tags {
        let mut tags = Tags::default();
        tags.fill_from_info(list);
        tags
    }

    #[test]
    fn a_list_says_who_and_what() {
        let list = [
            chunk(b"INAM", "Flut\0".as_bytes()),
            chunk(b"IART", b"Bj\xf6rk\0"),
            chunk(b"IGNR", b"Trip Hop"),
            chunk(b"ICRD", b"1997-09-22"),
            chunk(b"ITRK", b"3/10\0"),
            chunk(b"ISFT", b"Lavf"),
        ]
        .concat();
        let tags = told(&list);
        let texts = [&tags.title, &tags.artist, &tags.genre, &tags.date].map(|text| text.as_deref().unwrap_or("-"));
        assert_eq!((texts, tags.track_number), (["Flut", "Björk", "Trip Hop", "1997-09-22"], Some(3)));
    }

    #[test]
    fn a_list_that_lies_of_its_lengths_is_harmless() {
        for length in [0_u32, 1, 3, u32::MAX, u32::MAX - 1] {
            let mut list = b"INAM".to_vec();
            list.extend(length.to_le_bytes());
            list.extend(b"Tide");
            assert!(told(&list).title.is_none_or(|title| "Tide".starts_with(&title)), "{length}");
        }
        assert_eq!(told(b"INAM\x01"), Tags::default());
    }
}

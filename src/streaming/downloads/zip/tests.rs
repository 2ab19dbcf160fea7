//! Zips that other programs read.

use std::io::{Cursor, Read, Seek, SeekFrom};

use super::*;

fn entry(name: &str, size_bytes: u64) -> Entry {
    Entry { name: name.to_owned(), object_key: format!("curated/{name}"), size_bytes }
}

fn at() -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000, 0).expect("a time")
}

fn bytes_of(number: usize, size: u64) -> Vec<u8> {
    (0..size).map(|at| (at as usize * 7 + number) as u8).collect()
}

/// Writes the pieces of a range as a server would.
fn written(layout: &Layout, offset: u64, length: u64) -> Vec<u8> {
    let file = |number: usize| bytes_of(number, layout.entries()[number].size_bytes);
    let crc32 = |number: usize| crc32fast::hash(&file(number));
    let crc32s: Vec<u32> = (0..layout.entries().len()).map(crc32).collect();
    let mut out = Vec::new();
    for (piece, range) in layout.pieces(offset, length) {
        let whole = match piece {
            Piece::Header(number) => layout.header(number, crc32s[number]),
            Piece::File(number) => file(number),
            Piece::Directory => layout.directory(&crc32s),
        };
        out.extend_from_slice(&whole[range.start as usize..range.end as usize]);
    }
    out
}

#[test]
fn a_zip_is_as_long_as_it_says_and_others_read_it() {
    let layout = Layout::of(vec![entry("Nina/01 Ebb.flac", 3000), entry("Nina/02 Fløde.flac", 0), entry("x", 1)], at());
    let zip = written(&layout, 0, u64::MAX / 2);
    assert_eq!(zip.len() as u64, layout.length());
    let mut archive = ::zip::ZipArchive::new(Cursor::new(&zip)).expect("a zip");
    assert_eq!(archive.len(), 3);
    for (number, entry) in layout.entries().iter().enumerate() {
        let mut file = archive.by_name(&entry.name).expect("it is there");
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).expect("its checksum fits");
        assert_eq!(bytes, bytes_of(number, entry.size_bytes));
        assert_eq!(file.last_modified().map(|time| time.year()), Some(2026));
    }
}

#[test]
fn any_range_is_a_part_of_the_whole() {
    let layout = Layout::of(vec![entry("a", 100), entry("bc", 50), entry("d", 0)], at());
    let whole = written(&layout, 0, layout.length());
    for offset in 0..layout.length() {
        for length in [1, 2, 33, 150, 10_000] {
            let part = written(&layout, offset, length);
            let end = whole.len().min(offset as usize + length as usize);
            assert_eq!(part, whole[offset as usize..end], "{length} bytes from {offset}");
        }
    }
}

/// A zip of gigabytes that are never written: zeros, but for headers and directory.
struct Sparse {
    layout: Layout,
    at: u64,
}

impl Read for Sparse {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let Some((piece, range)) = self.layout.pieces(self.at, buffer.len() as u64).into_iter().next() else {
            return Ok(0);
        };
        let length = (range.end - range.start) as usize;
        let whole = |bytes: Vec<u8>| bytes[range.start as usize..range.end as usize].to_vec();
        match piece {
            Piece::Header(number) => buffer[..length].copy_from_slice(&whole(self.layout.header(number, 0))),
            Piece::File(_) => buffer[..length].fill(0),
            Piece::Directory => buffer[..length].copy_from_slice(&whole(self.layout.directory(&[0, 0, 0]))),
        }
        self.at += length as u64;
        Ok(length)
    }
}

impl Seek for Sparse {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        let end = self.layout.length() as i64;
        let at = match to {
            SeekFrom::Start(at) => at as i64,
            SeekFrom::End(by) => end + by,
            SeekFrom::Current(by) => self.at as i64 + by,
        };
        self.at = u64::try_from(at).map_err(|_| std::io::Error::other("before the start"))?;
        Ok(self.at)
    }
}

#[test]
fn what_is_larger_than_four_gigabytes_is_found_too() {
    let layout = Layout::of(vec![entry("large", MOST32 + 5), entry("middle", 7), entry("behind", 9)], at());
    let mut archive = ::zip::ZipArchive::new(Sparse { layout, at: 0 }).expect("a zip");
    let sizes: Vec<(String, u64)> = (0..3)
        .map(|number| {
            let file = archive.by_index_raw(number).expect("it is there");
            (file.name().expect("UTF-8").into_owned(), file.size())
        })
        .collect();
    assert_eq!(sizes, [("large".to_owned(), MOST32 + 5), ("middle".to_owned(), 7), ("behind".to_owned(), 9)]);
}

#[test]
fn another_file_is_another_tag() {
    let one = Layout::of(vec![entry("a", 1)], at());
    let other = Layout::of(vec![Entry { object_key: "curated/other".to_owned(), ..entry("a", 1) }], at());
    assert_ne!(one.etag(), other.etag());
    assert_eq!(one.etag(), Layout::of(vec![entry("a", 1)], at()).etag());
}

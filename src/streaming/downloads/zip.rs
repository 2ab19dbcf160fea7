//! A zip that is known before it is written (APPNOTE 6.3.10): stored files one behind the other and a directory, of which every
//! byte's place follows from names and lengths alone. So it has a length, an ETag and ranges without lying anywhere.
//!
//! What is longer than 4 GiB − 1, or lies behind that, is told in ZIP64 fields; which of them there are is known beforehand too.

use chrono::{DateTime, Datelike, Timelike, Utc};

const LOCAL_BYTES: u64 = 30;
const CENTRAL_BYTES: u64 = 46;
const END_BYTES: u64 = 22;
const END64_BYTES: u64 = 56 + 20;
/// A file's two lengths in its own header.
const LOCAL64_BYTES: u64 = 4 + 16;
/// Its two lengths and its place in the directory.
const CENTRAL64_BYTES: u64 = 4 + 24;

/// Names are UTF-8.
const FLAGS: u16 = 1 << 11;
const MOST32: u64 = u32::MAX as u64;

/// A file of a zip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    /// With folders, of safe parts.
    pub(super) name: String,
    pub(super) object_key: String,
    pub(super) size_bytes: u64,
}

/// A zip, laid out.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    entries: Vec<Entry>,
    modified_at: DateTime<Utc>,
    /// Where each entry begins; one more for the directory.
    starts: Vec<u64>,
    length: u64,
}

/// A piece of a zip.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece {
    /// What stands before a file's bytes.
    Header(usize),
    /// The bytes of a file.
    File(usize),
    /// What stands behind all files.
    Directory,
}

impl Layout {
    pub(super) fn of(entries: Vec<Entry>, modified_at: DateTime<Utc>) -> Self {
        let (mut starts, mut at) = (Vec::with_capacity(entries.len() + 1), 0);
        for entry in &entries {
            starts.push(at);
            at += header_bytes(entry) + entry.size_bytes;
        }
        starts.push(at);
        let mut layout = Self { entries, modified_at, starts, length: 0 };
        layout.length = at + layout.directory_bytes() + layout.ends_bytes();
        layout
    }

    pub(super) fn length(&self) -> u64 {
        self.length
    }

    pub(super) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// A strong validator: what it is made of are files that never change, by the hash of each.
    pub(super) fn etag(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        for entry in &self.entries {
            for part in [entry.name.as_bytes(), entry.object_key.as_bytes(), &entry.size_bytes.to_be_bytes()] {
                hasher.update(&(part.len() as u64).to_be_bytes()).update(part);
            }
        }
        hasher.update(&self.modified_at.timestamp().to_be_bytes());
        format!("\"{}\"", &hasher.finalize().to_hex()[..32])
    }

    /// The pieces that hold `length` bytes from `offset`, each with the part of it that is in there.
    pub(super) fn pieces(&self, offset: u64, length: u64) -> Vec<(Piece, std::ops::Range<u64>)> {
        let end = (offset + length).min(self.length);
        let mut all = Vec::new();
        for (number, entry) in self.entries.iter().enumerate() {
            let (start, header) = (self.starts[number], header_bytes(entry));
            all.push((Piece::Header(number), start, header));
            all.push((Piece::File(number), start + header, entry.size_bytes));
        }
        let directory = self.starts[self.entries.len()];
        all.push((Piece::Directory, directory, self.length - directory));
        let within = all.into_iter().filter_map(|(piece, start, size)| {
            let (from, to) = (offset.max(start), end.min(start + size));
            (from < to).then(|| (piece, from - start..to - start))
        });
        within.collect()
    }

    /// What stands before a file's bytes.
    pub(super) fn header(&self, number: usize, crc32: u32) -> Vec<u8> {
        let entry = &self.entries[number];
        let is_large = is_large(entry);
        let mut bytes = Bytes::default();
        bytes.u32(0x0403_4b50);
        self.common(&mut bytes, entry, crc32, is_large);
        bytes.u16(entry.name.len() as u16);
        bytes.u16(if is_large { LOCAL64_BYTES as u16 } else { 0 });
        bytes.0.extend_from_slice(entry.name.as_bytes());
        if is_large {
            bytes.u16(1);
            bytes.u16(16);
            bytes.u64(entry.size_bytes);
            bytes.u64(entry.size_bytes);
        }
        bytes.0
    }

    /// What stands behind all files, with their checksums.
    pub(super) fn directory(&self, crc32s: &[u32]) -> Vec<u8> {
        let mut bytes = Bytes::default();
        for ((entry, crc32), start) in self.entries.iter().zip(crc32s).zip(&self.starts) {
            self.central(&mut bytes, entry, *crc32, *start);
        }
        self.ends(&mut bytes);
        bytes.0
    }

    fn central(&self, bytes: &mut Bytes, entry: &Entry, crc32: u32, start: u64) {
        let is_large = is_large(entry) || start >= MOST32;
        bytes.u32(0x0201_4b50);
        // Made by: UNIX, and this version of the format.
        bytes.u16(3 << 8 | 63);
        self.common(bytes, entry, crc32, is_large);
        bytes.u16(entry.name.len() as u16);
        bytes.u16(if is_large { CENTRAL64_BYTES as u16 } else { 0 });
        // No comment, the first disk, no attributes inside; a plain file that all may read.
        bytes.u16(0);
        bytes.u16(0);
        bytes.u16(0);
        bytes.u32(0o100_644 << 16);
        bytes.u32(if is_large { u32::MAX } else { start as u32 });
        bytes.0.extend_from_slice(entry.name.as_bytes());
        if is_large {
            bytes.u16(1);
            bytes.u16(24);
            bytes.u64(entry.size_bytes);
            bytes.u64(entry.size_bytes);
            bytes.u64(start);
        }
    }

    // What both of a file's headers say: version, flags, stored, time, checksum and lengths.
    fn common(&self, bytes: &mut Bytes, entry: &Entry, crc32: u32, is_large: bool) {
        let (date, time) = dos_time(self.modified_at);
        let size = if is_large { u32::MAX } else { entry.size_bytes as u32 };
        bytes.u16(if is_large { 45 } else { 20 });
        bytes.u16(FLAGS);
        bytes.u16(0);
        bytes.u16(time);
        bytes.u16(date);
        bytes.u32(crc32);
        bytes.u32(size);
        bytes.u32(size);
    }

    fn ends(&self, bytes: &mut Bytes) {
        let (count, start, size) = (self.entries.len() as u64, self.starts[self.entries.len()], self.directory_bytes());
        if self.is_large() {
            let at = start + size;
            bytes.u32(0x0606_4b50);
            bytes.u64(44);
            bytes.u16(3 << 8 | 63);
            bytes.u16(45);
            bytes.u32(0);
            bytes.u32(0);
            [count, count, size, start].into_iter().for_each(|value| bytes.u64(value));
            bytes.u32(0x0706_4b50);
            bytes.u32(0);
            bytes.u64(at);
            bytes.u32(1);
        }
        bytes.u32(0x0605_4b50);
        bytes.u16(0);
        bytes.u16(0);
        bytes.u16(count.min(0xffff) as u16);
        bytes.u16(count.min(0xffff) as u16);
        bytes.u32(size.min(MOST32) as u32);
        bytes.u32(start.min(MOST32) as u32);
        bytes.u16(0);
    }

    fn directory_bytes(&self) -> u64 {
        let of = |(entry, start): (&Entry, &u64)| {
            let is_large = is_large(entry) || *start >= MOST32;
            CENTRAL_BYTES + entry.name.len() as u64 + if is_large { CENTRAL64_BYTES } else { 0 }
        };
        self.entries.iter().zip(&self.starts).map(of).sum()
    }

    fn ends_bytes(&self) -> u64 {
        END_BYTES + if self.is_large() { END64_BYTES } else { 0 }
    }

    fn is_large(&self) -> bool {
        self.starts[self.entries.len()] >= MOST32 || self.entries.len() >= 0xffff
    }
}

fn header_bytes(entry: &Entry) -> u64 {
    LOCAL_BYTES + entry.name.len() as u64 + if is_large(entry) { LOCAL64_BYTES } else { 0 }
}

fn is_large(entry: &Entry) -> bool {
    entry.size_bytes >= MOST32
}

/// Little-endian fields.
#[derive(Default)]
struct Bytes(Vec<u8>);

impl Bytes {
    fn u16(&mut self, value: u16) {
        self.0.extend_from_slice(&value.to_le_bytes());
    }

    fn u32(&mut self, value: u32) {
        self.0.extend_from_slice(&value.to_le_bytes());
    }

    fn u64(&mut self, value: u64) {
        self.0.extend_from_slice(&value.to_le_bytes());
    }
}

/// Date and time of a zip: two seconds, no zone, from 1980 on.
fn dos_time(at: DateTime<Utc>) -> (u16, u16) {
    let year = u16::try_from(at.year().clamp(1980, 2107) - 1980).unwrap_or(0);
    let date = year << 9 | (at.month() as u16) << 5 | at.day() as u16;
    let time = (at.hour() as u16) << 11 | (at.minute() as u16) << 5 | (at.second() / 2) as u16;
    (date, time)
}

#[cfg(test)]
mod tests;

//! Reads ZIP archives (APPNOTE.TXT 6.3.10) that strangers made: what is in one is known and bounded before a byte of it is
//! unpacked.
//!
//! Taken are stored and deflated entries, with or without ZIP64. Refused as a whole is an archive with too many entries, with
//! names that lead out of it, with links, with encrypted entries, with entries that lie over each other, or that is larger
//! inside than it may be.

use std::collections::HashSet;
use std::io::{self, Read, Seek, SeekFrom, Write};

use flate2::Crc;
use flate2::read::DeflateDecoder;

/// How far from the end the record of the end may begin: its own length and the longest comment.
const END_WITHIN: u64 = 22 + 65_535;

/// The longest list of entries, where few are allowed; and how much of it each of many may take.
const MAX_DIRECTORY_BYTES: u64 = 1024 * 1024;
const MAX_LINE_BYTES: u64 = 512;

/// What an archive may hold.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    pub(crate) entries: usize,
    /// Of one entry, unpacked.
    pub(crate) entry_bytes: u64,
    /// Of all entries, unpacked.
    pub(crate) total_bytes: u64,
    /// How many times larger than itself an archive may be inside.
    pub(crate) ratio: u64,
}

/// Why an archive is not unpacked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unfit {
    /// It is none, or is damaged.
    Damaged,
    TooManyEntries,
    TooLarge,
    /// A name leads out of it, or something is a link.
    Unsafe,
    Encrypted,
    /// Packed in a way that nobody here knows.
    Unsupported,
}

/// One file in an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    /// As the archive has it, with `/` between folders.
    pub(crate) name: String,
    /// Unpacked.
    pub(crate) size_bytes: u64,
    packed_bytes: u64,
    offset: u64,
    crc: u32,
    is_deflated: bool,
}

/// Why an archive could not be read.
#[derive(Debug)]
pub(crate) enum Failure {
    Unfit(Unfit),
    Io(io::Error),
}

impl From<Unfit> for Failure {
    fn from(unfit: Unfit) -> Self {
        Self::Unfit(unfit)
    }
}

impl From<io::Error> for Failure {
    fn from(cause: io::Error) -> Self {
        match cause.kind() {
            io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => {
                Self::Unfit(Unfit::Damaged)
            }
            _ => Self::Io(cause),
        }
    }
}

/// The files of an archive in its own order, if all of it is fit to be unpacked. Folders are passed over.
pub(crate) fn list(archive: &mut (impl Read + Seek), bounds: Bounds) -> Result<Vec<Entry>, Failure> {
    let length = archive.seek(SeekFrom::End(0))?;
    let directory = find_directory(archive, length)?;
    let longest = MAX_DIRECTORY_BYTES.max(bounds.entries as u64 * MAX_LINE_BYTES);
    if directory.entries > bounds.entries as u64 || directory.bytes > longest {
        return Err(Unfit::TooManyEntries.into());
    }
    let bytes = read_at(archive, directory.offset, directory.bytes)?;
    let mut rest = bytes.as_slice();
    let mut entries = Vec::new();
    for _ in 0..directory.entries {
        entries.extend(parse_entry(&mut rest)?);
    }
    check(&entries, length, bounds)?;
    Ok(entries)
}

/// Unpacks one file. What does not have the length and the checksum that the archive tells is damaged.
pub(crate) fn unpack(archive: &mut (impl Read + Seek), entry: &Entry, into: &mut impl Write) -> Result<(), Failure> {
    let head = read_at(archive, entry.offset, 30)?;
    if u32_at(&head, 0)? != 0x0403_4b50 {
        return Err(Unfit::Damaged.into());
    }
    let skip = u64::from(u16_at(&head, 26)?) + u64::from(u16_at(&head, 28)?);
    archive.seek(SeekFrom::Start(entry.offset + 30 + skip))?;
    let packed = archive.take(entry.packed_bytes);
    if entry.is_deflated { copy(DeflateDecoder::new(packed), entry, into) } else { copy(packed, entry, into) }
}

fn copy(mut from: impl Read, entry: &Entry, into: &mut impl Write) -> Result<(), Failure> {
    let (mut crc, mut piece) = (Crc::new(), vec![0; 256 * 1024]);
    let mut left = entry.size_bytes;
    loop {
        let read = from.read(&mut piece)?;
        if read == 0 {
            break;
        }
        left = left.checked_sub(read as u64).ok_or(Unfit::Damaged)?;
        crc.update(&piece[..read]);
        into.write_all(&piece[..read]).map_err(Failure::Io)?;
    }
    if left > 0 || crc.sum() != entry.crc {
        return Err(Unfit::Damaged.into());
    }
    Ok(())
}

struct Directory {
    entries: u64,
    bytes: u64,
    offset: u64,
}

fn find_directory(archive: &mut (impl Read + Seek), length: u64) -> Result<Directory, Failure> {
    let from = length.saturating_sub(END_WITHIN);
    let tail = read_at(archive, from, length - from)?;
    let begins = |at: &usize| tail[*at..].starts_with(b"PK\x05\x06");
    // Its comment reaches to the end.
    let reaches = |at: &usize| u16_at(&tail, at + 20).is_ok_and(|comment| at + 22 + usize::from(comment) == tail.len());
    let at = (0..tail.len().saturating_sub(21)).rev().find(|at| begins(at) && reaches(at)).ok_or(Unfit::Damaged)?;
    let (disk, entries) = (u16_at(&tail, at + 4)?, u16_at(&tail, at + 10)?);
    let (bytes, offset) = (u32_at(&tail, at + 12)?, u32_at(&tail, at + 16)?);
    if entries == u16::MAX || bytes == u32::MAX || offset == u32::MAX {
        let at = (from + at as u64).checked_sub(20).ok_or(Unfit::Damaged)?;
        return find_large_directory(archive, at);
    }
    if disk != 0 {
        return Err(Unfit::Unsupported.into());
    }
    Ok(Directory { entries: entries.into(), bytes: bytes.into(), offset: offset.into() })
}

// ZIP64: a locator before the end, and a record of its own.
fn find_large_directory(archive: &mut (impl Read + Seek), locator: u64) -> Result<Directory, Failure> {
    let locator = read_at(archive, locator, 20)?;
    if u32_at(&locator, 0)? != 0x0706_4b50 {
        return Err(Unfit::Damaged.into());
    }
    let record = read_at(archive, u64_at(&locator, 8)?, 56)?;
    if u32_at(&record, 0)? != 0x0606_4b50 {
        return Err(Unfit::Damaged.into());
    }
    Ok(Directory { entries: u64_at(&record, 32)?, bytes: u64_at(&record, 40)?, offset: u64_at(&record, 48)? })
}

// None: a folder.
fn parse_entry(rest: &mut &[u8]) -> Result<Option<Entry>, Failure> {
    let head = take(rest, 46)?;
    if u32_at(head, 0)? != 0x0201_4b50 {
        return Err(Unfit::Damaged.into());
    }
    let name = String::from_utf8_lossy(take(rest, u16_at(head, 28)?.into())?).replace('\\', "/");
    let extra = take(rest, u16_at(head, 30)?.into())?;
    take(rest, u16_at(head, 32)?.into())?;
    let (flags, method, attributes) = (u16_at(head, 8)?, u16_at(head, 10)?, u32_at(head, 38)?);
    if flags & 1 != 0 {
        return Err(Unfit::Encrypted.into());
    }
    // The upper half are Unix' own; what is no file and no folder there is a link or a device.
    if ![0, 0o040_000, 0o100_000].contains(&((attributes >> 16) & 0o170_000)) || leads_out(&name) {
        return Err(Unfit::Unsafe.into());
    }
    if name.ends_with('/') {
        return Ok(None);
    }
    let is_deflated = match method {
        0 => false,
        8 => true,
        _ => return Err(Unfit::Unsupported.into()),
    };
    let mut large = Large::of(extra);
    let size_bytes = large.number(u32_at(head, 24)?)?;
    let packed_bytes = large.number(u32_at(head, 20)?)?;
    let offset = large.number(u32_at(head, 42)?)?;
    Ok(Some(Entry { name, size_bytes, packed_bytes, offset, crc: u32_at(head, 16)?, is_deflated }))
}

fn leads_out(name: &str) -> bool {
    let is_absolute = name.starts_with('/') || name.as_bytes().get(1) == Some(&b':');
    name.is_empty() || name.contains('\0') || is_absolute || name.split('/').any(|part| part == "..")
}

/// Numbers that need 64 bits, in the order of their fields.
struct Large<'a>(&'a [u8]);

impl<'a> Large<'a> {
    fn of(mut extra: &'a [u8]) -> Self {
        while let (Ok(kind), Ok(length)) = (u16_at(extra, 0), u16_at(extra, 2)) {
            let (Some(field), rest) = (extra.get(4..4 + usize::from(length)), extra.get(4 + usize::from(length)..))
            else {
                break;
            };
            if kind == 1 {
                return Self(field);
            }
            extra = rest.unwrap_or_default();
        }
        Self(&[])
    }

    fn number(&mut self, small: u32) -> Result<u64, Failure> {
        if small == u32::MAX { u64_at(take(&mut self.0, 8)?, 0) } else { Ok(small.into()) }
    }
}

fn check(entries: &[Entry], length: u64, bounds: Bounds) -> Result<(), Failure> {
    let (mut total, mut names) = (0_u64, HashSet::new());
    for entry in entries {
        total = total.saturating_add(entry.size_bytes);
        let is_too_large = entry.size_bytes > bounds.entry_bytes
            || total > bounds.total_bytes
            || total > length.saturating_mul(bounds.ratio);
        if is_too_large {
            return Err(Unfit::TooLarge.into());
        }
        if !names.insert(entry.name.as_str()) {
            return Err(Unfit::Damaged.into());
        }
    }
    // Entries that share bytes are how a small archive holds everything many times.
    let mut places: Vec<(u64, u64)> = entries.iter().map(|entry| (entry.offset, entry.packed_bytes)).collect();
    places.sort_unstable();
    let ends = places.iter().map(|(offset, bytes)| offset.saturating_add(30).saturating_add(*bytes));
    let next = places.iter().skip(1).map(|(offset, _)| *offset).chain([length]);
    if ends.zip(next).any(|(end, next)| end > next) {
        return Err(Unfit::Damaged.into());
    }
    Ok(())
}

fn read_at(archive: &mut (impl Read + Seek), at: u64, length: u64) -> Result<Vec<u8>, Failure> {
    archive.seek(SeekFrom::Start(at))?;
    let mut bytes = Vec::new();
    archive.take(length).read_to_end(&mut bytes)?;
    if bytes.len() as u64 == length { Ok(bytes) } else { Err(Unfit::Damaged.into()) }
}

fn take<'a>(bytes: &mut &'a [u8], length: usize) -> Result<&'a [u8], Failure> {
    let (taken, rest) = bytes.split_at_checked(length).ok_or(Unfit::Damaged)?;
    *bytes = rest;
    Ok(taken)
}

fn u16_at(bytes: &[u8], at: usize) -> Result<u16, Failure> {
    array(bytes, at).map(u16::from_le_bytes)
}

fn u32_at(bytes: &[u8], at: usize) -> Result<u32, Failure> {
    array(bytes, at).map(u32::from_le_bytes)
}

fn u64_at(bytes: &[u8], at: usize) -> Result<u64, Failure> {
    array(bytes, at).map(u64::from_le_bytes)
}

fn array<const N: usize>(bytes: &[u8], at: usize) -> Result<[u8; N], Failure> {
    let found = bytes.get(at..at + N).and_then(|found| found.try_into().ok());
    found.ok_or(Failure::Unfit(Unfit::Damaged))
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use zip::write::SimpleFileOptions;
    use zip::{CompressionMethod, ZipWriter};

    use super::*;

    const BOUNDS: Bounds = Bounds { entries: 10, entry_bytes: 1 << 20, total_bytes: 2 << 20, ratio: 100 };

    fn pack(files: &[(&str, &[u8])], method: CompressionMethod, large: bool) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in files {
            let options = SimpleFileOptions::default().compression_method(method).large_file(large);
            zip.start_file(*name, options).expect("a file");
            zip.write_all(bytes).expect("written");
        }
        zip.finish().expect("an archive").into_inner()
    }

    fn unfit(archive: Vec<u8>) -> Option<Unfit> {
        let mut archive = Cursor::new(archive);
        let unpacked = list(&mut archive, BOUNDS)
            .and_then(|entries| entries.iter().try_for_each(|entry| unpack(&mut archive, entry, &mut io::sink())));
        match unpacked {
            Ok(()) => None,
            Err(Failure::Unfit(unfit)) => Some(unfit),
            Err(Failure::Io(cause)) => panic!("{cause}"),
        }
    }

    #[test]
    fn what_was_packed_is_unpacked() {
        let music: Vec<u8> = (0..100_000_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 20) as u8).collect();
        for method in [CompressionMethod::Stored, CompressionMethod::Deflated] {
            for large in [false, true] {
                let files: [(&str, &[u8]); 3] = [("CD 1/01 Ebb.wav", &music), ("CD 1/", b""), ("Ünï.flac", b"flac")];
                let mut archive = Cursor::new(pack(&[files[0], files[2]], method, large));
                let entries = list(&mut archive, BOUNDS).expect("entries");
                let names: Vec<&str> = entries.iter().map(|entry| entry.name.as_str()).collect();
                assert_eq!(names, ["CD 1/01 Ebb.wav", "Ünï.flac"]);
                let mut out = Vec::new();
                unpack(&mut archive, &entries[0], &mut out).expect("unpacked");
                assert_eq!(out, music);
            }
        }
    }

    #[test]
    fn what_is_dangerous_is_refused_as_a_whole() {
        let deflated = CompressionMethod::Deflated;
        let one = |name: &str| pack(&[(name, b"x")], deflated, false);
        for name in ["../x.wav", "a/../../x.wav", "/etc/x.wav", "..\\x.wav", "C:/x.wav", "a\0.wav"] {
            assert_eq!(unfit(one(name)), Some(Unfit::Unsafe), "{name}");
        }
        assert_eq!(unfit(one("a..b/x...wav")), None);
        let zeros = vec![0; 1 << 20];
        assert_eq!(unfit(pack(&[("bomb.wav", &zeros)], deflated, false)), Some(Unfit::TooLarge));
        let names: Vec<String> = (0..11).map(|number| number.to_string()).collect();
        let many: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b"x"[..])).collect();
        assert_eq!(unfit(pack(&many, deflated, false)), Some(Unfit::TooManyEntries));
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        zip.add_symlink("x.wav", "/etc/passwd", SimpleFileOptions::default()).expect("a link");
        assert_eq!(unfit(zip.finish().expect("an archive").into_inner()), Some(Unfit::Unsafe));
    }

    #[test]
    fn no_byte_that_is_changed_makes_it_read_too_much_or_panic() {
        let archive = pack(&[("a.wav", &[7; 3000]), ("b.wav", b"more music")], CompressionMethod::Deflated, false);
        for at in 0..archive.len() {
            for change in [0x01, 0x80, 0xff] {
                let mut changed = archive.clone();
                changed[at] ^= change;
                unfit(changed);
            }
            unfit(archive[..at].to_vec());
        }
        assert_eq!(unfit(Vec::new()), Some(Unfit::Damaged));
        assert_eq!(unfit(archive), None);
    }

    #[test]
    fn entries_do_not_share_their_bytes() {
        let mut archive = pack(&[("a.wav", &[1; 500]), ("b.wav", &[1; 500])], CompressionMethod::Stored, false);
        // The second name leads to the first one's bytes.
        let second = archive.windows(4).rposition(|four| four == b"PK\x01\x02").expect("an entry");
        archive[second + 42..second + 46].fill(0);
        assert_eq!(unfit(archive), Some(Unfit::Damaged));
    }
}

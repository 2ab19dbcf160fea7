//! Several files that are read as one, the next behind the one before.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

/// Files in their order, and where somebody is in all of them.
#[derive(Debug)]
pub(crate) struct Pieces {
    /// Each with the place in the whole where it begins.
    files: Vec<(u64, File)>,
    length: u64,
    at: u64,
}

impl Pieces {
    pub(crate) fn of(files: Vec<File>) -> io::Result<Self> {
        let (mut begun, mut length) = (Vec::new(), 0);
        for file in files {
            let size = file.metadata()?.len();
            begun.push((length, file));
            length += size;
        }
        Ok(Self { files: begun, length, at: 0 })
    }

    pub(crate) fn size_bytes(&self) -> u64 {
        self.length
    }
}

impl Read for Pieces {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        use std::os::unix::fs::FileExt;
        if self.at >= self.length || into.is_empty() {
            return Ok(0);
        }
        // The last that begins here or before; empty ones begin where their successors do.
        let index = self.files.partition_point(|(begin, _)| *begin <= self.at) - 1;
        let (begin, file) = &self.files[index];
        let read = file.read_at(into, self.at - begin)?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.at += read as u64;
        Ok(read)
    }
}

impl Seek for Pieces {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let place = match to {
            SeekFrom::Start(place) => Some(place),
            SeekFrom::End(by) => self.length.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = place.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn files_behind_each_other_are_one() {
        let files = ["ab", "", "cde", "f"].map(|text| {
            let mut file = tempfile::tempfile().expect("a file");
            file.write_all(text.as_bytes()).expect("written");
            file
        });
        let mut pieces = Pieces::of(files.into()).expect("pieces");
        assert_eq!(pieces.size_bytes(), 6);
        let mut all = String::new();
        pieces.read_to_string(&mut all).expect("text");
        assert_eq!(all, "abcdef");
        for place in 0..=7_u64 {
            pieces.seek(SeekFrom::Start(place)).expect("a place");
            let mut rest = String::new();
            pieces.read_to_string(&mut rest).expect("text");
            assert_eq!(rest, "abcdef".get(usize::try_from(place).expect("small")..).unwrap_or(""));
        }
        assert_eq!(pieces.seek(SeekFrom::End(-2)).expect("a place"), 4);
        assert!(pieces.seek(SeekFrom::End(-7)).is_err());
    }
}

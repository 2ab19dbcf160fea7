//! Which lines of a file say what a line before them says: written by the child, and read beside its sales.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Write};

/// Lines that say what a line before them says: its line and how many were before, eight bytes each, little-endian.
pub(in crate::artists::statements) const REPEATS: &str = "repeats";

/// Writes which of these, the beginning of each sale's hash and its place, say what one before them says.
pub(super) fn write(mut hashes: Vec<(u64, u32)>, file: File) -> io::Result<()> {
    hashes.sort_unstable();
    let mut before = 0;
    let mut repeats = Vec::new();
    for pair in hashes.windows(2) {
        before = if pair[0].0 == pair[1].0 { before + 1 } else { 0 };
        if before > 0 {
            repeats.push((pair[1].1, before));
        }
    }
    repeats.sort_unstable();
    let mut file = BufWriter::new(file);
    for (place, before) in repeats {
        let before: u32 = before;
        file.write_all(&place.to_le_bytes())?;
        file.write_all(&before.to_le_bytes())?;
    }
    file.flush()
}

/// What the child wrote to [`REPEATS`], read beside the sales.
pub(in crate::artists::statements) struct Repeats {
    file: BufReader<File>,
    next: Option<(u32, u32)>,
}

impl Repeats {
    pub(in crate::artists::statements) fn new(file: File) -> io::Result<Self> {
        let mut repeats = Self { file: BufReader::new(file), next: None };
        repeats.advance()?;
        Ok(repeats)
    }

    /// How many sales before the one at a place, from 0, say the same. Places are asked for in order.
    pub(in crate::artists::statements) fn before(&mut self, place: u32) -> io::Result<u32> {
        match self.next {
            Some((next, before)) if next == place => {
                self.advance()?;
                Ok(before)
            }
            _ => Ok(0),
        }
    }

    fn advance(&mut self) -> io::Result<()> {
        let mut pair = [0; 8];
        self.next = match self.file.read_exact(&mut pair) {
            Ok(()) => {
                let [a, b, c, d, e, f, g, h] = pair;
                Some((u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h])))
            }
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => None,
            Err(error) => return Err(error),
        };
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Seek;

    use super::*;

    #[test]
    fn repeats_are_counted_in_the_order_of_the_file() {
        let mut file = tempfile::tempfile().expect("a file");
        let hashes = [7, 9, 7, 7, 8, 9].into_iter().zip(0..).collect();
        write(hashes, file.try_clone().expect("a copy")).expect("written");
        file.rewind().expect("rewound");
        let mut repeats = Repeats::new(file).expect("read");
        let before: Vec<u32> = (0..6).map(|place| repeats.before(place).expect("read")).collect();
        assert_eq!(before, [0, 0, 1, 2, 0, 1]);
    }
}

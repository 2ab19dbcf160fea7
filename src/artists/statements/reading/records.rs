//! Records out of text (RFC 4180, with other delimiters and quotes): one at a time, within limits.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use super::encoding::{Text, Unreadable};

/// Columns that a file may have, and bytes of a record in UTF-8.
pub(super) const MAX_COLUMNS: usize = 256;
pub(super) const MAX_RECORD_BYTES: usize = 64 * 1024;

/// Characters of a column's name.
const MAX_NAME: usize = 200;

/// A text's beginning, without control characters: PostgreSQL's JSON takes no NUL, and people read none of them.
pub(super) fn plain(text: &str, most: usize) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).take(most).collect()
}

/// How a file writes its records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dialect {
    pub(super) delimiter: u8,
    pub(super) quote: u8,
}

/// Why there is no next record.
#[derive(Debug)]
pub(super) enum Broken {
    Unreadable(Unreadable),
    TooLong { line: u64 },
    TooManyColumns { line: u64 },
}

/// One record: its cells, trimmed.
#[derive(Debug)]
pub(super) struct Record {
    bytes: Vec<u8>,
    ends: Vec<usize>,
    columns: usize,
    /// Where it begins in the file, from 1.
    pub(super) line: u64,
}

impl Record {
    pub(super) fn new() -> Self {
        Self { bytes: vec![0; MAX_RECORD_BYTES], ends: vec![0; MAX_COLUMNS], columns: 0, line: 0 }
    }

    pub(super) fn len(&self) -> usize {
        self.columns
    }

    /// The cell in a column, from 0; empty where there is none.
    pub(super) fn cell(&self, column: usize) -> &str {
        if column >= self.columns {
            return "";
        }
        let start = if column == 0 { 0 } else { self.ends[column - 1] };
        // The text was valid, and delimiters and quotes are ASCII.
        std::str::from_utf8(&self.bytes[start..self.ends[column]]).unwrap_or("").trim()
    }

    pub(super) fn cells(&self) -> impl Iterator<Item = &str> {
        (0..self.columns).map(|column| self.cell(column))
    }

    /// The cells as names of columns: no longer than any is, and without what only machines read.
    pub(super) fn names(&self) -> Vec<String> {
        self.cells().map(|cell| plain(cell, MAX_NAME)).collect()
    }

    /// Whether nothing stands in it.
    pub(super) fn is_blank(&self) -> bool {
        self.cells().all(str::is_empty)
    }
}

/// The records of a text.
pub(super) struct Records {
    text: Text,
    reader: Reader,
    /// What is left of the text's last chunk.
    chunk: Vec<u8>,
    at: usize,
    is_done: bool,
    line: u64,
    breaks: Breaks,
}

impl Records {
    pub(super) fn new(text: Text, dialect: Dialect) -> Self {
        let reader = ReaderBuilder::new().delimiter(dialect.delimiter).quote(dialect.quote).build();
        Self { text, reader, chunk: Vec::new(), at: 0, is_done: false, line: 1, breaks: Breaks::default() }
    }

    /// Bytes of the file that were read so far.
    pub(super) fn taken(&self) -> u64 {
        self.text.taken()
    }

    /// Reads the next record; false at the end.
    pub(super) fn read(&mut self, record: &mut Record) -> Result<bool, Broken> {
        let (mut length, mut columns) = (0, 0);
        self.skip_blank_lines()?;
        record.line = self.line;
        loop {
            if self.at == self.chunk.len() && !self.is_done {
                self.refill()?;
            }
            let input = &self.chunk[self.at..];
            let (result, read, written, ended) =
                self.reader.read_record(input, &mut record.bytes[length..], &mut record.ends[columns..]);
            self.line += self.breaks.count(&input[..read]);
            self.at += read;
            length += written;
            columns += ended;
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => return Err(Broken::TooLong { line: record.line }),
                ReadRecordResult::OutputEndsFull => return Err(Broken::TooManyColumns { line: record.line }),
                ReadRecordResult::Record => {
                    record.columns = columns;
                    return Ok(true);
                }
                ReadRecordResult::End => return Ok(false),
            }
        }
    }

    // With them goes what a line that ends in two characters leaves behind.
    fn skip_blank_lines(&mut self) -> Result<(), Broken> {
        loop {
            if self.at == self.chunk.len() && !self.is_done {
                self.refill()?;
            }
            match self.chunk.get(self.at) {
                Some(byte @ (b'\n' | b'\r')) => self.line += self.breaks.count(&[*byte]),
                _ => return Ok(()),
            }
            self.at += 1;
        }
    }

    fn refill(&mut self) -> Result<(), Broken> {
        let next = self.text.next().map_err(Broken::Unreadable)?;
        self.is_done = next.is_empty();
        self.chunk.clear();
        self.chunk.extend_from_slice(next);
        self.at = 0;
        Ok(())
    }
}

/// Counts the ends of lines, in each of the three ways in which there are any.
#[derive(Default)]
struct Breaks {
    is_after_return: bool,
}

impl Breaks {
    fn count(&mut self, bytes: &[u8]) -> u64 {
        let mut count = 0;
        for byte in bytes {
            count += u64::from(*byte == b'\r' || (*byte == b'\n' && !self.is_after_return));
            self.is_after_return = *byte == b'\r';
        }
        count
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::super::encoding;
    use super::*;

    fn read(bytes: &[u8], delimiter: u8) -> Result<Vec<(u64, Vec<String>)>, Broken> {
        let mut file = tempfile::tempfile().expect("a file");
        file.write_all(bytes).expect("written");
        let encoding = encoding::detect(&mut file).expect("text");
        let text = Text::new(file, encoding).expect("rewound");
        let mut records = Records::new(text, Dialect { delimiter, quote: b'"' });
        let (mut record, mut all) = (Record::new(), Vec::new());
        while records.read(&mut record)? {
            all.push((record.line, record.cells().map(str::to_owned).collect()));
        }
        Ok(all)
    }

    fn cells(cells: &[&str]) -> Vec<String> {
        cells.iter().map(|cell| (*cell).to_owned()).collect()
    }

    #[test]
    fn quotes_breaks_and_blank_lines_are_understood() {
        let text = b"a,b\r\n\r\n\"1, \"\"2\"\"\", x \r\n\"over\ntwo lines\",y\nlast,\n";
        let expected = [
            (1, cells(&["a", "b"])),
            (3, cells(&["1, \"2\"", "x"])),
            (4, cells(&["over\ntwo lines", "y"])),
            (6, cells(&["last", ""])),
        ];
        assert_eq!(read(text, b',').expect("records"), expected);
        assert_eq!(read(b"a\tb\n1\t2", b'\t').expect("records"), [(1, cells(&["a", "b"])), (2, cells(&["1", "2"]))]);
        assert!(read(b"", b',').expect("records").is_empty());
        let expected = [(1, cells(&["a", "b"])), (3, cells(&["1", "2"])), (4, cells(&["3", "4"]))];
        assert_eq!(read(b"a,b\r\r1,2\r3,4", b',').expect("records"), expected);
    }

    #[test]
    fn a_record_across_many_chunks_is_whole() {
        let text = format!("{}\n", ["x".repeat(30_000), "y".repeat(30_000)].join(",")).repeat(20);
        let all = read(text.as_bytes(), b',').expect("records");
        assert_eq!((all.len(), all[19].0), (20, 20));
        assert!(all.iter().all(|(_, cells)| cells[0].len() == 30_000 && cells[1].len() == 30_000));
    }

    #[test]
    fn a_line_without_end_and_columns_without_end_are_refused() {
        assert!(matches!(read(&vec![b'x'; 70_000], b','), Err(Broken::TooLong { line: 1 })));
        assert!(matches!(
            read(&[b"a,b\n".as_slice(), &b",".repeat(300)].concat(), b','),
            Err(Broken::TooManyColumns { line: 2 })
        ));
    }
}

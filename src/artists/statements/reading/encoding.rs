//! Text out of bytes: UTF-8, UTF-16 or Windows-1252, told by its mark or by what it can be, and decoded as it is read.

use std::fs::File;
use std::io::{self, Read, Seek};

use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// Bytes read at once.
const CHUNK: usize = 64 * 1024;

/// Why a file is no text.
#[derive(Debug)]
pub(super) enum Unreadable {
    /// Where it stops being what it was before.
    Damaged {
        encoding: &'static str,
    },
    /// It is another kind of file.
    Other {
        what: &'static str,
    },
    Io(io::Error),
}

/// How files begin that are taken for text, and are none.
const OTHERS: [(&[u8], &str); 5] = [
    (b"PK\x03\x04", "a workbook or an archive (ZIP)"),
    (b"\xd0\xcf\x11\xe0", "a workbook of an old Excel"),
    (b"\x1f\x8b", "packed (gzip)"),
    (b"%PDF-", "a PDF"),
    (b"{\\rtf", "a document (RTF)"),
];

impl From<io::Error> for Unreadable {
    fn from(cause: io::Error) -> Self {
        Self::Io(cause)
    }
}

/// Finds out how a file is written, and reads it from its start.
///
/// A byte order mark decides. Without one: every other byte a NUL is UTF-16; what is valid UTF-8 as a whole is that; what
/// holds no valid sequence of UTF-8 beyond ASCII is Windows-1252. A file that is UTF-8 here and not there is damaged.
pub(super) fn detect(file: &mut File) -> Result<&'static Encoding, Unreadable> {
    file.rewind()?;
    let mut buffer = vec![0; CHUNK];
    let length = fill(file, &mut buffer)?;
    let head = &buffer[..length];
    if let Some((_, what)) = OTHERS.iter().find(|(beginning, _)| head.starts_with(beginning)) {
        return Err(Unreadable::Other { what });
    }
    if let Some((encoding, _)) = Encoding::for_bom(head) {
        return Ok(encoding);
    }
    if let Some(encoding) = without_mark(head) {
        return Ok(encoding);
    }
    file.rewind()?;
    match look_through(file, &mut buffer)? {
        Look { is_valid: true, .. } => Ok(UTF_8),
        Look { has_sequences: true, .. } => Err(Unreadable::Damaged { encoding: "UTF-8" }),
        Look { .. } => Ok(WINDOWS_1252),
    }
}

// Latin text in UTF-16: its zeros are all at even places, or all at odd ones.
fn without_mark(head: &[u8]) -> Option<&'static Encoding> {
    let zeros = |odd: usize| head.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let many = head.len() / 4;
    match (even, odd) {
        (0, odd) if odd > many => Some(UTF_16LE),
        (even, 0) if even > many => Some(UTF_16BE),
        _ => None,
    }
}

struct Look {
    is_valid: bool,
    has_sequences: bool,
}

fn look_through(file: &mut File, buffer: &mut [u8]) -> io::Result<Look> {
    let (mut kept, mut has_sequences) = (0, false);
    loop {
        let read = fill(file, &mut buffer[kept..])?;
        let bytes = &buffer[..kept + read];
        let (valid, cut) = match std::str::from_utf8(bytes) {
            Ok(text) => (text.len(), 0),
            // A sequence that goes on in the next bytes.
            Err(error) if error.error_len().is_none() => (error.valid_up_to(), bytes.len() - error.valid_up_to()),
            Err(error) => {
                let has_sequences = has_sequences || !bytes[..error.valid_up_to()].is_ascii();
                return Ok(Look { is_valid: false, has_sequences });
            }
        };
        has_sequences |= !bytes[..valid].is_ascii();
        if read == 0 {
            return Ok(Look { is_valid: cut == 0, has_sequences });
        }
        buffer.copy_within(valid..valid + cut, 0);
        kept = cut;
    }
}

fn fill(file: &mut File, buffer: &mut [u8]) -> io::Result<usize> {
    let mut length = 0;
    while length < buffer.len() {
        match file.read(&mut buffer[length..]) {
            Ok(0) => break,
            Ok(read) => length += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(length)
}

/// A file's text, chunk by chunk.
pub(super) struct Text {
    file: File,
    decoder: Decoder,
    encoding: &'static Encoding,
    raw: Vec<u8>,
    /// What of `raw` is not decoded yet.
    rest: std::ops::Range<usize>,
    /// The next chunk of text, in UTF-8.
    chunk: Vec<u8>,
    is_last: bool,
    is_finished: bool,
    taken: u64,
}

impl Text {
    pub(super) fn new(mut file: File, encoding: &'static Encoding) -> io::Result<Self> {
        file.rewind()?;
        let decoder = encoding.new_decoder_with_bom_removal();
        Ok(Self {
            file,
            decoder,
            encoding,
            raw: vec![0; CHUNK],
            rest: 0..0,
            chunk: vec![0; CHUNK],
            is_last: false,
            is_finished: false,
            taken: 0,
        })
    }

    /// Bytes of the file that were read so far.
    pub(super) fn taken(&self) -> u64 {
        self.taken
    }

    /// The next chunk; empty at the end.
    pub(super) fn next(&mut self) -> Result<&[u8], Unreadable> {
        loop {
            if self.is_finished {
                return Ok(&[]);
            }
            if self.rest.is_empty() && !self.is_last {
                let read = fill(&mut self.file, &mut self.raw)?;
                self.rest = 0..read;
                self.taken += read as u64;
                self.is_last = read < self.raw.len();
            }
            let source = &self.raw[self.rest.clone()];
            let (result, read, written) =
                self.decoder.decode_to_utf8_without_replacement(source, &mut self.chunk, self.is_last);
            self.rest.start += read;
            match result {
                DecoderResult::Malformed(..) => return Err(Unreadable::Damaged { encoding: self.encoding.name() }),
                // A decoder that came to its end must not be asked again.
                DecoderResult::InputEmpty => self.is_finished = self.is_last,
                DecoderResult::OutputFull => {}
            }
            if written > 0 {
                return Ok(&self.chunk[..written]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn read(bytes: &[u8]) -> Result<(String, String), String> {
        let mut file = tempfile::tempfile().expect("a file");
        file.write_all(bytes).expect("written");
        let damaged = |cause| match cause {
            Unreadable::Damaged { encoding } => encoding.to_owned(),
            Unreadable::Other { what } => what.to_owned(),
            Unreadable::Io(cause) => cause.to_string(),
        };
        let encoding = detect(&mut file).map_err(damaged)?;
        let mut text = Text::new(file, encoding).expect("rewound");
        let mut all = Vec::new();
        loop {
            let chunk = text.next().map_err(damaged)?;
            if chunk.is_empty() {
                return Ok((encoding.name().to_owned(), String::from_utf8(all).expect("UTF-8")));
            }
            all.extend_from_slice(chunk);
        }
    }

    fn utf16(text: &str, big: bool, mark: bool) -> Vec<u8> {
        let mark = if mark { "\u{feff}" } else { "" };
        let units = mark.encode_utf16().chain(text.encode_utf16());
        units.flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
    }

    #[test]
    fn the_same_text_is_read_out_of_every_encoding() {
        let text = "Título,Größe\nBeyoncé,1\n";
        let is = |bytes: &[u8], encoding: &str| {
            assert_eq!(read(bytes), Ok((encoding.to_owned(), text.to_owned())), "{encoding}");
        };
        is(text.as_bytes(), "UTF-8");
        is(&[b"\xef\xbb\xbf", text.as_bytes()].concat(), "UTF-8");
        is(&utf16(text, false, true), "UTF-16LE");
        is(&utf16(text, true, true), "UTF-16BE");
        is(&utf16(text, false, false), "UTF-16LE");
        is(&utf16(text, true, false), "UTF-16BE");
        is(&WINDOWS_1252.encode(text).0, "windows-1252");
    }

    #[test]
    fn a_long_text_is_cut_nowhere() {
        let text = "é€𝄞x".repeat(60_000);
        assert_eq!(read(text.as_bytes()), Ok(("UTF-8".to_owned(), text.clone())));
        assert_eq!(read(&utf16(&text, false, true)), Ok(("UTF-16LE".to_owned(), text)));
    }

    #[test]
    fn what_is_utf_8_here_and_not_there_is_damaged() {
        assert_eq!(read(b"Beyonc\xc3\xa9,Bj\xf6rk"), Err("UTF-8".to_owned()));
        assert_eq!(read(b"\xff\xfea\x00\x00\xd8b\x00"), Err("UTF-16LE".to_owned()));
    }
}

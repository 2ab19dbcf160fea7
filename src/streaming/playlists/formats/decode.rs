//! A file's bytes as text.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

/// By its byte order mark, else UTF-8, else, where it is no such text, what Windows wrote in the west.
pub(super) fn text(bytes: &[u8]) -> Result<Cow<'_, str>, String> {
    let encoding = match Encoding::for_bom(bytes) {
        Some((encoding, _)) => encoding,
        None if std::str::from_utf8(bytes).is_ok() => UTF_8,
        None => WINDOWS_1252,
    };
    let (text, ..) = encoding.decode(bytes);
    if text.contains('\0') {
        return Err("This is no text: it has a NUL in it.".into());
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_in_the_encoding_that_it_has() {
        let wide: Vec<u8> = "\u{feff}Ærø".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = "\u{feff}Ærø".encode_utf16().flat_map(u16::to_be_bytes).collect();
        for bytes in ["Ærø".as_bytes(), "\u{feff}Ærø".as_bytes(), b"\xc6r\xf8", &wide, &big] {
            assert_eq!(text(bytes).expect("a text"), "Ærø", "{bytes:?}");
        }
        assert!(text(b"ID3\x04\0\0").is_err());
    }
}

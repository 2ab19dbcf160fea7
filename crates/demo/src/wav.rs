//! The WAV file around the samples: RIFF, 16-bit PCM, two channels, tags in a LIST/INFO chunk.

use std::io::{self, Write};

use crate::math::RATE;

const FRAME_BYTES: u32 = 4;

/// Writes everything that comes before the samples of `frames` stereo frames.
///
/// `tags` are pairs of a four-letter INFO key and its text (Multimedia Programming Interface 1.0, 1991).
///
/// # Errors
/// Those of `out`.
pub(crate) fn write_header(out: &mut impl Write, frames: u32, tags: &[([u8; 4], String)]) -> io::Result<()> {
    let info = info_chunk(tags);
    let data_bytes = frames * FRAME_BYTES;
    let rate = RATE as u32;
    out.write_all(b"RIFF")?;
    out.write_all(&(4 + 24 + info.len() as u32 + 8 + data_bytes).to_le_bytes())?;
    out.write_all(b"WAVEfmt ")?;
    out.write_all(&16_u32.to_le_bytes())?;
    out.write_all(&1_u16.to_le_bytes())?; // PCM
    out.write_all(&2_u16.to_le_bytes())?; // channels
    out.write_all(&rate.to_le_bytes())?;
    out.write_all(&(rate * FRAME_BYTES).to_le_bytes())?;
    out.write_all(&(FRAME_BYTES as u16).to_le_bytes())?;
    out.write_all(&16_u16.to_le_bytes())?; // bits
    out.write_all(&info)?;
    out.write_all(b"data")?;
    out.write_all(&data_bytes.to_le_bytes())
}

fn info_chunk(tags: &[([u8; 4], String)]) -> Vec<u8> {
    let mut body = b"INFO".to_vec();
    for (key, text) in tags {
        body.extend_from_slice(key);
        body.extend_from_slice(&(text.len() as u32 + 1).to_le_bytes());
        body.extend_from_slice(text.as_bytes());
        body.push(0);
        if body.len() % 2 == 1 {
            body.push(0); // chunks start at even offsets
        }
    }
    let mut chunk = b"LIST".to_vec();
    chunk.extend_from_slice(&(body.len() as u32).to_le_bytes());
    chunk.append(&mut body);
    chunk
}

use crate::flac::frames::{FlacFrame, FlacStreamInfo};
use crate::flac::seek_table::SeekTable;
use crate::labels::{Cover, Labels};
use crate::vorbis_comment::vorbis_comment;
use serde::{Deserialize, Serialize};
use std::io::{self, Seek, SeekFrom, Write};

/// A whole FLAC file (RFC 9639).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlacRendition {
    /// Bytes in the file.
    pub size: u64,
    /// Samples of each channel.
    pub frames: u64,
}

/// Writes FLAC frames to a file: STREAMINFO, a seek table, a Vorbis comment, a picture, the frames.
pub struct FlacFile<W> {
    out: W,
    start: u64,
    size: u64,
    seek_table: SeekTable,
}

const STREAM_INFO: u8 = 0;
const SEEK_TABLE: u8 = 3;
const VORBIS_COMMENT: u8 = 4;
const PICTURE: u8 = 6;
const LAST: u8 = 0x80;

impl<W: Write + Seek> FlacFile<W> {
    /// Writes the headers, to be completed at the end.
    ///
    /// # Errors
    /// If `out` fails; `InvalidInput` for a cover that is too large.
    pub fn new(mut out: W, info: &FlacStreamInfo, labels: &Labels, cover: Option<Cover<'_>>) -> io::Result<Self> {
        let start = out.stream_position()?;
        let seek_table = SeekTable::new();
        let mut head = timing(info, &seek_table);
        block(VORBIS_COMMENT | if cover.is_none() { LAST } else { 0 }, &vorbis_comment(labels, None)?, &mut head);
        if let Some(cover) = cover {
            cover.check()?;
            block(PICTURE | LAST, &cover.block(), &mut head);
        }
        out.write_all(&head)?;
        Ok(Self { out, start, size: head.len() as u64, seek_table })
    }

    /// Bytes written: where the next frame will begin.
    pub fn position(&self) -> u64 {
        self.size
    }

    /// The next frame.
    ///
    /// # Errors
    /// If the output fails.
    pub fn push(&mut self, frame: &FlacFrame<'_>) -> io::Result<()> {
        self.out.write_all(frame.bytes)?;
        self.size += frame.bytes.len() as u64;
        self.seek_table.add(frame.samples, frame.bytes.len() as u64);
        Ok(())
    }

    /// `info` is the complete one.
    ///
    /// # Errors
    /// If the output fails.
    pub fn finish(mut self, info: &FlacStreamInfo) -> io::Result<FlacRendition> {
        self.out.seek(SeekFrom::Start(self.start))?;
        self.out.write_all(&timing(info, &self.seek_table))?;
        self.out.seek(SeekFrom::Start(self.start + self.size))?;
        self.out.flush()?;
        Ok(FlacRendition { size: self.size, frames: info.frames })
    }
}

/// The headers of a stream that nobody goes back in: without a seek table, and with what `info` knows before its end.
pub(crate) fn forward_head(info: &FlacStreamInfo, labels: &Labels) -> io::Result<Vec<u8>> {
    let mut head = b"fLaC".to_vec();
    block(STREAM_INFO, &info.to_bytes(), &mut head);
    block(VORBIS_COMMENT | LAST, &vorbis_comment(labels, None)?, &mut head);
    Ok(head)
}

/// What is only known at the end, and of the same length before.
fn timing(info: &FlacStreamInfo, seek_table: &SeekTable) -> Vec<u8> {
    let mut head = b"fLaC".to_vec();
    block(STREAM_INFO, &info.to_bytes(), &mut head);
    block(SEEK_TABLE, &seek_table.to_bytes(), &mut head);
    head
}

fn block(kind: u8, body: &[u8], out: &mut Vec<u8>) {
    out.extend((u32::from(kind) << 24 | body.len() as u32).to_be_bytes());
    out.extend_from_slice(body);
}

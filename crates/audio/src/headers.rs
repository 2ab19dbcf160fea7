//! What has to be changed in a file's headers before the demuxer sees them: lengths that reach beyond
//! the file's end, as recorders and pipes leave them, pictures so large that holding them in
//! memory would be the dearest part of the work, and indexes that lead astray.

mod caf;
mod flac;
mod id3;
mod riff;

use crate::failure::Rejection;
use crate::layout::Layout;
use crate::limits::Limits;
use crate::source::Patch;
use crate::tags::WaveTags;
use std::io::{self, Read, Seek, SeekFrom};

/// What a walk over the headers found.
#[derive(Debug, Default)]
pub(crate) struct Headers {
    pub(crate) patches: Vec<Patch>,
    /// What WAV and AIFF claim. Demuxers allocate by it.
    pub(crate) channels: Option<u16>,
    /// The order of channels, where the file says nothing that the demuxer understands.
    pub(crate) layout: Option<Layout>,
    /// Why the demuxer must not see the file.
    pub(crate) problem: Option<Rejection>,
    /// The sound is longer by its header than the file has room for.
    pub(crate) is_cut: bool,
    pub(crate) wave_tags: WaveTags,
}

/// A tag longer than this is hidden. No title is.
pub(crate) const MAX_METADATA: u64 = 64 * 1024;
/// The longest picture that is looked at.
pub(crate) const MAX_PICTURE: u64 = 16 * 1024 * 1024;
/// A hostile file may be all headers; a demuxer is welcome to what lies behind these.
const MAX_STEPS: usize = 4_096;

/// How much of a file's metadata may be held in memory.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Allowance {
    /// A tag or picture that is longer is hidden.
    each: u64,
    /// What all those above [`MAX_METADATA`] may be long together.
    all: u64,
}

impl Allowance {
    /// For tags alone.
    pub(crate) const SMALL: Self = Self { each: MAX_METADATA, all: 0 };
    /// For tags and a cover.
    pub(crate) const WITH_PICTURES: Self = Self { each: MAX_PICTURE, all: 2 * MAX_PICTURE };

    pub(crate) fn is_for_pictures(self) -> bool {
        self.all > 0
    }

    pub(crate) fn grants(&mut self, length: u64) -> bool {
        if length <= MAX_METADATA {
            return true;
        }
        let is_granted = length <= self.each && length <= self.all;
        self.all -= if is_granted { length } else { 0 };
        is_granted
    }
}

/// Walk over the headers of WAV, AIFF, CAF, FLAC and ID3v2.
pub(crate) fn read_headers<R: Read + Seek>(
    source: &mut R,
    length: u64,
    mut allowance: Allowance,
) -> io::Result<Headers> {
    let mut headers = Headers::default();
    let behind_tag = id3::hide_large_frames(source, 0, &mut allowance, &mut headers.patches)?;
    match &read_at::<12>(source, behind_tag)? {
        Some([b'f', b'L', b'a', b'C', ..]) => {
            flac::mend(source, behind_tag + 4, length, &mut allowance, &mut headers.patches)?;
        }
        Some([b'c', b'a', b'f', b'f', ..]) if behind_tag == 0 => {
            caf::mend(source, length, &mut allowance, &mut headers)?;
        }
        Some(start) => riff::mend(source, behind_tag, start, length, &mut allowance, &mut headers)?,
        None => {}
    }
    source.rewind()?;
    Ok(headers)
}

impl Headers {
    pub(crate) fn check(&self, limits: &Limits) -> Result<(), Rejection> {
        if let Some(problem) = &self.problem {
            return Err(problem.clone());
        }
        match self.channels {
            Some(0) => Err(Rejection::NoChannels),
            Some(channels) if channels > limits.max_channels => {
                Err(Rejection::TooManyChannels { channels: u32::from(channels), limit: limits.max_channels })
            }
            _ => Ok(()),
        }
    }
}

/// The bytes at `at`, or `None` beyond the end.
fn read_at<const N: usize>(source: &mut (impl Read + Seek), at: u64) -> io::Result<Option<[u8; N]>> {
    let mut bytes = [0; N];
    source.seek(SeekFrom::Start(at))?;
    match source.read_exact(&mut bytes) {
        Ok(()) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(error),
    }
}

use std::io::{self, Read, Seek, SeekFrom};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use symphonia::core::io::MediaSource;

/// The bytes of an upload. Symphonia takes it over, so what we want to know later (how far it got,
/// whether the disk failed) is shared through a [`Gauge`].
pub(crate) struct Source<R> {
    inner: R,
    length: u64,
    position: u64,
    patches: Vec<Patch>,
    gauge: Gauge,
}

/// Bytes that a reader sees in place of those at `at`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Patch {
    pub(crate) at: u64,
    pub(crate) bytes: Vec<u8>,
}

/// The view on a [`Source`] from outside.
#[derive(Clone, Default)]
pub(crate) struct Gauge {
    position: Arc<AtomicU64>,
    failure: Arc<Mutex<Option<io::Error>>>,
}

impl<R: Read + Seek> Source<R> {
    pub(crate) fn new(mut inner: R) -> io::Result<Self> {
        let length = inner.seek(SeekFrom::End(0))?;
        inner.rewind()?;
        Ok(Self { inner, length, position: 0, patches: Vec::new(), gauge: Gauge::default() })
    }

    /// From here on, readers see the patches instead of what lies under them.
    pub(crate) fn patch(&mut self, patches: impl IntoIterator<Item = Patch>) {
        self.patches.extend(patches);
    }

    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    pub(crate) fn gauge(&self) -> Gauge {
        self.gauge.clone()
    }
}

impl Patch {
    /// `buffer` holds the bytes from `position` on.
    fn apply(&self, position: u64, buffer: &mut [u8]) {
        for (offset, byte) in self.bytes.iter().enumerate() {
            let place = (self.at + offset as u64).checked_sub(position).and_then(|index| usize::try_from(index).ok());
            if let Some(under) = place.and_then(|index| buffer.get_mut(index)) {
                *under = *byte;
            }
        }
    }
}

impl Gauge {
    /// The offset of the next byte that will be read.
    pub(crate) fn position(&self) -> u64 {
        self.position.load(Ordering::Relaxed)
    }

    /// The machine's failure behind a decoder's error, if there is one. Decoders report a broken
    /// disk and a broken file alike; an artist must not be blamed for the first.
    pub(crate) fn take_failure(&self) -> Option<io::Error> {
        self.failure.lock().ok()?.take()
    }

    /// The original of an error that came through a reader.
    pub(crate) fn original(&self, error: io::Error) -> io::Error {
        self.take_failure().unwrap_or(error)
    }

    fn observe<T>(&self, result: io::Result<T>) -> io::Result<T> {
        result.map_err(|error| match error.kind() {
            io::ErrorKind::Interrupted => error,
            kind => {
                if let Ok(mut failure) = self.failure.lock() {
                    *failure = Some(error);
                }
                kind.into()
            }
        })
    }
}

impl<R: Read> Read for Source<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.gauge.observe(self.inner.read(buffer))?;
        self.patches.iter().for_each(|patch| patch.apply(self.position, &mut buffer[..read]));
        self.position += read as u64;
        self.gauge.position.store(self.position, Ordering::Relaxed);
        Ok(read)
    }
}

impl<R: Seek> Seek for Source<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        // A position before the first byte is the file's nonsense, not the disk's.
        self.position = self.inner.seek(to)?;
        self.gauge.position.store(self.position, Ordering::Relaxed);
        Ok(self.position)
    }
}

impl<R: Read + Seek + Send + Sync> MediaSource for Source<R> {
    fn is_seekable(&self) -> bool {
        true
    }

    fn byte_len(&self) -> Option<u64> {
        Some(self.length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readers_see_patches_across_the_edges_of_reads() {
        let mut source = Source::new(io::Cursor::new(b"0123456789".to_vec())).expect("memory does not fail");
        source.patch([Patch { at: 3, bytes: b"abc".to_vec() }]);
        let mut read = Vec::new();
        let mut buffer = [0; 4];
        while let Ok(count @ 1..) = source.read(&mut buffer) {
            read.extend_from_slice(&buffer[..count]);
        }
        assert_eq!(read, b"012abc6789");
        assert_eq!(source.gauge().position(), 10);
    }
}

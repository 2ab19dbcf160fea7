//! A package that is open: its files by name, and the way to their bytes.

use std::collections::HashMap;
use std::io::{self, Write};

use sha2::{Digest, Sha256};

use super::{Refusal, problem, refusal};
use crate::platform::error::Error;
use crate::platform::pieces::Pieces;
use crate::platform::storage::Scratch;
use crate::platform::task;
use crate::platform::unpack::{self, Bounds, Entry, Unfit};

/// Files that a package may hold, and how many times larger it may be inside: originals are not packed.
const MAX_ENTRIES: usize = 20_000;
const MAX_RATIO: u64 = 10;

/// The longest document, and what any package may be inside however small it is.
const MAX_DOCUMENT_BYTES: u64 = 64 * 1024 * 1024;

pub(super) struct Parcel {
    // Away while blocking work reads it.
    pieces: Option<Pieces>,
    entries: HashMap<String, Entry>,
}

/// What goes through is counted by its hash, and goes nowhere.
struct Sum(Sha256);

impl Write for Sum {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Parcel {
    /// Opens a package, if its list of files is fit to be read any further.
    pub(super) async fn open(mut pieces: Pieces) -> Result<Self, Refusal> {
        let most = pieces.size_bytes().saturating_mul(MAX_RATIO).max(MAX_DOCUMENT_BYTES);
        let bounds = Bounds { entries: MAX_ENTRIES, entry_bytes: most, total_bytes: most, ratio: u64::MAX };
        let (pieces, listed) = task::blocking(move || {
            let listed = unpack::list(&mut pieces, bounds);
            (pieces, listed)
        })
        .await?;
        let entries = listed.map_err(|failure| match failure {
            unpack::Failure::Unfit(unfit) => unfit_for(unfit),
            unpack::Failure::Io(cause) => failed(cause),
        })?;
        let entries = entries.into_iter().map(|entry| (entry.name.clone(), entry)).collect();
        Ok(Self { pieces: Some(pieces), entries })
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }

    /// How long a file is; none where there is no such one.
    pub(super) fn size_bytes(&self, name: &str) -> Option<u64> {
        self.entries.get(name).map(|entry| entry.size_bytes)
    }

    /// A whole document, or picture, of at most 64 MiB.
    pub(super) async fn read(&mut self, name: &str) -> Result<Vec<u8>, Refusal> {
        if self.size_bytes(name).is_some_and(|size| size > MAX_DOCUMENT_BYTES) {
            let message = format!("The file `{name}` in the package is larger than 64 MiB.");
            return Err(refusal("package_too_large", &message));
        }
        self.copy(name, Vec::new()).await
    }

    /// The SHA-256 of a file.
    pub(super) async fn sum(&mut self, name: &str) -> Result<[u8; 32], Refusal> {
        Ok(self.copy(name, Sum(Sha256::new())).await?.0.finalize().into())
    }

    /// Unpacks a file into a scratch folder, under another name.
    pub(super) async fn unpack(&mut self, name: &str, scratch: &Scratch, under: &str) -> Result<(), Refusal> {
        let file = scratch.create(under).await?;
        self.copy(name, file).await.map(drop)
    }

    async fn copy<W: Write + Send + 'static>(&mut self, name: &str, mut into: W) -> Result<W, Refusal> {
        let entry = self.entries.get(name).cloned().ok_or_else(|| missing(name))?;
        let mut pieces = self.pieces.take().ok_or_else(|| anyhow::anyhow!("a package that failed before"))?;
        let (pieces, into, unpacked) = task::blocking(move || {
            let unpacked = unpack::unpack(&mut pieces, &entry, &mut into);
            (pieces, into, unpacked)
        })
        .await?;
        self.pieces = Some(pieces);
        match unpacked {
            Ok(()) => Ok(into),
            Err(unpack::Failure::Unfit(_)) => Err(changed(name)),
            Err(unpack::Failure::Io(cause)) => Err(failed(cause)),
        }
    }
}

pub(super) fn missing(name: &str) -> Refusal {
    refusal("package_incomplete", &format!("The file `{name}` is missing in the package."))
}

pub(super) fn changed(name: &str) -> Refusal {
    let message = format!("The file `{name}` in the package is damaged, or was changed after the package was made.");
    refusal("package_changed", &message)
}

// A full disk has room again in the end.
fn failed(cause: io::Error) -> Refusal {
    Refusal::Error(Error::Internal(anyhow::Error::new(cause).context("a package")))
}

fn unfit_for(unfit: Unfit) -> Refusal {
    let (slug, message) = match unfit {
        Unfit::Damaged => {
            ("package_damaged", "The package is damaged or did not come whole. Download it again, and upload that.")
        }
        Unfit::TooManyEntries => ("package_too_many_files", "A package may hold 20,000 files."),
        Unfit::TooLarge => {
            ("package_too_large", "The package is much larger inside than outside, which no package is.")
        }
        Unfit::Unsafe => ("package_unsafe", "The package holds links, or names that lead out of it."),
        Unfit::Encrypted => ("package_encrypted", "The package is encrypted."),
        Unfit::Unsupported => ("package_unsupported", "The package is packed in a way that is not known here."),
    };
    Refusal::Package(problem(slug, message))
}

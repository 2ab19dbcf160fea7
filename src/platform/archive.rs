//! Archives: a zip (APPNOTE 6.3) that is written as it grows, in constant memory, with names that are safe to unpack.
//!
//! Each module writes what it knows of an account ([`Export`], handed in by the composition root); a README in the
//! archive says what is what. Of every file the length and the SHA-256 are known once it is written ([`Archive::written`]),
//! for a list of them that can be signed.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use chrono::{DateTime, Datelike, Timelike, Utc};
use futures_util::future::BoxFuture;
use serde::Serialize;
use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::Platform;
use super::error::Result;
use super::id::AccountId;
use super::storage::Opened;
use super::task;

/// The longest part of a name, in bytes: file systems take 255, and whoever unpacks puts folders before it.
const MAX_PART_BYTES: usize = 120;

/// Names that Windows keeps for devices.
const DEVICES: &[&str] = &["con", "prn", "aux", "nul", "com", "lpt"];

/// What a module writes of an account into its archive: nothing secret, and nothing of anybody else.
pub(crate) type Export = for<'a> fn(&'a Platform, AccountId, &'a mut Archive) -> BoxFuture<'a, Result<()>>;

/// What is read of an object at a time.
const SLICE_BYTES: usize = 1024 * 1024;

/// A file that was written into an archive.
#[derive(Debug, Clone)]
pub(crate) struct Written {
    pub(crate) name: String,
    pub(crate) size_bytes: u64,
    pub(crate) sha256: [u8; 32],
}

/// An archive on its way.
pub(crate) struct Archive {
    // Away while blocking work writes to it.
    body: Option<Box<Body>>,
    written_at: DateTime<Utc>,
    /// In lower case, for file systems that know no other.
    taken: HashSet<String>,
    contents: Vec<(String, String)>,
}

/// The zip, and what is known of the file that is being written to it.
struct Body {
    zip: ZipWriter<File>,
    current: Option<(String, u64, Sha256)>,
    written: Vec<Written>,
}

/// A JSON array that is written page by page.
pub(crate) struct List<'a> {
    archive: &'a mut Archive,
    is_empty: bool,
}

impl Archive {
    /// An empty archive in a new file.
    pub(crate) async fn create(path: &Path, now: DateTime<Utc>) -> Result<Self> {
        let path = path.to_owned();
        let file =
            task::blocking(move || File::create_new(&path).with_context(|| format!("making {}", path.display())));
        let body = Body { zip: ZipWriter::new(file.await??), current: None, written: Vec::new() };
        Ok(Self { body: Some(Box::new(body)), written_at: now, taken: HashSet::new(), contents: Vec::new() })
    }

    /// A JSON document, indented for people.
    pub(crate) async fn document(&mut self, name: &str, about: &str, document: &impl Serialize) -> Result<()> {
        let mut text = serde_json::to_vec_pretty(document).map_err(anyhow::Error::from)?;
        text.push(b'\n');
        self.text(name, about, text).await
    }

    /// A text that is whole already.
    pub(crate) async fn text(&mut self, name: &str, about: &str, text: Vec<u8>) -> Result<()> {
        self.start(&[name], about, CompressionMethod::Deflated).await?;
        self.write(text).await
    }

    /// A JSON array of any length.
    pub(crate) async fn list(&mut self, name: &str, about: &str) -> Result<List<'_>> {
        self.start(&[name], about, CompressionMethod::Deflated).await?;
        Ok(List { archive: self, is_empty: true })
    }

    /// A file as it is. The parts of its name may be anybody's words: they become names that are safe to unpack.
    pub(crate) async fn file(&mut self, name: &[&str], mut file: File) -> Result<()> {
        // Audio and pictures are dense already.
        self.start(name, "", CompressionMethod::Stored).await?;
        self.run(move |body| Ok(io::copy(&mut file, body).map(drop)?)).await
    }

    /// An object of the store as it is, wherever that lies; answers with the name that it has in the archive.
    pub(crate) async fn object(&mut self, name: &[&str], object: &Arc<Opened>) -> Result<String> {
        let name = self.start(name, "", CompressionMethod::Stored).await?;
        let mut offset = 0;
        while offset < object.size_bytes {
            let slice = object.read(offset, SLICE_BYTES).await?;
            if slice.is_empty() {
                return Err(anyhow::anyhow!("an object ends before its end").into());
            }
            offset += slice.len() as u64;
            self.run(move |body| Ok(body.write_all(&slice)?)).await?;
        }
        Ok(name)
    }

    /// The files that are written so far, in their order.
    pub(crate) fn written(&mut self) -> Result<Vec<Written>> {
        let body = self.body.as_mut().context("an archive that failed before")?;
        body.end();
        Ok(body.written.clone())
    }

    /// A line for the README, on what has no document of its own.
    pub(crate) fn explain(&mut self, name: &str, about: &str) {
        self.contents.push((name.to_owned(), about.to_owned()));
    }

    /// Adds the README and makes the archive whole and durable.
    pub(crate) async fn finish(mut self, introduction: &str) -> Result<()> {
        self.readme(introduction).await?;
        self.close().await
    }

    /// Says what is what, of all that is written or explained so far.
    pub(crate) async fn readme(&mut self, introduction: &str) -> Result<()> {
        let mut readme = format!("{introduction}\n");
        for (name, about) in std::mem::take(&mut self.contents) {
            readme += &format!("\n{name}\n    {about}\n");
        }
        self.start(&["README.txt"], "", CompressionMethod::Deflated).await?;
        self.write(readme.into_bytes()).await
    }

    /// Makes the archive whole and durable.
    pub(crate) async fn close(mut self) -> Result<()> {
        let body = self.take()?;
        let finished = task::blocking(move || -> anyhow::Result<()> {
            let mut file = body.zip.finish().context("ending an archive")?;
            file.flush()?;
            file.sync_all().context("an archive to the disk")
        });
        Ok(finished.await??)
    }

    // Answers with the name that it has.
    async fn start(&mut self, name: &[&str], about: &str, method: CompressionMethod) -> Result<String> {
        let name = self.claim(name);
        if !about.is_empty() {
            self.explain(&name, about);
        }
        let options = SimpleFileOptions::default()
            .compression_method(method)
            .unix_permissions(0o600)
            .last_modified_time(dos_time(self.written_at))
            // A lossless original may well have more than 4 GiB.
            .large_file(true);
        let claimed = name.clone();
        self.run(move |body| body.start(claimed, options)).await?;
        Ok(name)
    }

    async fn write(&mut self, bytes: Vec<u8>) -> Result<()> {
        self.run(move |body| Ok(body.write_all(&bytes)?)).await
    }

    // Compressing and writing hold nobody up.
    async fn run(&mut self, work: impl FnOnce(&mut Body) -> anyhow::Result<()> + Send + 'static) -> Result<()> {
        let mut body = self.take()?;
        let (body, worked) = task::blocking(move || {
            let worked = work(&mut body);
            (body, worked)
        })
        .await?;
        self.body = Some(body);
        Ok(worked.context("writing an archive")?)
    }

    fn take(&mut self) -> anyhow::Result<Box<Body>> {
        self.body.take().context("an archive that failed before")
    }

    /// A safe name that nothing else in the archive has.
    fn claim(&mut self, parts: &[&str]) -> String {
        let wanted = parts.iter().map(|part| safe(part)).collect::<Vec<_>>().join("/");
        let mut name = wanted.clone();
        let mut number = 2;
        while !self.taken.insert(name.to_lowercase()) {
            name = numbered(&wanted, number);
            number += 1;
        }
        name
    }
}

impl Body {
    fn start(&mut self, name: String, options: SimpleFileOptions) -> anyhow::Result<()> {
        self.end();
        self.zip.start_file(name.as_str(), options)?;
        self.current = Some((name, 0, Sha256::new()));
        Ok(())
    }

    fn end(&mut self) {
        let ended = self.current.take().map(|(name, size_bytes, hasher)| Written {
            name,
            size_bytes,
            sha256: hasher.finalize().into(),
        });
        self.written.extend(ended);
    }
}

impl Write for Body {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = self.zip.write(bytes)?;
        if let Some((_, size_bytes, hasher)) = &mut self.current {
            *size_bytes += taken as u64;
            hasher.update(&bytes[..taken]);
        }
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.zip.flush()
    }
}

impl List<'_> {
    /// Adds a page of items.
    pub(crate) async fn add<T: Serialize>(&mut self, items: &[T]) -> Result<()> {
        let mut text = Vec::new();
        for item in items {
            text.extend_from_slice(if self.is_empty { b"[\n  " } else { b",\n  " });
            self.is_empty = false;
            let item = serde_json::to_string_pretty(item).map_err(anyhow::Error::from)?;
            text.extend_from_slice(item.replace('\n', "\n  ").as_bytes());
        }
        self.archive.write(text).await
    }

    /// Closes the array.
    pub(crate) async fn end(self) -> Result<()> {
        let end = if self.is_empty { "[]\n" } else { "\n]\n" };
        self.archive.write(end.as_bytes().to_vec()).await
    }
}

/// A part of a name that leads nowhere else, on any system that it may be unpacked on (case I6).
pub(crate) fn safe(part: &str) -> String {
    let plain = |letter: char| match letter {
        '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '_',
        letter if letter.is_control() || is_invisible(letter) => '_',
        letter => letter,
    };
    let mut name: String = part.chars().map(plain).collect();
    name = name.trim().trim_end_matches(['.', ' ']).to_owned();
    if name.starts_with('.') {
        name.replace_range(..1, "_");
    }
    let stem = name.split('.').next().unwrap_or_default().trim_end_matches(|c: char| c.is_ascii_digit());
    if name.is_empty() || DEVICES.contains(&stem.to_ascii_lowercase().as_str()) {
        name.insert(0, '_');
    }
    shortened(name)
}

// Marks that turn the order of letters round make `gpj.exe` of `exe.jpg`.
fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Cut in the middle, so that the ending stays.
fn shortened(name: String) -> String {
    if name.len() <= MAX_PART_BYTES {
        return name;
    }
    let (stem, ending) = split_ending(&name);
    let keep = stem.floor_char_boundary(MAX_PART_BYTES - ending.len());
    format!("{}{ending}", stem[..keep].trim_end())
}

fn numbered(name: &str, number: u32) -> String {
    let (stem, ending) = split_ending(name);
    format!("{stem} ({number}){ending}")
}

/// The ending with its dot, where it is one: `.flac`.
fn split_ending(name: &str) -> (&str, &str) {
    match name.rfind('.') {
        Some(at) if at > 0 && name.len() - at <= 12 && !name[at..].contains(['/', ' ']) => name.split_at(at),
        _ => (name, ""),
    }
}

/// A zip's times have two seconds and no zone.
fn dos_time(at: DateTime<Utc>) -> zip::DateTime {
    let part = |value: u32| u8::try_from(value).unwrap_or(1);
    let year = u16::try_from(at.year()).unwrap_or(1980);
    zip::DateTime::from_date_and_time(
        year,
        part(at.month()),
        part(at.day()),
        part(at.hour()),
        part(at.minute()),
        part(at.second()),
    )
    .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::clock::Clock;

    #[test]
    fn a_name_leads_nowhere_else() {
        for (given, made) in [
            ("Tides.wav", "Tides.wav"),
            ("../../etc/passwd", "_._.._etc_passwd"),
            ("..", "_"),
            ("", "_"),
            ("/root", "_root"),
            ("C:\\boot.ini", "C__boot.ini"),
            ("a\0b\r\nc", "a_b__c"),
            ("NUL.txt", "_NUL.txt"),
            ("com1", "_com1"),
            (".hidden", "_hidden"),
            ("ends with dots...", "ends with dots"),
            ("\u{202e}gpj.exe", "_gpj.exe"),
            ("Ænima – «live».flac", "Ænima – «live».flac"),
        ] {
            assert_eq!(safe(given), made, "{given:?}");
        }
    }

    #[test]
    fn a_long_name_keeps_its_ending() {
        let name = safe(&format!("{}.flac", "ä".repeat(500)));
        assert!(name.len() <= MAX_PART_BYTES && name.ends_with("ä.flac"), "{name}");
        assert!(safe(&"x".repeat(5000)).len() <= MAX_PART_BYTES);
    }

    #[tokio::test]
    async fn an_archive_is_read_as_it_was_written() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.zip");
        let mut archive = Archive::create(&path, Clock::default().now()).await.expect("new");
        archive.document("a.json", "A document.", &serde_json::json!({ "ada": 1 })).await.expect("written");
        let mut list = archive.list("b.json", "A list.").await.expect("begun");
        list.add(&[serde_json::json!({ "n": 1 })]).await.expect("written");
        list.add(&[2, 3]).await.expect("written");
        list.end().await.expect("written");
        archive.list("c.json", "An empty list.").await.expect("begun").end().await.expect("written");
        for _ in 0..2 {
            let file = File::open(file!()).expect("this file");
            archive.file(&["music", "A/B", "Same.wav"], file).await.expect("written");
        }
        let written = archive.written().expect("as it is");
        assert_eq!(written.len(), 5);
        let known: [u8; 32] = Sha256::digest(include_bytes!("archive.rs")).into();
        assert_eq!((written[3].size_bytes, written[4].sha256), (include_str!("archive.rs").len() as u64, known));
        Box::pin(archive.finish("Hello.")).await.expect("finished");
        let mut zip = zip::ZipArchive::new(File::open(&path).expect("there")).expect("a zip");
        let names: Vec<String> = zip.file_names().map(|name| name.expect("UTF-8").into_owned()).collect();
        let all = ["a.json", "b.json", "c.json", "music/A_B/Same.wav", "music/A_B/Same (2).wav", "README.txt"];
        assert_eq!(names, all);
        let mut read = |name: &str| std::io::read_to_string(zip.by_name(name).expect("there")).expect("text");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&read("b.json")).expect("JSON")[2], 3);
        assert_eq!(read("c.json"), "[]\n");
        assert_eq!(read("music/A_B/Same (2).wav"), include_str!("archive.rs"));
        assert!(read("README.txt").contains("\nb.json\n    A list.\n"), "{}", read("README.txt"));
    }
}

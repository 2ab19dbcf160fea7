//! Archives: a zip (APPNOTE 6.3) that is written as it grows, in constant memory, with names that are safe to unpack.
//!
//! Each module writes what it knows of an account ([`Export`], handed in by the composition root); a README in the
//! archive says what is what.

use std::collections::HashSet;
use std::fs::File;
use std::io::Write;
use std::path::Path;

use anyhow::Context;
use chrono::{DateTime, Datelike, Timelike, Utc};
use futures_util::future::BoxFuture;
use serde::Serialize;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::Platform;
use super::error::Result;
use super::id::AccountId;
use super::task;

/// The longest part of a name, in bytes: file systems take 255, and whoever unpacks puts folders before it.
const MAX_PART_BYTES: usize = 120;

/// Names that Windows keeps for devices.
const DEVICES: &[&str] = &["con", "prn", "aux", "nul", "com", "lpt"];

/// What a module writes of an account into its archive: nothing secret, and nothing of anybody else.
pub(crate) type Export = for<'a> fn(&'a Platform, AccountId, &'a mut Archive) -> BoxFuture<'a, Result<()>>;

/// An archive on its way.
pub(crate) struct Archive {
    // Away while blocking work writes to it.
    zip: Option<ZipWriter<File>>,
    written_at: DateTime<Utc>,
    /// In lower case, for file systems that know no other.
    taken: HashSet<String>,
    contents: Vec<(String, String)>,
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
        let zip = Some(ZipWriter::new(file.await??));
        Ok(Self { zip, written_at: now, taken: HashSet::new(), contents: Vec::new() })
    }

    /// A JSON document, indented for people.
    pub(crate) async fn document(&mut self, name: &str, about: &str, document: &impl Serialize) -> Result<()> {
        let mut text = serde_json::to_vec_pretty(document).map_err(anyhow::Error::from)?;
        text.push(b'\n');
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
        self.run(move |zip| Ok(std::io::copy(&mut file, zip).map(drop)?)).await
    }

    /// A line for the README, on what has no document of its own.
    pub(crate) fn explain(&mut self, name: &str, about: &str) {
        self.contents.push((name.to_owned(), about.to_owned()));
    }

    /// Adds the README and makes the archive whole and durable.
    pub(crate) async fn finish(mut self, introduction: &str) -> Result<()> {
        let mut readme = format!("{introduction}\n");
        for (name, about) in std::mem::take(&mut self.contents) {
            readme += &format!("\n{name}\n    {about}\n");
        }
        self.start(&["README.txt"], "", CompressionMethod::Deflated).await?;
        self.write(readme.into_bytes()).await?;
        let zip = self.take()?;
        let finished = task::blocking(move || -> anyhow::Result<()> {
            let mut file = zip.finish().context("ending an archive")?;
            file.flush()?;
            file.sync_all().context("an archive to the disk")
        });
        Ok(finished.await??)
    }

    async fn start(&mut self, name: &[&str], about: &str, method: CompressionMethod) -> Result<()> {
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
        self.run(move |zip| Ok(zip.start_file(name, options)?)).await
    }

    async fn write(&mut self, bytes: Vec<u8>) -> Result<()> {
        self.run(move |zip| Ok(zip.write_all(&bytes)?)).await
    }

    // Compressing and writing hold nobody up.
    async fn run(
        &mut self,
        work: impl FnOnce(&mut ZipWriter<File>) -> anyhow::Result<()> + Send + 'static,
    ) -> Result<()> {
        let mut zip = self.take()?;
        let (zip, worked) = task::blocking(move || {
            let worked = work(&mut zip);
            (zip, worked)
        })
        .await?;
        self.zip = Some(zip);
        Ok(worked.context("writing an archive")?)
    }

    fn take(&mut self) -> anyhow::Result<ZipWriter<File>> {
        self.zip.take().context("an archive that failed before")
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
fn safe(part: &str) -> String {
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

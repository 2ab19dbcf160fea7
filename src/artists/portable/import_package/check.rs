//! Check a package: nothing of it is believed before its signature fits its manifest, and every file the manifest.

use std::collections::HashSet;
use std::ops::Range;

use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};

use super::parcel::{self, Parcel};
use super::{Refusal, refusal};
use crate::artists::portable::document::{
    ARTIST, FORMAT, MANIFEST, Manifest, PackedArtist, RELEASES, SIGNATURE, VERSION,
};
use crate::artists::portable::import::ImportSource;
use crate::platform::Platform;
use crate::platform::pieces::Pieces;
use crate::platform::signature::SigningKey;
use crate::platform::task;

/// The longest `artist.json`, and one release of `releases.json`; and how many of these there may be.
const MAX_ARTIST_BYTES: u64 = 1024 * 1024;
pub(super) const MAX_RELEASE_BYTES: usize = 16 * 1024 * 1024;
const MAX_RELEASES: usize = 10_000;

/// As much of a manifest as has to be believed to check it.
#[derive(Deserialize)]
struct Outline {
    format: String,
    version: u64,
    key: SigningKey,
}

/// The releases, each as its own text: one that cannot be read keeps no other out, and what is in one is taken apart when its
/// turn comes.
pub(super) struct Releases {
    text: Vec<u8>,
    places: Vec<Range<usize>>,
}

impl Releases {
    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &[u8]> {
        self.places.iter().map(|place| &self.text[place.clone()])
    }

    // The items of a JSON array; in words, why it is none.
    fn split(text: Vec<u8>) -> Result<Self, String> {
        let after_space = |at: usize| at + text[at..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let (mut places, mut at) = (Vec::new(), after_space(0));
        if text.get(at) != Some(&b'[') {
            return Err("it is no list".into());
        }
        at = after_space(at + 1);
        if text.get(at) == Some(&b']') {
            return Ok(Self { text, places });
        }
        loop {
            let mut items = serde_json::Deserializer::from_slice(&text[at..]).into_iter::<IgnoredAny>();
            items.next().ok_or("it is cut short")?.map_err(|cause| cause.to_string())?;
            let end = at + items.byte_offset();
            if places.len() == MAX_RELEASES {
                return Err("it lists more than 10,000 releases".into());
            }
            places.push(at..end);
            at = after_space(end);
            match text.get(at) {
                Some(b',') => at = after_space(at + 1),
                Some(b']') => return Ok(Self { text, places }),
                _ => return Err("it is cut short".into()),
            }
        }
    }
}

/// A package that is what its signer made.
pub(super) struct Checked {
    pub(super) source: ImportSource,
    pub(super) artist: PackedArtist,
    pub(super) releases: Releases,
    pub(super) parcel: Parcel,
}

pub(super) async fn check(platform: &Platform, pieces: Pieces) -> Result<Checked, Refusal> {
    let mut parcel = Parcel::open(pieces).await?;
    let manifest = signed_manifest(&mut parcel).await?;
    compare(&mut parcel, &manifest).await?;
    if parcel.size_bytes(ARTIST).is_some_and(|size| size > MAX_ARTIST_BYTES) {
        return Err(refusal("package_too_large", "The file `artist.json` in the package is larger than 1 MiB."));
    }
    let artist = parse(ARTIST, &parcel.read(ARTIST).await?)?;
    let releases = parcel.read(RELEASES).await?;
    let releases = task::blocking(move || Releases::split(releases)).await?;
    let releases = releases.map_err(|why| unreadable(RELEASES, &why))?;
    let source = ImportSource {
        server: manifest.server.chars().filter(|letter| !letter.is_control()).take(255).collect(),
        artist_name: manifest.artist.name.as_str().to_owned(),
        created_at: manifest.created_at,
        is_own_key: manifest.key == platform.signer.key(),
        key_id: manifest.key.id,
        releases: releases.len(),
    };
    Ok(Checked { source, artist, releases, parcel })
}

async fn signed_manifest(parcel: &mut Parcel) -> Result<Manifest, Refusal> {
    if parcel.size_bytes(MANIFEST).is_none() {
        return Err(refusal("package_without_manifest", "This is no package of an artist: it holds no manifest.json."));
    }
    let (bytes, signature) = (parcel.read(MANIFEST).await?, parcel.read(SIGNATURE).await?);
    let outline: Outline = parse(MANIFEST, &bytes)?;
    if outline.format != FORMAT || outline.version > VERSION {
        let message = "The package is of another format, or was made by a newer server than this one.";
        return Err(refusal("package_unsupported", message));
    }
    if outline.key.verifies(&bytes, &signature) {
        return parse(MANIFEST, &bytes);
    }
    let message = "The signature `manifest.sig` does not fit `manifest.json`: one of them was changed after the package was made.";
    Err(refusal("package_signature", message))
}

async fn compare(parcel: &mut Parcel, manifest: &Manifest) -> Result<(), Refusal> {
    let listed: HashSet<&str> =
        manifest.files.iter().map(|file| file.name.as_str()).chain([MANIFEST, SIGNATURE]).collect();
    if let Some(other) = parcel.names().find(|name| !listed.contains(name)) {
        let message = format!("The file `{other}` in the package is not in its manifest.");
        return Err(refusal("package_changed", &message));
    }
    if manifest.files.len() + 2 != listed.len() {
        return Err(refusal("package_changed", "The manifest of the package lists a file twice, or itself."));
    }
    // What is missing, or is of another length, is known at once; what is in the rest takes reading all of it.
    for file in &manifest.files {
        match parcel.size_bytes(&file.name) {
            None => return Err(parcel::missing(&file.name)),
            Some(size) if size != file.size_bytes => return Err(parcel::changed(&file.name)),
            Some(_) => {}
        }
    }
    for file in &manifest.files {
        let sum: String = parcel.sum(&file.name).await?.iter().map(|byte| format!("{byte:02x}")).collect();
        if sum != file.sha256 {
            return Err(parcel::changed(&file.name));
        }
    }
    Ok(())
}

fn parse<T: DeserializeOwned>(name: &str, bytes: &[u8]) -> Result<T, Refusal> {
    let text = &mut serde_json::Deserializer::from_slice(bytes);
    serde_path_to_error::deserialize(text).map_err(|cause| unreadable(name, &cause.to_string()))
}

fn unreadable(name: &str, why: &str) -> Refusal {
    refusal("package_unsupported", &format!("The file `{name}` in the package cannot be read: {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Result<Vec<String>, String> {
        let releases = Releases::split(Vec::from(text))?;
        let items: Vec<String> = releases.iter().map(|item| String::from_utf8_lossy(item).into_owned()).collect();
        assert_eq!(items.len(), releases.len());
        Ok(items)
    }

    #[test]
    fn releases_are_taken_apart_as_they_are_written() {
        assert_eq!(split(" [ ] ").expect("a list"), Vec::<String>::new());
        let text = r#"[{"title": "a],[b\"", "n": [1, {}]} , {} ]"#;
        assert_eq!(split(text).expect("a list"), [r#"{"title": "a],[b\"", "n": [1, {}]}"#, "{}"]);
        for bad in ["", "{}", "[", "[{}", "[{},", "[{},]", "[{} {}]", "[{]", "nonsense"] {
            assert!(split(bad).is_err(), "{bad}");
        }
        let many = |count| format!("[{}]", vec!["{}"; count].join(","));
        assert_eq!(split(&many(MAX_RELEASES)).expect("a list").len(), MAX_RELEASES);
        assert!(split(&many(MAX_RELEASES + 1)).is_err_and(|why| why.contains("10,000")));
    }
}

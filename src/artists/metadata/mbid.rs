//! Identifiers that MusicBrainz gives to artists, releases, recordings and works (MBIDs): UUIDs, and what each names is its
//! kind's alone.

use serde::{Deserialize, Serialize};
use url::Url;
use utoipa::ToSchema;
use uuid::Uuid;

/// Hosts that show the pages of MusicBrainz.
const HOSTS: &[&str] = &["musicbrainz.org", "www.musicbrainz.org", "beta.musicbrainz.org"];

macro_rules! mbids {
    ($($(#[$about:meta])* $name:ident($kind:literal, $what:literal))+) => {$(
        $(#[$about])*
        ///
        /// A UUID in any usual form, or the address of its page on musicbrainz.org; kept in lower case with hyphens.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[serde(try_from = "String")]
        #[schema(value_type = String, example = "5b11f4ce-a62d-471e-81fc-a69a8278c7da")]
        pub(crate) struct $name(Uuid);

        impl TryFrom<String> for $name {
            type Error = &'static str;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                match parse(text.trim(), $kind) {
                    Ok(id) => Ok(Self(id)),
                    Err(Fault::OtherKind) => Err(concat!("This address is of something else: ", $what,
                        " has one such as https://musicbrainz.org/", $kind, "/….")),
                    Err(Fault::None) => Err(concat!("The MBID of ", $what,
                        " is a UUID, or an address such as https://musicbrainz.org/", $kind, "/….")),
                }
            }
        }

        impl $name {
            /// The address of its page.
            pub(in crate::artists) fn address(self) -> String {
                format!("https://musicbrainz.org/{}/{}", $kind, self.0)
            }

            /// What a stranger wrote, if it is one.
            pub(in crate::artists) fn from_foreign(text: &str) -> Option<Self> {
                Self::try_from(text.to_owned()).ok()
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(to)
            }
        }
    )+};
}

mbids! {
    /// Who makes music, at MusicBrainz.
    ArtistMbid("artist", "an artist")
    /// One edition of a release, at MusicBrainz.
    ReleaseMbid("release", "a release")
    /// A release in all of its editions, at MusicBrainz.
    ReleaseGroupMbid("release-group", "a release group")
    /// What was recorded, at MusicBrainz.
    RecordingMbid("recording", "a recording")
    /// What was composed, at MusicBrainz.
    WorkMbid("work", "a work")
}

#[derive(Debug, PartialEq, Eq)]
enum Fault {
    None,
    OtherKind,
}

fn parse(text: &str, kind: &str) -> Result<Uuid, Fault> {
    let id = match address(text) {
        Some((found, _)) if found != kind => return Err(Fault::OtherKind),
        Some((_, id)) => id,
        None => text.to_owned(),
    };
    Uuid::try_parse(&id).ok().filter(|id| !id.is_nil()).ok_or(Fault::None)
}

// The kind and the id in an address of MusicBrainz; people also leave its beginning out.
fn address(text: &str) -> Option<(String, String)> {
    let lower = text.to_ascii_lowercase();
    let url = match lower.contains("://") {
        true => Url::parse(&lower).ok()?,
        false if HOSTS.iter().any(|host| lower.starts_with(host)) => Url::parse(&format!("https://{lower}")).ok()?,
        false => return None,
    };
    let is_there = matches!(url.scheme(), "https" | "http") && HOSTS.contains(&url.host_str()?);
    let mut parts = url.path_segments()?.filter(|_| is_there);
    Some((parts.next()?.to_owned(), parts.next()?.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "5b11f4ce-a62d-471e-81fc-a69a8278c7da";

    #[test]
    fn every_usual_form_is_kept_in_one() {
        let simple = ID.replace('-', "");
        for text in [
            ID.to_owned(),
            ID.to_uppercase(),
            format!(" {simple} "),
            format!("{{{ID}}}"),
            format!("urn:uuid:{ID}"),
            format!("https://musicbrainz.org/artist/{ID}"),
            format!("http://www.MusicBrainz.org/artist/{}/releases?page=2#top", ID.to_uppercase()),
            format!("musicbrainz.org/artist/{ID}"),
            format!("https://beta.musicbrainz.org/artist/{ID}/"),
        ] {
            let id = ArtistMbid::try_from(text.clone()).unwrap_or_else(|problem| panic!("{text}: {problem}"));
            assert_eq!(serde_json::to_value(id).expect("json"), ID, "{text}");
        }
        let address = RecordingMbid::from_foreign(ID).expect("an id").address();
        assert_eq!(address, format!("https://musicbrainz.org/recording/{ID}"));
    }

    #[test]
    fn what_is_of_another_kind_or_none_says_so() {
        let problem = |text: &str| ReleaseMbid::try_from(text.to_owned()).expect_err(text);
        for (kind, id) in [("release-group", ID), ("artist", ID), ("recording", "nonsense")] {
            let text = format!("https://musicbrainz.org/{kind}/{id}");
            assert!(problem(&text).starts_with("This address is of something else: a release has one"), "{text}");
        }
        let elsewhere = format!("https://music.example/release/{ID}");
        let longer = format!("{ID}0");
        for text in [
            "",
            "nonsense",
            "00000000-0000-0000-0000-000000000000",
            "https://musicbrainz.org/release/nonsense",
            "https://musicbrainz.org/release",
            "https://musicbrainz.org",
            &elsewhere,
            &longer,
        ] {
            assert!(problem(text).starts_with("The MBID of a release is a UUID"), "{text}");
        }
    }
}

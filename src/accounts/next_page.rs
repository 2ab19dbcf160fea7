//! Where to go after signing in elsewhere: a page of our own, whatever the address bar said (security case B2).

use serde::{Deserialize, Serialize};
use url::Url;

/// Nobody lives there.
const HERE: &str = "http://legato.invalid";

const MAX_BYTES: usize = 2000;

/// A path of the web app with its query and fragment; the home page in place of anything else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String")]
pub(super) struct NextPage(String);

impl NextPage {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// The page with another fragment.
    pub(super) fn with_fragment(&self, fragment: &str) -> String {
        format!("{}#{fragment}", self.0.split('#').next().unwrap_or("/"))
    }
}

impl From<String> for NextPage {
    fn from(wanted: String) -> Self {
        Self(own_path(&wanted).unwrap_or_else(|| "/".to_owned()))
    }
}

fn own_path(wanted: &str) -> Option<String> {
    if !wanted.starts_with('/') || wanted.len() > MAX_BYTES || wanted.chars().any(char::is_control) {
        return None;
    }
    let here: Url = HERE.parse().ok()?;
    let there = here.join(wanted).ok()?;
    // `//evil` and `/\evil` name another host; a path may itself come out as `//evil` after `/.//evil`.
    if there.origin() != here.origin() || !stays_here(there.path()) {
        return None;
    }
    Some(there.as_str().strip_prefix(HERE)?.to_owned())
}

// The path as it is, and as somebody may read it who decodes it once or twice too often.
fn stays_here(path: &str) -> bool {
    let mut read = path.to_owned();
    for _ in 0..3 {
        if read.contains("//") || read.contains('\\') || read.contains(char::is_control) || read.starts_with("/api/") {
            return false;
        }
        read = decoded(&read);
    }
    true
}

// A form's value would take `+` for a space, which changes nothing of what is looked for.
fn decoded(path: &str) -> String {
    let text = path.replace('&', "%26").replace('=', "%3D");
    form_urlencoded::parse(text.as_bytes()).map(|(name, _)| name.into_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(wanted: &str) -> String {
        NextPage::from(wanted.to_owned()).0
    }

    #[test]
    fn a_page_of_ours_is_gone_to() {
        for page in ["/", "/studio", "/releases/1?track=2", "/search?q=a%2Fb&next=//x#top", "/artists/a%20b"] {
            assert_eq!(next(page), page);
        }
        assert_eq!(next("/a/../studio"), "/studio");
    }

    #[test]
    fn anything_else_is_the_home_page() {
        for evil in [
            "",
            "evil",
            "https://evil.example",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "javascript:alert(1)",
            " //evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            "/..//evil.example",
            "/.//evil.example",
            "data:text/html,x",
            "/%2fevil.example",
            "/%2Fevil.example",
            "/%5cevil.example",
            "/%252f/evil.example",
            "/%2e%2f/evil",
            "/a%0d%0aSet-Cookie:x",
            "/%00",
            "/api/v1/session",
            "/%61pi/v1/me",
            "/@evil\u{0}",
            "http:/evil.example",
            "/\u{85}x",
        ] {
            assert_eq!(next(evil), "/", "{evil:?}");
        }
        assert_eq!(next(&format!("/{}", "x".repeat(MAX_BYTES))), "/");
    }

    #[test]
    fn a_fragment_takes_the_place_of_another() {
        let page = NextPage::from("/account?a=b#top".to_owned());
        assert_eq!(page.with_fragment("linked=one"), "/account?a=b#linked=one");
    }
}

//! The languages of what is sung and spoken (BCP 47).

use language_tags::{LanguageTag as Registered, ValidationError};
use oxilangtag::LanguageTag;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::platform::error::{Error, Result as Checked};

/// At most 10 language tags after RFC 5646, each once and in its usual case: `de`, `pt-BR`, `zh-Hant`; `zxx` for music
/// without words. Their subtags are registered at IANA, or for private use.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "Vec<String>")]
#[schema(value_type = Vec<String>, max_items = 10)]
pub(crate) struct Languages(Vec<String>);

impl TryFrom<Vec<String>> for Languages {
    type Error = &'static str;

    fn try_from(tags: Vec<String>) -> Result<Self, Self::Error> {
        let mut languages: Vec<String> = Vec::new();
        for tag in &tags {
            let tag = LanguageTag::parse_and_normalize(tag.trim()).ok().filter(|tag| tag.len() <= 35);
            let tag = tag.ok_or("A language is a tag of BCP 47, such as de, pt-BR or zh-Hant.")?.into_inner();
            if !languages.contains(&tag) {
                languages.push(tag);
            }
        }
        if languages.len() <= 10 { Ok(Self(languages)) } else { Err("Up to 10 languages.") }
    }
}

impl Languages {
    /// Refuses a language, script, region or variant that is not in IANA's Language Subtag Registry. Only what comes in is
    /// asked for it: what was said before stays readable, whatever the registry of a later day holds.
    pub(in crate::artists) fn require_registered(&self) -> Checked<()> {
        for tag in &self.0 {
            if let Some(what) = unregistered(tag) {
                let problem = format!("“{tag}” has {what} that is not registered (IANA Language Subtag Registry).");
                return Err(Error::invalid("languages", problem));
            }
        }
        Ok(())
    }

    pub(in crate::artists) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

// What of a tag is unknown. A prefix that the registry only recommends (`de-1996`, and not `en-1996`) is nothing to refuse.
fn unregistered(tag: &str) -> Option<&'static str> {
    // The crate takes whatever sorts between `qaa` and `qtz` for private use, `qq` as well.
    let language = tag.split('-').next().unwrap_or_default();
    if language.len() != 3 && ("qaa"..="qtz").contains(&language) {
        return Some("a language");
    }
    match Registered::parse(tag).map(|tag| tag.validate()) {
        Err(_) | Ok(Err(ValidationError::PrimaryLanguageNotInRegistry)) => Some("a language"),
        Ok(Err(ValidationError::ExtendedLanguageNotInRegistry)) => Some("an extended language"),
        Ok(Err(ValidationError::ScriptNotInRegistry)) => Some("a script"),
        Ok(Err(ValidationError::RegionNotInRegistry)) => Some("a region"),
        Ok(Err(ValidationError::VariantNotInRegistry)) => Some("a variant"),
        Ok(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn languages(tags: &[&str]) -> Option<Vec<String>> {
        Languages::try_from(tags.iter().map(|tag| (*tag).to_owned()).collect::<Vec<_>>()).ok().map(|tags| tags.0)
    }

    #[test]
    fn a_language_is_a_tag_in_its_usual_case() {
        assert_eq!(
            languages(&["DE", "de", "pt-br", "zh-hant", "zxx"]).expect("tags"),
            ["de", "pt-BR", "zh-Hant", "zxx"]
        );
        for bad in ["", "german language", "e", "de_DE", "de-", "x".repeat(36).as_str()] {
            assert_eq!(languages(&[bad]), None, "{bad}");
        }
        let many = ["aa", "ab", "ae", "af", "ak", "am", "an", "ar", "as", "av", "ay"];
        assert_eq!((languages(&many), languages(&many[..10]).map(|some| some.len())), (None, Some(10)));
    }

    #[test]
    fn a_language_is_registered_or_for_private_use() {
        let good = [
            "de",
            "pt-BR",
            "zh-Hant-TW",
            "zxx",
            "mul",
            "yue",
            "zh-yue",
            "qu",
            "sr-Latn-RS",
            "es-419",
            "de-1996",
            "sl-rozaj",
        ];
        let private = ["qaa", "qtz-Qaaa", "en-XK", "de-QM", "x-whale", "de-x-dialect", "i-klingon", "en-1996"];
        for tag in good.into_iter().chain(private) {
            assert_eq!(unregistered(tag), None, "{tag}");
        }
        for (tag, what) in [
            ("qq", "a language"),
            ("qaabc", "a language"),
            ("qua-YY", "a region"),
            ("xx-YY", "a language"),
            ("german", "a language"),
            ("de-YY", "a region"),
            ("de-Abcd", "a script"),
            ("zh-abc", "an extended language"),
            ("de-nonsense", "a variant"),
        ] {
            assert_eq!(unregistered(tag), Some(what), "{tag}");
        }
        let stored: Languages = serde_json::from_value(serde_json::json!(["qq"])).expect("what was said before");
        let problem = stored.require_registered().expect_err("not registered").to_string();
        assert_eq!(problem, "languages: “qq” has a language that is not registered (IANA Language Subtag Registry).");
    }
}

//! Providers of OpenID Connect, as the configuration lists them.

use std::collections::BTreeSet;

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use url::{Host, Url};

/// One provider.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OidcProvider {
    /// Its name in paths and tables: 1 to 32 of `a-z`, `0-9` and `-`, beginning with a letter or a digit.
    pub name: String,
    /// What its button says: 1 to 64 characters.
    pub label: String,
    /// Where `/.well-known/openid-configuration` is found: https, but for a provider on this very machine.
    pub issuer: String,
    pub client_id: String,
    /// None for a public client, which PKCE alone protects.
    pub client_secret: Option<SecretString>,
}

/// A list in TOML (`[[oidc]]` in the file) or JSON (in the environment).
pub(super) fn providers(text: &str) -> Result<Vec<OidcProvider>, String> {
    let providers = parse(text)?;
    let mut names = BTreeSet::new();
    let mut problems = Vec::new();
    for (number, provider) in providers.iter().enumerate() {
        let mut note = |problem: &str| problems.push(format!("provider {}: {problem}", number + 1));
        faults(provider).into_iter().for_each(&mut note);
        if !names.insert(&provider.name) {
            note("another one has this name");
        }
    }
    if problems.is_empty() { Ok(providers) } else { Err(problems.join("; ")) }
}

// What the parsers complain of may hold a secret.
fn parse(text: &str) -> Result<Vec<OidcProvider>, String> {
    #[derive(Deserialize)]
    struct Wrapped {
        oidc: Vec<OidcProvider>,
    }
    let parsed = serde_json::from_str(text).ok().or_else(|| {
        let wrapped: Wrapped = toml::from_str(&format!("oidc = {text}")).ok()?;
        Some(wrapped.oidc)
    });
    parsed.ok_or_else(|| {
        "must be a list of providers, each with name, label, issuer, client_id and, but for public clients, \
         client_secret"
            .into()
    })
}

fn faults(provider: &OidcProvider) -> Vec<&'static str> {
    let is_empty = |secret: &SecretString| secret.expose_secret().trim().is_empty();
    let faults = [
        (!is_name(&provider.name), "name must be 1 to 32 of a-z, 0-9 and -, beginning with a letter or a digit"),
        (!is_label(&provider.label), "label must be 1 to 64 characters"),
        (!is_issuer(&provider.issuer), "issuer must be an https URL without a query (http only on this machine)"),
        (provider.client_id.trim().is_empty(), "client_id must not be empty"),
        (provider.client_secret.as_ref().is_some_and(is_empty), "client_secret must not be empty where there is one"),
    ];
    faults.into_iter().filter(|(is_at_fault, _)| *is_at_fault).map(|(_, problem)| problem).collect()
}

fn is_name(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    (1..=32).contains(&text.len()) && !text.starts_with('-') && text.bytes().all(|byte| is_plain(byte) || byte == b'-')
}

fn is_label(text: &str) -> bool {
    !text.trim().is_empty() && text.chars().count() <= 64 && !text.chars().any(char::is_control)
}

fn is_issuer(text: &str) -> bool {
    let Ok(url) = text.parse::<Url>() else { return false };
    let is_here = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    let is_safe = url.scheme() == "https" || (url.scheme() == "http" && is_here);
    let is_plain = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    is_safe && is_plain && url.password().is_none() && url.has_host()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::platform::config::{Config, Flags};

    fn json(name: &str, issuer: &str) -> String {
        format!(
            r#"{{"name":"{name}","label":"Ex","issuer":"{issuer}","client_id":"legato","client_secret":"hunter2"}}"#
        )
    }

    #[test]
    fn the_file_lists_providers_in_toml_and_the_environment_in_json() {
        let file = "[[oidc]]\nname = 'one'\nlabel = 'One'\nissuer = 'https://one.example'\nclient_id = 'x'\n\
                    [[oidc]]\nname = 'two'\nlabel = 'Two'\nissuer = 'http://127.0.0.1:9/realm'\nclient_id = 'y'\n\
                    client_secret = 'hunter2'";
        let config = Config::from_layers(file, BTreeMap::new(), Flags::new()).expect("valid");
        assert_eq!(config.oidc.iter().map(|provider| provider.name.as_str()).collect::<Vec<_>>(), ["one", "two"]);
        assert!(!format!("{config:?}").contains("hunter2"));
        let env = BTreeMap::from([("LEGATO_OIDC".to_owned(), format!("[{}]", json("three", "https://x.example/")))]);
        let config = Config::from_layers(file, env, Flags::new()).expect("valid");
        assert_eq!(config.oidc[0].client_secret.as_ref().expect("a secret").expose_secret(), "hunter2");
    }

    #[test]
    fn every_fault_of_every_provider_is_told_and_no_secret() {
        let list = format!(
            "[{},{},{}]",
            json("A b", "https://x.example"),
            json("ok", "http://x.example"),
            json("ok", "https://x.example")
        );
        let problem = providers(&list).expect_err("three faults");
        assert_eq!(problem.split("; ").count(), 3, "{problem}");
        assert!(problem.contains("provider 2: issuer") && problem.contains("provider 3: another"), "{problem}");
        for broken in [list.as_str(), r#"[{"name":"hunter2"}]"#, r#""hunter2""#, "hunter2"] {
            assert!(!providers(broken).expect_err("broken").contains("hunter2"), "{broken}");
        }
    }

    #[test]
    fn an_issuer_is_on_https_or_on_this_machine() {
        for good in ["https://id.example", "https://id.example:8443/realms/x", "http://localhost:1", "http://[::1]:1"] {
            assert!(is_issuer(good), "{good}");
        }
        let bad = [
            "",
            "id.example",
            "http://id.example",
            "https://",
            "https://id.example/?a=b",
            "https://u:p@id.example",
            "https://id.example/#x",
            "file:///etc/passwd",
            "http://localhost.evil.example",
        ];
        for bad in bad {
            assert!(!is_issuer(bad), "{bad}");
        }
    }
}

//! Where objects are kept, when that is an S3 and not the data folder.

use secrecy::SecretString;
use url::Url;

use super::layers::Layers;
use super::parse::boolean;

/// What S3 copies in one request, and so the largest object that is taken.
pub(super) const LARGEST_OBJECT_BYTES: u64 = 5 * 1024 * 1024 * 1024;

/// A bucket, and how to come to it.
#[derive(Debug, Clone)]
pub struct S3 {
    pub bucket: String,
    /// The folder in the bucket, without slashes at its ends; empty for the bucket as a whole.
    pub prefix: String,
    /// Scheme, host and port of a server that is not Amazon's.
    pub endpoint: Option<String>,
    pub region: String,
    pub access_key: SecretString,
    pub secret_key: SecretString,
    /// `endpoint/bucket/key` rather than `bucket.endpoint/key`.
    pub path_style: bool,
    /// Whether listeners fetch whole files from there themselves.
    pub redirect: bool,
}

impl S3 {
    /// The URL that keys are appended to, after a slash.
    pub fn bucket_url(&self) -> String {
        let amazon = format!("https://s3.{}.amazonaws.com", self.region);
        let endpoint = self.endpoint.as_deref().unwrap_or(&amazon);
        match endpoint.split_once("://") {
            Some((scheme, host)) if !self.path_style => format!("{scheme}://{}.{host}", self.bucket),
            _ => format!("{endpoint}/{}", self.bucket),
        }
    }
}

impl std::fmt::Display for S3 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "s3://{}", self.bucket)?;
        if self.prefix.is_empty() { Ok(()) } else { write!(f, "/{}", self.prefix) }
    }
}

/// The settings `storage_url` and `s3_…`. None: objects are in the data folder.
pub(super) fn settings(layers: &mut Layers) -> Option<S3> {
    let place = layers.optional("storage_url", place);
    let endpoint = layers.optional("s3_endpoint", endpoint);
    let region = layers.get("s3_region", "us-east-1", region);
    let access_key = layers.optional("s3_access_key", secret).map(SecretString::from);
    let secret_key = layers.optional("s3_secret_key", secret).map(SecretString::from);
    let path_style = layers.optional("s3_path_style", boolean);
    let redirect = layers.get("s3_redirect", "false", boolean);
    let (bucket, prefix) = place?;
    let (Some(access_key), Some(secret_key)) = (access_key, secret_key) else {
        layers.complain("storage_url: S3 needs s3_access_key and s3_secret_key as well");
        return None;
    };
    let path_style = path_style.unwrap_or(endpoint.is_some());
    Some(S3 { bucket, prefix, endpoint, region, access_key, secret_key, path_style, redirect })
}

fn place(text: &str) -> Result<(String, String), String> {
    let problem = || "must be s3://bucket or s3://bucket/folder, of letters, digits, '.', '_' and '-'".to_owned();
    let (bucket, prefix) =
        text.strip_prefix("s3://").map(|rest| rest.split_once('/').unwrap_or((rest, ""))).ok_or_else(problem)?;
    let prefix = prefix.trim_end_matches('/');
    let is_bucket = (3..=63).contains(&bucket.len()) && is_name(bucket);
    let is_folder = prefix.is_empty() || prefix.split('/').all(is_name);
    if is_bucket && is_folder { Ok((bucket.to_owned(), prefix.to_owned())) } else { Err(problem()) }
}

fn is_name(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    text.bytes().all(is_plain) && text.bytes().any(|byte| byte.is_ascii_alphanumeric())
}

fn region(text: &str) -> Result<String, String> {
    if is_name(text) { Ok(text.to_owned()) } else { Err("must be a region's name such as eu-central-1".into()) }
}

// An address that somebody wrote down may be on plain http: a server on this machine, or on a private network.
fn endpoint(text: &str) -> Result<String, String> {
    let url = text.parse::<Url>().ok().filter(|url| {
        let is_plain = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
        ["http", "https"].contains(&url.scheme()) && url.has_host() && is_plain && url.password().is_none()
    });
    match url.filter(|url| url.path() == "/") {
        Some(url) => Ok(url.as_str().trim_end_matches('/').to_owned()),
        None => Err("must be scheme, host and port, such as https://minio.example:9000".into()),
    }
}

fn secret(text: &str) -> Result<String, String> {
    if text.trim().is_empty() { Err("must not be empty".into()) } else { Ok(text.trim().to_owned()) }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::platform::config::{Config, Flags};

    const KEYS: &str = "s3_access_key = 'me'\ns3_secret_key = 'hunter2'\n";

    fn load(text: &str) -> Result<Option<S3>, String> {
        let config = Config::from_layers(text, BTreeMap::new(), Flags::new());
        config.map(|config| config.s3).map_err(|problems| problems.to_string())
    }

    #[test]
    fn without_a_url_objects_are_in_the_data_folder() {
        assert!(load("").expect("valid").is_none());
    }

    #[test]
    fn a_bucket_is_found_at_amazon_or_at_an_endpoint() {
        let load = |text: &str| load(&format!("{KEYS}{text}")).expect("valid").expect("S3");
        let amazon = load("storage_url = 's3://music/legato/objects/'\ns3_region = 'eu-central-1'");
        assert_eq!(amazon.bucket_url(), "https://music.s3.eu-central-1.amazonaws.com");
        assert_eq!(amazon.to_string(), "s3://music/legato/objects");
        let minio = load("storage_url = 's3://music'\ns3_endpoint = 'http://127.0.0.1:9000/'");
        assert_eq!(minio.bucket_url(), "http://127.0.0.1:9000/music");
        let hosted = load("storage_url = 's3://music'\ns3_endpoint = 'https://s3.example'\ns3_path_style = false");
        assert_eq!(hosted.bucket_url(), "https://music.s3.example");
    }

    #[test]
    fn what_does_not_fit_is_told_and_no_secret() {
        for text in [
            "storage_url = 'file:///x'",
            "storage_url = 's3://a'",
            "storage_url = 's3://music/../x'",
            "storage_url = 's3://music'\ns3_endpoint = 'minio:9000'",
            "storage_url = 's3://music'\ns3_endpoint = 'http://me:hunter2@minio'",
            "storage_url = 's3://music'\nupload_max_bytes = 6000000000",
        ] {
            let problem = load(&format!("{KEYS}{text}")).expect_err(text);
            assert!(!problem.contains("hunter2"), "{problem}");
        }
        let problem = load("storage_url = 's3://music'").expect_err("no keys");
        assert!(problem.contains("s3_access_key"), "{problem}");
    }

    #[test]
    fn keys_do_not_print_themselves() {
        let s3 = load(&format!("{KEYS}storage_url = 's3://music'")).expect("valid");
        assert!(!format!("{s3:?}").contains("hunter2"));
    }
}

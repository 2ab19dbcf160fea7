//! What the head of a page says of what the page shows, to those who do not run its script: link previews, search engines,
//! feed readers.

use std::fmt::Write;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde_json::Value;

use crate::platform::Platform;
use crate::platform::error::Result;
use crate::platform::markup::{empty_element, escape};

/// Finds the head of the page under a path, with links that begin with an address (`https://music.example`); `None` where
/// the page shows nothing that everybody may see. `app` registers it.
pub(crate) type PageHead =
    Arc<dyn Fn(Platform, String, String) -> BoxFuture<'static, Result<Option<Head>>> + Send + Sync>;

/// The head of a page. Texts are as people wrote them: they are escaped here.
#[derive(Debug, Clone, Default)]
pub(crate) struct Head {
    pub(crate) title: String,
    pub(crate) description: String,
    /// The one address of the page.
    pub(crate) canonical: String,
    /// Open Graph and its relatives: `og:title`, `music:duration` …
    pub(crate) properties: Vec<(&'static str, String)>,
    /// `twitter:card` …
    pub(crate) names: Vec<(&'static str, String)>,
    pub(crate) alternates: Vec<Alternate>,
    /// What the page is about, as JSON-LD in the terms of schema.org.
    pub(crate) about: Option<Value>,
}

/// The same in another form.
#[derive(Debug, Clone)]
pub(crate) struct Alternate {
    pub(crate) media_type: &'static str,
    pub(crate) title: String,
    pub(crate) address: String,
}

impl Head {
    /// The page with this head in place of its own title and description.
    pub(super) fn put_into(&self, page: &str) -> String {
        let page = without(page, "<meta name=\"description\"", ">");
        let page = without(&page, "<title>", "</title>");
        match page.split_once("</head>") {
            Some((head, body)) => format!("{head}{}</head>{body}", self.render()),
            None => page,
        }
    }

    fn render(&self) -> String {
        let mut html = String::new();
        // Writing into memory does not fail.
        let _ = writeln!(html, "<title>{}</title>", escape(&self.title));
        empty_element(&mut html, "meta", &[("name", "description"), ("content", &self.description)]);
        empty_element(&mut html, "link", &[("rel", "canonical"), ("href", &self.canonical)]);
        for (property, content) in &self.properties {
            empty_element(&mut html, "meta", &[("property", property), ("content", content)]);
        }
        for (name, content) in &self.names {
            empty_element(&mut html, "meta", &[("name", name), ("content", content)]);
        }
        for Alternate { media_type, title, address } in &self.alternates {
            let link = [("rel", "alternate"), ("type", *media_type), ("title", title), ("href", address)];
            empty_element(&mut html, "link", &link);
        }
        if let Some(about) = &self.about {
            // Data, and no script: nothing runs it, and no policy forbids it. Only its end must not stand in it.
            let json = about.to_string().replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026");
            let _ = writeln!(html, "<script type=\"application/ld+json\">{json}</script>");
        }
        html
    }
}

// The page without what stands from `from` to `to`.
fn without(page: &str, from: &str, to: &str) -> String {
    let found = page.split_once(from).and_then(|(before, rest)| Some((before, rest.split_once(to)?.1)));
    found.map_or_else(|| page.to_owned(), |(before, after)| format!("{before}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<html><head>\n<meta name=\"description\" content=\"Old\" />\n<title>Old</title>\n\
                        <script src=\"/a.js\"></script></head><body>x</body></html>";

    #[test]
    fn a_head_stands_in_the_place_of_the_old_one() {
        let head = Head {
            title: "</title><script>alert(1)</script>".into(),
            description: "\"><img src=x onerror=alert(1)>".into(),
            canonical: "https://music.example/releases/1".into(),
            properties: vec![("og:title", "a & b".into())],
            ..Head::default()
        };
        let page = head.put_into(PAGE);
        assert!(!page.contains("Old") && page.contains("<script src=\"/a.js\"></script>"), "{page}");
        assert_eq!((page.matches("<script").count(), page.matches("<title>").count()), (1, 1), "{page}");
        assert!(!page.contains("<img"), "{page}");
        assert!(page.contains("<meta property=\"og:title\" content=\"a &amp; b\"/>"), "{page}");
        assert!(page.contains("<link rel=\"canonical\" href=\"https://music.example/releases/1\"/>"), "{page}");
        assert!(page.ends_with("</head><body>x</body></html>"), "{page}");
    }

    #[test]
    fn what_a_page_is_about_cannot_leave_its_place() {
        let name = "</script><script>alert(1)</script><!-- \u{2028}";
        let head = Head { about: Some(serde_json::json!({ "name": name })), ..Head::default() };
        let page = head.put_into(PAGE);
        let (_, rest) = page.split_once("<script type=\"application/ld+json\">").expect("a document");
        let (json, rest) = rest.split_once("</script>").expect("its end");
        assert_eq!(serde_json::from_str::<Value>(json).expect("json")["name"], name);
        assert!(!json.contains('<') && !rest.contains("<script"), "{page}");
    }

    #[test]
    fn a_page_without_a_head_stays_as_it_is() {
        assert_eq!(Head::default().put_into("nothing"), "nothing");
    }
}

//! An artist's biography: Markdown (CommonMark 0.31 with strikethrough), and the HTML that is safe to show.
//!
//! HTML within the Markdown is text like any other, pictures are their descriptions, headings begin at the third level, and
//! what comes out goes through a second sieve that lets a few elements and links to `http` and `https` pass. It is made each
//! time that it is read, so that nothing is kept that an older sieve let through.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use utoipa::ToSchema;

const MAX: usize = 10_000;

/// What is nested deeper loses its mark-up and keeps its words.
const MAX_DEPTH: usize = 12;

static SIEVE: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut sieve = Builder::default();
    sieve
        .tags(HashSet::from([
            "p",
            "br",
            "hr",
            "em",
            "strong",
            "del",
            "a",
            "ul",
            "ol",
            "li",
            "blockquote",
            "code",
            "pre",
            "h3",
            "h4",
            "h5",
            "h6",
        ]))
        .generic_attributes(HashSet::new())
        .tag_attributes(HashMap::from([("a", HashSet::from(["href"])), ("ol", HashSet::from(["start"]))]))
        .url_schemes(HashSet::from(["http", "https"]))
        .url_relative(UrlRelative::Deny)
        .link_rel(Some("nofollow ugc noopener noreferrer"));
    sieve
});

/// A biography, as it was written and as it is shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Biography {
    /// Empty where there is none.
    markdown: String,
    /// Safe to put into a page as it is: paragraphs, lists, quotes, headings from the third level on, links.
    html: String,
}

impl Biography {
    /// Of what is stored.
    pub(super) fn of(markdown: String) -> Self {
        let html = render(&markdown);
        Self { markdown, html }
    }
}

/// The words of a biography in Markdown, without its marks, in one line of at most `longest` characters.
pub(in crate::artists) fn words(markdown: &str, longest: usize) -> String {
    let mut text = String::new();
    for event in Parser::new_ext(markdown, Options::ENABLE_STRIKETHROUGH) {
        match event {
            Event::Text(words) | Event::Code(words) => text.push_str(&words),
            Event::SoftBreak | Event::HardBreak | Event::End(_) => text.push(' '),
            _ => {}
        }
        // The rest is not wanted.
        if text.len() > longest * 8 {
            break;
        }
    }
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    // A mark in the middle of a word leaves no gap before what follows it.
    let line = [",", ".", ";", ":", "!", "?"].iter().fold(line, |line, mark| line.replace(&format!(" {mark}"), mark));
    match line.char_indices().nth(longest) {
        Some((end, _)) => format!("{}…", line[..end].trim_end()),
        None => line,
    }
}

/// Up to 10,000 characters in Unicode's form NFC, with line ends and tabs, but no other control characters.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(try_from = "String")]
#[schema(value_type = String, max_length = 10_000)]
pub(crate) struct Markdown(String);

impl Markdown {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Markdown {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let text: String = text.replace("\r\n", "\n").trim().nfc().collect();
        if text.chars().count() > MAX {
            return Err("A biography has at most 10,000 characters.");
        }
        if text.chars().any(|letter| letter.is_control() && !matches!(letter, '\n' | '\t')) {
            return Err("A biography holds no control characters but line ends and tabs.");
        }
        Ok(Self(text))
    }
}

fn render(markdown: &str) -> String {
    let mut depth = 0;
    let parser = Parser::new_ext(markdown, Options::ENABLE_STRIKETHROUGH);
    let mut unsafe_html = String::with_capacity(markdown.len() * 2);
    html::push_html(&mut unsafe_html, parser.filter_map(|event| tame(event, &mut depth)));
    SIEVE.clean(&unsafe_html).to_string()
}

fn tame<'a>(event: Event<'a>, depth: &mut usize) -> Option<Event<'a>> {
    match event {
        Event::Html(text) | Event::InlineHtml(text) => Some(Event::Text(text)),
        Event::Start(tag) => {
            *depth += 1;
            (*depth <= MAX_DEPTH).then(|| begin(tag)).flatten()
        }
        Event::End(tag) => {
            let is_shown = *depth <= MAX_DEPTH;
            *depth = depth.saturating_sub(1);
            is_shown.then(|| end(tag)).flatten()
        }
        other => Some(other),
    }
}

fn begin(tag: Tag<'_>) -> Option<Event<'_>> {
    match tag {
        Tag::Image { .. } => None,
        Tag::Heading { level, id, classes, attrs } => {
            Some(Event::Start(Tag::Heading { level: lowered(level), id, classes, attrs }))
        }
        tag => Some(Event::Start(tag)),
    }
}

fn end(tag: TagEnd) -> Option<Event<'static>> {
    match tag {
        TagEnd::Image => None,
        TagEnd::Heading(level) => Some(Event::End(TagEnd::Heading(lowered(level)))),
        tag => Some(Event::End(tag)),
    }
}

// The page has headings of its own above.
fn lowered(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 => HeadingLevel::H3,
        HeadingLevel::H2 => HeadingLevel::H4,
        HeadingLevel::H3 => HeadingLevel::H5,
        HeadingLevel::H4 | HeadingLevel::H5 | HeadingLevel::H6 => HeadingLevel::H6,
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    #[test]
    fn markdown_becomes_html() {
        let html = render("# Nina\n\nPlays *the* **harp**, ~~never~~ often.\n\n- one\n- [two](https://nina.example)\n");
        assert_eq!(
            html,
            "<h3>Nina</h3>\n<p>Plays <em>the</em> <strong>harp</strong>, <del>never</del> often.</p>\n<ul>\n<li>one</li>\n\
             <li><a href=\"https://nina.example\" rel=\"nofollow ugc noopener noreferrer\">two</a></li>\n</ul>\n"
        );
    }

    #[test]
    fn nothing_in_it_runs_or_loads() {
        for hostile in [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "[x](javascript:alert(1))",
            "[x](data:text/html,<script>alert(1)</script>)",
            "[x](JaVaScRiPt&colon;alert(1))",
            "![x](https://evil.example/pixel.gif)",
            "<javascript:alert(1)>",
            "<svg><style><img src=x onerror=alert(1)></style></svg>",
            "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
            "[x]: javascript:alert(1)\n\n[x]",
            "`<iframe src=//evil.example>`",
            "[x](//evil.example)",
            "<a href=\"https://evil.example\" onclick=\"alert(1)\" style=\"position:fixed\">x</a>",
        ] {
            let html = render(hostile);
            let elements: Vec<&str> =
                html.split('<').skip(1).map(|rest| rest.split('>').next().unwrap_or("")).collect();
            for element in elements {
                let name = element.trim_start_matches('/').split(' ').next().unwrap_or("");
                assert!(["p", "code", "a", "li", "ul"].contains(&name), "{hostile} → {html}");
                assert!(!element.contains("on") || element.contains("noopener"), "{hostile} → {html}");
                assert!(
                    !element.to_lowercase().contains("script") && !element.contains("//evil"),
                    "{hostile} → {html}"
                );
            }
        }
    }

    #[test]
    fn a_biography_that_means_harm_takes_no_time() {
        for pattern in [">", "[", "*a ", "- ", "![", "<a ", "`", "_a*", "[a](", "\n> - ", "***", "~~a ", "<!--", "&#0;"]
        {
            let hostile: String = pattern.repeat(MAX / pattern.len());
            let (started, html) = (Instant::now(), render(&hostile));
            assert!(started.elapsed() < Duration::from_secs(1), "{pattern:?}: {:?}", started.elapsed());
            assert!(html.len() < 40 * MAX, "{pattern:?}: {} bytes", html.len());
        }
    }

    #[test]
    fn the_words_of_a_biography_are_one_line() {
        assert_eq!(
            words("# Nina\n\nplays *very* **slow**,\nand `loud` <b>x</b>.", 99),
            "Nina plays very slow, and loud x."
        );
        assert_eq!(words("åå åå", 3), "åå…");
        assert_eq!(words("", 3), "");
    }

    #[test]
    fn a_biography_is_text_of_a_length() {
        assert_eq!(Markdown::try_from(" a\r\nb ".to_owned()).expect("valid").as_str(), "a\nb");
        assert!(Markdown::try_from("a\u{0}b".to_owned()).is_err());
        assert!(Markdown::try_from("å".repeat(10_001)).is_err());
        assert!(Markdown::try_from("å".repeat(10_000)).is_ok());
    }
}

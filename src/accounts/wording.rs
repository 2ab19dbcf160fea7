//! The wording of letters: from a text in `letters/` and the facts to subject, plain text and HTML.
//!
//! A letter is written once per language, as paragraphs:
//! ```text
//! Subject: Choose a new password
//! Preview: The link works for one hour.
//!
//! Hello {{ name }},
//!
//! somebody wants …
//!
//! -> Choose a new password
//! ```
//! `Preview` is what a list of mails shows beside the subject. A paragraph that begins with `->` is the letter's link and
//! its label. Line ends within a paragraph stay. The text is rendered twice, with values escaped for HTML and without, and
//! set in `frame.html` and `frame.txt`.

use std::sync::LazyLock;

use anyhow::Context;
use chrono::{DateTime, Datelike, Utc};
use chrono_tz::Tz;
use minijinja::{Environment, UndefinedBehavior, Value, context};

use super::Language;
use super::addressee::Arrived;
use super::device_name::device_name;
use super::letter::FactorChange;
use crate::platform::config::Config;
use crate::platform::mail;

macro_rules! texts {
    ($($name:literal),+ $(,)?) => {
        &[$((
            $name,
            include_str!(concat!("letters/", $name, ".en.txt")),
            include_str!(concat!("letters/", $name, ".de.txt")),
        )),+]
    };
}

/// Each letter in English and in German.
const TEXTS: &[(&str, &str, &str)] = texts![
    "account_closing",
    "already_registered",
    "artist_invitation",
    "artist_invitation_unknown",
    "change_email",
    "confirm_email",
    "confirm_registration",
    "email_changed",
    "email_gone",
    "export_ready",
    "factor_changed",
    "new_device",
    "password_changed",
    "reinstated",
    "reset_password",
    "suspended",
];

/// The ending of a template's name decides whether values are escaped.
static TEMPLATES: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut templates = Environment::new();
    templates.set_undefined_behavior(UndefinedBehavior::Strict);
    let mut add = |name: String, text| templates.add_template_owned(name, text).expect("a template that holds");
    add("frame.txt".into(), include_str!("letters/frame.txt"));
    add("frame.html".into(), include_str!("letters/frame.html"));
    for (name, english, german) in TEXTS {
        for (language, text) in [(Language::English, *english), (Language::German, *german)] {
            add(format!("{name}.{}.txt", language.name()), text);
            add(format!("{name}.{}.html", language.name()), text);
        }
    }
    templates
});

const MONTHS: [&str; 12] = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
];

/// The longest value that goes into a letter, in characters.
const MAX_VALUE: usize = 300;

/// A letter that is ready to be written.
#[derive(Debug)]
pub(super) struct Wording {
    /// The name of its text.
    pub(super) text: &'static str,
    pub(super) language: Language,
    /// IANA's name; UTC where nobody knows such a zone.
    pub(super) time_zone: String,
    pub(super) facts: Facts,
}

/// What a letter may tell. Each uses some of it.
#[derive(Debug, Default)]
pub(super) struct Facts {
    handle: String,
    name: String,
    site: String,
    /// Where its reader sees to the account.
    settings: String,
    pub(super) link: String,
    /// When it happened.
    pub(super) at: Option<DateTime<Utc>>,
    pub(super) until: Option<DateTime<Utc>>,
    pub(super) email: String,
    pub(super) reason: String,
    /// Who asks, for which artist, and as what.
    pub(super) by: String,
    pub(super) artist: String,
    pub(super) role: String,
    pub(super) what: Option<FactorChange>,
    device: Option<String>,
    address: String,
}

impl Facts {
    pub(super) fn of(config: &Config, handle: &str, display_name: &str) -> Self {
        let base = base(config);
        let site = base.split_once("://").map_or(base.as_str(), |(_, authority)| authority).to_owned();
        let name = plain_name(display_name, handle);
        let settings = format!("{base}/settings");
        Self { handle: handle.to_owned(), name: name.to_owned(), site, settings, ..Self::default() }
    }

    /// Where somebody came in from; unknown where they have left already.
    pub(super) fn arrived(&mut self, arrived: Option<Arrived>) {
        let Some(arrived) = arrived else { return };
        self.device = device_name(&arrived.device);
        self.address = arrived.address;
        self.at = Some(arrived.created_at);
    }
}

/// Where people reach this server, by the configuration alone: what a request says of its host goes into no letter.
pub(super) fn base(config: &Config) -> String {
    match &config.public_url {
        Some(url) => url.clone(),
        None if config.listen.ip().is_unspecified() => format!("http://localhost:{}", config.listen.port()),
        None => format!("http://{}", config.listen),
    }
}

impl Wording {
    /// The letter, addressed.
    pub(super) fn write(&self, to: String) -> anyhow::Result<mail::Letter> {
        let (plain, escaped) = (self.rendered("txt")?, self.rendered("html")?);
        let (text, html) = (Parts::of(&plain)?, Parts::of(&escaped)?);
        Ok(mail::Letter {
            to,
            subject: text.subject.to_owned(),
            text: self.framed("frame.txt", &text, Value::from)?,
            html: self.framed("frame.html", &html, Value::from_safe_string)?,
        })
    }

    fn rendered(&self, form: &str) -> anyhow::Result<String> {
        let name = format!("{}.{}.{form}", self.text, self.language.name());
        let facts = &self.facts;
        let values = context! {
            handle => one_line(&facts.handle),
            name => one_line(&facts.name),
            site => one_line(&facts.site),
            settings => one_line(&facts.settings),
            at => facts.at.map(|time| self.local(time)),
            until => facts.until.map(|time| self.local(time)),
            email => one_line(&facts.email),
            reason => one_line(&facts.reason),
            by => one_line(&facts.by),
            artist => one_line(&facts.artist),
            role => one_line(&facts.role),
            what => facts.what.map(FactorChange::name),
            device => facts.device.as_deref().map(one_line),
            address => one_line(&facts.address),
        };
        let template = TEMPLATES.get_template(&name).context("a letter without a text")?;
        template.render(values).with_context(|| format!("rendering {name}"))
    }

    fn framed(&self, frame: &str, parts: &Parts<'_>, marked: fn(String) -> Value) -> anyhow::Result<String> {
        let paragraphs: Vec<Value> = parts
            .paragraphs
            .iter()
            .map(|paragraph| match paragraph.strip_prefix("-> ") {
                Some(label) => context! { label => marked(label.to_owned()) },
                None => context! { lines => paragraph.lines().map(|line| marked(line.to_owned())).collect::<Vec<_>>() },
            })
            .collect();
        let values = context! {
            language => self.language.name(),
            subject => marked(parts.subject.to_owned()),
            preview => marked(parts.preview.to_owned()),
            handle => self.facts.handle.as_str(),
            site => self.facts.site.as_str(),
            link => self.facts.link.as_str(),
            paragraphs,
        };
        TEMPLATES.get_template(frame)?.render(values).with_context(|| format!("rendering {frame}"))
    }

    /// `21 November 2026, 15:41 CET`, `21. November 2026, 15:41 Uhr CET`.
    fn local(&self, time: DateTime<Utc>) -> String {
        let local = time.with_timezone(&self.time_zone.parse().unwrap_or(Tz::UTC));
        match self.language {
            Language::English => local.format("%-d %B %Y, %H:%M %Z").to_string(),
            Language::German => {
                let month = MONTHS[local.month0() as usize];
                format!(
                    "{}. {month} {}, {} Uhr {}",
                    local.day(),
                    local.year(),
                    local.format("%H:%M"),
                    local.format("%Z")
                )
            }
        }
    }
}

/// A rendered text, taken apart.
struct Parts<'a> {
    subject: &'a str,
    preview: &'a str,
    paragraphs: Vec<&'a str>,
}

impl<'a> Parts<'a> {
    fn of(rendered: &'a str) -> anyhow::Result<Self> {
        let mut paragraphs = rendered.trim().split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty());
        let (subject, preview) = paragraphs.next().and_then(|head| head.split_once('\n')).context("a letter's head")?;
        Ok(Self {
            subject: subject.strip_prefix("Subject: ").context("a letter's subject")?,
            preview: preview.strip_prefix("Preview: ").context("a letter's preview")?,
            paragraphs: paragraphs.collect(),
        })
    }
}

// A value ends no line, and so begins no paragraph, no link and no subject.
fn one_line(value: &str) -> String {
    let clean: String = value.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MAX_VALUE).collect();
    clean.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A name as a letter may show it: another one of theirs, which nobody can make a link of, where it reads like one.
pub(super) fn plain_name<'a>(name: &'a str, otherwise: &'a str) -> &'a str {
    if reads_like_a_link(name) { otherwise } else { name }
}

// Mail programs make links of what looks like one. A name is written by whoever opened the account, maybe in the name of
// the reader, and the reader trusts the letter.
fn reads_like_a_link(name: &str) -> bool {
    let letters: Vec<char> = name.chars().collect();
    let has_host =
        letters.windows(3).any(|three| three[1] == '.' && !three[0].is_whitespace() && three[2].is_alphanumeric());
    has_host || name.contains(['/', '@', ':'])
}

#[cfg(test)]
mod tests;

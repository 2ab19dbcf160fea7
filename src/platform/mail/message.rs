//! A letter as a message (RFC 5322, MIME).

use anyhow::Context;
use chrono::{DateTime, Utc};
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::{Address, Message};
use url::{Host, Url};
use uuid::Uuid;

use super::Letter;
use crate::platform::config::Config;

/// Who letters come from.
pub(super) struct Sender {
    from: Mailbox,
    /// The host of the public URL, without its port.
    host: Host<String>,
}

impl Sender {
    pub(super) fn new(config: &Config) -> anyhow::Result<Self> {
        let from = config.mail_from.parse().context("mail_from")?;
        let url = config.public_url.as_deref().map(Url::parse).transpose().context("public_url")?;
        let host = url.and_then(|url| url.host().map(|host| host.to_owned()));
        Ok(Self { from, host: host.unwrap_or_else(|| Host::Domain("localhost".into())) })
    }

    /// The name by which this server is known.
    pub(super) fn host(&self) -> &Host<String> {
        &self.host
    }

    /// The whole message. An address that mail does not know is an error. No value makes a header of its own: addresses are
    /// parsed, and the subject is encoded with its line ends taken away.
    pub(super) fn message(&self, letter: &Letter, now: DateTime<Utc>) -> anyhow::Result<Message> {
        let to: Address = letter.to.parse().context("this is no address of mail")?;
        let subject: String = letter.subject.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .date(now.into())
            .message_id(Some(format!("<{}@{}>", Uuid::new_v4(), self.literal())))
            .subject(subject)
            .raw_header(raw("Auto-Submitted", "auto-generated"))
            .multipart(MultiPart::alternative_plain_html(letter.text.clone(), letter.html.clone()));
        message.context("making the message")
    }

    // An address of the network stands in brackets where mail expects a name (RFC 5322 §3.4.1).
    fn literal(&self) -> String {
        match &self.host {
            Host::Domain(name) => name.clone(),
            Host::Ipv4(address) => format!("[{address}]"),
            Host::Ipv6(address) => format!("[IPv6:{address}]"),
        }
    }
}

fn raw(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::platform::clock::Clock;
    use crate::platform::config::Flags;

    fn sender(settings: &[(&'static str, &str)]) -> Sender {
        let flags: Flags = settings.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        Sender::new(&Config::from_layers("", BTreeMap::new(), flags).expect("settings that hold")).expect("a sender")
    }

    fn letter(to: &str, subject: &str) -> Letter {
        Letter { to: to.into(), subject: subject.into(), text: "Hello".into(), html: "<p>Hello</p>".into() }
    }

    fn written(sender: &Sender, letter: &Letter) -> String {
        let message = sender.message(letter, Clock::default().now()).expect("a message");
        String::from_utf8(message.formatted()).expect("text")
    }

    #[test]
    fn a_message_says_who_where_and_that_a_machine_wrote_it() {
        let sender = sender(&[("public_url", "https://music.example:8443"), ("mail_from", "Müsli <m@music.example>")]);
        let message = written(&sender, &letter("ada@example.org", "Grüße"));
        assert!(message.contains("To: ada@example.org\r\n"), "{message}");
        assert!(message.contains("@music.example>\r\n"), "{message}");
        assert!(message.contains("Auto-Submitted: auto-generated\r\n"), "{message}");
        assert!(message.contains("Content-Type: multipart/alternative;"), "{message}");
        assert!(message.split("\r\n\r\n").next().expect("headers").is_ascii(), "{message}");
    }

    #[test]
    fn no_value_makes_a_header_of_its_own() {
        let sender = sender(&[]);
        for end in ["\r\n", "\n", "\r"] {
            let message = written(&sender, &letter("ada@example.org", &format!("Hi{end}Bcc: all@example.org")));
            assert!(!message.contains("\nBcc"), "{message}");
            let to = format!("ada@example.org{end}Bcc: all@example.org");
            assert!(sender.message(&letter(&to, "Hi"), Clock::default().now()).is_err());
        }
    }

    #[test]
    fn a_host_without_a_name_stands_in_brackets() {
        assert_eq!(sender(&[("public_url", "http://127.0.0.1:4533")]).literal(), "[127.0.0.1]");
        assert_eq!(sender(&[("public_url", "http://[::1]:4533")]).literal(), "[IPv6:::1]");
        assert_eq!(sender(&[]).literal(), "localhost");
    }
}

//! Mail: a letter goes to a mail server, to a program, or into a folder.
//!
//! | settings | way |
//! |---|---|
//! | `smtp_url` | a mail server ([`smtp`]) |
//! | `sendmail` | a program of this machine ([`sendmail`]) |
//! | neither | files in `DATA/mail` ([`folder`]): a new install works, and says where the letters are |

use std::sync::Arc;

use super::clock::Clock;
use super::config::Config;
use secrecy::ExposeSecret;

mod folder;
mod message;
mod sendmail;
mod smtp;

use folder::Folder;
use message::Sender;
use sendmail::Sendmail;
use smtp::Smtp;

/// Whether a letter can be addressed so (RFC 5321 §4.1.2).
pub(crate) fn can_address(address: &str) -> bool {
    address.parse::<lettre::Address>().is_ok()
}

/// A letter as it is read: the same said twice, as plain text and as HTML.
#[derive(Debug, Clone)]
pub(crate) struct Letter {
    /// One address.
    pub(crate) to: String,
    pub(crate) subject: String,
    pub(crate) text: String,
    pub(crate) html: String,
}

/// Why a letter did not go out.
#[derive(Debug)]
pub(crate) enum Undelivered {
    /// It may go out later.
    ForNow(anyhow::Error),
    /// It never will: there is no such address, or the other side refuses this very letter.
    ForGood(anyhow::Error),
}

/// Sends letters. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Mail(Arc<Inner>);

struct Inner {
    way: Way,
    sender: Sender,
    clock: Clock,
}

enum Way {
    Smtp(Smtp),
    Sendmail(Sendmail),
    Folder(Folder),
}

impl Mail {
    /// The way that the settings name. Nothing is connected, started or written before the first letter.
    pub(crate) fn new(config: &Config, clock: &Clock) -> anyhow::Result<Self> {
        let sender = Sender::new(config)?;
        let way = match (&config.smtp_url, &config.sendmail) {
            (Some(url), _) => Way::Smtp(Smtp::new(url.expose_secret(), sender.host())?),
            (None, Some(program)) => Way::Sendmail(Sendmail::at(program.clone())),
            (None, None) => Way::Folder(Folder::at(config.data.join("mail"))),
        };
        Ok(Self(Arc::new(Inner { way, sender, clock: clock.clone() })))
    }

    /// Sends a letter; it may arrive a second time where the answer to the first one was lost.
    pub(crate) async fn send(&self, letter: &Letter) -> Result<(), Undelivered> {
        let message = self.0.sender.message(letter, self.0.clock.now()).map_err(Undelivered::ForGood)?;
        match &self.0.way {
            Way::Smtp(smtp) => smtp.send(&message).await,
            Way::Sendmail(program) => program.send(&message).await,
            Way::Folder(folder) => folder.keep(&message, self.0.clock.now()).await,
        }
    }

    /// Whether letters would go out, as far as that can be told without one.
    pub(crate) async fn check(&self) -> anyhow::Result<()> {
        match &self.0.way {
            Way::Smtp(smtp) => smtp.check().await,
            Way::Sendmail(program) => program.check(),
            Way::Folder(folder) => folder.check().await,
        }
    }

    /// Whether letters reach somebody: a folder is read by the operator alone.
    pub(crate) fn reaches_people(&self) -> bool {
        !matches!(self.0.way, Way::Folder(_))
    }
}

/// Where letters go, for logs: without credentials.
impl std::fmt::Display for Mail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.0.way {
            Way::Smtp(smtp) => write!(f, "the mail server {smtp}"),
            Way::Sendmail(program) => write!(f, "the program {program}"),
            Way::Folder(folder) => write!(f, "files in {folder}"),
        }
    }
}

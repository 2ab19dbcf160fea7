//! Letters: what is told to people by mail, and the job that does it.
//!
//! A letter is enqueued in the transaction whose effect it tells of. The job ([`mod@super::send_letter`]) makes its one-time
//! code, words it in the account's language and sends it. So no secret ever waits in a queue.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::platform::db::{Conn, named};
use crate::platform::error::Result;
use crate::platform::id::{AccountId, ExportId, SessionId};
use crate::platform::jobs::{self, Backoff, Job};

/// What a letter is about, and who gets it. Ids, and addresses that stand in no row: it waits in the queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "letter", rename_all = "snake_case")]
pub(super) enum Letter {
    /// With a link that confirms the account's address.
    ConfirmEmail { account: AccountId },
    /// With a link that opens the account; where the address has one already, it says so, and has no such link.
    ConfirmRegistration { registration: Uuid },
    /// With a link that sets a new password; to nobody where the login (a handle or an address) is unknown.
    ResetPassword { login: String },
    /// The password was set or changed.
    PasswordChanged { account: AccountId },
    /// To the new address, with a link that puts it in the old one's place; to nobody where somebody has it already. A code
    /// for it is in the table when this is enqueued, and the letter gives it a word: what was voided meanwhile stays so.
    ChangeEmail { account: AccountId, email: String },
    /// To the old address, with the way back; a code for it is in the table as well.
    EmailChanged { account: AccountId, old: String },
    /// To the old address, where nobody had ever confirmed it: it may be a stranger's, so there is no way back in it.
    EmailGone { account: AccountId, old: String },
    /// Somebody signed in from a device that the account was never used from.
    NewDevice { account: AccountId, session: SessionId },
    /// Another way to prove who one is came or went.
    FactorChanged { account: AccountId, what: FactorChange },
    /// The archive can be fetched, with a link.
    ExportReady { account: AccountId, export: ExportId },
    /// The account will be erased, unless its owner comes back.
    AccountClosing { account: AccountId },
    /// A moderator has suspended the account, and why.
    Suspended { account: AccountId },
    /// The suspension was lifted.
    Reinstated { account: AccountId },
    /// Somebody asks the reader to act for an artist.
    ArtistInvitation(ArtistInvitation),
}

/// What the letter of an invitation tells. It goes to an account, or to an address, whosever that is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ArtistInvitation {
    pub(crate) account: Option<AccountId>,
    pub(crate) email: Option<String>,
    pub(crate) artist_name: String,
    pub(crate) artist_slug: String,
    /// `owner`, `editor` or `viewer`.
    pub(crate) role: String,
    pub(crate) invited_by: AccountId,
    pub(crate) expires_at: DateTime<Utc>,
}

impl Letter {
    /// Whose letter it is, where that is known before it is written.
    pub(super) fn account(&self) -> Option<AccountId> {
        match self {
            Self::ConfirmEmail { account }
            | Self::PasswordChanged { account }
            | Self::ChangeEmail { account, .. }
            | Self::EmailChanged { account, .. }
            | Self::EmailGone { account, .. }
            | Self::NewDevice { account, .. }
            | Self::FactorChanged { account, .. }
            | Self::ExportReady { account, .. }
            | Self::AccountClosing { account }
            | Self::Suspended { account }
            | Self::Reinstated { account } => Some(*account),
            Self::ArtistInvitation(invitation) => invitation.account,
            Self::ConfirmRegistration { .. } | Self::ResetPassword { .. } => None,
        }
    }

    /// The name of its text in `letters/`.
    pub(super) fn text(&self) -> &'static str {
        match self {
            Self::ConfirmEmail { .. } => "confirm_email",
            Self::ConfirmRegistration { .. } => "confirm_registration",
            Self::ResetPassword { .. } => "reset_password",
            Self::PasswordChanged { .. } => "password_changed",
            Self::ChangeEmail { .. } => "change_email",
            Self::EmailChanged { .. } => "email_changed",
            Self::EmailGone { .. } => "email_gone",
            Self::NewDevice { .. } => "new_device",
            Self::FactorChanged { .. } => "factor_changed",
            Self::ExportReady { .. } => "export_ready",
            Self::AccountClosing { .. } => "account_closing",
            Self::Suspended { .. } => "suspended",
            Self::Reinstated { .. } => "reinstated",
            Self::ArtistInvitation(_) => "artist_invitation",
        }
    }
}

named! {
    /// What happened to an account's factors.
    pub(super) enum FactorChange {
        TotpOn = "totp_on",
        TotpOff = "totp_off",
        PasskeyAdded = "passkey_added",
        PasskeyRemoved = "passkey_removed",
        /// New recovery codes: the old ones are void.
        RecoveryCodesMade = "recovery_codes_made",
        /// Somebody signed in with a recovery code.
        RecoveryCodeUsed = "recovery_code_used",
        IdentityLinked = "identity_linked",
        IdentityUnlinked = "identity_unlinked",
        /// An administrator took all second factors away.
        Reset = "reset",
    }
}

/// The job that sends a letter.
#[derive(Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct SendLetter(pub(super) Letter);

impl Job for SendLetter {
    const KIND: &'static str = "accounts.send_letter";
    const QUEUE: &'static str = "mail";
    /// With these pauses about nine hours: a mail server that is away over night loses nobody's letter.
    const MAX_ATTEMPTS: i16 = 15;
    const BACKOFF: Backoff =
        Backoff { first: std::time::Duration::from_secs(2), factor: 4, longest: std::time::Duration::from_secs(3600) };
}

/// Sends a letter after the commit of the caller's transaction, and never without it.
pub(super) async fn enqueue(conn: &mut Conn, letter: Letter) -> Result<()> {
    jobs::enqueue(conn, SendLetter(letter)).await
}

/// Façade: writes to whoever is asked to act for an artist, after the commit of the caller's transaction.
pub(crate) async fn invite_to_artist(conn: &mut Conn, invitation: ArtistInvitation) -> Result<()> {
    enqueue(conn, Letter::ArtistInvitation(invitation)).await
}

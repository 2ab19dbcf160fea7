//! Send a letter: make its code, word it, hand it to the mail.

use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use super::addressee::{Addressee, Arrived, fetchable_until};
use super::letter::{ArtistInvitation, Letter, SendLetter};
use super::letter_code::{LetterCode, PREFIX, Purpose};
use super::registration::Registration;
use super::wording::{Facts, Wording, base, plain_name};
use crate::platform::Platform;
use crate::platform::config::Config;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::jobs::{Failure, Run};
use crate::platform::mail::Undelivered;
use crate::platform::secret;

/// A letter and its address.
type Addressed = (String, Wording);

/// Handles a job of the queue `mail`. Each run makes a new code, so what the letter of an earlier run held is void then,
/// if it went out after all.
pub(crate) async fn run(platform: Platform, SendLetter(letter): SendLetter, run: Run) -> Result<(), Failure> {
    let at = enqueued_at(&run).unwrap_or_else(|| platform.clock.now());
    let prepared = platform
        .db
        .transaction(async |conn| {
            run.fence(conn).await?;
            prepare(conn, &platform, &letter, at).await
        })
        .await?;
    let Some((to, wording)) = prepared else {
        tracing::debug!(letter = letter.text(), "nobody to write to");
        return Ok(());
    };
    match platform.mail.send(&wording.write(to)?).await {
        Ok(()) => Ok(()),
        Err(Undelivered::ForNow(cause)) => Err(cause.into()),
        Err(Undelivered::ForGood(cause)) => Err(Failure::give_up(cause)),
    }
}

// A letter may be hours late, and speaks of the time of its cause: that is in the job's id (RFC 9562 §5.7).
fn enqueued_at(run: &Run) -> Option<DateTime<Utc>> {
    let (seconds, nanos) = run.id().uuid().get_timestamp()?.to_unix();
    DateTime::from_timestamp(seconds.cast_signed(), nanos)
}

/// Whom to write to, and what; none where the account, the registration, or the reason to write is gone. Codes that the
/// letter holds are good from the commit on.
async fn prepare(
    conn: &mut Conn,
    platform: &Platform,
    letter: &Letter,
    at: DateTime<Utc>,
) -> Result<Option<Addressed>> {
    let addressee = match letter {
        Letter::ConfirmRegistration { registration } => return welcome(conn, platform, *registration).await,
        Letter::ArtistInvitation(invitation) => return invite(conn, platform, invitation).await,
        Letter::ResetPassword { login } => Addressee::find_by_login(conn, login).await?,
        _ => match letter.account() {
            Some(account) => Addressee::find(conn, account).await?,
            None => None,
        },
    };
    let Some(addressee) = addressee else { return Ok(None) };
    let mut facts = Facts::of(&platform.config, &addressee.handle, &addressee.display_name);
    facts.at = Some(at);
    if !tell(conn, platform, letter, &addressee, &mut facts).await? {
        return Ok(None);
    }
    let (language, time_zone) = (addressee.language, addressee.time_zone);
    let to = match letter {
        Letter::ChangeEmail { email, .. } => email.clone(),
        Letter::EmailChanged { old, .. } | Letter::EmailGone { old, .. } => old.clone(),
        _ => addressee.email,
    };
    Ok(Some((to, Wording { text: letter.text(), language, time_zone, facts })))
}

/// Fills in what this letter has to tell; false where it is not so any more.
async fn tell(
    conn: &mut Conn,
    platform: &Platform,
    letter: &Letter,
    addressee: &Addressee,
    facts: &mut Facts,
) -> Result<bool> {
    let (account, own) = (addressee.id, addressee.email.as_str());
    facts.link = page(&platform.config, "/reset-password");
    match letter {
        Letter::ConfirmEmail { .. } if addressee.email_confirmed_at.is_some() => return Ok(false),
        Letter::ConfirmEmail { .. } => {
            let code =
                LetterCode::insert(conn, account, Purpose::ConfirmEmail, Some(own), platform.clock.now()).await?;
            facts.link = link(&platform.config, "/confirm-email", &code);
        }
        Letter::ResetPassword { .. } => {
            let code =
                LetterCode::insert(conn, account, Purpose::ResetPassword, Some(own), platform.clock.now()).await?;
            facts.link = link(&platform.config, "/reset-password", &code);
        }
        Letter::ChangeEmail { email, .. } => {
            if Addressee::find_by_login(conn, email).await?.is_some() {
                return Ok(false);
            }
            let code = LetterCode::rekey(conn, account, Purpose::ChangeEmail, email, platform.clock.now()).await?;
            let Some(code) = code else { return Ok(false) };
            facts.link = link(&platform.config, "/change-email", &code);
            facts.email.clone_from(email);
        }
        Letter::EmailChanged { old, .. } => {
            let code = LetterCode::rekey(conn, account, Purpose::RestoreEmail, old, platform.clock.now()).await?;
            let Some(code) = code else { return Ok(false) };
            facts.link = link(&platform.config, "/restore-email", &code);
            own.clone_into(&mut facts.email);
        }
        Letter::ExportReady { export, .. } => {
            facts.until = fetchable_until(conn, *export).await?;
            let code = LetterCode::insert(conn, account, Purpose::Export, Some(own), platform.clock.now()).await?;
            facts.link = link(&platform.config, "/export", &code);
            return Ok(facts.until.is_some());
        }
        Letter::AccountClosing { .. } => {
            facts.until = addressee.closing_until;
            facts.link = page(&platform.config, "/sign-in");
            return Ok(facts.until.is_some());
        }
        Letter::Suspended { .. } => match &addressee.suspension_reason {
            Some(reason) => facts.reason.clone_from(reason),
            None => return Ok(false),
        },
        Letter::EmailGone { .. } | Letter::Reinstated { .. } => facts.link = page(&platform.config, "/sign-in"),
        Letter::NewDevice { session, .. } => facts.arrived(Arrived::find(conn, *session).await?),
        Letter::FactorChanged { what, .. } => facts.what = Some(*what),
        Letter::PasswordChanged { .. } | Letter::ConfirmRegistration { .. } | Letter::ArtistInvitation(_) => {}
    }
    Ok(true)
}

/// The letter that opens an account; or, where the address has one, a letter that says so: whoever asked learns nothing,
/// and the owner all.
async fn welcome(conn: &mut Conn, platform: &Platform, registration: Uuid) -> Result<Option<Addressed>> {
    let Some(registration) = Registration::find(conn, registration).await? else { return Ok(None) };
    if let Some(known) = Addressee::find_by_login(conn, &registration.email).await? {
        let mut facts = Facts::of(&platform.config, &known.handle, &known.display_name);
        facts.link = page(&platform.config, "/reset-password");
        let (text, language) = ("already_registered", known.language);
        return Ok(Some((known.email, Wording { text, language, time_zone: known.time_zone, facts })));
    }
    let code = secret::token(PREFIX)?;
    Registration::set_code(conn, registration.id, &secret::hash(code.expose_secret())).await?;
    let mut facts = Facts::of(&platform.config, &registration.handle, &registration.handle);
    facts.link = link(&platform.config, "/confirm-registration", &code);
    let (text, language) = ("confirm_registration", registration.language);
    Ok(Some((registration.email, Wording { text, language, time_zone: "UTC".into(), facts })))
}

/// An invitation to act for an artist; to an address that is nobody's it says what to do first. Whoever invites learns nothing
/// of whose the address is.
async fn invite(conn: &mut Conn, platform: &Platform, invitation: &ArtistInvitation) -> Result<Option<Addressed>> {
    let Some(host) = Addressee::find(conn, invitation.invited_by).await? else { return Ok(None) };
    let guest = match (invitation.account, &invitation.email) {
        (Some(account), _) => match Addressee::find(conn, account).await? {
            Some(guest) => Some(guest),
            None => return Ok(None),
        },
        // Only who has confirmed an address is greeted under it.
        (None, Some(email)) => Addressee::find_by_login(conn, email).await?.filter(Addressee::is_confirmed),
        (None, None) => None,
    };
    let (handle, name) = guest.as_ref().map_or(("", ""), |guest| (&guest.handle, &guest.display_name));
    let mut facts = Facts::of(&platform.config, handle, name);
    facts.by = plain_name(&host.display_name, &host.handle).to_owned();
    facts.artist = plain_name(&invitation.artist_name, &invitation.artist_slug).to_owned();
    facts.role.clone_from(&invitation.role);
    facts.until = Some(invitation.expires_at);
    facts.link = page(&platform.config, "/invitations");
    Ok(match (guest, &invitation.email) {
        (Some(guest), _) => {
            let (text, language) = ("artist_invitation", guest.language);
            Some((guest.email, Wording { text, language, time_zone: guest.time_zone, facts }))
        }
        (None, Some(email)) => {
            let (text, language) = ("artist_invitation_unknown", host.language);
            Some((email.clone(), Wording { text, language, time_zone: "UTC".into(), facts }))
        }
        (None, None) => None,
    })
}

/// A page of the web app, with a code in the fragment, which no browser sends: it stands in no log and in no `Referer`.
pub(super) fn link(config: &Config, path: &str, code: &SecretString) -> String {
    format!("{}#{}", page(config, path), code.expose_secret())
}

fn page(config: &Config, path: &str) -> String {
    format!("{}{path}", base(config))
}

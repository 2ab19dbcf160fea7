//! Invite somebody.

use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use chrono::TimeDelta;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::authority::By;
use crate::accounts::audit;
use crate::accounts::invitation::Invitation;
use crate::platform::Platform;
use crate::platform::auth::{Admin, Identity};
use crate::platform::db::Conn;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::Json;
use crate::platform::secret;

/// An invitation to open accounts.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewInvitation {
    /// What it is for; at most 200 characters.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub(crate) note: String,
    /// How many accounts it opens: 1 to 1,000.
    #[serde(default = "one")]
    #[schema(minimum = 1, maximum = 1000, default = 1)]
    pub(crate) uses: i32,
    /// How long it is good: 1 to 365 days.
    #[serde(default = "two_weeks")]
    #[schema(minimum = 1, maximum = 365, default = 14)]
    pub(crate) expires_in_days: i64,
}

fn one() -> i32 {
    1
}

fn two_weeks() -> i64 {
    14
}

impl NewInvitation {
    fn check(&self) -> Result<()> {
        if self.note.chars().count() > 200 || self.note.chars().any(char::is_control) {
            return Err(Error::invalid("note", "A note is a line of at most 200 characters."));
        }
        if !(1..=1000).contains(&self.uses) {
            return Err(Error::invalid("uses", "An invitation opens 1 to 1,000 accounts."));
        }
        if !(1..=365).contains(&self.expires_in_days) {
            return Err(Error::invalid("expires_in_days", "An invitation is good for 1 to 365 days."));
        }
        Ok(())
    }
}

/// A new invitation and its code, which is shown this once.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Invited {
    code: String,
    #[serde(flatten)]
    invitation: Invitation,
}

/// Make an invitation. Whoever has its code may open an account, as often as it says.
#[utoipa::path(tag = "administration", request_body = NewInvitation, responses(
    (status = 201, body = Invited), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 422, body = Problem)))]
#[post("/admin/invitations")]
pub(in crate::accounts) async fn post(
    platform: Data<Platform>,
    identity: Identity<Admin>,
    Json(new): Json<NewInvitation>,
) -> Result<HttpResponse> {
    let (code, invitation) = make(&platform, By::Account(identity.account), &new).await?;
    let invited = Invited { code: code.expose_secret().to_owned(), invitation };
    Ok(HttpResponse::Created().insert_header(("Cache-Control", "no-store")).json(invited))
}

/// Façade: makes an invitation and answers with its code, the only copy.
pub(crate) async fn invite(platform: &Platform, by: By, new: &NewInvitation) -> Result<SecretString> {
    make(platform, by, new).await.map(|(code, _)| code)
}

async fn make(platform: &Platform, by: By, new: &NewInvitation) -> Result<(SecretString, Invitation)> {
    new.check()?;
    let code = secret::token("legato_i_")?;
    let invitation = platform
        .db
        .transaction(async |conn| {
            by.require_admin(conn).await?;
            let expires_at = platform.clock.now() + TimeDelta::days(new.expires_in_days);
            let text = code.expose_secret();
            let invitation = Invitation::insert(conn, text, &new.note, by.account(), new.uses, expires_at).await?;
            note(conn, by, &invitation).await?;
            Ok(invitation)
        })
        .await?;
    Ok((code, invitation))
}

// The log is of accounts: what the command line does to none is not in it.
async fn note(conn: &mut Conn, by: By, invitation: &Invitation) -> Result<()> {
    let Some(actor) = by.account() else { return Ok(()) };
    let detail = json!({ "invitation": invitation.id, "uses": invitation.uses_left });
    audit::record(conn, Some(actor), actor, "invited", detail).await
}

//! Invite somebody to act for an artist.

use std::time::Duration;

use actix_web::post;
use actix_web::web::{Data, Path};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::invitation::{GOOD_FOR, Invitation};
use super::invitee::Invitee;
use super::list_invitations::SentInvitation;
use super::member::Member;
use crate::accounts::{self, ArtistInvitation};
use crate::artists::membership::MemberRole;
use crate::artists::own_artist::OwnArtist;
use crate::platform::auth::{Fresh, Identity};
use crate::platform::db::Conn;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::event::Event;
use crate::platform::http::{Created, IdempotencyHeader, IdempotencyKey, Json};
use crate::platform::id::{AccountId, MemberInvitationId};
use crate::platform::limits::Rule;
use crate::platform::{Platform, outbox};

/// Members and open invitations of an artist.
const MAX_PEOPLE: i64 = 100;

const HOUR: Duration = Duration::from_secs(3600);

static INVITATIONS_BY: Rule = Rule::new("artist-invitations-by", 30, HOUR, HOUR);
/// Letters to one address, whoever sends them: it may be anybody's.
static INVITATIONS_TO: Rule = Rule::new("artist-invitations-to", 3, HOUR, HOUR);

/// Whom to invite, and as what.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewMember {
    /// A handle, or an e-mail address. Whose address it is, if anybody's, you only learn when they accept.
    #[schema(value_type = String, min_length = 2, max_length = 254)]
    invitee: Invitee,
    role: MemberRole,
    /// Of the role `owner`: whoever invites hands the ownership over, and is an editor once this is accepted.
    #[serde(default)]
    hands_over: bool,
}

/// Invite somebody to act for an artist. Only an owner may. Nothing is so until they accept, within 14 days.
#[utoipa::path(tag = "people", params(("id" = String, Path, description = "The artist's id or slug"), IdempotencyHeader), request_body = NewMember, responses(
    (status = 201, body = SentInvitation), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem)))]
#[post("/artists/{id}/invitations")]
pub(in crate::artists) async fn post(
    platform: Data<Platform>,
    identity: Identity<Fresh>,
    artist: Path<String>,
    key: IdempotencyKey,
    Json(new): Json<NewMember>,
) -> Result<Created<SentInvitation>> {
    invite(&platform, &artist, identity.account, &new, &key).await.map(Created)
}

async fn invite(
    platform: &Platform,
    id_or_slug: &str,
    owner: AccountId,
    new: &NewMember,
    key: &IdempotencyKey,
) -> Result<SentInvitation> {
    if new.hands_over && new.role != MemberRole::Owner {
        return Err(Error::invalid("hands_over", "Only the role `owner` can be handed over."));
    }
    drop(platform.limits.take(&[(&INVITATIONS_BY, &owner.to_string())]).await?);
    let writes = may_write(platform, &new.invitee).await;
    platform
        .db
        .transaction(async |conn| {
            let artist = OwnArtist::lock_owned(conn, id_or_slug, owner).await?;
            let id = MemberInvitationId::new();
            let id = match key.claim(conn, owner, new, id.uuid()).await? {
                Some(earlier) => earlier.into(),
                None => {
                    let (invitation, account) = prepare(conn, platform, &artist, owner, new, id).await?;
                    invitation.insert(conn).await?;
                    tell(conn, &invitation, account, writes).await?;
                    id
                }
            };
            let invitation = Invitation::find(conn, id, artist.id, platform.clock.now()).await?;
            SentInvitation::of(conn, invitation.ok_or(Error::NotFound("invitation"))?).await
        })
        .await
}

// Whose address it is must not show in the answer, so neither does it that its reader has had letters enough.
async fn may_write(platform: &Platform, invitee: &Invitee) -> bool {
    let to = match invitee {
        Invitee::Handle(handle) => format!("handle {}", handle.as_str()),
        Invitee::Email(email) => format!("address {}", email.as_str()),
    };
    platform.limits.take(&[(&INVITATIONS_TO, &to)]).await.is_ok()
}

/// The invitation, and the account that it is for, where there is one.
async fn prepare(
    conn: &mut Conn,
    platform: &Platform,
    artist: &OwnArtist,
    owner: AccountId,
    new: &NewMember,
    id: MemberInvitationId,
) -> Result<(Invitation, Option<AccountId>)> {
    let now = platform.clock.now();
    if Member::count(conn, artist.id).await? + Invitation::count(conn, artist.id, now).await? >= MAX_PEOPLE {
        return Err(Error::invalid("invitee", "An artist has at most 100 members and open invitations."));
    }
    let (account, email) = match &new.invitee {
        Invitee::Handle(handle) => {
            let account = accounts::find_by_handle(conn, handle).await?;
            let account = account.ok_or_else(|| Error::invalid("invitee", "No account has this handle."))?;
            require_news(conn, artist, account, new.role).await?;
            (Some(account), None)
        }
        Invitee::Email(email) => {
            (accounts::find_by_confirmed_email(conn, email).await?, Some(email.as_str().to_owned()))
        }
    };
    let invitation = Invitation {
        id,
        artist_id: artist.id,
        artist_slug: artist.slug.clone(),
        artist_name: artist.name.clone(),
        account_id: account.filter(|_| email.is_none()),
        email,
        role: new.role,
        hands_over: new.hands_over,
        invited_by: owner,
        created_at: now,
        expires_at: now + GOOD_FOR,
    };
    Ok((invitation, account))
}

async fn require_news(conn: &mut Conn, artist: &OwnArtist, account: AccountId, role: MemberRole) -> Result<()> {
    match Member::find(conn, artist.id, account).await? {
        // To own an artist is offered to members too.
        Some(member) if role != MemberRole::Owner || member.role == MemberRole::Owner => {
            Err(Error::invalid("invitee", "This account is a member already."))
        }
        _ => Ok(()),
    }
}

async fn tell(conn: &mut Conn, invitation: &Invitation, account: Option<AccountId>, writes: bool) -> Result<()> {
    let role = invitation.role.name().to_owned();
    if let Some(account) = account {
        let invited = Event::MemberInvited {
            invitation: invitation.id.uuid(),
            artist: invitation.artist_id,
            artist_name: invitation.artist_name.clone(),
            account,
            role: role.clone(),
        };
        outbox::record(conn, &invited).await?;
    }
    if !writes {
        return Ok(());
    }
    let letter = ArtistInvitation {
        account: invitation.account_id,
        email: invitation.email.clone(),
        artist_name: invitation.artist_name.clone(),
        artist_slug: invitation.artist_slug.clone(),
        role,
        invited_by: invitation.invited_by,
        expires_at: invitation.expires_at,
    };
    accounts::invite_to_artist(conn, letter).await
}

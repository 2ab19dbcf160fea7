//! An invitation to act for an artist: rows and queries.
//!
//! It is for an account, or for whoever has proved that an e-mail address is theirs. It stands for as long as its time is not
//! over and whoever made it still owns the artist; both are asked of the database each time.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use crate::artists::membership::MemberRole;
use crate::artists::schema::invitations;
use crate::platform::db::{Conn, prepared, sql};
use crate::platform::error::Result;
use crate::platform::id::{AccountId, ArtistId, MemberInvitationId};

/// How long one waits for its answer.
pub(super) const GOOD_FOR: TimeDelta = TimeDelta::days(14);

/// A row of `artists.invitations` that stands, and the artist that it is about.
#[derive(Debug, Clone, QueryableByName)]
pub(super) struct Invitation {
    #[diesel(sql_type = SqlUuid)]
    pub(super) id: MemberInvitationId,
    #[diesel(sql_type = SqlUuid)]
    pub(super) artist_id: ArtistId,
    #[diesel(sql_type = Text)]
    pub(super) artist_slug: String,
    #[diesel(sql_type = Text)]
    pub(super) artist_name: String,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub(super) account_id: Option<AccountId>,
    #[diesel(sql_type = Nullable<Text>)]
    pub(super) email: Option<String>,
    #[diesel(sql_type = Text)]
    pub(super) role: MemberRole,
    #[diesel(sql_type = Bool)]
    pub(super) hands_over: bool,
    #[diesel(sql_type = SqlUuid)]
    pub(super) invited_by: AccountId,
    #[diesel(sql_type = Timestamptz)]
    pub(super) created_at: DateTime<Utc>,
    #[diesel(sql_type = Timestamptz)]
    pub(super) expires_at: DateTime<Utc>,
}

// $1 is now.
macro_rules! select_invitations {
    ($rest:literal) => {
        concat!(
            "select i.id, i.artist_id, a.slug as artist_slug, a.name as artist_name, i.account_id, i.email, i.role,
                    i.hands_over, i.invited_by, i.created_at, i.expires_at
             from artists.invitations i
             join artists.artists a on a.id = i.artist_id
             where i.expires_at > $1 and a.closed_at is null and artists.owns(i.artist_id, i.invited_by) ",
            $rest
        )
    };
}

/// Whom somebody who is signed in answers for: the account, and the address that it has proved to be its own.
#[derive(Debug, Clone)]
pub(super) struct Guest {
    pub(super) account: AccountId,
    pub(super) email: Option<String>,
}

impl Invitation {
    /// Adds an invitation, in the place of one that the same account or address has from this artist.
    pub(super) async fn insert(&self, conn: &mut Conn) -> Result<()> {
        let same = invitations::account_id.eq(self.account_id).or(invitations::email.eq(&self.email));
        let earlier = invitations::table.filter(invitations::artist_id.eq(self.artist_id)).filter(same);
        diesel::delete(earlier).execute(conn).await?;
        diesel::insert_into(invitations::table)
            .values((
                invitations::id.eq(self.id),
                invitations::artist_id.eq(self.artist_id),
                invitations::account_id.eq(self.account_id),
                invitations::email.eq(&self.email),
                invitations::role.eq(self.role),
                invitations::hands_over.eq(self.hands_over),
                invitations::invited_by.eq(self.invited_by),
                invitations::created_at.eq(self.created_at),
                invitations::expires_at.eq(self.expires_at),
            ))
            .execute(conn)
            .await?;
        Ok(())
    }

    /// An artist's invitation by its id.
    pub(super) async fn find(
        conn: &mut Conn,
        id: MemberInvitationId,
        artist: ArtistId,
        now: DateTime<Utc>,
    ) -> Result<Option<Self>> {
        let found = prepared(
            sql(select_invitations!("and i.id = $2 and i.artist_id = $3"))
                .bind::<Timestamptz, _>(now)
                .bind::<SqlUuid, _>(id)
                .bind::<SqlUuid, _>(artist),
        );
        Ok(found.get_result(conn).await.optional()?)
    }

    /// An artist's invitations that nobody has answered, newest first.
    pub(super) async fn list_of(
        conn: &mut Conn,
        artist: ArtistId,
        after: Option<MemberInvitationId>,
        limit: i64,
        now: DateTime<Utc>,
    ) -> Result<Vec<Self>> {
        let list = prepared(
            sql(select_invitations!(
                "and i.artist_id = $2 and ($3::uuid is null or i.id < $3) order by i.id desc limit $4 + 1"
            ))
            .bind::<Timestamptz, _>(now)
            .bind::<SqlUuid, _>(artist)
            .bind::<Nullable<SqlUuid>, _>(after)
            .bind::<BigInt, _>(limit),
        );
        Ok(list.load(conn).await?)
    }

    /// The invitation with this id, if it is the guest's.
    pub(super) async fn find_mine(
        conn: &mut Conn,
        id: MemberInvitationId,
        guest: &Guest,
        now: DateTime<Utc>,
    ) -> Result<Option<Self>> {
        let found = prepared(
            sql(select_invitations!("and i.id = $2 and (i.account_id = $3 or i.email = $4) and i.refused_at is null"))
                .bind::<Timestamptz, _>(now)
                .bind::<SqlUuid, _>(id)
                .bind::<SqlUuid, _>(guest.account)
                .bind::<Nullable<Text>, _>(&guest.email),
        );
        Ok(found.get_result(conn).await.optional()?)
    }

    /// What a guest is asked, newest first.
    pub(super) async fn list_mine(
        conn: &mut Conn,
        guest: &Guest,
        after: Option<MemberInvitationId>,
        limit: i64,
        now: DateTime<Utc>,
    ) -> Result<Vec<Self>> {
        let list = prepared(
            sql(select_invitations!(
                "and (i.account_id = $2 or i.email = $3) and i.refused_at is null and ($4::uuid is null or i.id < $4)
                 order by i.id desc limit $5 + 1"
            ))
            .bind::<Timestamptz, _>(now)
            .bind::<SqlUuid, _>(guest.account)
            .bind::<Nullable<Text>, _>(&guest.email)
            .bind::<Nullable<SqlUuid>, _>(after)
            .bind::<BigInt, _>(limit),
        );
        Ok(list.load(conn).await?)
    }

    pub(super) async fn count(conn: &mut Conn, artist: ArtistId, now: DateTime<Utc>) -> Result<i64> {
        let open = invitations::table.filter(invitations::artist_id.eq(artist).and(invitations::expires_at.gt(now)));
        Ok(open.count().get_result(conn).await?)
    }

    /// Takes one of an artist's invitations back; false where there is none.
    pub(super) async fn delete(conn: &mut Conn, id: MemberInvitationId, artist: ArtistId) -> Result<bool> {
        let one = invitations::table.find(id).filter(invitations::artist_id.eq(artist));
        Ok(diesel::delete(one).execute(conn).await? > 0)
    }

    /// Hides an invitation that came to an address from whoever refused it. Those who sent it see no difference.
    pub(super) async fn hide(&self, conn: &mut Conn, now: DateTime<Utc>) -> Result<()> {
        diesel::update(invitations::table.find(self.id)).set(invitations::refused_at.eq(now)).execute(conn).await?;
        Ok(())
    }

    /// Takes away all that the guest was asked by an artist: one answer is enough.
    pub(super) async fn delete_all(conn: &mut Conn, artist: ArtistId, guest: &Guest) -> Result<()> {
        let theirs = invitations::account_id.eq(guest.account).or(invitations::email.eq(&guest.email));
        let asked = invitations::table.filter(invitations::artist_id.eq(artist)).filter(theirs.assume_not_null());
        diesel::delete(asked).execute(conn).await?;
        Ok(())
    }

    /// Forgets those whose time is over.
    pub(super) async fn delete_expired(conn: &mut Conn, now: DateTime<Utc>) -> Result<usize> {
        Ok(diesel::delete(invitations::table.filter(invitations::expires_at.le(now))).execute(conn).await?)
    }
}

/// Forgets what an account was asked, and whom it asked.
pub(in crate::artists) async fn forget(conn: &mut Conn, account: AccountId) -> Result<()> {
    diesel::delete(invitations::table.filter(invitations::account_id.eq(account))).execute(conn).await?;
    diesel::delete(invitations::table.filter(invitations::invited_by.eq(account))).execute(conn).await?;
    Ok(())
}

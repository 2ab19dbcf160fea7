//! A line of somebody's inbox.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::schema::notifications;
use crate::platform::db::{Conn, named};
use crate::platform::error::Result;
use crate::platform::id::{AccountId, NotificationId};

named! {
    /// What a notification is about.
    pub(crate) enum NotificationKind {
        /// A release of an artist whom the account follows.
        ReleasePublished = "release_published",
        /// For administrators: more files were rejected than usual.
        QuarantineGrew = "quarantine_grew",
        /// The account is asked to act for an artist; the subtitle is the role.
        MemberInvited = "member_invited",
        /// Who was invited has accepted; the subtitle is the handle, as long as there is one.
        InvitationAccepted = "invitation_accepted",
        InvitationDeclined = "invitation_declined",
        /// The account has another role for an artist; the subtitle is the role.
        RoleChanged = "role_changed",
        /// The account acts for an artist no longer.
        MembershipEnded = "membership_ended",
        /// One side wants a label, the subtitle, to manage an artist; the account is asked for the other.
        LabelOffered = "label_offered",
        LabelJoined = "label_joined",
        LabelLeft = "label_left",
        /// The account is asked to confirm a share in a track; the subtitle is the share in percent.
        ShareOffered = "share_offered",
    }
}

/// A notification.
#[derive(Debug, Clone, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = notifications)]
pub(crate) struct Notification {
    pub(crate) id: NotificationId,
    pub(crate) kind: NotificationKind,
    pub(crate) title: String,
    pub(crate) subtitle: String,
    /// The path of the page that it is about.
    pub(crate) url: String,
    pub(crate) read_at: Option<DateTime<Utc>>,
    pub(crate) created_at: DateTime<Utc>,
}

/// What is told to many.
#[derive(Debug, Clone)]
pub(super) struct News<'a> {
    pub(super) kind: NotificationKind,
    pub(super) subject: Uuid,
    pub(super) title: &'a str,
    pub(super) subtitle: &'a str,
    pub(super) url: &'a str,
    /// Whose handle the subtitle is.
    pub(super) about: Option<AccountId>,
}

impl Notification {
    /// Puts news into inboxes; answers with those that did not have them yet.
    pub(super) async fn insert_all(
        conn: &mut Conn,
        accounts: &[AccountId],
        news: &News<'_>,
    ) -> Result<Vec<(AccountId, Self)>> {
        let rows: Vec<_> = accounts
            .iter()
            .map(|account| {
                (
                    notifications::id.eq(NotificationId::new()),
                    notifications::account_id.eq(account),
                    notifications::kind.eq(news.kind),
                    notifications::title.eq(news.title),
                    notifications::subtitle.eq(news.subtitle),
                    notifications::url.eq(news.url),
                    notifications::subject_id.eq(news.subject),
                    notifications::about_account_id.eq(news.about),
                )
            })
            .collect();
        let told = diesel::insert_into(notifications::table)
            .values(rows)
            .on_conflict((notifications::account_id, notifications::kind, notifications::subject_id))
            .do_nothing()
            .returning((notifications::account_id, Self::as_returning()));
        Ok(told.get_results(conn).await?)
    }

    /// An account's inbox, newest first.
    pub(super) async fn list(
        conn: &mut Conn,
        account: AccountId,
        after: Option<NotificationId>,
        limit: i64,
    ) -> Result<Vec<Self>> {
        let mut inbox = notifications::table
            .filter(notifications::account_id.eq(account))
            .order(notifications::id.desc())
            .limit(limit + 1)
            .select(Self::as_select())
            .into_boxed();
        if let Some(after) = after {
            inbox = inbox.filter(notifications::id.lt(after));
        }
        Ok(inbox.load(conn).await?)
    }

    /// What came after a notification, oldest first: for a live channel that was away.
    pub(super) async fn list_since(
        conn: &mut Conn,
        account: AccountId,
        since: NotificationId,
        limit: i64,
    ) -> Result<Vec<Self>> {
        let missed = notifications::table
            .filter(notifications::account_id.eq(account).and(notifications::id.gt(since)))
            .order(notifications::id)
            .limit(limit)
            .select(Self::as_select());
        Ok(missed.load(conn).await?)
    }

    pub(super) async fn count_unread(conn: &mut Conn, account: AccountId) -> Result<i64> {
        let unread =
            notifications::table.filter(notifications::account_id.eq(account).and(notifications::read_at.is_null()));
        Ok(unread.count().get_result(conn).await?)
    }

    /// Marks one as read; false when this account has none of that id.
    pub(super) async fn mark_read(
        conn: &mut Conn,
        account: AccountId,
        id: NotificationId,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let own = notifications::table.find(id).filter(notifications::account_id.eq(account));
        let first =
            diesel::dsl::sql::<diesel::sql_types::Nullable<diesel::sql_types::Timestamptz>>("coalesce(read_at, ")
                .bind::<diesel::sql_types::Timestamptz, _>(now)
                .sql(")");
        Ok(diesel::update(own).set(notifications::read_at.eq(first)).execute(conn).await? > 0)
    }

    /// Empties an account's inbox for good.
    pub(super) async fn delete_all(conn: &mut Conn, account: AccountId) -> Result<()> {
        diesel::delete(notifications::table.filter(notifications::account_id.eq(account))).execute(conn).await?;
        Ok(())
    }

    /// Forgets what an account is called, in whoever's inbox.
    pub(super) async fn forget_handle(conn: &mut Conn, account: AccountId) -> Result<()> {
        diesel::update(notifications::table.filter(notifications::about_account_id.eq(account)))
            .set((notifications::subtitle.eq(""), notifications::about_account_id.eq(None::<AccountId>)))
            .execute(conn)
            .await?;
        Ok(())
    }

    /// Marks all as read that are as old as `up_to`, or older.
    pub(super) async fn mark_read_up_to(
        conn: &mut Conn,
        account: AccountId,
        up_to: NotificationId,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let unread = notifications::table
            .filter(notifications::account_id.eq(account))
            .filter(notifications::id.le(up_to))
            .filter(notifications::read_at.is_null());
        diesel::update(unread).set(notifications::read_at.eq(now)).execute(conn).await?;
        Ok(())
    }
}

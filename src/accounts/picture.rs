//! An account's picture: two objects in the store, and the word in their address.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::schema::accounts;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::id::AccountId;
use crate::platform::pictures::Picture;
use crate::platform::secret;

/// The sizes of a picture, in pixels of each side.
pub(super) const SIZES: [u32; 2] = [512, 128];

/// The objects of a picture.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = accounts)]
pub(super) struct Objects {
    picture_object: Option<String>,
    picture_thumbnail: Option<String>,
}

impl Objects {
    /// Their keys in the store; none where there is no picture.
    pub(super) fn keys(self) -> Vec<String> {
        self.picture_object.into_iter().chain(self.picture_thumbnail).collect()
    }

    /// Those of a new picture.
    pub(super) fn of(picture: &Picture) -> Self {
        Self { picture_object: Some(picture.large.key.clone()), picture_thumbnail: Some(picture.small.key.clone()) }
    }

    /// The picture that an account shows.
    pub(super) async fn of_account(conn: &mut Conn, account: AccountId) -> Result<Self> {
        Ok(accounts::table.find(account).select(Self::as_select()).first(conn).await?)
    }

    /// Shows another picture, or none. A new one has a new address, also when it is the same picture.
    pub(super) async fn set(conn: &mut Conn, account: AccountId, picture: Option<&Picture>) -> Result<()> {
        let key = picture.map(|_| secret::address_word()).transpose()?;
        diesel::update(accounts::table.find(account))
            .set((
                accounts::picture_object.eq(picture.map(|picture| &picture.large.key)),
                accounts::picture_thumbnail.eq(picture.map(|picture| &picture.small.key)),
                accounts::picture_key.eq(key),
            ))
            .execute(conn)
            .await?;
        Ok(())
    }

    /// The objects behind an address. Those of an account that is suspended or about to leave are not there.
    pub(super) async fn find(conn: &mut Conn, key: &str) -> Result<Option<Self>> {
        let found = accounts::table
            .filter(accounts::picture_key.eq(key))
            .filter(accounts::suspended_at.is_null().and(accounts::closing_until.is_null()))
            .select(Self::as_select())
            .first(conn)
            .await;
        Ok(found.optional()?)
    }

    pub(super) fn large(self) -> Option<String> {
        self.picture_object
    }

    pub(super) fn small(self) -> Option<String> {
        self.picture_thumbnail
    }
}

/// Whether any account shows an object.
pub(super) async fn uses(conn: &mut Conn, object: &str) -> Result<bool> {
    let shown = accounts::table
        .filter(accounts::picture_object.eq(object).or(accounts::picture_thumbnail.eq(object)))
        .select(accounts::id);
    Ok(diesel::select(diesel::dsl::exists(shown)).get_result::<bool>(conn).await?)
}

/// Where a picture is fetched; `?size=` says how large.
pub(super) fn url(key: &str) -> String {
    format!("/api/v1/pictures/{key}")
}

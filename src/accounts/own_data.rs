//! Façade: what this module writes into an account's archive. No hashes, nothing sealed, nobody else.

use diesel::prelude::*;
use diesel::sql_types::{Json, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde_json::Value;

use super::schema::accounts;
use crate::platform::Platform;
use crate::platform::archive::Archive;
use crate::platform::db::{Conn, prepared, sql};
use crate::platform::error::Result;
use crate::platform::id::AccountId;

/// A document: its name, what it is, and the query that makes it.
type Document = (&'static str, &'static str, &'static str);

const DOCUMENTS: &[Document] = &[
    (
        "account.json",
        "Your account: handle, e-mail address, display name, language, role, and the handles that you had before.",
        "select json_build_object(
            'id', a.id, 'handle', a.handle, 'email', a.email, 'email_confirmed_at', a.email_confirmed_at,
            'display_name', a.display_name, 'role', a.role, 'language', a.language, 'time_zone', a.time_zone,
            'has_password', a.password_hash is not null, 'has_picture', a.picture_key is not null,
            'created_at', a.created_at, 'suspended_at', a.suspended_at, 'suspension_reason', a.suspension_reason,
            'closing_until', a.closing_until,
            'former_handles', (select coalesce(json_agg(h.handle order by h.created_at), '[]') from accounts.handles h
                               where h.account_id = a.id and h.handle <> a.handle)
         ) as document from accounts.accounts a where a.id = $1",
    ),
    (
        "sessions.json",
        "Where you are signed in: the devices, the addresses that they were last used from, and when.",
        "select coalesce(json_agg(json_build_object(
            'id', s.id, 'device', s.device, 'address', s.address, 'created_at', s.created_at,
            'last_used_at', s.last_used_at, 'expires_at', s.expires_at
         ) order by s.created_at), '[]') as document from accounts.sessions s where s.account_id = $1",
    ),
    (
        "sign_in_methods.json",
        "How you can sign in: authenticator, recovery codes left, passkeys, accounts at other providers.",
        "select json_build_object(
            'authenticator_since', (select t.confirmed_at from accounts.totps t where t.account_id = $1),
            'recovery_codes_left', (select count(*) from accounts.recovery_codes c
                                    where c.account_id = $1 and c.used_at is null),
            'passkeys', (select coalesce(json_agg(json_build_object(
                'id', p.id, 'name', p.name, 'created_at', p.created_at, 'last_used_at', p.last_used_at
             ) order by p.created_at), '[]') from accounts.passkeys p where p.account_id = $1),
            'linked_identities', (select coalesce(json_agg(json_build_object(
                'id', l.id, 'provider', l.provider, 'subject', l.subject, 'email', l.email,
                'created_at', l.created_at, 'last_used_at', l.last_used_at
             ) order by l.created_at), '[]') from accounts.linked_identities l where l.account_id = $1)
         ) as document",
    ),
    (
        "tokens.json",
        "API tokens and app passwords: their names and uses, not the secrets.",
        "select json_build_object(
            'api_tokens', (select coalesce(json_agg(json_build_object(
                'id', t.id, 'name', t.name, 'scopes', t.scopes, 'created_at', t.created_at,
                'expires_at', t.expires_at, 'last_used_at', t.last_used_at
             ) order by t.created_at), '[]') from accounts.api_tokens t where t.account_id = $1),
            'app_passwords', (select coalesce(json_agg(json_build_object(
                'id', p.id, 'name', p.name, 'created_at', p.created_at, 'last_used_at', p.last_used_at
             ) order by p.created_at), '[]') from accounts.app_passwords p where p.account_id = $1)
         ) as document",
    ),
    (
        "invitations.json",
        "Invitations that you made and that are still good.",
        "select coalesce(json_agg(json_build_object(
            'id', i.id, 'note', i.note, 'uses_left', i.uses_left, 'created_at', i.created_at, 'expires_at', i.expires_at
         ) order by i.created_at), '[]') as document from accounts.invitations i where i.created_by = $1",
    ),
    (
        "audit_log.json",
        "What was done to your account, by you or by those who run this server.",
        "select coalesce(json_agg(json_build_object(
            'id', l.id, 'action', l.action, 'detail', l.detail, 'by_me', l.actor_id is not distinct from $1,
            'created_at', l.created_at
         ) order by l.id), '[]') as document from accounts.audit_log l where l.account_id = $1",
    ),
];

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Json)]
    document: Value,
}

/// Writes who the account is, how it signs in, what was done to it, and its picture.
pub(crate) async fn export(platform: &Platform, account: AccountId, archive: &mut Archive) -> Result<()> {
    for (name, about, query) in DOCUMENTS {
        let document = find(&mut *platform.db.conn().await?, query, account).await?;
        archive.document(name, about, &document).await?;
    }
    let picture = picture(&mut *platform.db.conn().await?, account).await?;
    if let Some(key) = picture
        && let Ok(file) = platform.storage.file(&key).await
    {
        archive.file(&["picture.jpg"], file).await?;
        archive.explain("picture.jpg", "Your picture.");
    }
    Ok(())
}

async fn find(conn: &mut Conn, query: &'static str, account: AccountId) -> Result<Value> {
    let row: Row = prepared(sql(query).bind::<SqlUuid, _>(account)).get_result(conn).await?;
    Ok(row.document)
}

async fn picture(conn: &mut Conn, account: AccountId) -> Result<Option<String>> {
    let key = accounts::table.find(account).select(accounts::picture_object).first(conn).await.optional()?;
    Ok(key.flatten())
}

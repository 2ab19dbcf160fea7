drop index artists.tracks_uploaded_by;
update artists.tracks set uploaded_by = '00000000-0000-0000-0000-000000000000' where uploaded_by is null;
alter table artists.tracks alter column uploaded_by set not null;
drop table platform.limits, platform.revocations, accounts.audit_log, accounts.exports, accounts.app_passwords, accounts.api_tokens,
    accounts.linked_identities, accounts.passkeys, accounts.recovery_codes, accounts.totps, accounts.ceremonies, accounts.challenges,
    accounts.known_devices, accounts.letter_codes, accounts.registrations, accounts.invitations, accounts.handles;
alter table accounts.sessions drop column last_used_at, drop column address, drop column authenticated_at;
delete from accounts.accounts where password_hash is null;
alter table accounts.accounts
    alter column password_hash set not null,
    drop column language, drop column time_zone, drop column picture_object, drop column picture_thumbnail, drop column picture_key, drop column suspended_at,
    drop column suspension_reason, drop column closing_until, drop column passkey_user_id;

-- Accounts ---------------------------------------------------------------------------------------------------------

alter table accounts.accounts
    -- Null for who signs in by passkey or another provider alone.
    alter column password_hash drop not null,
    add column language text not null default 'en' check (language in ('en', 'de')),
    add column time_zone text not null default 'UTC',
    -- The objects in `curated/`, of 512 and of 128 pixels, and the opaque word in their address.
    add column picture_object text,
    add column picture_thumbnail text,
    add column picture_key text constraint accounts_picture unique,
    add column suspended_at timestamptz,
    add column suspension_reason text,
    -- Until then a closing account may come back; then it is erased.
    add column closing_until timestamptz,
    -- The user's handle of WebAuthn: says nothing about the account.
    add column passkey_user_id uuid not null default gen_random_uuid() constraint accounts_passkey_user_id unique,
    add constraint accounts_suspended_for_a_reason check ((suspended_at is null) = (suspension_reason is null)),
    add constraint accounts_picture_whole check (num_nulls(picture_object, picture_thumbnail, picture_key) in (0, 3));
-- Whoever takes an object away asks whether an account still shows it.
create index accounts_picture_object on accounts.accounts (picture_object) where picture_object is not null;
create index accounts_picture_thumbnail on accounts.accounts (picture_thumbnail) where picture_thumbnail is not null;
create index accounts_closing on accounts.accounts (closing_until) where closing_until is not null;

-- Every handle that was ever taken: an old one leads to its account, and nobody else gets it. An erased account's
-- handles stay, and lead nowhere.
create table accounts.handles (
    handle text constraint handles_taken primary key check (handle = lower(handle)),
    account_id uuid references accounts.accounts (id) on delete set null,
    created_at timestamptz not null default now()
);
create index handles_account_id on accounts.handles (account_id);
insert into accounts.handles (handle, account_id, created_at) select handle, id, created_at from accounts.accounts;

-- Registrations that wait for the confirmation of their address. They keep the handle meanwhile. One is also made where
-- the address is known already, so that nobody learns of it; its letter says so, and it ends unconfirmed.
create table accounts.registrations (
    id uuid primary key,
    handle text not null constraint registrations_handle unique check (handle = lower(handle)),
    email text not null check (email = lower(email)),
    password_hash text not null,
    language text not null,
    -- The hash of the code in the letter; null until the letter is written.
    token_hash bytea constraint registrations_token_hash unique check (length(token_hash) = 32),
    invitation_id uuid,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null
);
create index registrations_expires_at on accounts.registrations (expires_at);

create table accounts.invitations (
    id uuid primary key,
    code_hash bytea not null constraint invitations_code_hash unique check (length(code_hash) = 32),
    note text not null default '',
    -- Whoever invited; null when it was done on the command line, or when they are gone.
    created_by uuid references accounts.accounts (id) on delete set null,
    uses_left integer not null check (uses_left >= 0),
    created_at timestamptz not null default now(),
    expires_at timestamptz not null
);
create index invitations_created_by on accounts.invitations (created_by);
create index invitations_expires_at on accounts.invitations (expires_at);
alter table accounts.registrations
    add constraint registrations_invitation foreign key (invitation_id) references accounts.invitations (id) on delete set null;
create index registrations_invitation_id on accounts.registrations (invitation_id);

-- Codes that go out by letter. The code itself is nowhere: only its SHA-256.
create table accounts.letter_codes (
    code_hash bytea primary key check (length(code_hash) = 32),
    account_id uuid not null references accounts.accounts (id) on delete cascade,
    purpose text not null check (purpose in ('confirm_email', 'reset_password', 'change_email', 'restore_email', 'export')),
    -- The address that it is about.
    email text,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null
);
create index letter_codes_account_id on accounts.letter_codes (account_id);
create index letter_codes_expires_at on accounts.letter_codes (expires_at);

-- Sessions -----------------------------------------------------------------------------------------------------------

alter table accounts.sessions
    add column last_used_at timestamptz not null default now(),
    -- Where it was last used from.
    add column address text not null default '',
    -- When its owner last proved to be there, by password, code or passkey.
    add column authenticated_at timestamptz not null default now();

-- What an account has signed in from before: the hash of the device's name without its versions.
create table accounts.known_devices (
    account_id uuid not null references accounts.accounts (id) on delete cascade,
    device_hash bytea not null check (length(device_hash) = 32),
    last_used_at timestamptz not null default now(),
    primary key (account_id, device_hash)
);

-- A sign-in that lacks its second factor: what the first one proved. Known by the hash of its token.
create table accounts.challenges (
    token_hash bytea primary key check (length(token_hash) = 32),
    account_id uuid not null references accounts.accounts (id) on delete cascade,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null
);
create index challenges_account_id on accounts.challenges (account_id);
create index challenges_expires_at on accounts.challenges (expires_at);

-- A ceremony that a browser is in the middle of: a passkey's registration or use, or a round trip to another provider.
-- Known by the hash of its token. Taken by whoever finishes it, once.
create table accounts.ceremonies (
    token_hash bytea primary key check (length(token_hash) = 32),
    kind text not null check (kind in ('add_passkey', 'use_passkey', 'oidc')),
    account_id uuid references accounts.accounts (id) on delete cascade,
    state jsonb not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null
);
create index ceremonies_account_id on accounts.ceremonies (account_id);
create index ceremonies_expires_at on accounts.ceremonies (expires_at);

-- Factors ------------------------------------------------------------------------------------------------------------

-- Sealed under a key that is not in the database.
create table accounts.totps (
    account_id uuid primary key references accounts.accounts (id) on delete cascade,
    sealed_secret bytea not null,
    -- Null while the authenticator has not yet shown its first code.
    confirmed_at timestamptz,
    -- The time step of the last code that was taken: none is taken twice.
    last_step bigint not null default 0,
    created_at timestamptz not null default now()
);

create table accounts.recovery_codes (
    account_id uuid not null references accounts.accounts (id) on delete cascade,
    code_hash bytea not null check (length(code_hash) = 32),
    used_at timestamptz,
    primary key (account_id, code_hash)
);

create table accounts.passkeys (
    id uuid primary key,
    account_id uuid not null references accounts.accounts (id) on delete cascade,
    credential_id bytea not null constraint passkeys_credential_id unique,
    name text not null,
    -- The public key, its counter and flags, as the library keeps them.
    credential jsonb not null,
    created_at timestamptz not null default now(),
    last_used_at timestamptz
);
create index passkeys_account_id on accounts.passkeys (account_id);

-- Accounts at other providers (OpenID Connect).
create table accounts.linked_identities (
    id uuid primary key,
    account_id uuid not null references accounts.accounts (id) on delete cascade,
    provider text not null,
    subject text not null,
    email text,
    created_at timestamptz not null default now(),
    last_used_at timestamptz,
    constraint linked_identities_subject unique (provider, subject)
);
create index linked_identities_account_id on accounts.linked_identities (account_id);

-- Tokens -------------------------------------------------------------------------------------------------------------

create table accounts.api_tokens (
    id uuid primary key,
    account_id uuid not null references accounts.accounts (id) on delete cascade,
    name text not null,
    token_hash bytea not null constraint api_tokens_token_hash unique check (length(token_hash) = 32),
    -- The first letters, by which its owner knows it again.
    hint text not null,
    scopes text[] not null check (cardinality(scopes) > 0
        and scopes <@ array['read', 'listen', 'library', 'upload', 'moderate', 'admin']),
    created_at timestamptz not null default now(),
    expires_at timestamptz,
    last_used_at timestamptz
);
create index api_tokens_account_id on accounts.api_tokens (account_id);
create index api_tokens_expires_at on accounts.api_tokens (expires_at) where expires_at is not null;

-- Passwords for clients that must compute with them: sealed under a key that is not in the database.
create table accounts.app_passwords (
    id uuid primary key,
    account_id uuid not null references accounts.accounts (id) on delete cascade,
    name text not null,
    sealed_password bytea not null,
    created_at timestamptz not null default now(),
    last_used_at timestamptz
);
create index app_passwords_account_id on accounts.app_passwords (account_id);

-- Leaving ------------------------------------------------------------------------------------------------------------

create table accounts.exports (
    id uuid primary key,
    account_id uuid not null references accounts.accounts (id) on delete cascade,
    state text not null default 'waiting' check (state in ('waiting', 'ready', 'failed')),
    object_key text,
    bytes bigint,
    created_at timestamptz not null default now(),
    finished_at timestamptz,
    expires_at timestamptz,
    constraint exports_ready check ((state = 'ready') = (object_key is not null))
);
create index exports_account_id on accounts.exports (account_id);
create index exports_expires_at on accounts.exports (expires_at) where expires_at is not null;
-- One at a time.
create unique index exports_waiting on accounts.exports (account_id) where state = 'waiting';

-- What was done to an account by others, and what changed who may do what. Kept when the account is gone: no names, no
-- addresses, only ids.
create table accounts.audit_log (
    id uuid primary key,
    -- Null for the command line.
    actor_id uuid,
    account_id uuid not null,
    action text not null,
    detail jsonb not null default '{}',
    created_at timestamptz not null default now()
);
create index audit_log_account_id on accounts.audit_log (account_id, id);

-- Platform -----------------------------------------------------------------------------------------------------------

-- Sessions, tokens and accounts whose proofs hold no longer, kept as long as a grant lives: what they were granted before
-- `revoked_at` is void.
create table platform.revocations (
    subject_id uuid primary key,
    revoked_at timestamptz not null
);
create index revocations_revoked_at on platform.revocations (revoked_at);

-- Counters of what is limited. `key` is a hash: it names nobody.
create table platform.limits (
    key bytea primary key check (length(key) = 32),
    spent integer not null,
    -- What the window before counted: it still counts.
    carried integer not null default 0,
    -- How many times in a row the limit was reached: each makes the next pause longer.
    strikes integer not null default 0,
    resets_at timestamptz not null
);
create index limits_resets_at on platform.limits (resets_at);

-- Artists ------------------------------------------------------------------------------------------------------------

-- Null once whoever uploaded it is erased; the track may be other members' too.
alter table artists.tracks alter column uploaded_by drop not null;
create index tracks_uploaded_by on artists.tracks (uploaded_by) where uploaded_by is not null;

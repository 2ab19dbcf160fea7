create schema accounts;

-- Who someone is. `handle` and `email` are stored in lower case, so that they are unique as people read them.
create table accounts.accounts (
    id uuid primary key,
    handle text not null constraint accounts_handle unique check (handle = lower(handle)),
    email text not null constraint accounts_email unique check (email = lower(email)),
    display_name text not null,
    password_hash text not null,
    role text not null default 'listener' check (role in ('listener', 'moderator', 'admin')),
    email_confirmed_at timestamptz,
    created_at timestamptz not null default now()
);

-- A signed-in device. The token itself is nowhere: only its SHA-256.
create table accounts.sessions (
    id uuid primary key,
    account_id uuid not null references accounts.accounts (id) on delete cascade,
    token_hash bytea not null constraint sessions_token_hash unique check (length(token_hash) = 32),
    device text not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null
);
create index sessions_account_id on accounts.sessions (account_id);
-- The purge.
create index sessions_expires_at on accounts.sessions (expires_at);

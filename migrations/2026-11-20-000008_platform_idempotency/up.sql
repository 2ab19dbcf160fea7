-- What a client called a POST, and what came of it: kept for 24 hours, so that sending it again does nothing again.
-- `account_id` belongs to the accounts module, `resource_id` to the module behind the route.
create table platform.idempotency_keys (
    account_id uuid not null,
    key text not null check (length(key) between 1 and 255),
    -- The path that was posted to.
    route text not null,
    -- BLAKE3.
    body_hash bytea not null check (length(body_hash) = 32),
    resource_id uuid not null,
    created_at timestamptz not null default now(),
    primary key (account_id, key)
);

-- The purge.
create index idempotency_keys_created on platform.idempotency_keys (created_at);

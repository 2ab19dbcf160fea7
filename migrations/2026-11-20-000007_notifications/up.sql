create schema notifications;

-- Our own copy of who follows whom, kept by events. The newest `changed_at` wins, for events come in no order.
create table notifications.follows (
    artist_id uuid not null,
    account_id uuid not null,
    following boolean not null,
    changed_at timestamptz not null,
    primary key (artist_id, account_id)
);

-- The inbox.
create table notifications.notifications (
    id uuid primary key,
    account_id uuid not null,
    kind text not null check (kind in ('release_published')),
    title text not null,
    subtitle text not null,
    url text not null,
    -- What it is about: one notification a subject and account.
    subject_id uuid not null,
    read_at timestamptz,
    created_at timestamptz not null default now(),
    constraint notifications_subject unique (account_id, kind, subject_id)
);
create index notifications_inbox on notifications.notifications (account_id, id desc);
create index notifications_unread on notifications.notifications (account_id) where read_at is null;

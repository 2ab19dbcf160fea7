-- What a listener keeps. Tracks and releases are another module's: what is gone there stays here until its listener takes it
-- out, and is shown without a name.
create table streaming.likes (
    account_id uuid not null,
    track_id uuid not null,
    liked_at timestamptz not null,
    primary key (account_id, track_id)
);
create index likes_latest on streaming.likes (account_id, liked_at desc, track_id desc);

create table streaming.saved_releases (
    account_id uuid not null,
    release_id uuid not null,
    saved_at timestamptz not null,
    primary key (account_id, release_id)
);
create index saved_releases_latest on streaming.saved_releases (account_id, saved_at desc, release_id desc);

create table streaming.ratings (
    account_id uuid not null,
    track_id uuid not null,
    stars smallint not null check (stars between 1 and 5),
    rated_at timestamptz not null,
    primary key (account_id, track_id)
);

-- Places in long tracks; one in each.
create table streaming.bookmarks (
    account_id uuid not null,
    track_id uuid not null,
    position_ms integer not null check (position_ms >= 0),
    note text check (char_length(note) between 1 and 500),
    set_at timestamptz not null,
    primary key (account_id, track_id)
);
create index bookmarks_latest on streaming.bookmarks (account_id, set_at desc, track_id desc);

-- What an account's players have lined up: one queue for all of its devices.
create table streaming.queues (
    account_id uuid primary key,
    track_ids uuid[] not null default '{}' check (cardinality(track_ids) <= 1000),
    -- Where in it the listener is, counted from 0.
    current integer check (current >= 0),
    position_ms integer not null default 0 check (position_ms >= 0),
    -- What put it last, as it calls itself.
    device text check (char_length(device) between 1 and 100),
    -- Null until something was put.
    put_at timestamptz,
    check (current < cardinality(track_ids))
);

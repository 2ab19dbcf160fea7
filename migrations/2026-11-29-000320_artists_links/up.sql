-- Links to a release for single recipients, who need no account: before it is published, or while few may see it.
create table artists.links (
    id uuid primary key,
    release_id uuid not null references artists.releases (id) on delete cascade,
    recipient text not null,
    token_hash bytea not null constraint links_token unique,
    -- Null once the account is erased.
    created_by uuid,
    -- Whoever made it is suspended: it opens nothing meanwhile.
    paused boolean not null default false,
    -- When that was said last, for events come in no order.
    paused_changed_at timestamptz,
    -- Null: without a limit.
    max_plays integer check (max_plays > 0),
    plays integer not null default 0 check (plays >= 0),
    expires_at timestamptz not null,
    revoked_at timestamptz,
    created_at timestamptz not null default now()
);
create index links_release_id on artists.links (release_id, id desc);
create index links_created_by on artists.links (created_by) where created_by is not null;

-- What was played by a link.
create table artists.link_plays (
    link_id uuid not null references artists.links (id) on delete cascade,
    track_id uuid not null references artists.tracks (id) on delete cascade,
    plays integer not null check (plays > 0),
    first_played_at timestamptz not null default now(),
    last_played_at timestamptz not null default now(),
    primary key (link_id, track_id)
);
create index link_plays_track_id on artists.link_plays (track_id);

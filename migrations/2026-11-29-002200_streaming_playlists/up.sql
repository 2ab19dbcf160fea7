-- Playlists: who keeps them, what is in them, who may act on them, and how they became what they are.
create table streaming.playlists (
    id uuid primary key,
    -- Its owner.
    account_id uuid not null,
    title text not null,
    description text not null default '',
    visibility text not null check (visibility in ('public', 'unlisted', 'private')),
    -- Kept beside the entries, by whoever holds this row.
    entry_count integer not null default 0 constraint playlists_full check (entry_count between 0 and 10000),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
create index playlists_account_id on streaming.playlists (account_id, id desc);
create index playlists_public on streaming.playlists (account_id, id desc) where visibility = 'public';

create table streaming.playlist_entries (
    id uuid primary key,
    playlist_id uuid not null references streaming.playlists (id) on delete cascade,
    -- The same track may be in it several times.
    track_id uuid not null,
    -- A fraction between 0 and 1 by its digits to base 62, without zeros at its end: between two there is always another, so
    -- that a move changes one row.
    rank text collate "C" not null check (rank ~ '^[0-9A-Za-z]*[1-9A-Za-z]$'),
    -- Null where the account is gone.
    added_by uuid,
    added_at timestamptz not null default now(),
    -- Checked at a statement's end: all ranks of a playlist may be made anew.
    constraint playlist_entries_rank unique (playlist_id, rank) deferrable initially immediate
);
create index playlist_entries_added_by on streaming.playlist_entries (added_by) where added_by is not null;

create table streaming.playlist_collaborators (
    playlist_id uuid not null references streaming.playlists (id) on delete cascade,
    account_id uuid not null,
    role text not null check (role in ('editor', 'viewer')),
    added_at timestamptz not null default now(),
    primary key (playlist_id, account_id)
);
create index playlist_collaborators_account_id on streaming.playlist_collaborators (account_id, playlist_id desc);

-- What was changed of a playlist, so that it can be taken back.
create table streaming.playlist_changes (
    id uuid primary key,
    playlist_id uuid not null references streaming.playlists (id) on delete cascade,
    -- Null where the account is gone.
    account_id uuid,
    kind text not null check (kind in ('created', 'imported', 'edited', 'added', 'moved', 'removed')),
    -- What a way back needs to know.
    detail jsonb not null,
    -- The earlier change that this one took back; that may have been forgotten meanwhile.
    takes_back uuid,
    changed_at timestamptz not null default now()
);
create index playlist_changes_playlist_id on streaming.playlist_changes (playlist_id, id desc);
create index playlist_changes_account_id on streaming.playlist_changes (account_id) where account_id is not null;

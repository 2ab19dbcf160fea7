-- Packages: everything that is an artist's, made for its owners to take along.
create table artists.packages (
    id uuid primary key,
    -- Null: the artist is deleted, and the package goes next.
    artist_id uuid references artists.artists (id) on delete set null,
    -- As whoever asked knows this server.
    server text not null,
    state text not null default 'waiting' check (state in ('waiting', 'ready', 'failed')),
    object_key text,
    bytes bigint,
    created_at timestamptz not null default now(),
    finished_at timestamptz,
    expires_at timestamptz,
    constraint packages_ready check ((state = 'ready') = (object_key is not null))
);
create index packages_artist_id on artists.packages (artist_id);
create index packages_expires_at on artists.packages (expires_at) where expires_at is not null;
-- One at a time.
create unique index packages_waiting on artists.packages (artist_id) where state = 'waiting';

-- Packages that came here, and what became of them.
create table artists.imports (
    id uuid primary key,
    artist_id uuid not null references artists.artists (id) on delete cascade,
    -- In whose name; null once that account is gone.
    account_id uuid,
    -- Its bytes: one upload, or several one behind the other.
    upload_ids uuid[] not null check (cardinality(upload_ids) > 0),
    publish boolean not null,
    state text not null default 'waiting'
        check (state in ('waiting', 'checking', 'importing', 'publishing', 'done', 'refused')),
    -- What its manifest says, and whose key it is signed with.
    source jsonb,
    problem jsonb,
    created_at timestamptz not null default now(),
    ended_at timestamptz,
    check ((state = 'refused') = (problem is not null))
);
create index imports_artist_id on artists.imports (artist_id, id desc);
create index imports_account_id on artists.imports (account_id);
-- One at a time.
create unique index imports_open on artists.imports (artist_id) where state not in ('done', 'refused');

-- Which release here is which one of another server; whoever deletes it here may import it again.
create table artists.imported_releases (
    artist_id uuid not null references artists.artists (id) on delete cascade,
    source_id uuid not null,
    release_id uuid not null references artists.releases (id) on delete cascade,
    -- Null as long as an import is at it, or was when it died.
    completed_at timestamptz,
    primary key (artist_id, source_id)
);
create unique index imported_releases_release_id on artists.imported_releases (release_id);

-- The same of tracks. What was deleted here stays deleted, as long as its release is here.
create table artists.imported_tracks (
    artist_id uuid not null,
    release_source_id uuid not null,
    source_id uuid not null,
    track_id uuid references artists.tracks (id) on delete set null,
    primary key (artist_id, release_source_id, source_id),
    constraint imported_tracks_release foreign key (artist_id, release_source_id)
        references artists.imported_releases (artist_id, source_id) on delete cascade
);
create index imported_tracks_track_id on artists.imported_tracks (track_id);

-- The report of an import, release by release.
create table artists.import_lines (
    import_id uuid not null references artists.imports (id) on delete cascade,
    -- The place in the package, from 1.
    place integer not null,
    title text not null,
    outcome text not null check (outcome in ('made', 'there', 'refused')),
    release_id uuid references artists.releases (id) on delete set null,
    tracks integer not null default 0,
    -- What could not be taken, and what is to be done by hand.
    problems jsonb not null default '[]',
    publication text not null default 'draft' check (publication in ('draft', 'waiting', 'published', 'scheduled')),
    -- The end of its embargo there.
    publish_at timestamptz,
    primary key (import_id, place)
);
create index import_lines_release_id on artists.import_lines (release_id);

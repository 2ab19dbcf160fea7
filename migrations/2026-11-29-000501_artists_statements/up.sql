-- Layouts that an artist described: which column holds what.
create table artists.statement_mappings (
    id uuid primary key,
    artist_id uuid not null references artists.artists (id) on delete cascade,
    name text not null,
    definition jsonb not null,
    created_at timestamptz not null default now(),
    constraint statement_mappings_name unique (artist_id, name)
);

-- Files of numbers from elsewhere. Sales count once their statement is ready, and no longer when it is removed.
create table artists.statements (
    id uuid primary key,
    artist_id uuid not null references artists.artists (id) on delete cascade,
    state text not null default 'waiting'
        check (state in ('waiting', 'checking', 'loading', 'ready', 'rejected', 'removing')),
    filename text,
    -- The untouched file, in `raw/` or, once rejected, in `quarantine/`.
    file_key text not null,
    file_hash bytea not null,
    file_size_bytes bigint not null,
    -- What the sender said that it is.
    wanted_source text,
    mapping_id uuid references artists.statement_mappings (id) on delete set null,
    -- What it turned out to be.
    source text,
    layout text,
    encoding text,
    period_from date,
    period_to date,
    sales integer,
    loaded integer not null default 0,
    repeated integer not null default 0,
    totals jsonb not null default '[]',
    reconciled boolean not null default false,
    percent smallint not null default 0 check (percent between 0 and 100),
    problem jsonb,
    created_at timestamptz not null default now(),
    ended_at timestamptz,
    check (state <> 'rejected' or problem is not null)
);
-- The same file is one statement.
create unique index statements_file on artists.statements (artist_id, file_hash) where state <> 'removing';
create index statements_artist_id on artists.statements (artist_id, id desc);
create index statements_mapping_id on artists.statements (mapping_id);
create index statements_file_key on artists.statements (file_key);

-- What was sold, as statements name it: rows of sales are many, things that are sold few. `track_id` is what it is here.
create table artists.sold_items (
    id uuid primary key,
    artist_id uuid not null references artists.artists (id) on delete cascade,
    -- The hash of all the names below.
    identity bytea not null,
    isrc text,
    upc text,
    title text not null,
    artist_name text not null,
    release_title text not null,
    track_id uuid references artists.tracks (id) on delete set null,
    matched_by text check (matched_by in ('isrc', 'upc', 'title', 'hand')),
    constraint sold_items_identity unique (artist_id, identity),
    check (track_id is null or matched_by is not null)
);
create index sold_items_track_id on artists.sold_items (track_id);

-- One line of a statement.
create table artists.sales (
    statement_id uuid not null references artists.statements (id) on delete cascade,
    line integer not null,
    item_id uuid not null references artists.sold_items (id),
    month date not null check (extract(day from month) = 1),
    period_from date not null,
    period_to date not null check (period_to >= period_from),
    store text not null,
    territory text check (territory ~ '^[A-Z]{2}$'),
    kind text not null check (kind in ('stream', 'download', 'physical', 'other')),
    quantity bigint not null,
    amount numeric(36, 18) not null,
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    -- The hash of artist, sender and all that the line says; and how many lines of the same file said the same before.
    row_key bytea not null,
    ordinal integer not null,
    -- False where another statement counts the same sale already.
    counts boolean not null,
    primary key (statement_id, line)
);
create index sales_item_id on artists.sales (item_id);
-- A sale counts once, however many files tell of it.
create unique index sales_counted on artists.sales (row_key, ordinal) where counts;
create index sales_repeated on artists.sales (row_key, ordinal) where not counts;

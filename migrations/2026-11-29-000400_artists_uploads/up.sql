-- Files that come in pieces (tus 1.0). The bytes are in the store's landing zone; how many of them count stands here.
create table artists.uploads (
    id uuid primary key,
    account_id uuid not null,
    -- Null: a part that others are put together of.
    release_id uuid references artists.releases (id) on delete cascade,
    form text not null check (form in ('whole', 'part', 'joined')),
    filename text,
    -- As the client wrote it; it is told the same again.
    metadata text,
    -- Null until the client knows.
    length_bytes bigint check (length_bytes >= 0),
    -- What is on the disk for good. It never shrinks.
    offset_bytes bigint not null default 0 check (offset_bytes >= 0),
    -- What the store knows of the bytes.
    landing jsonb not null default '{}',
    -- BLAKE3, once it came whole.
    hash bytea check (length(hash) = 32),
    -- What it is put together of, in order.
    part_ids uuid[],
    state text not null default 'arriving' check (state in ('arriving', 'arrived', 'done', 'refused', 'expired')),
    track_id uuid references artists.tracks (id) on delete set null,
    problem_slug text,
    problem_message text,
    -- Who adds to it, for as long as that goes on.
    writer uuid,
    writer_until timestamptz,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    constraint uploads_offset check (offset_bytes <= length_bytes),
    constraint uploads_release check ((release_id is null) = (form = 'part')),
    constraint uploads_parts check ((part_ids is null) = (form <> 'joined')),
    constraint uploads_hash check (hash is null or offset_bytes = length_bytes),
    constraint uploads_problem check ((problem_slug is null) = (problem_message is null)),
    constraint uploads_writer check ((writer is null) = (writer_until is null))
);
create index uploads_account_id on artists.uploads (account_id);
create index uploads_release_id on artists.uploads (release_id);
create index uploads_track_id on artists.uploads (track_id);
create index uploads_expires_at on artists.uploads (expires_at);

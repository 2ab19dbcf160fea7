-- A file that waits to take the place of a track's, for as long as the chain works with it.
create table artists.replacements (
    track_id uuid primary key references artists.tracks (id) on delete cascade,
    source_key text not null,
    source_size_bytes bigint not null check (source_size_bytes >= 0),
    filename text,
    uploaded_by uuid,
    suggestions jsonb,
    cover_key text,
    created_at timestamptz not null default now()
);
create index replacements_source_key on artists.replacements (source_key);
create index replacements_cover_key on artists.replacements (cover_key);

-- The track that an upload is another file for.
alter table artists.uploads add column replaces_id uuid references artists.tracks (id) on delete cascade;
create index uploads_replaces_id on artists.uploads (replaces_id);

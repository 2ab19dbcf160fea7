-- An upload may be an archive, of which each audio file becomes a track.
alter table artists.uploads
    add column is_archive boolean not null default false,
    add constraint uploads_archive check (not is_archive or replaces_id is null);

-- What became of the files in one: a row each, so that each is taken once.
create table artists.unpacked (
    upload_id uuid not null references artists.uploads (id) on delete cascade,
    entry integer not null,
    filename text not null,
    track_id uuid references artists.tracks (id) on delete set null,
    problem text,
    primary key (upload_id, entry)
);
create index unpacked_track_id on artists.unpacked (track_id);

-- Tables of metadata that came before some of their files: all lines of the last such table of a release, until none waits.
create table artists.awaiting_lines (
    release_id uuid not null references artists.releases (id) on delete cascade,
    -- In the file; the header is 1.
    number integer not null check (number > 0),
    -- Who sent the table: in whose name it is followed.
    account_id uuid not null,
    -- What it says, by column.
    said jsonb not null,
    -- Whose metadata are as it says; null while it waits for its file.
    track_id uuid references artists.tracks (id) on delete set null,
    primary key (release_id, number)
);
create index awaiting_lines_track_id on artists.awaiting_lines (track_id);
create index awaiting_lines_account_id on artists.awaiting_lines (account_id);

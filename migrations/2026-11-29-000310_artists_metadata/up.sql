-- What artists say of their music besides what the tables have columns for: one document each, read and written as a whole,
-- whose form is `artists/metadata/release_details.rs` and `track_details.rs`. What is absent was not said.
alter table artists.releases add column details jsonb not null default '{}';
alter table artists.tracks add column details jsonb not null default '{}';

-- Who changed which fields, and when. Removed with what they were about.
create table artists.changes (
    id uuid primary key,
    release_id uuid not null references artists.releases (id) on delete cascade,
    -- Null: of the release itself.
    track_id uuid references artists.tracks (id) on delete cascade,
    -- Null once the account is erased.
    account_id uuid,
    -- The change that this one took back.
    takes_back uuid references artists.changes (id) on delete set null,
    -- [{field, before, after}, …]
    fields jsonb not null,
    changed_at timestamptz not null default now()
);
create index changes_release_id on artists.changes (release_id, id desc);
create index changes_track_id on artists.changes (track_id, id desc);
create index changes_takes_back on artists.changes (takes_back);
create index changes_account_id on artists.changes (account_id) where account_id is not null;

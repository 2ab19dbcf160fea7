-- How an artist's profile became what it is: who changed which fields, when, and from what.
create table artists.profile_changes (
    id uuid primary key,
    artist_id uuid not null references artists.artists (id) on delete cascade,
    -- Null once the account is erased.
    account_id uuid,
    takes_back uuid references artists.profile_changes (id) on delete set null,
    -- [{field, before, after}]
    fields jsonb not null,
    changed_at timestamptz not null default now()
);
create index profile_changes_artist_id on artists.profile_changes (artist_id, id desc);
create index profile_changes_account_id on artists.profile_changes (account_id);
create index profile_changes_takes_back on artists.profile_changes (takes_back);

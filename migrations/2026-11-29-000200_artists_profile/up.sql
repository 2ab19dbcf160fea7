-- What an artist says of itself, and whether its owner has deleted it: then nobody finds it any more, and a job takes it
-- away with all that it has.
alter table artists.artists
    add column biography text not null default '',
    -- [{label, url}]
    add column links jsonb not null default '[]',
    add column places text[] not null default '{}',
    add column genres text[] not null default '{}',
    add column pinned_release_id uuid references artists.releases (id) on delete set null,
    add column closed_at timestamptz;
create index artists_pinned_release_id on artists.artists (pinned_release_id);

-- Every address that an artist has or had. It is nobody else's while the artist lives. The address is taken first, so that
-- of two who want it one waits here; the artist may follow in the same transaction.
create table artists.slugs (
    slug text primary key,
    artist_id uuid not null references artists.artists (id) on delete cascade deferrable initially deferred,
    taken_at timestamptz not null default now()
);
create index slugs_artist_id on artists.slugs (artist_id);
insert into artists.slugs (slug, artist_id, taken_at) select slug, id, created_at from artists.artists;

-- For the row that an owner's change is about.
create function artists.owns(artist uuid, account uuid) returns boolean
    language sql stable
    return exists (select 1 from artists.memberships m
                   where m.artist_id = artist and m.account_id = account and m.role = 'owner');

-- An artist always has an owner, unless it is deleted. The artist's row makes two changes take turns, so that of two owners
-- who leave at once the second sees that it is the last.
create function artists.keep_an_owner() returns trigger language plpgsql as $$
begin
    perform from artists.artists a where a.id = old.artist_id and a.closed_at is null for no key update;
    if found and not exists (select 1 from artists.memberships m where m.artist_id = old.artist_id and m.role = 'owner') then
        raise exception 'an artist needs an owner'
            using errcode = 'check_violation', constraint = 'memberships_last_owner';
    end if;
    return null;
end $$;
create trigger memberships_last_owner
    after update or delete on artists.memberships
    for each row when (old.role = 'owner') execute function artists.keep_an_owner();

-- What an account follows, the newest first.
create index follows_newest on artists.follows (account_id, created_at desc, artist_id desc);
drop index artists.follows_account_id;

-- Whether an artist's music goes out as a feed, which plays without an account.
alter table artists.artists add column has_feed boolean not null default false;

-- What a feed said when it was last asked for, and since when it says so: `Last-Modified` is true then, also where something
-- was taken out of it.
create table artists.feeds (
    artist_id uuid primary key references artists.artists (id) on delete cascade,
    tag text not null,
    changed_at timestamptz not null
);

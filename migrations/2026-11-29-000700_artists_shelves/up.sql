-- How names stand in an alphabetical list: without case and accents. Compared byte by byte, so that every server agrees.
create function artists.sort_key(name text) returns text
    language sql immutable
    return lower(regexp_replace(normalize(name, NFKD), '[\u0300-\u036F]', '', 'g')) collate "C";

alter table artists.artists
    add column sort_name text collate "C" not null generated always as (artists.sort_key(name)) stored;
create index artists_sort_name on artists.artists (sort_name, id) where closed_at is null;

-- What the tags of its files say, for as long as its artist says nothing.
alter table artists.releases add column tag_genres text[] not null default '{}';

-- How often each track was played: told by streaming.
create table artists.track_plays (
    track_id uuid primary key references artists.tracks (id) on delete cascade,
    plays bigint not null check (plays >= 0)
);

-- Where a release that is not hidden stands for those who browse: once for each combination of what they may choose. '' and
-- 0 stand for any. Made by `artists.shelve`, never written otherwise. Whether the moment has come, whoever reads asks.
create table artists.shelves (
    release_id uuid not null references artists.releases (id) on delete cascade,
    genre text not null,
    year smallint not null,
    kind text not null,
    published_at timestamptz not null,
    sort_title text collate "C" not null,
    plays bigint not null,
    primary key (release_id, genre, year, kind)
);
create index shelves_newest on artists.shelves (genre, year, kind, published_at desc, release_id desc);
create index shelves_by_title on artists.shelves (genre, year, kind, sort_title, release_id);
create index shelves_most_played on artists.shelves (genre, year, kind, plays desc, release_id desc);
-- For counting what there is of each genre, over and over.
create index shelves_genres on artists.shelves (genre, release_id, published_at) where genre <> '' and year = 0 and kind = '';
-- The newest are on a shelf now.
drop index artists.releases_newest;

-- Genres that have something to hear, and of how many releases; counted again every few seconds.
create table artists.genres (
    genre text collate "C" primary key,
    release_count bigint not null check (release_count > 0)
);
create index genres_biggest on artists.genres (release_count desc, genre);

create function artists.shelve(release uuid) returns void
    language plpgsql as $$
begin
    delete from artists.shelves s where s.release_id = release;
    insert into artists.shelves (release_id, genre, year, kind, published_at, sort_title, plays)
    select r.id, g.genre, y.year, k.kind, r.published_at, artists.sort_key(r.title), coalesce((
               select sum(p.plays)::bigint from artists.tracks t join artists.track_plays p on p.track_id = t.id
               where t.release_id = r.id
           ), 0)
    from artists.releases r
    cross join lateral (
        select '' as genre
        union
        select jsonb_array_elements_text(
            case when jsonb_array_length(coalesce(r.details -> 'genres', '[]')) > 0 then r.details -> 'genres'
                 else to_jsonb(r.tag_genres) end)
    ) g
    cross join lateral (
        select 0::smallint as year
        union
        -- The year of the music, where it is told.
        select coalesce(left(coalesce(r.details ->> 'original_date', r.details ->> 'release_date'), 4)::smallint,
                        extract(year from r.published_at at time zone 'UTC')::smallint)
    ) y
    cross join (select '' as kind union select kind from artists.releases where id = release) k
    where r.id = release and r.published_at is not null and r.visibility in ('public', 'followers');
end $$;

create function artists.shelve_release() returns trigger
    language plpgsql as $$
begin
    perform artists.shelve(new.id);
    return null;
end $$;

create trigger shelve_new after insert on artists.releases
    for each row when (new.published_at is not null) execute function artists.shelve_release();
create trigger shelve_changed after update of title, kind, details, tag_genres, published_at, visibility on artists.releases
    for each row when ((old.published_at is not null or new.published_at is not null)
                       and (old.title, old.kind, old.details, old.tag_genres, old.published_at, old.visibility)
                           is distinct from (new.title, new.kind, new.details, new.tag_genres, new.published_at, new.visibility))
    execute function artists.shelve_release();

select artists.shelve(id) from artists.releases where published_at is not null;

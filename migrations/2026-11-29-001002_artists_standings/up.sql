-- Where an artist stands for those who browse: once for each of its genres, and once with the genre '' for any. Kept true by
-- the triggers below, never written otherwise.
create table artists.standings (
    artist_id uuid not null references artists.artists (id) on delete cascade,
    genre text not null,
    followers bigint not null,
    sort_name text collate "C" not null,
    primary key (artist_id, genre)
);
create index standings_newest on artists.standings (genre, artist_id desc);
create index standings_by_name on artists.standings (genre, sort_name, artist_id);
create index standings_most_followed on artists.standings (genre, followers desc, artist_id desc);
-- Nothing is sorted by the row itself any more.
drop index artists.artists_sort_name;

create function artists.stand(artist uuid) returns void
    language plpgsql as $$
declare
    known bigint;
begin
    select s.followers into known from artists.standings s where s.artist_id = artist and s.genre = '' for update;
    delete from artists.standings s where s.artist_id = artist;
    insert into artists.standings (artist_id, genre, followers, sort_name)
    select a.id, g.genre,
           coalesce(known, (select count(*) from artists.follows f where f.artist_id = artist)), a.sort_name
    from artists.artists a
    cross join lateral (select '' as genre union select unnest(a.genres)) g
    where a.id = artist and a.closed_at is null;
end $$;

create function artists.stand_artist() returns trigger
    language plpgsql as $$
begin
    perform artists.stand(new.id);
    return null;
end $$;

create trigger stand_new after insert on artists.artists
    for each row execute function artists.stand_artist();
create trigger stand_changed after update of name, genres, closed_at on artists.artists
    for each row when ((old.name, old.genres, old.closed_at) is distinct from (new.name, new.genres, new.closed_at))
    execute function artists.stand_artist();

-- Who follows waits for who edits the artist, and the other way round: else one of them would not see what the other writes.
create function artists.count_followers() returns trigger
    language plpgsql as $$
declare
    artist uuid := coalesce(new.artist_id, old.artist_id);
begin
    perform from artists.artists a where a.id = artist for share;
    update artists.standings s set followers = s.followers + case tg_op when 'INSERT' then 1 else -1 end
    where s.artist_id = artist;
    return null;
end $$;

create trigger count_follow after insert on artists.follows
    for each row execute function artists.count_followers();
create trigger count_unfollow after delete on artists.follows
    for each row execute function artists.count_followers();

select artists.stand(id) from artists.artists;

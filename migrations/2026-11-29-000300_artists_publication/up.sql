alter table artists.releases
    -- Who sees it once it is published: everybody, who has its address, who follows the artist, or who acts for it.
    add column visibility text not null default 'public'
        constraint releases_visibility check (visibility in ('public', 'unlisted', 'followers', 'private')),
    -- The end of an embargo, until that has been told. Reads go by `published_at` alone.
    add column embargo_until timestamptz,
    -- When followers were told. It stays, so that they are told once.
    add column announced_at timestamptz,
    drop constraint releases_check,
    add constraint releases_published
        check (published_at is null or first_published_at is not null or embargo_until is not null),
    add constraint releases_embargo check (embargo_until is null or embargo_until = published_at);
update artists.releases set announced_at = first_published_at;

-- The next embargo to end.
create index releases_embargo_until on artists.releases (embargo_until) where embargo_until is not null;

drop index artists.releases_newest;
create index releases_newest on artists.releases (published_at desc, id desc)
    where published_at is not null and visibility in ('public', 'followers');

-- Version 2: of releases that are public, not of those that some people see.
create or replace view artists.visible_tracks as
select t.id as track_id, t.title, t.position, t.release_id, r.title as release_title, r.kind as release_kind,
       r.published_at, r.artist_id, a.name as artist_name, a.slug as artist_slug, n.duration_ms
from artists.tracks t
join artists.releases r on r.id = t.release_id
join artists.artists a on a.id = r.artist_id
join artists.analyses n on n.track_id = t.id
where t.state = 'ready' and r.published_at <= now() and r.visibility = 'public';

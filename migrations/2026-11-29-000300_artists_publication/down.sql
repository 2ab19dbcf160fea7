create or replace view artists.visible_tracks as
select t.id as track_id, t.title, t.position, t.release_id, r.title as release_title, r.kind as release_kind,
       r.published_at, r.artist_id, a.name as artist_name, a.slug as artist_slug, n.duration_ms
from artists.tracks t
join artists.releases r on r.id = t.release_id
join artists.artists a on a.id = r.artist_id
join artists.analyses n on n.track_id = t.id
where t.state = 'ready' and r.published_at <= now();

-- What not everybody sees, or not yet, is a draft to a version that knows of no such thing.
update artists.releases set published_at = null
where visibility <> 'public' or published_at > now() or first_published_at is null;

drop index artists.releases_newest;
create index releases_newest on artists.releases (published_at desc, id desc) where published_at is not null;
drop index artists.releases_embargo_until;
alter table artists.releases
    drop constraint releases_embargo,
    drop constraint releases_published,
    add constraint releases_check check (published_at is null or first_published_at is not null),
    drop column announced_at,
    drop column embargo_until,
    drop column visibility;

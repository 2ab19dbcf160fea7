drop trigger shelve_changed on artists.releases;
drop trigger shelve_new on artists.releases;
drop function artists.shelve_release();
drop function artists.shelve(uuid);
drop table artists.genres;
create index releases_newest on artists.releases (published_at desc, id desc)
    where published_at is not null and visibility in ('public', 'followers');
drop table artists.shelves;
drop table artists.track_plays;
alter table artists.releases drop column tag_genres;
alter table artists.artists drop column sort_name;
drop function artists.sort_key(text);

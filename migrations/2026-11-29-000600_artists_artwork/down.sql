drop function artists.picture_of(uuid, text);
drop function artists.cover_of(uuid);
alter table artists.releases drop column without_artwork;
drop table artists.artworks;

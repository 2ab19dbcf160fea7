alter table artists.artists drop column mbid;

drop table artists.changes;
alter table artists.tracks drop column details;
alter table artists.releases drop column details;

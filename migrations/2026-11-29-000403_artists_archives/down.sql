drop table artists.unpacked;
alter table artists.uploads drop column is_archive;

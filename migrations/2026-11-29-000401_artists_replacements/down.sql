alter table artists.uploads drop column replaces_id;
drop table artists.replacements;

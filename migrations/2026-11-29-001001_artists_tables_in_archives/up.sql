-- What became of a table of metadata that came within an archive: how many lines fitted, and why others did not.
alter table artists.unpacked add column report jsonb;

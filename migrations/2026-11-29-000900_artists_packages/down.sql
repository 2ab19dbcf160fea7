drop table artists.import_lines;
drop table artists.imported_tracks;
drop table artists.imported_releases;
drop table artists.imports;
drop table artists.packages;

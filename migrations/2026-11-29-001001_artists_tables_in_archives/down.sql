alter table artists.unpacked drop column report;

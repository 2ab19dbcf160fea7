drop table artists.uploads;

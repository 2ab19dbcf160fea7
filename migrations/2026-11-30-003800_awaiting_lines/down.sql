drop table artists.awaiting_lines;

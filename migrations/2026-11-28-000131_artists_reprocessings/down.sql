drop index artists.chains_in_background;
drop table artists.reprocessings;

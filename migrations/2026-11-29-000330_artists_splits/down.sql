drop table artists.splits;
drop function artists.require_whole_splits();

drop table streaming.scrobblers;

drop table artists.feeds;
alter table artists.artists drop column has_feed;

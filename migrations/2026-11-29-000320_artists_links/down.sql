drop table artists.link_plays;
drop table artists.links;

create index artists_sort_name on artists.artists (sort_name, id) where closed_at is null;
drop trigger count_unfollow on artists.follows;
drop trigger count_follow on artists.follows;
drop function artists.count_followers();
drop trigger stand_changed on artists.artists;
drop trigger stand_new on artists.artists;
drop function artists.stand_artist();
drop function artists.stand(uuid);
drop table artists.standings;

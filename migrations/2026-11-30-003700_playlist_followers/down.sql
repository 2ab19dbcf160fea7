drop table streaming.playlist_followers;
alter table streaming.playlists
    drop column follower_count,
    drop column cover_object,
    drop column cover_thumbnail,
    drop column cover_key;

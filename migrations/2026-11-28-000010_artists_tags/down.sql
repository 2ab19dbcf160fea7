drop index artists.tracks_cover_key;
alter table artists.tracks
    drop column composer,
    drop column isrc,
    drop column lyrics,
    drop column cover_key;

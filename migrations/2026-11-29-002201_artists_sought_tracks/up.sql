-- By what tracks are found that a list from elsewhere names: their codes, and their title beside their artist's name.
create index tracks_isrc on artists.tracks (isrc) where isrc <> '';
create index tracks_recording_mbid on artists.tracks ((details ->> 'recording_mbid'))
    where details ->> 'recording_mbid' is not null;
create index tracks_title on artists.tracks (lower(title));
create index artists_name on artists.artists (lower(name));

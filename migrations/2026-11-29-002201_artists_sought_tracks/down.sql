drop index artists.tracks_isrc, artists.tracks_recording_mbid, artists.tracks_title, artists.artists_name;

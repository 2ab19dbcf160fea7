drop table streaming.playlist_changes, streaming.playlist_collaborators, streaming.playlist_entries, streaming.playlists;

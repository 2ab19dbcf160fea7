drop view artists.described_tracks;
alter table streaming.playlists drop column rules;

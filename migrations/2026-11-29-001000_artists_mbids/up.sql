-- What MusicBrainz calls an artist. Releases and tracks have theirs in their details.
alter table artists.artists add column mbid uuid;

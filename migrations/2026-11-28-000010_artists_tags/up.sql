-- What listeners read of a track besides its title. Taken from the file's tags as long as the artist says nothing else;
-- an empty text is the artist's word that there is none.
alter table artists.tracks
    add column composer text,
    add column isrc text,
    -- {text, lines: [{at_ms, text}, …]}
    add column lyrics jsonb,
    -- The front cover that the file holds, as it stands there, in `curated/`.
    add column cover_key text;
create index tracks_cover_key on artists.tracks (cover_key) where cover_key is not null;

-- The pictures of the catalogue: of a release its cover, of an artist avatar and banner. One row a use: the key, which its
-- address ends in, is a new one for every picture, and leads nowhere once the use is over.
create table artists.artworks (
    key text primary key check (key ~ '^[A-Za-z0-9_-]{22}$'),
    kind text not null check (kind in ('cover', 'avatar', 'banner')),
    release_id uuid references artists.releases (id) on delete cascade,
    artist_id uuid references artists.artists (id) on delete cascade,
    -- What it was made of: an upload in `raw/`, or the cover of a track's file in `curated/`.
    source_key text not null,
    -- All sizes, one behind the other, in `curated/`; where each lies: [{width, height, encoding, offset, length}, …].
    object_key text not null,
    variants jsonb not null,
    -- Taken out of a file, as long as the artist says nothing else.
    is_suggested boolean not null default false,
    -- Of the largest size.
    width integer not null check (width > 0),
    height integer not null check (height > 0),
    -- `#rrggbb`, the most frequent first.
    colours text[] not null check (cardinality(colours) > 0),
    blur_hash text not null,
    created_at timestamptz not null default now(),
    constraint artworks_of_release check ((kind = 'cover') = (release_id is not null)),
    constraint artworks_of_artist check ((kind <> 'cover') = (artist_id is not null))
);
create unique index artworks_release_id on artists.artworks (release_id);
create unique index artworks_artist_id on artists.artworks (artist_id, kind);
create index artworks_object_key on artists.artworks (object_key);
create index artworks_source_key on artists.artworks (source_key);

-- The artist's word that there is none: the cover in a file is not taken for it.
alter table artists.releases add column without_artwork boolean not null default false;

-- As answers show it: {key, colours, blur_hash, width, height}, or null.
create function artists.cover_of(release uuid) returns jsonb
    language sql stable
    return (select jsonb_build_object('key', w.key, 'colours', w.colours, 'blur_hash', w.blur_hash,
                                      'width', w.width, 'height', w.height)
            from artists.artworks w where w.release_id = release);
create function artists.picture_of(artist uuid, of_kind text) returns jsonb
    language sql stable
    return (select jsonb_build_object('key', w.key, 'colours', w.colours, 'blur_hash', w.blur_hash,
                                      'width', w.width, 'height', w.height)
            from artists.artworks w where w.artist_id = artist and w.kind = of_kind);

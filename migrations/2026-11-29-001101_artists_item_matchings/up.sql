-- Artists of whom a track came or changed, so that what was sold elsewhere may be known now. `wanted` grows with each, so
-- that who looks through the names sees that it has to look once more.
create table artists.item_matchings (
    artist_id uuid primary key references artists.artists (id) on delete cascade,
    wanted bigint not null default 1
);

-- Names are looked through in the order of their ids, some at a time.
create index sold_items_artist_id on artists.sold_items (artist_id, id);
create index sold_items_open on artists.sold_items (artist_id, id)
    where track_id is null and matched_by is distinct from 'hand';
-- What is known of a UPC.
create index sold_items_upc on artists.sold_items (artist_id, upc) where matched_by in ('isrc', 'hand');

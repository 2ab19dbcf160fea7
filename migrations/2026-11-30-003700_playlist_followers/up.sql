-- Who follows playlists, and the pictures that stand for them.
alter table streaming.playlists
    -- Kept beside the followers.
    add column follower_count integer not null default 0 check (follower_count >= 0),
    -- Of the cover: two objects, and the word in its address.
    add column cover_object text,
    add column cover_thumbnail text,
    add column cover_key text constraint playlists_cover unique,
    add constraint playlists_cover_whole check (num_nulls(cover_object, cover_thumbnail, cover_key) in (0, 3));
create index playlists_cover_object on streaming.playlists (cover_object) where cover_object is not null;
create index playlists_cover_thumbnail on streaming.playlists (cover_thumbnail) where cover_thumbnail is not null;

create table streaming.playlist_followers (
    account_id uuid not null,
    playlist_id uuid not null references streaming.playlists (id) on delete cascade,
    followed_at timestamptz not null default now(),
    primary key (account_id, playlist_id)
);
create index playlist_followers_latest on streaming.playlist_followers (account_id, followed_at desc, playlist_id desc);
create index playlist_followers_playlist_id on streaming.playlist_followers (playlist_id);

-- What plays on which device of an account: one row a device (a session, or an API token), since a device plays one thing at a
-- time. Accounts are another module's.
create table streaming.streams (
    account_id uuid not null,
    credential_id uuid not null,
    play_id uuid not null,
    track_id uuid not null,
    started_at timestamptz not null,
    -- Until then it is believed to play, unless its player tells otherwise.
    playing_until timestamptz not null,
    -- What its player says that it plays: the next track is granted while this one is heard.
    heard_play_id uuid,
    heard_track_id uuid,
    heard_since timestamptz,
    primary key (account_id, credential_id),
    check ((heard_play_id is null) = (heard_track_id is null) and (heard_play_id is null) = (heard_since is null))
);
create index streams_playing_until on streaming.streams (playing_until);

-- How an account wants to listen.
create table streaming.preferences (
    account_id uuid primary key,
    -- What a second may cost, in bits: anywhere, and where the network is paid by its bytes.
    max_bitrate_bps integer check (max_bitrate_bps > 0),
    metered_max_bitrate_bps integer check (metered_max_bitrate_bps > 0),
    lossless boolean not null default false,
    -- Whether followers see what plays now.
    shares_now_playing boolean not null default false
);

-- Who follows whom, to see what they hear.
create table streaming.account_follows (
    follower_id uuid not null,
    followed_id uuid not null check (followed_id <> follower_id),
    followed_at timestamptz not null,
    primary key (follower_id, followed_id)
);
create index account_follows_latest on streaming.account_follows (follower_id, followed_at desc, followed_id desc);
create index account_follows_followers on streaming.account_follows (followed_id, followed_at desc, follower_id desc);

diesel::table! {
    streaming.bookmarks (account_id, track_id) {
        account_id -> Uuid,
        track_id -> Uuid,
        position_ms -> Int4,
        note -> Nullable<Text>,
        set_at -> Timestamptz,
    }
}

diesel::table! {
    streaming.likes (account_id, track_id) {
        account_id -> Uuid,
        track_id -> Uuid,
        liked_at -> Timestamptz,
    }
}

diesel::table! {
    streaming.plays (id) {
        id -> Uuid,
        account_id -> Nullable<Uuid>,
        track_id -> Uuid,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        started_at -> Timestamptz,
        position_ms -> Int4,
        heard_ms -> Int4,
        state -> Text,
        told_at -> Nullable<Timestamptz>,
        needed_ms -> Int4,
        qualified_at -> Nullable<Timestamptz>,
        suspicion -> Nullable<Text>,
        listener -> Nullable<Bytea>,
        origin -> Nullable<Bytea>,
        counted -> Bool,
    }
}

diesel::table! {
    streaming.queues (account_id) {
        account_id -> Uuid,
        track_ids -> Array<Uuid>,
        current -> Nullable<Int4>,
        position_ms -> Int4,
        device -> Nullable<Text>,
        put_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    streaming.ratings (account_id, track_id) {
        account_id -> Uuid,
        track_id -> Uuid,
        stars -> Int2,
        rated_at -> Timestamptz,
    }
}

diesel::table! {
    streaming.saved_releases (account_id, release_id) {
        account_id -> Uuid,
        release_id -> Uuid,
        saved_at -> Timestamptz,
    }
}

diesel::table! {
    streaming.track_plays (track_id) {
        track_id -> Uuid,
        plays -> Int8,
    }
}

diesel::table! {
    streaming.playlists (id) {
        id -> Uuid,
        account_id -> Uuid,
        title -> Text,
        description -> Text,
        visibility -> Text,
        entry_count -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        rules -> Nullable<Jsonb>,
        follower_count -> Int4,
        cover_object -> Nullable<Text>,
        cover_thumbnail -> Nullable<Text>,
        cover_key -> Nullable<Text>,
    }
}

diesel::table! {
    streaming.playlist_followers (account_id, playlist_id) {
        account_id -> Uuid,
        playlist_id -> Uuid,
        followed_at -> Timestamptz,
    }
}

diesel::table! {
    streaming.playlist_entries (id) {
        id -> Uuid,
        playlist_id -> Uuid,
        track_id -> Uuid,
        rank -> Text,
        added_by -> Nullable<Uuid>,
        added_at -> Timestamptz,
    }
}

diesel::table! {
    streaming.playlist_collaborators (playlist_id, account_id) {
        playlist_id -> Uuid,
        account_id -> Uuid,
        role -> Text,
        added_at -> Timestamptz,
    }
}

diesel::table! {
    streaming.playlist_changes (id) {
        id -> Uuid,
        playlist_id -> Uuid,
        account_id -> Nullable<Uuid>,
        kind -> Text,
        detail -> Jsonb,
        takes_back -> Nullable<Uuid>,
        changed_at -> Timestamptz,
    }
}

diesel::table! {
    streaming.streams (account_id, credential_id) {
        account_id -> Uuid,
        credential_id -> Uuid,
        play_id -> Uuid,
        track_id -> Uuid,
        started_at -> Timestamptz,
        playing_until -> Timestamptz,
        heard_play_id -> Nullable<Uuid>,
        heard_track_id -> Nullable<Uuid>,
        heard_since -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    streaming.preferences (account_id) {
        account_id -> Uuid,
        max_bitrate_bps -> Nullable<Int4>,
        metered_max_bitrate_bps -> Nullable<Int4>,
        lossless -> Bool,
        shares_now_playing -> Bool,
    }
}

diesel::table! {
    streaming.account_follows (follower_id, followed_id) {
        follower_id -> Uuid,
        followed_id -> Uuid,
        followed_at -> Timestamptz,
    }
}

diesel::table! {
    streaming.checksums (object_key) {
        object_key -> Text,
        crc32 -> Int8,
    }
}

diesel::table! {
    streaming.scrobblers (account_id, service) {
        account_id -> Uuid,
        service -> Text,
        username -> Text,
        secret -> Bytea,
        connected_at -> Timestamptz,
        told_at -> Nullable<Timestamptz>,
        failing_since -> Nullable<Timestamptz>,
        problem -> Nullable<Text>,
    }
}

diesel::table! {
    streaming.rooms (id) {
        id -> Uuid,
        host_id -> Uuid,
        title -> Text,
        is_open -> Bool,
        key_number -> Int4,
        track_ids -> Array<Uuid>,
        durations_ms -> Array<Int8>,
        current -> Int4,
        position_ms -> Int8,
        is_playing -> Bool,
        anchored_at -> Timestamptz,
        version -> Int8,
        touched_at -> Timestamptz,
    }
}

diesel::table! {
    streaming.room_members (room_id, account_id) {
        room_id -> Uuid,
        account_id -> Uuid,
        joined_at -> Timestamptz,
    }
}

diesel::table! {
    streaming.players (account_id, credential_id) {
        account_id -> Uuid,
        credential_id -> Uuid,
        name -> Text,
        seen_at -> Timestamptz,
    }
}

diesel::allow_tables_to_appear_in_same_query!(rooms, room_members);

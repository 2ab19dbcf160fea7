diesel::table! {
    artists.artists (id) {
        id -> Uuid,
        slug -> Text,
        name -> Text,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    artists.memberships (artist_id, account_id) {
        artist_id -> Uuid,
        account_id -> Uuid,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    artists.follows (artist_id, account_id) {
        artist_id -> Uuid,
        account_id -> Uuid,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    artists.releases (id) {
        id -> Uuid,
        artist_id -> Uuid,
        title -> Text,
        kind -> Text,
        published_at -> Nullable<Timestamptz>,
        first_published_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    artists.tracks (id) {
        id -> Uuid,
        release_id -> Uuid,
        title -> Text,
        position -> Int4,
        state -> Text,
        source_key -> Text,
        source_size_bytes -> Int8,
        filename -> Nullable<Text>,
        uploaded_by -> Nullable<Uuid>,
        problem_slug -> Nullable<Text>,
        problem_message -> Nullable<Text>,
        suggestions -> Nullable<Jsonb>,
        created_at -> Timestamptz,
        composer -> Nullable<Text>,
        isrc -> Nullable<Text>,
        lyrics -> Nullable<Jsonb>,
        cover_key -> Nullable<Text>,
    }
}

diesel::table! {
    artists.stages (track_id, name) {
        track_id -> Uuid,
        name -> Text,
        state -> Text,
        percent -> Int2,
        attempt -> Int2,
        inputs -> Nullable<Bytea>,
        problem_slug -> Nullable<Text>,
        problem_message -> Nullable<Text>,
        started_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    artists.analyses (track_id) {
        track_id -> Uuid,
        codec -> Text,
        frames -> Int8,
        sample_rate_hz -> Int4,
        channels -> Int2,
        duration_ms -> Int8,
        integrated_loudness_lufs -> Nullable<Float8>,
        loudness_range_lu -> Nullable<Float8>,
        true_peak_dbtp -> Nullable<Float8>,
        waveform -> Bytea,
        warnings -> Jsonb,
        analysed_at -> Timestamptz,
        momentary_max_lufs -> Nullable<Float8>,
        short_term_max_lufs -> Nullable<Float8>,
        loudness_histogram -> Jsonb,
        tempo_bpm -> Nullable<Float4>,
        tempo_confidence -> Nullable<Float4>,
        musical_key -> Nullable<Text>,
        key_confidence -> Nullable<Float4>,
        quality -> Nullable<Jsonb>,
        findings -> Jsonb,
        fingerprint -> Nullable<Bytea>,
        fingerprint_keys -> Nullable<Array<Nullable<Int4>>>,
    }
}

diesel::table! {
    artists.renditions (id) {
        id -> Uuid,
        track_id -> Uuid,
        kind -> Text,
        object_key -> Text,
        mime -> Text,
        bitrate_bps -> Int4,
        size_bytes -> Int8,
        segments -> Nullable<Jsonb>,
        created_at -> Timestamptz,
        name -> Text,
        recipe -> Nullable<Bytea>,
        superseded_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    artists.chains (track_id) {
        track_id -> Uuid,
        id -> Uuid,
        in_background -> Bool,
        audio_ms -> Nullable<Int8>,
        started_at -> Timestamptz,
    }
}

diesel::table! {
    artists.reprocessings (track_id) {
        track_id -> Uuid,
        from_step -> Nullable<Text>,
        anew -> Bool,
        requested_at -> Timestamptz,
    }
}

diesel::table! {
    artists.quarantine_alerts (id) {
        id -> Bool,
        told -> Int8,
        changed_at -> Timestamptz,
    }
}

diesel::table! {
    artists.speeds (step) {
        step -> Text,
        ms_per_minute -> Float8,
        measured_at -> Timestamptz,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    artists,
    memberships,
    follows,
    releases,
    tracks,
    stages,
    analyses,
    renditions,
    chains,
    quarantine_alerts,
    reprocessings,
    speeds
);

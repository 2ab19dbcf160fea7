diesel::table! {
    artists.artists (id) {
        id -> Uuid,
        slug -> Text,
        name -> Text,
        created_at -> Timestamptz,
        label_id -> Nullable<Uuid>,
        biography -> Text,
        links -> Jsonb,
        places -> Array<Text>,
        genres -> Array<Text>,
        pinned_release_id -> Nullable<Uuid>,
        closed_at -> Nullable<Timestamptz>,
        sort_name -> Text,
        has_feed -> Bool,
        mbid -> Nullable<Uuid>,
    }
}

diesel::table! {
    artists.feeds (artist_id) {
        artist_id -> Uuid,
        tag -> Text,
        changed_at -> Timestamptz,
    }
}

diesel::table! {
    artists.standings (artist_id, genre) {
        artist_id -> Uuid,
        genre -> Text,
        followers -> Int8,
        sort_name -> Text,
    }
}

diesel::table! {
    artists.slugs (slug) {
        slug -> Text,
        artist_id -> Uuid,
        taken_at -> Timestamptz,
    }
}

diesel::table! {
    artists.memberships (artist_id, account_id) {
        artist_id -> Uuid,
        account_id -> Uuid,
        created_at -> Timestamptz,
        role -> Text,
    }
}

diesel::table! {
    artists.invitations (id) {
        id -> Uuid,
        artist_id -> Uuid,
        account_id -> Nullable<Uuid>,
        email -> Nullable<Text>,
        role -> Text,
        hands_over -> Bool,
        invited_by -> Uuid,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        refused_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    artists.label_offers (id) {
        id -> Uuid,
        artist_id -> Uuid,
        label_id -> Uuid,
        offered_by -> Text,
        account_id -> Uuid,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
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
        visibility -> Text,
        embargo_until -> Nullable<Timestamptz>,
        announced_at -> Nullable<Timestamptz>,
        details -> Jsonb,
        without_artwork -> Bool,
        tag_genres -> Array<Text>,
    }
}

diesel::table! {
    artists.shelves (release_id, genre, year, kind) {
        release_id -> Uuid,
        genre -> Text,
        year -> Int2,
        kind -> Text,
        published_at -> Timestamptz,
        sort_title -> Text,
        plays -> Int8,
    }
}

diesel::table! {
    artists.genres (genre) {
        genre -> Text,
        release_count -> Int8,
    }
}

diesel::table! {
    artists.track_plays (track_id) {
        track_id -> Uuid,
        plays -> Int8,
    }
}

diesel::table! {
    artists.artworks (key) {
        key -> Text,
        kind -> Text,
        release_id -> Nullable<Uuid>,
        artist_id -> Nullable<Uuid>,
        source_key -> Text,
        object_key -> Text,
        variants -> Jsonb,
        is_suggested -> Bool,
        width -> Int4,
        height -> Int4,
        colours -> Array<Nullable<Text>>,
        blur_hash -> Text,
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
        details -> Jsonb,
    }
}

diesel::table! {
    artists.changes (id) {
        id -> Uuid,
        release_id -> Uuid,
        track_id -> Nullable<Uuid>,
        account_id -> Nullable<Uuid>,
        takes_back -> Nullable<Uuid>,
        fields -> Jsonb,
        changed_at -> Timestamptz,
    }
}

diesel::table! {
    artists.profile_changes (id) {
        id -> Uuid,
        artist_id -> Uuid,
        account_id -> Nullable<Uuid>,
        takes_back -> Nullable<Uuid>,
        fields -> Jsonb,
        changed_at -> Timestamptz,
    }
}

diesel::table! {
    artists.links (id) {
        id -> Uuid,
        release_id -> Uuid,
        recipient -> Text,
        token_hash -> Bytea,
        created_by -> Nullable<Uuid>,
        paused -> Bool,
        paused_changed_at -> Nullable<Timestamptz>,
        max_plays -> Nullable<Int4>,
        plays -> Int4,
        expires_at -> Timestamptz,
        revoked_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    artists.link_plays (link_id, track_id) {
        link_id -> Uuid,
        track_id -> Uuid,
        plays -> Int4,
        first_played_at -> Timestamptz,
        last_played_at -> Timestamptz,
    }
}

diesel::table! {
    artists.splits (id) {
        id -> Uuid,
        track_id -> Uuid,
        account_id -> Nullable<Uuid>,
        share_hundredths -> Int4,
        state -> Text,
        invited_at -> Timestamptz,
        answered_at -> Nullable<Timestamptz>,
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

diesel::table! {
    artists.statement_mappings (id) {
        id -> Uuid,
        artist_id -> Uuid,
        name -> Text,
        definition -> Jsonb,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    artists.statements (id) {
        id -> Uuid,
        artist_id -> Uuid,
        state -> Text,
        filename -> Nullable<Text>,
        file_key -> Text,
        file_hash -> Bytea,
        file_size_bytes -> Int8,
        wanted_source -> Nullable<Text>,
        mapping_id -> Nullable<Uuid>,
        source -> Nullable<Text>,
        layout -> Nullable<Text>,
        encoding -> Nullable<Text>,
        period_from -> Nullable<Date>,
        period_to -> Nullable<Date>,
        sales -> Nullable<Int4>,
        loaded -> Int4,
        repeated -> Int4,
        totals -> Jsonb,
        reconciled -> Bool,
        percent -> Int2,
        problem -> Nullable<Jsonb>,
        created_at -> Timestamptz,
        ended_at -> Nullable<Timestamptz>,
        tallied -> Int4,
    }
}

diesel::table! {
    artists.sold_items (id) {
        id -> Uuid,
        artist_id -> Uuid,
        identity -> Bytea,
        isrc -> Nullable<Text>,
        upc -> Nullable<Text>,
        title -> Text,
        artist_name -> Text,
        release_title -> Text,
        track_id -> Nullable<Uuid>,
        matched_by -> Nullable<Text>,
    }
}

diesel::table! {
    artists.sales (statement_id, line) {
        statement_id -> Uuid,
        line -> Int4,
        item_id -> Uuid,
        month -> Date,
        period_from -> Date,
        period_to -> Date,
        store -> Text,
        territory -> Nullable<Text>,
        kind -> Text,
        quantity -> Int8,
        amount -> Numeric,
        currency -> Text,
        row_key -> Bytea,
        ordinal -> Int4,
        counts -> Bool,
    }
}

diesel::table! {
    artists.sale_totals (statement_id, level, month, item_id, territory, store, kind, currency) {
        statement_id -> Uuid,
        level -> Int2,
        month -> Date,
        item_id -> Uuid,
        territory -> Text,
        store -> Text,
        kind -> Text,
        currency -> Text,
        sales -> Int8,
        quantity -> Int8,
        amount -> Numeric,
    }
}

diesel::table! {
    artists.item_matchings (artist_id) {
        artist_id -> Uuid,
        wanted -> Int8,
    }
}

diesel::table! {
    artists.uploads (id) {
        id -> Uuid,
        account_id -> Uuid,
        release_id -> Nullable<Uuid>,
        form -> Text,
        filename -> Nullable<Text>,
        metadata -> Nullable<Text>,
        length_bytes -> Nullable<Int8>,
        offset_bytes -> Int8,
        landing -> Jsonb,
        hash -> Nullable<Bytea>,
        part_ids -> Nullable<Array<Nullable<Uuid>>>,
        state -> Text,
        track_id -> Nullable<Uuid>,
        problem_slug -> Nullable<Text>,
        problem_message -> Nullable<Text>,
        writer -> Nullable<Uuid>,
        writer_until -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        replaces_id -> Nullable<Uuid>,
        is_archive -> Bool,
    }
}

diesel::table! {
    artists.replacements (track_id) {
        track_id -> Uuid,
        source_key -> Text,
        source_size_bytes -> Int8,
        filename -> Nullable<Text>,
        uploaded_by -> Nullable<Uuid>,
        suggestions -> Nullable<Jsonb>,
        cover_key -> Nullable<Text>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    artists.quotas (artist_id) {
        artist_id -> Uuid,
        bytes -> Nullable<Int8>,
        tracks -> Nullable<Int8>,
        uploads_per_day -> Nullable<Int8>,
    }
}

diesel::table! {
    artists.upload_days (artist_id, day) {
        artist_id -> Uuid,
        day -> Date,
        uploads -> Int8,
    }
}

diesel::table! {
    artists.unpacked (upload_id, entry) {
        upload_id -> Uuid,
        entry -> Int4,
        filename -> Text,
        track_id -> Nullable<Uuid>,
        problem -> Nullable<Text>,
        report -> Nullable<Jsonb>,
    }
}

diesel::table! {
    artists.packages (id) {
        id -> Uuid,
        artist_id -> Nullable<Uuid>,
        server -> Text,
        state -> Text,
        object_key -> Nullable<Text>,
        bytes -> Nullable<Int8>,
        created_at -> Timestamptz,
        finished_at -> Nullable<Timestamptz>,
        expires_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    artists.imports (id) {
        id -> Uuid,
        artist_id -> Uuid,
        account_id -> Nullable<Uuid>,
        upload_ids -> Array<Uuid>,
        publish -> Bool,
        state -> Text,
        source -> Nullable<Jsonb>,
        problem -> Nullable<Jsonb>,
        created_at -> Timestamptz,
        ended_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    artists.imported_releases (artist_id, source_id) {
        artist_id -> Uuid,
        source_id -> Uuid,
        release_id -> Uuid,
        completed_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    artists.imported_tracks (artist_id, release_source_id, source_id) {
        artist_id -> Uuid,
        release_source_id -> Uuid,
        source_id -> Uuid,
        track_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    artists.import_lines (import_id, place) {
        import_id -> Uuid,
        place -> Int4,
        title -> Text,
        outcome -> Text,
        release_id -> Nullable<Uuid>,
        tracks -> Int4,
        problems -> Jsonb,
        publication -> Text,
        publish_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    artists.awaiting_lines (release_id, number) {
        release_id -> Uuid,
        number -> Int4,
        account_id -> Uuid,
        said -> Jsonb,
        track_id -> Nullable<Uuid>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    artists,
    awaiting_lines,
    slugs,
    artworks,
    memberships,
    invitations,
    label_offers,
    follows,
    releases,
    tracks,
    stages,
    analyses,
    renditions,
    chains,
    changes,
    link_plays,
    links,
    quarantine_alerts,
    quotas,
    replacements,
    reprocessings,
    sale_totals,
    speeds,
    statements,
    unpacked,
    upload_days,
    splits,
    uploads,
    packages
);

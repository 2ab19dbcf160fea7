//! The tables of PostgreSQL schema `platform`, for diesel.

diesel::table! {
    platform.jobs (id) {
        id -> Uuid,
        queue -> Text,
        kind -> Text,
        payload -> Jsonb,
        state -> Text,
        priority -> Int2,
        unique_key -> Nullable<Text>,
        attempts -> Int2,
        max_attempts -> Int2,
        losses -> Int2,
        is_hopeless -> Bool,
        run_at -> Timestamptz,
        lease_until -> Nullable<Timestamptz>,
        worker -> Nullable<Text>,
        cancel_requested -> Bool,
        progress -> Int2,
        last_error -> Nullable<Text>,
        request_id -> Nullable<Uuid>,
        created_at -> Timestamptz,
        finished_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    platform.outbox (id) {
        id -> Uuid,
        name -> Text,
        payload -> Jsonb,
        request_id -> Nullable<Uuid>,
        recorded_at -> Timestamptz,
        relayed_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    platform.inbox (event_id, subscriber) {
        event_id -> Uuid,
        subscriber -> Text,
        received_at -> Timestamptz,
    }
}

diesel::table! {
    platform.broadcasts (id) {
        id -> Int8,
        tx -> Int8,
        topic -> Text,
        payload -> Jsonb,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    platform.objects (key) {
        key -> Text,
        zone -> Text,
        parent -> Nullable<Text>,
        step -> Text,
        step_version -> Int4,
        hash -> Bytea,
        size_bytes -> Int8,
        created_at -> Timestamptz,
        checked_at -> Timestamptz,
        damage -> Nullable<Text>,
    }
}

diesel::table! {
    platform.rounds (name) {
        name -> Text,
        began_at -> Timestamptz,
    }
}

diesel::table! {
    platform.idempotency_keys (account_id, key) {
        account_id -> Uuid,
        key -> Text,
        route -> Text,
        body_hash -> Bytea,
        resource_id -> Uuid,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    platform.revocations (subject_id) {
        subject_id -> Uuid,
        revoked_at -> Timestamptz,
    }
}

diesel::table! {
    platform.limits (key) {
        key -> Bytea,
        spent -> Int4,
        carried -> Int4,
        strikes -> Int4,
        resets_at -> Timestamptz,
    }
}

diesel::table! {
    streaming.plays (id) {
        id -> Uuid,
        account_id -> Nullable<Uuid>,
        track_id -> Uuid,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
    }
}

diesel::table! {
    notifications.follows (artist_id, account_id) {
        artist_id -> Uuid,
        account_id -> Uuid,
        following -> Bool,
        changed_at -> Timestamptz,
    }
}

diesel::table! {
    notifications.administrators (account_id) {
        account_id -> Uuid,
        is_administrator -> Bool,
        changed_at -> Timestamptz,
    }
}

diesel::table! {
    notifications.notifications (id) {
        id -> Uuid,
        account_id -> Uuid,
        kind -> Text,
        title -> Text,
        subtitle -> Text,
        url -> Text,
        subject_id -> Uuid,
        read_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        about_account_id -> Nullable<Uuid>,
    }
}

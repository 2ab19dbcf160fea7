diesel::table! {
    accounts.accounts (id) {
        id -> Uuid,
        handle -> Text,
        email -> Text,
        display_name -> Text,
        password_hash -> Text,
        role -> Text,
        email_confirmed_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    accounts.sessions (id) {
        id -> Uuid,
        account_id -> Uuid,
        token_hash -> Bytea,
        device -> Text,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
    }
}

diesel::allow_tables_to_appear_in_same_query!(accounts, sessions);
diesel::joinable!(sessions -> accounts (account_id));

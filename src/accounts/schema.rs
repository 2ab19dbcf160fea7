diesel::table! {
    accounts.accounts (id) {
        id -> Uuid,
        handle -> Text,
        email -> Text,
        display_name -> Text,
        password_hash -> Nullable<Text>,
        role -> Text,
        email_confirmed_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        language -> Text,
        time_zone -> Text,
        picture_object -> Nullable<Text>,
        picture_thumbnail -> Nullable<Text>,
        picture_key -> Nullable<Text>,
        suspended_at -> Nullable<Timestamptz>,
        suspension_reason -> Nullable<Text>,
        closing_until -> Nullable<Timestamptz>,
        passkey_user_id -> Uuid,
    }
}

diesel::table! {
    accounts.handles (handle) {
        handle -> Text,
        account_id -> Nullable<Uuid>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    accounts.registrations (id) {
        id -> Uuid,
        handle -> Text,
        email -> Text,
        password_hash -> Text,
        language -> Text,
        token_hash -> Nullable<Bytea>,
        invitation_id -> Nullable<Uuid>,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
    }
}

diesel::table! {
    accounts.invitations (id) {
        id -> Uuid,
        code_hash -> Bytea,
        note -> Text,
        created_by -> Nullable<Uuid>,
        uses_left -> Int4,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
    }
}

diesel::table! {
    accounts.letter_codes (code_hash) {
        code_hash -> Bytea,
        account_id -> Uuid,
        purpose -> Text,
        email -> Nullable<Text>,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
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
        last_used_at -> Timestamptz,
        address -> Text,
        authenticated_at -> Timestamptz,
    }
}

diesel::table! {
    accounts.known_devices (account_id, device_hash) {
        account_id -> Uuid,
        device_hash -> Bytea,
        last_used_at -> Timestamptz,
    }
}

diesel::table! {
    accounts.challenges (token_hash) {
        token_hash -> Bytea,
        account_id -> Uuid,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
    }
}

diesel::table! {
    accounts.ceremonies (token_hash) {
        token_hash -> Bytea,
        kind -> Text,
        account_id -> Nullable<Uuid>,
        state -> Jsonb,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
    }
}

diesel::table! {
    accounts.totps (account_id) {
        account_id -> Uuid,
        sealed_secret -> Bytea,
        confirmed_at -> Nullable<Timestamptz>,
        last_step -> Int8,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    accounts.recovery_codes (account_id, code_hash) {
        account_id -> Uuid,
        code_hash -> Bytea,
        used_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    accounts.passkeys (id) {
        id -> Uuid,
        account_id -> Uuid,
        credential_id -> Bytea,
        name -> Text,
        credential -> Jsonb,
        created_at -> Timestamptz,
        last_used_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    accounts.linked_identities (id) {
        id -> Uuid,
        account_id -> Uuid,
        provider -> Text,
        subject -> Text,
        email -> Nullable<Text>,
        created_at -> Timestamptz,
        last_used_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    accounts.api_tokens (id) {
        id -> Uuid,
        account_id -> Uuid,
        name -> Text,
        token_hash -> Bytea,
        hint -> Text,
        scopes -> Array<Text>,
        created_at -> Timestamptz,
        expires_at -> Nullable<Timestamptz>,
        last_used_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    accounts.app_passwords (id) {
        id -> Uuid,
        account_id -> Uuid,
        name -> Text,
        sealed_password -> Bytea,
        created_at -> Timestamptz,
        last_used_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    accounts.exports (id) {
        id -> Uuid,
        account_id -> Uuid,
        state -> Text,
        object_key -> Nullable<Text>,
        bytes -> Nullable<Int8>,
        created_at -> Timestamptz,
        finished_at -> Nullable<Timestamptz>,
        expires_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    accounts.audit_log (id) {
        id -> Uuid,
        actor_id -> Nullable<Uuid>,
        account_id -> Uuid,
        action -> Text,
        detail -> Jsonb,
        created_at -> Timestamptz,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    accounts,
    handles,
    registrations,
    invitations,
    letter_codes,
    sessions,
    known_devices,
    challenges,
    ceremonies,
    totps,
    recovery_codes,
    passkeys,
    linked_identities,
    api_tokens,
    app_passwords,
    exports,
    audit_log,
);
diesel::joinable!(handles -> accounts (account_id));
diesel::joinable!(sessions -> accounts (account_id));
diesel::joinable!(passkeys -> accounts (account_id));
diesel::joinable!(linked_identities -> accounts (account_id));
diesel::joinable!(api_tokens -> accounts (account_id));

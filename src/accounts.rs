//! Accounts: who someone is and how they prove it.
//!
//! Façade: [`identity()`] (what a token proves), [`forget_sessions()`] (runs beside the workers), [`create`] and
//! [`find_by_email`] (for the command line and the demo); for those who name and find people [`names`],
//! [`names_of_those_there`], [`find_by_handle`], [`find_by_confirmed_email`], [`confirmed_email`], [`is_there`] and
//! [`devices()`]; and [`invite_to_artist`], a letter.

// An account, and what its owner sees and changes of it.
mod account;
mod account_changes;
mod change_handle;
mod derived_handle;
mod edit_me;
mod email;
mod handle;
mod language;
mod me;
mod name;
mod public_name;
mod reserved;
mod schema;
mod show_account;
mod time_zone;

// Opening one.
mod confirm_email;
mod confirm_registration;
mod invitation;
mod register;
mod registration;

// Passwords.
mod change_password;
mod password;
mod reset_password;

// Signing in and out, and what a token proves.
mod access;
mod answer_challenge;
mod attempts;
mod challenge;
mod device_name;
mod devices;
mod end_session;
mod end_sessions;
mod forget_sessions;
mod identity;
mod known_device;
mod list_sessions;
mod open_session;
mod reauthenticate;
mod session;
mod sign_in;
mod sign_out;

// Second factors and passkeys.
mod add_passkey;
mod added_since;
mod ceremony;
mod list_passkeys;
mod passkey;
mod recovery_code;
mod relying_party;
mod remove_passkey;
mod rename_passkey;
mod renew_recovery_codes;
mod second_factor;
mod set_up_totp;
mod totp;
mod use_passkey;
mod ways_in;

// Other providers (OpenID Connect).
mod begin_oidc;
mod finish_oidc;
mod link_identity;
mod linked_identity;
mod list_identities;
mod list_providers;
mod next_page;
mod provider;
mod round_trip;
mod unlink_identity;

// API tokens and app passwords.
mod api_token;
mod app_password;
mod create_app_password;
mod create_token;
mod delete_app_password;
mod delete_token;
mod list_app_passwords;
mod list_tokens;

// Another address, and the way back.
mod change_email;
mod restore_email;
mod way_back;

// Letters.
mod addressee;
mod letter;
mod letter_code;
mod send_letter;
mod wording;

// Pictures.
mod discard_picture;
mod picture;
mod remove_picture;
mod set_picture;
mod show_picture;

// Leaving.
mod build_export;
mod close_account;
mod closing;
mod erase_account;
mod export;
mod forget_exports;
mod own_data;
mod request_export;
mod show_export;

// Administration.
mod administration;
mod audit;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use account::find_by_email;
pub(crate) use administration::{
    By, ListedAccount, NewInvitation, Reason, every as every_account, find_by_login, invite, override_password,
    reinstate, reset_factors, reset_link, revoke_access, set_role, suspend,
};
pub(crate) use build_export::{BuildExport, on_dead as on_export_dead, run as run_build_export};
pub(crate) use devices::devices;
pub(crate) use discard_picture::{DiscardPicture, run as run_discard_picture};
pub(crate) use email::Email;
pub(crate) use erase_account::erase_accounts;
pub(crate) use forget_exports::forget_exports;
pub(crate) use forget_sessions::forget_sessions;
pub(crate) use handle::Handle;
pub(crate) use identity::identity;
pub(crate) use language::Language;
pub(crate) use letter::{ArtistInvitation, SendLetter, invite_to_artist};
pub(crate) use name::Name;
pub(crate) use own_data::export;
pub(crate) use password::Password;
pub(crate) use provider::Providers;
pub(crate) use public_name::{
    AccountName, confirmed_email, find_by_confirmed_email, find_by_handle, is_there, names, names_of_those_there,
};
pub(crate) use register::{NewAccount, create};
pub(crate) use send_letter::run as send_letter;
pub(crate) use time_zone::TimeZone;

/// The routes of this module, under `/api/v1`.
pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(register::post)
        .service(confirm_registration::put)
        .service(confirm_email::put)
        .service(confirm_email::post)
        .service(reset_password::post)
        .service(reset_password::put)
        .service(sign_in::post)
        .service(sign_out::delete)
        .service(answer_challenge::post)
        .service(list_providers::get)
        .service(begin_oidc::get)
        .service(finish_oidc::get)
        .service(list_identities::get)
        .service(link_identity::post)
        .service(unlink_identity::delete)
        .service(reauthenticate::post)
        .service(use_passkey::post_ceremony)
        .service(use_passkey::post)
        .service(add_passkey::post_ceremony)
        .service(add_passkey::post)
        .service(list_passkeys::get)
        .service(rename_passkey::patch)
        .service(remove_passkey::delete)
        .service(set_up_totp::get)
        .service(set_up_totp::post)
        .service(set_up_totp::put)
        .service(set_up_totp::delete)
        .service(renew_recovery_codes::post)
        .service(me::get)
        .service(set_picture::put)
        .service(remove_picture::delete)
        .service(show_picture::get)
        .service(list_app_passwords::get)
        .service(create_app_password::post)
        .service(delete_app_password::delete)
        .service(edit_me::patch)
        .service(change_password::put)
        .service(change_email::post)
        .service(change_email::put)
        .service(restore_email::put)
        .service(change_handle::put)
        .service(show_account::get)
        .service(list_sessions::get)
        .service(end_session::delete)
        .service(end_session::delete_others)
        .service(list_tokens::get)
        .service(create_token::post)
        .service(delete_token::delete)
        .service(close_account::delete)
        .service(request_export::post)
        .service(show_export::get)
        .service(show_export::whole)
        .service(show_export::by_link);
    administration::routes(config);
}

//! What moderators and administrators do to accounts of others, over HTTP or on the command line.
//!
//! Each act repeats in its statement that whoever acts may do so ([`authority`]), so that a demotion of a second ago
//! holds; is noted in the audit log in the same transaction; and tells the account by letter where it should know.

mod authority;
mod inspect_account;
mod invite;
mod list_accounts;
mod list_invitations;
mod listed_account;
mod override_password;
mod reinstate_account;
mod reset_factors;
mod revoke_access;
mod set_role;
mod show_audit_log;
mod suspend_account;
mod withdraw_invitation;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use authority::By;
pub(super) use authority::{lock_with_admins, require_admin_left};
pub(crate) use invite::{NewInvitation, invite};
pub(crate) use list_accounts::every;
pub(crate) use listed_account::{ListedAccount, find_by_login};
pub(crate) use override_password::{override_password, reset_link};
pub(crate) use reinstate_account::reinstate;
pub(crate) use reset_factors::reset as reset_factors;
pub(crate) use revoke_access::revoke as revoke_access;
pub(crate) use set_role::set as set_role;
pub(crate) use suspend_account::{Reason, suspend};

/// The routes, under `/api/v1`.
pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list_accounts::get)
        .service(inspect_account::get)
        .service(set_role::patch)
        .service(reset_factors::delete)
        .service(revoke_access::delete)
        .service(show_audit_log::get)
        .service(show_audit_log::mine)
        .service(suspend_account::put)
        .service(reinstate_account::delete)
        .service(list_invitations::get)
        .service(invite::post)
        .service(withdraw_invitation::delete);
}

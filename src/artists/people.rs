//! Who acts for an artist: members, and those who are asked to become one.
//!
//! Whoever changes this holds the artist's row ([`super::own_artist`]), so that one change follows the other, and may do so by
//! what the database says once it is held. An invitation makes nobody a member; accepting it does.

mod accept_invitation;
mod change_role;
mod forget_invitations;
mod invitation;
mod invite;
mod invitee;
mod list_invitations;
mod list_members;
mod list_my_invitations;
mod member;
mod refuse_invitation;
mod remove_member;
mod withdraw_invitation;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use forget_invitations::forget_invitations;
pub(super) use invitation::forget as forget_invitations_of;
pub(super) use member::{changed, owners};

/// The routes, under `/api/v1`.
pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list_members::get)
        .service(change_role::patch)
        .service(remove_member::delete)
        .service(list_invitations::get)
        .service(invite::post)
        .service(withdraw_invitation::delete)
        .service(list_my_invitations::get)
        .service(accept_invitation::put)
        .service(refuse_invitation::put);
}

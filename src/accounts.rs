//! Accounts: who someone is and how they prove it.
//!
//! Façade: [`identity`] (token → identity), [`forget_sessions()`] (runs beside the workers), [`create`] and
//! [`find_by_email`] (for the command line and the demo).

mod account;
mod email;
mod forget_sessions;
mod handle;
mod me;
mod password;
mod register;
mod schema;
mod session;
mod sign_in;
mod sign_out;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use account::find_by_email;
pub(crate) use email::Email;
pub(crate) use forget_sessions::forget_sessions;
pub(crate) use handle::Handle;
pub(crate) use password::Password;
pub(crate) use register::{NewAccount, create};
pub(crate) use session::identity;

/// The routes of this module, under `/api/v1`.
pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(register::post).service(sign_in::post).service(sign_out::delete).service(me::get);
}

//! Tell the key that this server signs packages with, so that others can check them.

use actix_web::get;
use actix_web::web::Data;

use crate::platform::Platform;
use crate::platform::http::Found;
use crate::platform::signature::SigningKey;

/// The key whose other half signs the packages of this server's artists.
#[utoipa::path(tag = "packages", responses((status = 200, body = SigningKey)))]
#[get("/signing-key")]
pub(super) async fn get(platform: Data<Platform>) -> Found<SigningKey> {
    Found(platform.signer.key())
}

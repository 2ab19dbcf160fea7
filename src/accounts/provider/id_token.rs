//! What must hold for an ID token to be believed (OpenID Connect Core 1.0 §3.1.3.7): who issued it, for whom, when, for
//! which sign-in, and under one of the issuer's public keys.

use chrono::{DateTime, Utc};
use openidconnect::core::{
    CoreIdToken, CoreIdTokenClaims, CoreIdTokenVerifier, CoreJwsSigningAlgorithm, CoreProviderMetadata,
};
use openidconnect::{ClaimsVerificationError, ClientId, Nonce, SignatureVerificationError};

/// Signatures that only the issuer can make. What is signed with the client's secret (HS256) or with nothing is no proof,
/// whatever the provider says that it supports.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// What an ID token tells.
pub(super) struct Told {
    pub(super) subject: String,
    pub(super) email: Option<String>,
    pub(super) email_verified: bool,
    pub(super) username: Option<String>,
}

/// Why it is not believed.
#[derive(Debug)]
pub(super) enum Fault {
    /// It names a key that the issuer did not have when it was last asked.
    UnknownKey,
    Claims(ClaimsVerificationError),
    /// It was made for another client of the issuer.
    AuthorizedParty,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::UnknownKey => f.write_str("the ID token's key is unknown"),
            Self::Claims(cause) => write!(f, "the ID token does not hold: {cause}"),
            Self::AuthorizedParty => f.write_str("the ID token was made for another client"),
        }
    }
}

/// Reads an ID token, if it holds now.
pub(super) fn verify(
    token: &CoreIdToken,
    issuer: &CoreProviderMetadata,
    client_id: &str,
    nonce: &Nonce,
    now: DateTime<Utc>,
) -> Result<Told, Fault> {
    let client_id = ClientId::new(client_id.to_owned());
    // "Public": without the client's secret among the keys.
    let verifier =
        CoreIdTokenVerifier::new_public_client(client_id.clone(), issuer.issuer().clone(), issuer.jwks().clone())
            .set_allowed_algs(ALGORITHMS)
            .set_time_fn(move || now);
    let claims = token.claims(&verifier, nonce).map_err(|cause| match cause {
        ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey) => Fault::UnknownKey,
        cause => Fault::Claims(cause),
    })?;
    if claims.authorized_party().is_some_and(|party| *party != client_id) {
        return Err(Fault::AuthorizedParty);
    }
    Ok(told(claims))
}

fn told(claims: &CoreIdTokenClaims) -> Told {
    Told {
        subject: claims.subject().to_string(),
        email: claims.email().map(|email| email.to_string()),
        email_verified: claims.email_verified().unwrap_or(false),
        username: claims.preferred_username().map(|name| name.to_string()),
    }
}

//! What passkeys are bound to: this server's name, and the origin of its pages (WebAuthn level 3, §5 and §7).

use actix_web::HttpRequest;
use actix_web::http::header;
use serde::Serialize;
use serde_json::{Value, json};
use url::{Host, Url};
use webauthn_rs::prelude::{
    AuthenticationResult, DiscoverableAuthentication, Passkey as Credential, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, Uuid, Webauthn, WebauthnBuilder, WebauthnError,
};

use super::account::Account;
use crate::platform::config::Config;
use crate::platform::error::{Code, Error, Result};

/// One side of a ceremony; the other is a browser with an authenticator.
pub(super) struct RelyingParty(Webauthn);

impl RelyingParty {
    /// The server as its `public_url` names it; without one as `localhost`, where the browser is on this machine. Browsers
    /// know passkeys only over https or on `localhost`, and not for an IP address: anything else is refused.
    pub(super) fn of(request: &HttpRequest, config: &Config) -> Result<Self> {
        let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
        let origin = origin(config.public_url.as_deref(), host).ok_or(Error::Refused(Code::PasskeysUnavailable))?;
        Self::at(&origin)
    }

    fn at(origin: &Url) -> Result<Self> {
        let id = origin.domain().unwrap_or_default();
        let party = WebauthnBuilder::new(id, origin).and_then(|builder| builder.rp_name("Legato").build());
        Ok(Self(party.map_err(anyhow::Error::from)?))
    }

    /// Begins a registration: the options for `navigator.credentials.create`, and what is to be remembered.
    pub(super) fn begin_registration(
        &self,
        account: &Account,
        known: Vec<Vec<u8>>,
    ) -> Result<(Value, PasskeyRegistration)> {
        let (options, state) = self
            .0
            .start_passkey_registration(account.passkey_user_id, &account.handle, &account.display_name, Some(known))
            .map_err(anyhow::Error::from)?;
        let mut options = inner(&options)?;
        // Only what is kept on the authenticator can be used without saying first who one is.
        options["authenticatorSelection"]["residentKey"] = json!("required");
        options["authenticatorSelection"]["requireResidentKey"] = json!(true);
        Ok((options, state))
    }

    pub(super) fn finish_registration(
        &self,
        answer: &RegisterPublicKeyCredential,
        state: &PasskeyRegistration,
    ) -> Result<Credential> {
        self.0.finish_passkey_registration(answer, state).map_err(refused)
    }

    /// Begins a use of any passkey of this server: the options for `navigator.credentials.get`, and what is to be
    /// remembered. They are the same for everybody, so they tell of nobody.
    pub(super) fn begin_use(&self) -> Result<(Value, DiscoverableAuthentication)> {
        let (options, state) = self.0.start_discoverable_authentication().map_err(anyhow::Error::from)?;
        Ok((inner(&options)?, state))
    }

    /// Whose passkey an answer claims to be of: the account's user handle, and the credential's id.
    pub(super) fn claim<'a>(&self, answer: &'a PublicKeyCredential) -> Result<(Uuid, &'a [u8])> {
        self.0.identify_discoverable_authentication(answer).map_err(refused)
    }

    /// Checks the claim. Its device has asked who is there: without user verification nothing is proved.
    pub(super) fn finish_use(
        &self,
        answer: &PublicKeyCredential,
        state: DiscoverableAuthentication,
        credential: &Credential,
    ) -> Result<AuthenticationResult> {
        self.0.finish_discoverable_authentication_v2(answer, state, credential).map_err(refused)
    }
}

// What `PublicKeyCredential.parse…OptionsFromJSON` of a browser reads.
fn inner(options: &impl Serialize) -> Result<Value> {
    let mut options = serde_json::to_value(options).map_err(anyhow::Error::from)?;
    Ok(options["publicKey"].take())
}

#[expect(clippy::needless_pass_by_value, reason = "the form of `map_err`")]
fn refused(cause: WebauthnError) -> Error {
    tracing::info!(error = %cause, "a passkey was refused");
    Error::Refused(Code::PasskeyRefused)
}

fn origin(public_url: Option<&str>, host: Option<&str>) -> Option<Url> {
    let origin = match public_url {
        Some(public) => Url::parse(public).ok()?,
        None => Url::parse(&format!("http://{}", host?)).ok().filter(is_local)?,
    };
    let is_named = matches!(origin.host(), Some(Host::Domain(_)));
    (is_named && (origin.scheme() == "https" || is_local(&origin))).then_some(origin)
}

fn is_local(origin: &Url) -> bool {
    origin.domain().is_some_and(|domain| domain == "localhost" || domain.ends_with(".localhost"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(public_url: Option<&str>, host: &str) -> Option<String> {
        origin(public_url, Some(host)).map(|origin| origin.origin().ascii_serialization())
    }

    #[test]
    fn the_name_is_the_public_one_or_localhost() {
        let music = Some("https://music.example");
        assert_eq!(named(music, "evil.example").as_deref(), Some("https://music.example"));
        assert_eq!(named(Some("http://localhost:4533"), "x").as_deref(), Some("http://localhost:4533"));
        assert_eq!(named(None, "localhost:4533").as_deref(), Some("http://localhost:4533"));
    }

    #[test]
    fn where_browsers_know_no_passkeys_there_are_none() {
        for host in ["127.0.0.1:4533", "[::1]:4533", "192.168.1.2", "nas.lan", "evil.example", "localhost@evil", ""] {
            assert_eq!(named(None, host), None, "{host}");
        }
        for public in ["https://192.168.1.2", "http://music.lan", "https://[2001:db8::1]"] {
            assert_eq!(named(Some(public), "localhost"), None, "{public}");
        }
        assert_eq!(origin(None, None), None);
    }
}

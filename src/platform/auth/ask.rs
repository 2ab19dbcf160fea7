//! What a route asks of whoever calls it. It stands in the handler's signature, and the least that it can say is
//! [`Interactive`]: an API token gets in only where a handler names a scope.

use std::future::Future;
use std::marker::PhantomData;
use std::ops::Deref;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use chrono::TimeDelta;
use tokio::sync::watch;

use super::identify::{identify, identify_anew, platform_of};
use super::proof::{Credential, Proof, Role, Scope};
use crate::platform::Platform;
use crate::platform::error::{Code, Error, Result};
use crate::platform::id::{AccountId, SessionId};

/// How long a proof of presence holds for what matters.
const FRESH: TimeDelta = TimeDelta::minutes(10);

/// A proven identity that may do what the route asks for.
///
/// Nobody → 401; an API token without the scope, or where only a session will do → 403; too low a role → 403; a session
/// whose owner should prove again who they are → 403 `reauthentication-required`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Identity<A = Interactive> {
    proof: Proof,
    asks: PhantomData<A>,
}

/// Somebody or nobody: for routes that answer everybody, but not everybody the same.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Viewer<A = Read>(pub(crate) Option<Proof>, PhantomData<A>);

/// What a route can ask for.
pub(crate) trait Ask: 'static {
    /// The scope that lets an API token in; without one it stays out.
    const SCOPE: Option<Scope>;
    const ROLE: Role = Role::Listener;
    /// Whether the owner must have proved to be there in the last minutes.
    const FRESH: bool = false;
}

macro_rules! asks {
    ($($(#[$about:meta])* $name:ident { $($rule:tt)* })+) => {$(
        $(#[$about])*
        #[derive(Debug, Clone, Copy)]
        pub(crate) struct $name;

        impl Ask for $name {
            $($rule)*
        }
    )+};
}

asks! {
    /// A signed-in session.
    Interactive { const SCOPE: Option<Scope> = None; }
    /// A session whose owner has just proved to be there: for what would hurt in a thief's hands.
    Fresh { const SCOPE: Option<Scope> = None; const FRESH: bool = true; }
    /// Looking.
    Read { const SCOPE: Option<Scope> = Some(Scope::Read); }
    /// Playing.
    Listen { const SCOPE: Option<Scope> = Some(Scope::Listen); }
    /// Changing what a listener keeps.
    Library { const SCOPE: Option<Scope> = Some(Scope::Library); }
    /// Acting for an artist.
    Upload { const SCOPE: Option<Scope> = Some(Scope::Upload); }
    /// A moderator.
    Moderate { const SCOPE: Option<Scope> = Some(Scope::Moderate); const ROLE: Role = Role::Moderator; }
    /// An administrator who has just proved to be there, or an API token that stands for one.
    FreshAdmin {
        const SCOPE: Option<Scope> = Some(Scope::Admin);
        const ROLE: Role = Role::Admin;
        const FRESH: bool = true;
    }
    /// An administrator.
    Admin { const SCOPE: Option<Scope> = Some(Scope::Admin); const ROLE: Role = Role::Admin; }
}

impl<A> Deref for Identity<A> {
    type Target = Proof;

    fn deref(&self) -> &Proof {
        &self.proof
    }
}

impl Identity<Interactive> {
    /// The session that asks.
    pub(crate) fn session(&self) -> SessionId {
        session(&self.proof)
    }
}

impl Identity<Fresh> {
    /// The session that asks.
    pub(crate) fn session(&self) -> SessionId {
        session(&self.proof)
    }
}

fn session(proof: &Proof) -> SessionId {
    match proof.credential {
        Credential::Session(id) => id,
        Credential::Token(_) => unreachable!("a route that asks for no scope lets no token in"),
    }
}

impl<A> Viewer<A> {
    pub(crate) fn account(&self) -> Option<AccountId> {
        self.0.map(|proof| proof.account)
    }
}

impl<A: Ask> FromRequest for Identity<A> {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let (request, deciding) = (request.clone(), Deciding::begin(request));
        Box::pin(async move {
            let _deciding = deciding;
            let proof = identify(&request).await?.ok_or(Error::Unauthenticated)?;
            let proof = if A::FRESH { fresh(&request, proof).await? } else { proof };
            permit::<A>(&proof)?;
            Ok(Self { proof, asks: PhantomData })
        })
    }
}

impl<A: Ask> FromRequest for Viewer<A> {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let (request, deciding) = (request.clone(), Deciding::begin(request));
        Box::pin(async move {
            let _deciding = deciding;
            let proof = identify(&request).await?;
            proof.as_ref().map_or(Ok(()), permit::<A>)?;
            Ok(Self(proof, PhantomData))
        })
    }
}

/// Held while it is decided whether somebody may in. A body that is no good waits for that with its complaint
/// ([`decided`]): who may not in hears that first.
struct Deciding {
    _until_dropped: watch::Sender<()>,
}

impl Deciding {
    fn begin(request: &HttpRequest) -> Self {
        let (sender, decided) = watch::channel(());
        let mut extensions = request.extensions_mut();
        // A route may ask twice, for more and for less.
        match extensions.get_mut::<Vec<watch::Receiver<()>>>() {
            Some(others) => others.push(decided),
            None => drop(extensions.insert(vec![decided])),
        }
        Self { _until_dropped: sender }
    }
}

/// Waits until it is decided whether whoever asks may in, where a route asks for that.
pub(crate) async fn decided(request: &HttpRequest) {
    let deciding = request.extensions_mut().remove::<Vec<watch::Receiver<()>>>();
    for mut deciding in deciding.into_iter().flatten() {
        let _ = deciding.changed().await; // an error says that it is decided
    }
}

fn permit<A: Ask>(proof: &Proof) -> Result<()> {
    match (proof.credential, A::SCOPE) {
        (Credential::Token(_), None) => return Err(Error::Refused(Code::SessionNeeded)),
        (_, Some(scope)) if !proof.scopes.contain(scope) => return Err(Error::Refused(Code::ScopeMissing)),
        _ => {}
    }
    if proof.role >= A::ROLE { Ok(()) } else { Err(Error::Forbidden) }
}

// What this process remembers may be from before the owner came back: look again before sending them away.
async fn fresh(request: &HttpRequest, proof: Proof) -> Result<Proof> {
    let platform = platform_of(request)?;
    if matches!(proof.credential, Credential::Token(_)) || is_fresh(&proof, platform) {
        return Ok(proof);
    }
    match identify_anew(request).await? {
        Some(proof) if is_fresh(&proof, platform) => Ok(proof),
        Some(_) => Err(Error::Refused(Code::ReauthenticationRequired)),
        None => Err(Error::Unauthenticated),
    }
}

fn is_fresh(proof: &Proof, platform: &Platform) -> bool {
    platform.clock.now() - proof.authenticated_at <= FRESH
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::auth::Scopes;
    use crate::platform::clock::Clock;
    use crate::platform::id::TokenId;

    fn proof(credential: Credential, role: Role, scopes: Scopes) -> Proof {
        Proof { account: AccountId::new(), role, credential, scopes, authenticated_at: Clock::default().now() }
    }

    fn slug(answer: Result<()>) -> &'static str {
        answer.map_or_else(|error| error.slug(), |()| "permitted")
    }

    #[test]
    fn a_token_does_what_its_scopes_say_and_no_more() {
        let scopes = [Scope::Read, Scope::Admin].into_iter().collect();
        let token = proof(Credential::Token(TokenId::new()), Role::Moderator, scopes);
        assert_eq!(slug(permit::<Read>(&token)), "permitted");
        assert_eq!(slug(permit::<Upload>(&token)), "scope-missing");
        assert_eq!(slug(permit::<Moderate>(&token)), "scope-missing");
        assert_eq!(slug(permit::<Admin>(&token)), "forbidden");
        assert_eq!(slug(permit::<Interactive>(&token)), "session-needed");
        assert_eq!(slug(permit::<Fresh>(&token)), "session-needed");
    }

    #[test]
    fn a_session_does_what_its_role_says() {
        let session = |role| proof(Credential::Session(SessionId::new()), role, Scopes::ALL);
        assert_eq!(slug(permit::<Upload>(&session(Role::Listener))), "permitted");
        assert_eq!(slug(permit::<Moderate>(&session(Role::Listener))), "forbidden");
        assert_eq!(slug(permit::<Moderate>(&session(Role::Admin))), "permitted");
        assert_eq!(slug(permit::<Admin>(&session(Role::Moderator))), "forbidden");
    }
}

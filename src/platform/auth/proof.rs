//! What a token proves.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::revoke::Subject;
use crate::platform::db::named;
use crate::platform::id::{AccountId, SessionId, TokenId};

named! {
    /// What an account may do on this server. Each may do what those before it may.
    #[derive(PartialOrd, Ord)]
    pub(crate) enum Role {
        Listener = "listener",
        Moderator = "moderator",
        Admin = "admin",
    }
}

named! {
    /// What an API token may be used for.
    pub(crate) enum Scope {
        /// See what the account sees.
        Read = "read",
        /// Play.
        Listen = "listen",
        /// Change what a listener keeps: follows, likes, playlists, the inbox.
        Library = "library",
        /// Act for the account's artists: upload, edit, publish.
        Upload = "upload",
        /// What a moderator does.
        Moderate = "moderate",
        /// What an administrator does.
        Admin = "admin",
    }
}

/// A set of scopes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Scopes(u8);

impl Scopes {
    pub(crate) const ALL: Self = Self(u8::MAX);

    pub(crate) fn contain(self, scope: Scope) -> bool {
        self.0 & bit(scope) != 0
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        Self(scopes.into_iter().map(bit).fold(0, |all, one| all | one))
    }
}

fn bit(scope: Scope) -> u8 {
    1 << scope as u8
}

/// What proved the identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Credential {
    Session(SessionId),
    Token(TokenId),
}

impl Credential {
    pub(crate) fn uuid(self) -> Uuid {
        match self {
            Self::Session(id) => id.uuid(),
            Self::Token(id) => id.uuid(),
        }
    }
}

/// A proven identity.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Proof {
    pub(crate) account: AccountId,
    pub(crate) role: Role,
    pub(crate) credential: Credential,
    /// All of them for a session.
    pub(crate) scopes: Scopes,
    /// When the owner last proved to be there.
    pub(crate) authenticated_at: DateTime<Utc>,
}

impl Proof {
    /// What must not be revoked for this to hold.
    pub(crate) fn subjects(&self) -> [Subject; 2] {
        let credential = match self.credential {
            Credential::Session(id) => Subject::Session(id),
            Credential::Token(id) => Subject::Token(id),
        };
        [credential, Subject::Account(self.account)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_holds_what_was_put_in_and_nothing_else() {
        let scopes: Scopes = [Scope::Read, Scope::Upload].into_iter().collect();
        let held: Vec<_> = Scope::ALL.iter().filter(|scope| scopes.contain(**scope)).collect();
        assert_eq!(held, [&Scope::Read, &Scope::Upload]);
        assert!(Scope::ALL.iter().all(|scope| Scopes::ALL.contain(*scope)));
    }

    #[test]
    fn an_administrator_is_a_moderator_too() {
        assert!(Role::Admin > Role::Moderator && Role::Moderator > Role::Listener);
    }
}

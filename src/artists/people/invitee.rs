//! Whom an invitation is for.

use serde::{Deserialize, Serialize};

use crate::accounts::{Email, Handle};

/// A handle, or an e-mail address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) enum Invitee {
    Handle(Handle),
    Email(Email),
}

impl TryFrom<String> for Invitee {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if text.contains('@') {
            Email::try_from(text).map(Self::Email)
        } else {
            Handle::try_from(text).map(Self::Handle)
        }
    }
}

impl From<Invitee> for String {
    fn from(invitee: Invitee) -> Self {
        match invitee {
            Invitee::Handle(handle) => handle.as_str().to_owned(),
            Invitee::Email(email) => email.as_str().to_owned(),
        }
    }
}

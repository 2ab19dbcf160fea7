//! A handle for somebody who came by another provider and chose none: made of what they are called there.

use chrono::{DateTime, Utc};
use unicode_normalization::UnicodeNormalization;

use super::Handle;
use super::account::Account;
use super::provider::Vouched;
use super::registration::Registration;
use super::reserved::is_reserved;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::secret;

/// Leaves room for a number behind it.
const STEM_LETTERS: usize = 24;

/// What is called nothing that a handle could be made of.
const NOBODY: &str = "listener";

/// The first that is free of `nina`, `nina-2` … `nina-9`, and `nina-` with something random, which always is.
pub(super) async fn find_free(conn: &mut Conn, vouched: &Vouched, now: DateTime<Utc>) -> Result<Handle> {
    let stem = stem_of(vouched);
    let numbered = (2..10).map(|number| format!("{stem}-{number}"));
    for wish in std::iter::once(stem.clone()).chain(numbered) {
        if let Some(handle) = Handle::try_from(wish).ok().filter(|handle| !is_reserved(handle.as_str()))
            && !Account::has_handle(conn, handle.as_str()).await?
            && !Registration::holds_handle(conn, handle.as_str(), now).await?
        {
            return Ok(handle);
        }
    }
    let random: String = secret::random()?.iter().take(3).map(|byte| format!("{byte:02x}")).collect();
    Ok(Handle::try_from(format!("{stem}-{random}")).map_err(|cause| anyhow::anyhow!("{cause} ({stem})"))?)
}

fn stem_of(vouched: &Vouched) -> String {
    let names = [vouched.username.as_deref(), vouched.email.as_ref().map(super::Email::as_str)];
    let mut stems = names.into_iter().flatten().map(stem);
    stems.find(|stem| stem.len() >= 2).unwrap_or_else(|| NOBODY.to_owned())
}

// Some call people by their address: what stands before the `@` and the `+` will do.
fn stem(name: &str) -> String {
    let name = name.split('@').next().unwrap_or(name);
    let name = name.split('+').next().unwrap_or(name);
    let letters = name.nfkd().filter(char::is_ascii).map(|letter| letter.to_ascii_lowercase());
    let mut stem = String::new();
    for letter in letters {
        match letter {
            'a'..='z' | '0'..='9' => stem.push(letter),
            '_' | '-' | '.' | ' ' if !stem.is_empty() && !stem.ends_with(['-', '_']) => {
                stem.push(if letter == '_' { '_' } else { '-' });
            }
            _ => {}
        }
    }
    stem.truncate(STEM_LETTERS);
    stem.trim_end_matches(['-', '_']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::Email;

    fn vouched(username: Option<&str>, email: &str) -> Vouched {
        Vouched {
            provider: "one".into(),
            subject: "1".into(),
            email: Email::try_from(email.to_owned()).ok(),
            email_verified: true,
            username: username.map(str::to_owned),
        }
    }

    #[test]
    fn a_stem_is_a_handle_already() {
        for (name, is) in [
            ("Nina", "nina"),
            ("Nina Simone", "nina-simone"),
            ("nina.simone@example.org", "nina-simone"),
            ("été_7", "ete_7"),
            ("--n__x--", "n_x"),
            ("nina+music@example.org", "nina"),
            ("<script>", "script"),
            ("ﬁne", "fine"),
        ] {
            assert_eq!(stem(name), is);
            assert!(Handle::try_from(stem(name)).is_ok(), "{name}");
        }
        assert_eq!(stem(&format!("{}-b", "a".repeat(23))), "a".repeat(23));
    }

    #[test]
    fn who_is_called_nothing_readable_is_called_by_their_address_or_a_listener() {
        assert_eq!(stem_of(&vouched(Some("מיכל"), "michal@example.org")), "michal");
        assert_eq!(stem_of(&vouched(Some("x"), "y@example.org")), NOBODY);
        assert_eq!(stem_of(&vouched(None, "no address")), NOBODY);
    }
}

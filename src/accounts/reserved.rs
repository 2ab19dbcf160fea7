//! Handles that nobody may take: they would pass for the house itself, or clash with its pages.

/// In lower case.
const RESERVED: &[&str] = &[
    "abuse",
    "account",
    "accounts",
    "admin",
    "administrator",
    "anonymous",
    "api",
    "app",
    "artist",
    "artists",
    "assets",
    "billing",
    "blog",
    "bot",
    "contact",
    "copyright",
    "dmca",
    "docs",
    "editor",
    "everyone",
    "export",
    "feed",
    "feeds",
    "guest",
    "health",
    "help",
    "home",
    "hostmaster",
    "inbox",
    "info",
    "legal",
    "legato",
    "live",
    "login",
    "logout",
    "mail",
    "me",
    "mod",
    "moderation",
    "moderator",
    "moderators",
    "mods",
    "music",
    "news",
    "no-reply",
    "nobody",
    "noreply",
    "null",
    "official",
    "oidc",
    "operator",
    "owner",
    "playlists",
    "postmaster",
    "press",
    "privacy",
    "queue",
    "register",
    "releases",
    "root",
    "search",
    "security",
    "session",
    "settings",
    "sign-in",
    "sign-out",
    "sign-up",
    "signin",
    "signout",
    "signup",
    "staff",
    "static",
    "status",
    "studio",
    "subsonic",
    "superuser",
    "support",
    "sysadmin",
    "system",
    "team",
    "terms",
    "tracks",
    "undefined",
    "uploads",
    "user",
    "users",
    "webmaster",
    "www",
];

/// Whether a handle is kept for the house.
pub(super) fn is_reserved(handle: &str) -> bool {
    RESERVED.binary_search(&handle).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_so_that_it_can_be_searched() {
        assert!(RESERVED.is_sorted());
        assert!(is_reserved("admin") && is_reserved("www") && is_reserved("abuse") && !is_reserved("nina"));
    }
}

//! Links to a release for single recipients.

mod create_link;
mod list_links;
mod open_link;
mod revoke_link;

//! How an account wants to listen.

mod put_preferences;
mod show_preferences;

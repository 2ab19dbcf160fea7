//! What an account has heard.

mod forget_history;
mod forget_play;
mod list_history;

//! Finding.

mod find;

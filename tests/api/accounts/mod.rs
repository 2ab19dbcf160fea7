//! Who someone is and how they prove it.

mod forget_sessions;
mod me;
mod register;
mod sign_in;
mod sign_out;

//! Pictures: what people upload becomes what is shown.
//!
//! A file of any kind that is taken ([`format`]) is decoded, turned upright, brought into sRGB, cut to its [`Shape`] and
//! put on white ([`Kept`]); what is shown of it ([`Pack`]) is encoded anew in fixed sizes, so that no byte of the upload
//! and none of its metadata is in it.
//!
//! Hostile files are the rule: the caller runs this in a process of its own, whose memory and time have an end.

mod av1;
mod avif;
mod blur_hash;
mod colours;
mod decode;
mod pack;
mod shape;

pub use decode::{Cut, HEAD_BYTES, Kept, MAX_PIXELS, Refusal, decode, is_taken};
pub use pack::{About, Encoding, Pack, Variant};
pub use shape::Shape;

//! Who sees a release, and from when on.

mod end_embargoes;
mod publish_release;
mod show_checklist;
mod visibility;
mod withdraw_release;

//! The plumbing: jobs, outbox, broadcast; where it matters with real processes and a PostgreSQL that dies.

mod broadcast;
mod conditional;
mod docs;
mod doctor;
mod idempotency;
mod job_processes;
mod jobs;
mod limits;
mod mail;
mod outage;
mod outbox;
mod redis;
mod s3;
pub(crate) mod scrub;
mod serve;
mod sweep;
mod workshop;

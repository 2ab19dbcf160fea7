//! The plumbing: jobs, outbox, broadcast; where it matters with real processes and a PostgreSQL that dies.

mod broadcast;
mod conditional;
mod docs;
mod idempotency;
mod job_processes;
mod jobs;
mod outage;
mod outbox;
mod serve;
mod sweep;
mod workshop;

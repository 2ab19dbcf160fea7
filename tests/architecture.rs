//! The rules of `docs/ARCHITECTURE.md` and `docs/STYLE.md` that a machine can hold, read from the source.
//! Each file is one rule: what it forbids, the test that our source keeps to it, and examples that it finds guilty.

#[path = "architecture/benchmarks.rs"]
mod benchmarks;
#[path = "architecture/calls.rs"]
mod calls;
#[path = "architecture/names.rs"]
mod names;
#[path = "architecture/plumbing.rs"]
mod plumbing;
#[path = "architecture/reader.rs"]
mod reader;
#[path = "architecture/safety.rs"]
mod safety;
#[path = "architecture/schemas.rs"]
mod schemas;
#[path = "architecture/size.rs"]
mod size;
#[path = "architecture/source.rs"]
mod source;
#[path = "architecture/tables.rs"]
mod tables;
#[path = "architecture/verbs.rs"]
mod verbs;

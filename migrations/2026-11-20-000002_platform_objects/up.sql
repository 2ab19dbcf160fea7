-- Every object of the audio store and where it came from. The bytes are in the store, under `key`.
create table platform.objects (
    key text primary key,
    zone text not null check (zone in ('raw', 'curated', 'archive', 'quarantine')),
    parent text,
    step text not null,
    step_version integer not null,
    hash bytea not null check (length(hash) = 32),
    size_bytes bigint not null check (size_bytes >= 0),
    created_at timestamptz not null default now()
);
create index objects_parent on platform.objects (parent) where parent is not null;

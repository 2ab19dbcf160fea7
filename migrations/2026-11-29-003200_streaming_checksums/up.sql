-- The CRC-32 of stored files, as zips need it: counted once, since a stored file never changes.
create table streaming.checksums (
    object_key text primary key,
    crc32 bigint not null check (crc32 between 0 and 4294967295)
);

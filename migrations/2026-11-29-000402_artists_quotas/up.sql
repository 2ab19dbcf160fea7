-- How much an artist may have, where that is not what everybody may.
create table artists.quotas (
    artist_id uuid primary key references artists.artists (id) on delete cascade,
    bytes bigint check (bytes >= 0),
    tracks bigint check (tracks >= 0),
    uploads_per_day bigint check (uploads_per_day >= 0)
);

-- What was uploaded on a day (in UTC). What is deleted again was uploaded all the same.
create table artists.upload_days (
    artist_id uuid not null references artists.artists (id) on delete cascade,
    day date not null,
    uploads bigint not null check (uploads >= 0),
    primary key (artist_id, day)
);

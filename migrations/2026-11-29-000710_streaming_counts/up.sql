-- Whether a play is in its track's total.
alter table streaming.plays add column counted boolean not null default false;
create index plays_uncounted on streaming.plays (id) where not counted;

-- How often each track was played, as far as that is counted.
create table streaming.track_plays (
    track_id uuid primary key,
    plays bigint not null check (plays > 0)
);

create table streaming.pressed_plays (
    id uuid primary key,
    account_id uuid,
    track_id uuid not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    counted boolean not null default false
);
insert into streaming.pressed_plays
select id, account_id, track_id, created_at, expires_at, counted from streaming.plays
where qualified_at is not null and suspicion is null;
drop table streaming.plays;
drop function streaming.make_partitions, streaming.first_id;
alter table streaming.pressed_plays rename to plays;
alter table streaming.plays rename constraint pressed_plays_pkey to plays_pkey;
create index plays_track_id on streaming.plays (track_id);
create index plays_account_id on streaming.plays (account_id) where account_id is not null;
create index plays_uncounted on streaming.plays (id) where not counted;

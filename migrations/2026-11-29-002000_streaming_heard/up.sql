-- What a listener heard of a play, and whether it counts. A play's id begins with the millisecond of its making (UUID version
-- 7), so that plays lie in one partition a month by their ids alone.
create function streaming.first_id(moment timestamptz) returns uuid immutable strict parallel safe language sql as $$
    select (lpad(to_hex(floor(extract(epoch from moment) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
$$;

alter table streaming.plays rename to pressed_plays;
drop index streaming.plays_track_id, streaming.plays_account_id, streaming.plays_uncounted;
alter table streaming.pressed_plays rename constraint plays_pkey to pressed_plays_pkey;

create table streaming.plays (
    id uuid primary key,
    -- Null for listeners who are not signed in, and for those who have left or have forgotten it.
    account_id uuid,
    track_id uuid not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    -- When it was heard, as its player says: what was heard without a network is told later.
    started_at timestamptz not null,
    position_ms integer not null default 0 check (position_ms >= 0),
    -- Time heard, not the place in the track; it only grows.
    heard_ms integer not null default 0 check (heard_ms >= 0),
    state text not null default 'granted' check (state in ('granted', 'playing', 'paused', 'ended', 'skipped')),
    -- When its player told of it last.
    told_at timestamptz,
    -- How much of it has to be heard before it counts.
    needed_ms integer not null check (needed_ms >= 0),
    -- Since when so much was heard.
    qualified_at timestamptz,
    -- Why it does not count all the same.
    suspicion text check (suspicion in ('impossible_rate', 'loop', 'crowd')),
    -- The account under a secret, and the client's address: to tell what repeats, also when the play has become nobody's.
    -- Forgotten after two days.
    listener bytea check (octet_length(listener) = 32),
    origin bytea check (octet_length(origin) = 32),
    -- Whether it is in its track's total.
    counted boolean not null default false,
    check (suspicion is null or qualified_at is not null),
    check (not counted or qualified_at is not null)
) partition by range (id);

create index plays_account_id on streaming.plays (account_id, started_at desc, id desc) where account_id is not null;
create index plays_track_id on streaming.plays (track_id, started_at) where qualified_at is not null and suspicion is null;
create index plays_uncounted on streaming.plays (id) where qualified_at is not null and suspicion is null and not counted;
create index plays_suspicious on streaming.plays (id) where suspicion is not null;
create index plays_listener on streaming.plays (listener, started_at) where listener is not null;
create index plays_origin on streaming.plays (origin, track_id, started_at) where origin is not null;
create index plays_with_origin on streaming.plays (id) where origin is not null;

-- For ids that no partition was made for in time. It is empty unless clocks are far off.
create table streaming.plays_rest partition of streaming.plays default;

-- The partitions of these months and all between, as far as they are missing.
create function streaming.make_partitions(since timestamptz, until timestamptz) returns void language plpgsql as $$
declare
    month timestamp := date_trunc('month', since at time zone 'UTC');
    name text;
begin
    while month <= until at time zone 'UTC' loop
        name := 'plays_' || to_char(month, 'YYYY_MM');
        if to_regclass('streaming.' || name) is null then
            -- Attached when it is whole: whoever plays waits for no lock. What came before it was made moves in.
            execute format('create table streaming.%I (like streaming.plays including all)', name);
            execute format('with early as (delete from streaming.plays_rest where id >= %L and id < %L returning *)
                            insert into streaming.%I select * from early',
                streaming.first_id(month at time zone 'UTC'),
                streaming.first_id((month + interval '1 month') at time zone 'UTC'), name);
            execute format('alter table streaming.plays attach partition streaming.%I for values from (%L) to (%L)', name,
                streaming.first_id(month at time zone 'UTC'),
                streaming.first_id((month + interval '1 month') at time zone 'UTC'));
        end if;
        month := month + interval '1 month';
    end loop;
end
$$;

select streaming.make_partitions(coalesce(min(created_at), now()), now() + interval '3 months') from streaming.pressed_plays;

-- A press of the button was a play until now.
insert into streaming.plays (id, account_id, track_id, created_at, expires_at, started_at, state, needed_ms, qualified_at, counted)
select id, account_id, track_id, created_at, expires_at, created_at, 'ended', 0, created_at, counted
from streaming.pressed_plays;
drop table streaming.pressed_plays;

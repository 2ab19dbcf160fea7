-- :plays plays over a year, some tracks far more than others, a third of them by 100,000 accounts; the sound of the track :track
-- for 2,000 others too; and 50 listeners who are signed in. For databases that are thrown away.
select streaming.make_partitions(now() - interval '1 year', now() + interval '1 month');

create temporary table made_tracks as select id, row_number() over () - 1 as number from artists.tracks;
create unique index on made_tracks (number);
analyze made_tracks;

insert into streaming.plays (id, account_id, track_id, created_at, expires_at, started_at, heard_ms, state, needed_ms,
                             qualified_at, counted)
select (lpad(to_hex(floor(extract(epoch from m.at) * 1000)::bigint), 12, '0') || '7' || substr(m.hash, 1, 3) || '8'
            || substr(m.hash, 4, 15))::uuid,
       case when m.number % 3 = 0 then md5((m.number % 300000)::text)::uuid end,
       t.id, m.at, m.at + interval '1 day', m.at, 210000, 'ended', 30000, m.at + interval '30 s', true
from (select number, md5(number::text) as hash, now() - random() * interval '1 year' as at,
             floor(power(random(), 3) * (select count(*) from made_tracks))::bigint as track
      from generate_series(1, :plays) number) m
join made_tracks t on t.number = m.track;

insert into artists.renditions (id, track_id, kind, name, object_key, mime, bitrate_bps, size_bytes, segments)
select gen_random_uuid(), t.id, r.kind, r.name, r.object_key, r.mime, r.bitrate_bps, r.size_bytes, r.segments
from artists.renditions r, (select id from made_tracks where id <> ':track' order by number limit 2000) t
where r.track_id = ':track' and r.superseded_at is null;

insert into accounts.accounts (id, handle, email, display_name, email_confirmed_at)
select md5('bench' || number)::uuid, 'bench' || number, 'bench' || number || '@example.org', 'bench', now()
from generate_series(0, 49) number;
insert into accounts.sessions (id, account_id, token_hash, device, expires_at)
select gen_random_uuid(), md5('bench' || number)::uuid, sha256(convert_to('legato_s_bench' || number, 'UTF8')), 'bench',
       now() + interval '30 days'
from generate_series(0, 49) number;
drop table made_tracks;

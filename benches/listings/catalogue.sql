-- A catalogue of :tracks tracks, about ten to a release and five releases to an artist, of which some are far more played, and
-- some genres far more common, than others. For databases that are thrown away.
create temporary table made_artists as
select gen_random_uuid() as id, number from generate_series(1, greatest(:tracks / 50, 1)) number;
insert into artists.artists (id, slug, name, created_at, genres)
select id, 'made-' || number, initcap(translate(md5(number::text), '0123456789', 'aeioulnrst')) || ' ' || number,
       now() - number * interval '1 minute', array['made']
from made_artists;

insert into artists.slugs (slug, artist_id, taken_at) select 'made-' || number, id, now() from made_artists;

create temporary table made_releases as
select gen_random_uuid() as id, a.id as artist_id, a.number * 5 + place as number
from made_artists a cross join generate_series(1, 5) place;
insert into artists.releases (id, artist_id, title, kind, published_at, first_published_at, created_at, announced_at, details)
select id, artist_id, initcap(translate(md5('release' || number), '0123456789', 'aeioulnrst')),
       (array['album', 'album', 'ep', 'single', 'single', 'live'])[1 + number % 6],
       now() - number * interval '7 minutes', now() - number * interval '7 minutes',
       now() - number * interval '8 minutes', now(),
       jsonb_build_object(
           'genres', to_jsonb(array[
               (array['pop', 'rock', 'electronic', 'hip hop', 'jazz', 'classical', 'folk', 'metal', 'ambient', 'soul'])
                   [1 + floor(10 * power(random(), 3))::int],
               'style ' || (number % 300)]),
           'release_date', (1960 + floor(66 * sqrt(random())))::int::text)
from made_releases;

insert into artists.tracks (id, release_id, title, position, state, source_key, source_size_bytes, uploaded_by)
select gen_random_uuid(), r.id, initcap(translate(md5(r.number || '/' || place), '0123456789', 'aeioulnrst')), place, 'ready',
       'raw/made/' || r.number || '-' || place, 1000000, '00000000-0000-7000-8000-000000000000'
from made_releases r cross join generate_series(1, 10) place;
insert into artists.analyses (track_id, codec, frames, sample_rate_hz, channels, duration_ms, waveform)
select t.id, 'flac', 9261000, 44100, 2, 210000, ''
from artists.tracks t join made_releases r on r.id = t.release_id;
insert into artists.track_plays (track_id, plays)
select t.id, floor(exp(random() * 12))::bigint from artists.tracks t join made_releases r on r.id = t.release_id;
update artists.shelves h set plays = total.plays
from (select t.release_id, sum(p.plays)::bigint as plays
      from artists.tracks t join artists.track_plays p on p.track_id = t.id group by t.release_id) total
where h.release_id = total.release_id;
drop table made_artists, made_releases;

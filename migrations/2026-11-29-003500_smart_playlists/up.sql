-- Playlists that fill themselves, and what they choose by.
alter table streaming.playlists add column rules jsonb;

-- Published view: what anybody may hear, with what is said and measured of it. Lists of other modules join it; nobody writes
-- through it. Version 1.
create view artists.described_tracks as
select t.id as track_id, t.title, t.release_id, r.title as release_title, r.kind as release_kind, r.artist_id,
       a.name as artist_name, r.published_at,
       coalesce(left(coalesce(r.details ->> 'original_date', r.details ->> 'release_date'), 4)::integer,
                extract(year from r.published_at at time zone 'UTC')::integer) as year,
       case when jsonb_array_length(coalesce(r.details -> 'genres', '[]')) > 0 then r.details -> 'genres'
            else to_jsonb(r.tag_genres) end as genres,
       coalesce(r.details -> 'tags', '[]') as tags,
       case when jsonb_array_length(coalesce(t.details -> 'languages', '[]')) > 0 then t.details -> 'languages'
            else coalesce(r.details -> 'languages', '[]') end as languages,
       coalesce((t.details ->> 'explicit')::boolean, false) or coalesce((r.details ->> 'explicit')::boolean, false)
           as is_explicit,
       n.duration_ms, n.tempo_bpm, n.musical_key, n.integrated_loudness_lufs as loudness_lufs,
       coalesce(p.plays, 0) as plays
from artists.tracks t
join artists.releases r on r.id = t.release_id
join artists.artists a on a.id = r.artist_id
join artists.analyses n on n.track_id = t.id
left join artists.track_plays p on p.track_id = t.id
where t.state = 'ready' and r.published_at <= now() and r.visibility = 'public';

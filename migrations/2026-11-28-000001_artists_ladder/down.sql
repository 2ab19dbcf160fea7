alter table artists.analyses
    drop column momentary_max_lufs,
    drop column short_term_max_lufs,
    drop column loudness_histogram;

-- One of each kind is left: the highest.
delete from artists.renditions r using artists.renditions other
where other.track_id = r.track_id and other.kind = r.kind
  and (other.bitrate_bps, other.id) > (r.bitrate_bps, r.id);
alter table artists.renditions
    add constraint renditions_kind unique (track_id, kind),
    drop constraint renditions_name,
    drop column name;

-- Several bit rates of one kind: a rendition is called by its name, which is also what its addresses end in.
alter table artists.renditions add column name text;
update artists.renditions set name = kind;
alter table artists.renditions
    alter column name set not null,
    add constraint renditions_name unique (track_id, name),
    drop constraint renditions_kind;

-- EBU Tech 3341: the loudest 400 ms and the loudest 3 s; and what the loudness of a whole release is made of, as
-- [[tenths of LU above -70 LUFS, windows of 400 ms], …].
alter table artists.analyses
    add column momentary_max_lufs double precision,
    add column short_term_max_lufs double precision,
    add column loudness_histogram jsonb not null default '[]';

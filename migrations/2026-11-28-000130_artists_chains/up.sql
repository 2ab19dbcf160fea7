-- The chain that a track is in: a row for as long as it is under way. A job of an earlier chain finds another id here, or
-- none, and changes nothing.
create table artists.chains (
    track_id uuid primary key references artists.tracks (id) on delete cascade,
    id uuid not null,
    -- Nobody waits for it: it runs when nothing else is to be done.
    in_background boolean not null default false,
    -- How much music it is, of which the time that is left is estimated. Null until somebody knows.
    audio_ms bigint check (audio_ms >= 0),
    started_at timestamptz not null default now()
);
insert into artists.chains (track_id, id) select id, gen_random_uuid() from artists.tracks where state = 'processing';

alter table artists.tracks
    drop constraint tracks_state_check,
    add constraint tracks_state_check check (state in ('processing', 'ready', 'rejected', 'cancelled', 'taken_down'));

alter table artists.stages
    -- The hash of all that the step's result was made of. Null: never done, or made before there were hashes.
    add column inputs bytea,
    -- Why it failed, or what stopped the last attempt.
    add column problem_slug text,
    add column problem_message text,
    -- When this attempt began.
    add column started_at timestamptz,
    drop constraint stages_state_check,
    add constraint stages_state_check check (state in ('waiting', 'running', 'done', 'failed', 'cancelled')),
    add constraint stages_problem_check check ((problem_slug is null) = (problem_message is null));

alter table artists.renditions
    -- The hash of all that it was made of. Null: made before there were hashes, or to be made again.
    add column recipe bytea,
    -- Since when others are offered in its stead. Who was granted it before may fetch it for as long as that grant holds.
    add column superseded_at timestamptz,
    drop constraint renditions_name;
create unique index renditions_name on artists.renditions (track_id, name) where superseded_at is null;
create index renditions_track_id on artists.renditions (track_id);
create index renditions_superseded_at on artists.renditions (superseded_at) where superseded_at is not null;

-- How long the steps took lately, for a minute of music.
create table artists.speeds (
    step text primary key check (step in ('probe', 'render', 'package')),
    ms_per_minute double precision not null check (ms_per_minute >= 0),
    measured_at timestamptz not null default now()
);

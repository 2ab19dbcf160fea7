-- Tracks that are to be processed once more, when nothing else is to be done.
create table artists.reprocessings (
    track_id uuid primary key references artists.tracks (id) on delete cascade,
    from_step text check (from_step in ('probe', 'render', 'package')),
    -- What is up to date is made again as well.
    anew boolean not null default false,
    requested_at timestamptz not null default now()
);
create index reprocessings_requested_at on artists.reprocessings (requested_at, track_id);
create index chains_in_background on artists.chains (track_id) where in_background;

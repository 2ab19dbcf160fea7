create schema artists;

create table artists.artists (
    id uuid primary key,
    slug text not null constraint artists_slug unique check (slug = lower(slug)),
    name text not null,
    created_at timestamptz not null default now()
);

-- Who may act for an artist. `account_id` belongs to the accounts module.
create table artists.memberships (
    artist_id uuid not null references artists.artists (id) on delete cascade,
    account_id uuid not null,
    created_at timestamptz not null default now(),
    primary key (artist_id, account_id)
);
create index memberships_account_id on artists.memberships (account_id);

-- Who wants to hear of an artist.
create table artists.follows (
    artist_id uuid not null references artists.artists (id) on delete cascade,
    account_id uuid not null,
    created_at timestamptz not null default now(),
    primary key (artist_id, account_id)
);
create index follows_account_id on artists.follows (account_id);

create table artists.releases (
    id uuid primary key,
    artist_id uuid not null references artists.artists (id) on delete cascade,
    title text not null,
    kind text not null check (kind in ('album', 'ep', 'single', 'compilation', 'live')),
    -- null: a draft. `first_published_at` stays when a release is withdrawn, so that followers are told once.
    published_at timestamptz,
    first_published_at timestamptz,
    created_at timestamptz not null default now(),
    check (published_at is null or first_published_at is not null)
);
create index releases_artist_id on artists.releases (artist_id, id desc);
create index releases_newest on artists.releases (published_at desc, id desc) where published_at is not null;

create table artists.tracks (
    id uuid primary key,
    release_id uuid not null references artists.releases (id) on delete cascade,
    title text not null,
    position integer not null check (position >= 1),
    state text not null default 'processing' check (state in ('processing', 'ready', 'rejected', 'taken_down')),
    -- The untouched original, in `raw/` or, once rejected, in `quarantine/`.
    source_key text not null,
    source_size_bytes bigint not null,
    filename text,
    uploaded_by uuid not null,
    problem_slug text,
    problem_message text,
    -- What the file's tags say: {title, artist, album, track_number}. Suggestions, never trusted.
    suggestions jsonb,
    created_at timestamptz not null default now(),
    constraint tracks_position unique (release_id, position) deferrable initially immediate,
    check ((state = 'rejected') = (problem_slug is not null))
);
create index tracks_source_key on artists.tracks (source_key);

-- The chain of a track, step by step: what the artist sees.
create table artists.stages (
    track_id uuid not null references artists.tracks (id) on delete cascade,
    name text not null check (name in ('probe', 'render', 'package')),
    state text not null default 'waiting' check (state in ('waiting', 'running', 'done', 'failed')),
    percent smallint not null default 0 check (percent between 0 and 100),
    attempt smallint not null default 0,
    primary key (track_id, name)
);

-- What one decode pass found out.
create table artists.analyses (
    track_id uuid primary key references artists.tracks (id) on delete cascade,
    codec text not null,
    frames bigint not null check (frames >= 0),
    sample_rate_hz integer not null check (sample_rate_hz > 0),
    channels smallint not null check (channels > 0),
    duration_ms bigint not null check (duration_ms >= 0),
    -- null: silence (-70 LUFS or less).
    integrated_loudness_lufs double precision,
    loudness_range_lu double precision,
    true_peak_dbtp double precision,
    -- 1,800 absolute peaks, one byte each.
    waveform bytea not null,
    warnings jsonb not null default '[]',
    analysed_at timestamptz not null default now()
);

-- The playable forms of a track.
create table artists.renditions (
    id uuid primary key,
    track_id uuid not null references artists.tracks (id) on delete cascade,
    kind text not null check (kind in ('opus_ogg', 'opus_cmaf')),
    object_key text not null,
    mime text not null,
    bitrate_bps integer not null check (bitrate_bps > 0),
    size_bytes bigint not null check (size_bytes > 0),
    -- For CMAF: {init_bytes, timescale_hz, segments: [{offset, size, duration}]}, byte ranges of the one object.
    segments jsonb,
    created_at timestamptz not null default now(),
    constraint renditions_kind unique (track_id, kind),
    check ((kind = 'opus_cmaf') = (segments is not null))
);

-- Published view: what anybody may hear. Lists, filters and re-checks of other modules join it; nobody writes through it.
-- Version 1.
create view artists.visible_tracks as
select t.id as track_id, t.title, t.position, t.release_id, r.title as release_title, r.kind as release_kind,
       r.published_at, r.artist_id, a.name as artist_name, a.slug as artist_slug, n.duration_ms
from artists.tracks t
join artists.releases r on r.id = t.release_id
join artists.artists a on a.id = r.artist_id
join artists.analyses n on n.track_id = t.id
where t.state = 'ready' and r.published_at <= now();

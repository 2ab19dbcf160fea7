-- What one decode pass finds out besides loudness. Null: not found, or analysed by an earlier version.
alter table artists.analyses
    add column tempo_bpm real check (tempo_bpm > 0),
    add column tempo_confidence real,
    -- `A minor`, `F# major` …
    add column musical_key text,
    add column key_confidence real,
    -- The measures of the quality report, and what they mean: [{kind, severity, message, at_ms, measures}, …].
    add column quality jsonb,
    add column findings jsonb not null default '[]',
    -- Chromaprint's items (algorithm 2), four bytes each, little-endian; and those of them by which it is looked up.
    add column fingerprint bytea,
    add column fingerprint_keys integer[];

-- Written once a track, read for every upload: no pending list that a search would have to read as well.
create index analyses_fingerprint_keys on artists.analyses using gin (fingerprint_keys) with (fastupdate = off);

create schema streaming;

-- One press of the play button. `account_id` is null for listeners who are not signed in.
create table streaming.plays (
    id uuid primary key,
    account_id uuid,
    track_id uuid not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null
);
create index plays_track_id on streaming.plays (track_id);
create index plays_account_id on streaming.plays (account_id) where account_id is not null;

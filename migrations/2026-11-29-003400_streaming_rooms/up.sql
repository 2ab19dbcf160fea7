-- Rooms, in which several hear the same at the same moment; and the players to which an account's queue can be handed over.
create table streaming.rooms (
    id uuid primary key,
    -- Who steers it, lets others steer, and closes it.
    host_id uuid not null,
    title text not null,
    -- Whether everybody in it steers.
    is_open boolean not null,
    -- Which of its keys lets others in: the keys themselves are nowhere.
    key_number integer not null default 0,
    track_ids uuid[] not null check (cardinality(track_ids) between 1 and 500),
    -- Of each of them: by these everybody knows what is heard when.
    durations_ms bigint[] not null check (cardinality(durations_ms) = cardinality(track_ids)),
    -- Which of them was heard, and where in it, at `anchored_at`. Counted from 0.
    current integer not null check (current >= 0 and current < cardinality(track_ids)),
    position_ms bigint not null check (position_ms >= 0),
    is_playing boolean not null,
    anchored_at timestamptz not null,
    -- One more with each change of what is heard.
    version bigint not null default 1,
    -- When somebody came, went or steered.
    touched_at timestamptz not null
);
create index rooms_host_id on streaming.rooms (host_id);
create index rooms_touched_at on streaming.rooms (touched_at);

create table streaming.room_members (
    room_id uuid not null references streaming.rooms (id) on delete cascade,
    account_id uuid not null,
    joined_at timestamptz not null,
    primary key (room_id, account_id)
);
create index room_members_account_id on streaming.room_members (account_id, room_id);

create table streaming.players (
    account_id uuid not null,
    -- The session or API token that it is signed in with.
    credential_id uuid not null,
    name text not null check (char_length(name) between 1 and 100),
    seen_at timestamptz not null,
    primary key (account_id, credential_id)
);
create index players_seen_at on streaming.players (seen_at);

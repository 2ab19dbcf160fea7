create schema platform;

-- Jobs -----------------------------------------------------------------------------------------------------------

create table platform.jobs (
    id uuid primary key,
    queue text not null,
    kind text not null,
    payload jsonb not null,
    state text not null default 'pending' check (state in ('pending', 'running', 'done', 'dead', 'cancelled')),
    priority smallint not null default 0,
    unique_key text,
    -- Counted when the job is fetched, so that one which kills its process is counted too. Beyond max_attempts while a
    -- worker buries it.
    attempts smallint not null default 0,
    max_attempts smallint not null check (max_attempts > 0),
    run_at timestamptz not null default now(),
    lease_until timestamptz,
    worker text,
    cancel_requested boolean not null default false,
    progress smallint not null default 0 check (progress between 0 and 100),
    last_error text,
    request_id uuid,
    created_at timestamptz not null default now(),
    finished_at timestamptz,
    -- Besides keeping the promise, this tells the planner which rows the partial index holds.
    constraint jobs_lease_while_running check ((state = 'running') = (lease_until is not null)),
    constraint jobs_finished_at_the_end check ((state in ('done', 'dead', 'cancelled')) = (finished_at is not null))
) with (fillfactor = 80);

-- The fetch: waiting jobs by the time they are due, running ones by the time their worker is given up.
create index jobs_due on platform.jobs (queue, priority desc, coalesce(lease_until, run_at))
    where state in ('pending', 'running');

-- One waiting or running job per key.
create unique index jobs_unique_key on platform.jobs (unique_key)
    where unique_key is not null and state in ('pending', 'running');

-- Dead letters and the purge.
create index jobs_finished on platform.jobs (state, finished_at) where finished_at is not null;

-- Queues that gained jobs are named to every process at the commit. NOTIFY drops duplicates within a transaction.
create function platform.wake_queues() returns trigger language plpgsql as $$
begin
    perform pg_notify('legato', json_build_object('topic', 'platform.jobs', 'payload', queue)::text)
    from (select distinct queue from added where run_at <= now()) as awake;
    return null;
end
$$;

create trigger jobs_wake after insert on platform.jobs
    referencing new table as added for each statement execute function platform.wake_queues();

-- Events ---------------------------------------------------------------------------------------------------------

create table platform.outbox (
    id uuid primary key,
    name text not null,
    payload jsonb not null,
    request_id uuid,
    recorded_at timestamptz not null default now(),
    relayed_at timestamptz
);

create index outbox_waiting on platform.outbox (id) where relayed_at is null;
create index outbox_relayed on platform.outbox (relayed_at) where relayed_at is not null;

-- Which subscriber has taken in which event.
create table platform.inbox (
    event_id uuid not null,
    subscriber text not null,
    received_at timestamptz not null default now(),
    primary key (event_id, subscriber)
);

create index inbox_received on platform.inbox (received_at);

-- Broadcasts -----------------------------------------------------------------------------------------------------

create table platform.broadcasts (
    id bigint generated always as identity primary key,
    -- The writing transaction: ids are handed out before the commit, so a reader that went by id alone would skip late ones.
    tx bigint not null default (pg_current_xact_id()::text::bigint),
    topic text not null,
    payload jsonb not null,
    created_at timestamptz not null default now()
);

create index broadcasts_tx on platform.broadcasts (tx);
create index broadcasts_created on platform.broadcasts (created_at);

-- Names a topic to every process at the commit: the trigger's argument.
create function platform.wake_topic() returns trigger language plpgsql as $$
begin
    perform pg_notify('legato', json_build_object('topic', tg_argv[0], 'payload', null)::text);
    return null;
end
$$;

create trigger outbox_wake after insert on platform.outbox
    for each statement execute function platform.wake_topic('platform.outbox');

create trigger broadcasts_wake after insert on platform.broadcasts
    for each statement execute function platform.wake_topic('platform.broadcasts');

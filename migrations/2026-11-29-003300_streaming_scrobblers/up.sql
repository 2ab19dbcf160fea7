-- Where an account's plays are told to: its profile at another service.
create table streaming.scrobblers (
    account_id uuid not null,
    service text not null check (service in ('listenbrainz', 'lastfm')),
    -- What the account is called there.
    username text not null,
    -- The token or session key, sealed.
    secret bytea not null,
    connected_at timestamptz not null,
    -- When a play was taken there last.
    told_at timestamptz,
    -- Since when the service takes none, and why.
    failing_since timestamptz,
    problem text check (problem in ('away', 'refused')),
    primary key (account_id, service),
    check ((failing_since is null) = (problem is null))
);

-- Who is asked to act for an artist, by account or by e-mail address, and has not answered. It stands for nothing unless
-- whoever made it still owns the artist.
create table artists.invitations (
    id uuid primary key,
    artist_id uuid not null references artists.artists (id) on delete cascade,
    account_id uuid,
    email text,
    role text not null check (role in ('owner', 'editor', 'viewer')),
    -- The owner who made it becomes an editor once it is accepted.
    hands_over boolean not null default false check (role = 'owner' or not hands_over),
    invited_by uuid not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    -- What came to an address stays after a refusal, for its end would tell that the address is somebody's.
    refused_at timestamptz,
    constraint invitations_invitee check (num_nonnulls(account_id, email) = 1),
    constraint invitations_account unique (artist_id, account_id),
    constraint invitations_email unique (artist_id, email)
);
create index invitations_account_id on artists.invitations (account_id) where account_id is not null;
create index invitations_address on artists.invitations (email) where email is not null;
create index invitations_invited_by on artists.invitations (invited_by);
create index invitations_expires_at on artists.invitations (expires_at);

-- One side's wish that a label manage an artist, until the other side says so too. It stands for nothing unless whoever made
-- it still owns that side.
create table artists.label_offers (
    id uuid primary key,
    artist_id uuid not null references artists.artists (id) on delete cascade,
    label_id uuid not null references artists.artists (id) on delete cascade,
    offered_by text not null check (offered_by in ('artist', 'label')),
    account_id uuid not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    constraint label_offers_label_is_another check (label_id <> artist_id),
    constraint label_offers_pair unique (artist_id, label_id)
);
create index label_offers_label_id on artists.label_offers (label_id);
create index label_offers_account_id on artists.label_offers (account_id);
create index label_offers_expires_at on artists.label_offers (expires_at);

-- The kinds are an enum of the module, which alone writes them.
alter table notifications.notifications drop constraint notifications_kind_check;

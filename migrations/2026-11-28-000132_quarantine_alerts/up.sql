-- How many files were in quarantine when administrators were told of it last. One row.
create table artists.quarantine_alerts (
    id boolean primary key default true check (id),
    told bigint not null default 0 check (told >= 0),
    changed_at timestamptz not null default now()
);
insert into artists.quarantine_alerts default values;
create index tracks_rejected on artists.tracks (id) where state = 'rejected';

-- Our own copy of who runs the server, kept by events. The newest `changed_at` wins, for events come in no order.
create table notifications.administrators (
    account_id uuid primary key,
    is_administrator boolean not null,
    changed_at timestamptz not null
);
insert into notifications.administrators select id, true, now() from accounts.accounts where role = 'admin';

alter table notifications.notifications
    drop constraint notifications_kind_check,
    add constraint notifications_kind_check check (kind in ('release_published', 'quarantine_grew'));

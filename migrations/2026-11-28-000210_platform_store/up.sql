alter table platform.objects
    -- When its bytes were last compared with its hash; at first, when they were stored.
    add column checked_at timestamptz not null default now(),
    -- What was found to be wrong then.
    add column damage text check (damage in ('missing', 'damaged'));
create index objects_checked_at on platform.objects (checked_at);
create index objects_damage on platform.objects (key) where damage is not null;
-- By bytes, for folders of keys.
create index objects_key_bytes on platform.objects (key text_pattern_ops);
create index objects_due on platform.objects (zone, created_at) where zone in ('archive', 'quarantine');

-- When work began that is due once in a while, whichever process does it.
create table platform.rounds (
    name text primary key,
    began_at timestamptz not null
);

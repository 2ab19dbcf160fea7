-- Who has which share in a track. All shares of a track add up to 10,000 hundredths of a percent.
create table artists.splits (
    id uuid primary key,
    track_id uuid not null references artists.tracks (id) on delete cascade,
    -- Null once the account is erased.
    account_id uuid,
    share_hundredths integer not null check (share_hundredths between 1 and 10000),
    state text not null check (state in ('invited', 'confirmed', 'declined')),
    invited_at timestamptz not null default now(),
    answered_at timestamptz,
    constraint splits_account unique (track_id, account_id),
    constraint splits_answer check ((state = 'invited') = (answered_at is null))
);
create index splits_account_id on artists.splits (account_id, id desc) where account_id is not null;

-- Told at the commit, whoever writes: a track has no shares, or all of them.
create function artists.require_whole_splits() returns trigger language plpgsql as $$
begin
    if (select sum(share_hundredths) from artists.splits where track_id = coalesce(new.track_id, old.track_id)) <> 10000 then
        raise exception 'the shares of a track add up to 100 %%' using errcode = 'check_violation', constraint = 'splits_whole';
    end if;
    return null;
end $$;
create constraint trigger splits_whole after insert or update of share_hundredths, track_id or delete on artists.splits
    deferrable initially deferred for each row execute function artists.require_whole_splits();

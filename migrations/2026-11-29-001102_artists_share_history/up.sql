-- The history of shares names accounts by their ids, and no longer by handles, which stayed after an account was erased.
-- What nobody has now is nobody's.
update artists.changes c set fields = (
    select jsonb_agg(
        case when f.field ->> 'field' = 'splits' then f.field || (
            select jsonb_object_agg(side.name, case when jsonb_typeof(f.field -> side.name) <> 'array' then f.field -> side.name else (
                select coalesce(jsonb_agg(jsonb_build_object(
                            'account', (select a.id from accounts.accounts a where a.handle = share.it ->> 'handle'),
                            'percent', share.it -> 'percent') order by share.place), '[]')
                from jsonb_array_elements(f.field -> side.name) with ordinality as share (it, place)) end)
            from (values ('before'), ('after')) as side (name))
        else f.field end
        order by f.place)
    from jsonb_array_elements(c.fields) with ordinality as f (field, place))
where c.fields @> '[{"field": "splits"}]';

-- Whose shares they are, so that an account that is erased is found there.
create index changes_shares on artists.changes using gin (fields jsonb_path_ops) where fields @> '[{"field": "splits"}]';

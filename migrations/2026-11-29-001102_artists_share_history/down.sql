drop index artists.changes_shares;
update artists.changes c set fields = (
    select jsonb_agg(
        case when f.field ->> 'field' = 'splits' then f.field || (
            select jsonb_object_agg(side.name, case when jsonb_typeof(f.field -> side.name) <> 'array' then f.field -> side.name else (
                select coalesce(jsonb_agg(jsonb_build_object(
                            'handle', (select a.handle from accounts.accounts a where a.id::text = share.it ->> 'account'),
                            'percent', share.it -> 'percent') order by share.place), '[]')
                from jsonb_array_elements(f.field -> side.name) with ordinality as share (it, place)) end)
            from (values ('before'), ('after')) as side (name))
        else f.field end
        order by f.place)
    from jsonb_array_elements(c.fields) with ordinality as f (field, place))
where c.fields @> '[{"field": "splits"}]';

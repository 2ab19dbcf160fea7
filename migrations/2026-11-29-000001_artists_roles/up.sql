-- What a member may do: an owner everything, an editor all but people and the end of it, a viewer look.
alter table artists.memberships
    add column role text not null default 'owner' check (role in ('owner', 'editor', 'viewer'));

-- A label is an artist that manages others: its people act for them, though none of them as an owner.
alter table artists.artists
    add column label_id uuid references artists.artists (id) on delete set null,
    add constraint artists_label_is_another check (label_id <> id);
create index artists_label_id on artists.artists (label_id);

-- Who acts for which artist, and as what. Somebody can stand here twice: as a member, and by the label.
create view artists.acting as
select m.artist_id, m.account_id, m.role
from artists.memberships m
union all
select a.id, m.account_id, case m.role when 'owner' then 'editor' else m.role end
from artists.artists a
join artists.memberships m on m.artist_id = a.label_id;

-- For the row that a change is about. Lists join the view, which the planner sees into.
create function artists.may_edit(artist uuid, account uuid) returns boolean
    language sql stable
    return exists (select 1 from artists.acting x
                   where x.artist_id = artist and x.account_id = account and x.role <> 'viewer');

drop function artists.may_edit(uuid, uuid);
drop view artists.acting;
alter table artists.artists drop column label_id;
alter table artists.memberships drop column role;

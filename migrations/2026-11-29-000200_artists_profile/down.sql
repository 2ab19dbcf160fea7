create index follows_account_id on artists.follows (account_id);
drop index artists.follows_newest;
drop trigger memberships_last_owner on artists.memberships;
drop function artists.keep_an_owner();
drop function artists.owns(uuid, uuid);
drop table artists.slugs;
alter table artists.artists
    drop column closed_at,
    drop column pinned_release_id,
    drop column genres,
    drop column places,
    drop column links,
    drop column biography;

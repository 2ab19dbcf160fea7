-- An embargo is of something that will be published: whoever takes that away, takes the embargo away as well.
update artists.releases set embargo_until = null where published_at is null;
alter table artists.releases
    drop constraint releases_embargo,
    add constraint releases_embargo check (embargo_until is null or (published_at is not null and embargo_until = published_at));

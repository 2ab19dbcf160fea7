alter table artists.releases
    drop constraint releases_embargo,
    add constraint releases_embargo check (embargo_until is null or embargo_until = published_at);

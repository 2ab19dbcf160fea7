drop table artists.profile_changes;

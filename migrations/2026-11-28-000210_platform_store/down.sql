drop table platform.rounds;
drop index platform.objects_due, platform.objects_key_bytes;
alter table platform.objects drop column checked_at, drop column damage;

drop table streaming.track_plays;
alter table streaming.plays drop column counted;

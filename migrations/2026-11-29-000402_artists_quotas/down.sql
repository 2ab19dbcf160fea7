drop table artists.upload_days;
drop table artists.quotas;

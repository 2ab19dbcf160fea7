delete from artists.renditions where kind not in ('opus_ogg', 'opus_cmaf');
alter table artists.renditions
    drop constraint renditions_kind_check,
    drop constraint renditions_segments_check,
    add constraint renditions_kind_check check (kind in ('opus_ogg', 'opus_cmaf')),
    add constraint renditions_check check ((kind = 'opus_cmaf') = (segments is not null));

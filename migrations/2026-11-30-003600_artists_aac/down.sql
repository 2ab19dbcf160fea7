delete from artists.renditions where kind in ('aac', 'aac_cmaf');
alter table artists.renditions
    drop constraint renditions_kind_check,
    drop constraint renditions_segments_check,
    add constraint renditions_kind_check check (kind in ('opus_ogg', 'opus_cmaf', 'flac', 'flac_cmaf', 'mp3')),
    add constraint renditions_segments_check check ((kind in ('opus_cmaf', 'flac_cmaf')) = (segments is not null));

drop table artists.speeds;
delete from artists.renditions where superseded_at is not null;
drop index artists.renditions_superseded_at;
drop index artists.renditions_track_id;
drop index artists.renditions_name;
alter table artists.renditions
    drop column recipe,
    drop column superseded_at,
    add constraint renditions_name unique (track_id, name);
update artists.stages set state = 'waiting' where state = 'cancelled';
alter table artists.stages
    drop constraint stages_state_check,
    drop column inputs,
    drop column problem_slug,
    drop column problem_message,
    drop column started_at,
    add constraint stages_state_check check (state in ('waiting', 'running', 'done', 'failed'));
update artists.tracks set state = 'rejected', problem_slug = 'cancelled', problem_message = 'Its processing was stopped.'
where state = 'cancelled';
alter table artists.tracks
    drop constraint tracks_state_check,
    add constraint tracks_state_check check (state in ('processing', 'ready', 'rejected', 'taken_down'));
drop table artists.chains;

delete from notifications.notifications where kind = 'quarantine_grew';
alter table notifications.notifications
    drop constraint notifications_kind_check,
    add constraint notifications_kind_check check (kind in ('release_published'));
drop table notifications.administrators;
drop index artists.tracks_rejected;
drop table artists.quarantine_alerts;

delete from notifications.notifications where kind not in ('release_published', 'quarantine_grew');
alter table notifications.notifications
    add constraint notifications_kind_check check (kind in ('release_published', 'quarantine_grew'));
drop table artists.label_offers;
drop table artists.invitations;

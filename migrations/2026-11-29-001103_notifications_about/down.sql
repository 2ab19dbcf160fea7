drop index notifications.notifications_about;
alter table notifications.notifications drop column about_account_id;

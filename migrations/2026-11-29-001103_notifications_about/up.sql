-- Whose handle the subtitle is, so that it can go with the account. Nobody's: it names no account.
alter table notifications.notifications add column about_account_id uuid;
update notifications.notifications n
set about_account_id = a.id, subtitle = coalesce(a.handle, '')
from notifications.notifications o left join accounts.accounts a on a.handle = o.subtitle
where o.id = n.id and n.kind in ('invitation_accepted', 'invitation_declined');
create index notifications_about on notifications.notifications (about_account_id) where about_account_id is not null;

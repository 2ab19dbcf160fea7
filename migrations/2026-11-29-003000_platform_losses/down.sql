alter table platform.jobs drop column losses, drop column is_hopeless;

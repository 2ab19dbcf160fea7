alter table platform.jobs drop column losses;

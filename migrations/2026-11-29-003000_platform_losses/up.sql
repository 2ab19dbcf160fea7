-- How many attempts ended with their process. They are had once more: a server that is restarted often shall cost no job
-- its attempts. A job that ends its process shall not do so for ever, so there is an end to that too.
alter table platform.jobs add column losses smallint not null default 0;

-- How many attempts ended with their process. They are had once more: a server that is restarted often shall cost no job
-- its attempts. A job that ends its process shall not do so for ever, so there is an end to that too.
alter table platform.jobs add column losses smallint not null default 0;

-- It failed for good, and could not be buried then: whoever fetches it next buries it, and runs it no more.
alter table platform.jobs add column is_hopeless boolean not null default false;

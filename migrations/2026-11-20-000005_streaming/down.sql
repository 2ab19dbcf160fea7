drop schema streaming cascade;

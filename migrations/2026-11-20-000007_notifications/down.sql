drop schema notifications cascade;

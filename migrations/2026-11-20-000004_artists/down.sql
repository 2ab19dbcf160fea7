drop schema artists cascade;

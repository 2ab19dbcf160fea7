-- Whether an object is still some rendition's, before it is taken away.
create index renditions_object_key on artists.renditions (object_key);

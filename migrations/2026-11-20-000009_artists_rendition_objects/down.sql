drop index artists.renditions_object_key;

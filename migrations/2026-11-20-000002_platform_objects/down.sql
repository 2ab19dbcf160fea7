drop table platform.objects;

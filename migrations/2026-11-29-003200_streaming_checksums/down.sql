drop table streaming.checksums;

drop table streaming.account_follows, streaming.preferences, streaming.streams;

drop table streaming.queues, streaming.bookmarks, streaming.ratings, streaming.saved_releases, streaming.likes;

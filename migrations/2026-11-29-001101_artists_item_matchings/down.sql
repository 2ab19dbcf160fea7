drop index artists.sold_items_upc;
drop index artists.sold_items_open;
drop index artists.sold_items_artist_id;
drop table artists.item_matchings;

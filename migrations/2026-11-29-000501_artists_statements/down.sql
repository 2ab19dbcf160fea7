drop table artists.sales;
drop table artists.sold_items;
drop table artists.statements;
drop table artists.statement_mappings;

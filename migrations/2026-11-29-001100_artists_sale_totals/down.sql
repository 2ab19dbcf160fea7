drop index artists.sales_month;
alter table artists.statements drop column tallied;
drop table artists.sale_totals;

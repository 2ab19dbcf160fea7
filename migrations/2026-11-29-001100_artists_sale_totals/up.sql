-- What the sales of a statement that count come to, so that nobody who looks at earnings reads a million lines. `level` says
-- what a row tells apart beside month, kind and currency: 1 what was sold, 2 the territory, 4 the store, or the sum of two of
-- these; what it does not tell apart is empty. What tells all three apart is the sales themselves.
create table artists.sale_totals (
    statement_id uuid not null references artists.statements (id) on delete cascade,
    level smallint not null check (level between 0 and 6),
    month date not null,
    -- Of nought where the level does not tell what was sold apart.
    item_id uuid not null,
    territory text not null,
    store text not null,
    kind text not null,
    currency text not null,
    sales bigint not null,
    quantity bigint not null,
    amount numeric(36, 18) not null,
    primary key (statement_id, level, month, item_id, territory, store, kind, currency)
);
create index sale_totals_item_id on artists.sale_totals (item_id, level);

-- A page of what no totals tell apart is looked up month by month.
create index sales_month on artists.sales (statement_id, month);

-- The last line that the totals hold.
alter table artists.statements add column tallied integer not null default 0;

insert into artists.sale_totals
select s.statement_id, 7 - grouping(s.store, s.territory, s.item_id), s.month,
       coalesce(s.item_id, '00000000-0000-0000-0000-000000000000'), coalesce(s.territory, ''), coalesce(s.store, ''), s.kind,
       s.currency, count(*), sum(s.quantity), sum(s.amount)
from artists.sales s join artists.statements st on st.id = s.statement_id and st.state = 'ready'
where s.counts
group by s.statement_id, s.month, s.kind, s.currency,
         grouping sets ((s.item_id, s.territory), (s.item_id, s.store), (s.territory, s.store), (s.item_id), (s.territory), (s.store), ());

update artists.statements st
set tallied = (select coalesce(max(s.line), 0) from artists.sales s where s.statement_id = st.id)
where st.state = 'ready';

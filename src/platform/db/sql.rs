//! Written-out SQL that is prepared once per connection.
//!
//! `diesel::sql_query` is prepared anew on each call, because diesel cannot know whether its text varies. Ours does not:
//! every text is a constant, or put together of constants, and values travel as binds.

use diesel::pg::Pg;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId, SqlQuery};
use diesel::result::QueryResult;

/// A query of constant text, prepared once.
#[derive(Debug)]
pub(crate) struct Prepared<Q>(Q);

/// A query from a constant text; bind its values, then [`prepared`].
pub(crate) fn sql(text: &'static str) -> SqlQuery {
    diesel::sql_query(text)
}

/// A query whose text is put together, of constants alone; it is prepared on each call.
pub(crate) fn composed(text: String) -> SqlQuery {
    diesel::sql_query(text)
}

/// Lets PostgreSQL keep the plan of `query`.
pub(crate) fn prepared<Q>(query: Q) -> Prepared<Q> {
    Prepared(query)
}

impl<Q: QueryFragment<Pg>> QueryFragment<Pg> for Prepared<Q> {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.0.walk_ast(pass)
    }

    fn is_safe_to_cache_prepared(&self, _: &Pg) -> QueryResult<bool> {
        Ok(true)
    }
}

// Without a static id the text and the types of its binds are the key.
impl<Q> QueryId for Prepared<Q> {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q: Query> Query for Prepared<Q> {
    type SqlType = Q::SqlType;
}

impl<Q, C> diesel::query_dsl::RunQueryDsl<C> for Prepared<Q> {}

mod types {
    /// PostgreSQL's text search vector.
    #[derive(diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "tsvector"))]
    pub struct Tsvector;
}

diesel::table! {
    use diesel::sql_types::*;
    use super::types::Tsvector;

    search.documents (kind, entity_id) {
        kind -> Text,
        entity_id -> Uuid,
        release_id -> Nullable<Uuid>,
        artist_id -> Uuid,
        title -> Text,
        subtitle -> Text,
        url -> Text,
        folded_title -> Text,
        words -> Tsvector,
        popularity -> Float4,
        published_at -> Timestamptz,
    }
}

diesel::table! {
    search.vocabulary (word) {
        word -> Text,
        documents -> Int4,
    }
}

create schema search;
create extension if not exists pg_trgm with schema public;

-- What can be found: only what everybody may see. Fed by events; rebuilt from the catalogue at any time.
create table search.documents (
    kind text not null check (kind in ('artist', 'release', 'track')),
    entity_id uuid not null,
    -- The release that a track or a release belongs to, the artist that all belong to.
    release_id uuid,
    artist_id uuid not null,
    title text not null,
    subtitle text not null,
    url text not null,
    -- The title's words in order, folded: for exact and prefix matches of the whole.
    folded_title text not null,
    -- Folded words with positions; title A, subtitle B. Made by our own tokeniser, never by to_tsvector.
    words tsvector not null,
    popularity real not null default 0,
    published_at timestamptz not null,
    primary key (kind, entity_id)
);
-- fastupdate makes reads many times slower after updates.
create index documents_words on search.documents using gin (words) with (fastupdate = off);
create index documents_release_id on search.documents (release_id) where release_id is not null;
create index documents_artist_id on search.documents (artist_id);

-- Every word of every document: what a misspelt word is corrected to.
create table search.vocabulary (
    word text primary key,
    documents integer not null check (documents >= 0)
);
-- In the order of bytes: words that begin alike stand together, whatever the database's collation.
create index vocabulary_word_prefix on search.vocabulary (word text_pattern_ops);
create index vocabulary_word_trigram on search.vocabulary using gin (word gin_trgm_ops) with (fastupdate = off);

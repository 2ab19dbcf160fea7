//! Pages of lists: `?limit=&cursor=` → `{items, next_cursor}`.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Query;
use crate::platform::error::{Error, Result};

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Page<T> {
    pub(crate) items: Vec<T>,
    /// Hand this back as `cursor` for the next page; null on the last one.
    pub(crate) next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// A page from up to `limit + 1` rows; `key` names the place after a row.
    pub(crate) fn new<K: Serialize>(mut items: Vec<T>, limit: i64, key: impl Fn(&T) -> K) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = items.len() > limit;
        items.truncate(limit);
        let next_cursor = items.last().filter(|_| more).map(|last| Cursor(key(last)).encode());
        Self { items, next_cursor }
    }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PagingQuery {
    /// 1 to 200; 50 where absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Which page is asked for. `K` is what the list is ordered by.
pub(crate) struct Paging<K> {
    pub(crate) limit: i64,
    pub(crate) after: Option<K>,
}

impl<K: DeserializeOwned> FromRequest for Paging<K> {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let query = Query::<PagingQuery>::from_request(request, payload).into_inner();
        ready(query.and_then(|Query(query)| Self::parse(&query)))
    }
}

impl<K: DeserializeOwned> Paging<K> {
    fn parse(query: &PagingQuery) -> Result<Self> {
        let limit = query.limit.unwrap_or(50);
        if !(1..=200).contains(&limit) {
            return Err(Error::invalid("limit", "A page holds 1 to 200 items."));
        }
        let after = query.cursor.as_deref().map(Cursor::decode).transpose()?.map(|cursor: Cursor<K>| cursor.0);
        Ok(Self { limit, after })
    }
}

/// A place in a list, opaque to clients.
pub(crate) struct Cursor<K>(pub(crate) K);

impl<K: Serialize> Cursor<K> {
    pub(crate) fn encode(&self) -> String {
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(&self.0).unwrap_or_default())
    }
}

impl<K: DeserializeOwned> Cursor<K> {
    pub(crate) fn decode(text: &str) -> Result<Self> {
        let key = URL_SAFE_NO_PAD.decode(text).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        key.map(Cursor).ok_or_else(|| Error::invalid("cursor", "This is not a cursor that this list gave out."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_as_it_went() {
        let text = Cursor(("2026-01-01", 7)).encode();
        assert_eq!(Cursor::<(String, u8)>::decode(&text).expect("ours").0, ("2026-01-01".to_owned(), 7));
        assert!(Cursor::<(String, u8)>::decode("nonsense").is_err());
    }

    #[test]
    fn the_last_page_has_no_cursor() {
        assert!(Page::new(vec![1, 2], 2, |item| *item).next_cursor.is_none());
        let page = Page::new(vec![1, 2, 3], 2, |item| *item);
        assert_eq!(page.items, [1, 2]);
        assert!(page.next_cursor.is_some());
    }
}

//! Places for streams that are encoded while they are listened to: few, and shared out fairly.
//!
//! Whoever has none comes before who has some, whoever waits longer before who came later, and the last places are for those
//! who have none or one: however many one listener asks for, there is a place for the next.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use crate::platform::error::{Error, Result};

/// How long a listener waits for a place; then they are told to come back.
const PATIENCE: Duration = Duration::from_secs(5);

/// For each place, so many may wait.
const WAITING: usize = 4;

/// All places of this process. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Places(Arc<Inner>);

struct Inner {
    capacity: usize,
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Default)]
struct State {
    taken: usize,
    held: HashMap<String, usize>,
    waiting: Vec<Waiting>,
    next: u64,
}

struct Waiting {
    number: u64,
    listener: String,
}

/// A listener's place; it is free when this is dropped.
pub(super) struct Place {
    places: Places,
    listener: String,
}

/// A listener in the line; out of it when this is dropped.
struct Turn {
    places: Places,
    number: u64,
}

impl Places {
    pub(crate) fn new(capacity: usize) -> Self {
        Self(Arc::new(Inner { capacity, state: Mutex::default(), changed: Notify::new() }))
    }

    /// A place for a listener, who may have `most` at the same time; waits a little where none is free.
    ///
    /// # Errors
    /// `TooManyRequests` for who has as many already; `Unavailable` where none gets free.
    pub(super) async fn take(&self, listener: &str, most: usize) -> Result<Place> {
        let turn = self.line_up(listener, most)?;
        tokio::time::timeout(PATIENCE, turn.comes()).await.map_err(|_| Error::Unavailable)
    }

    fn line_up(&self, listener: &str, most: usize) -> Result<Turn> {
        let mut state = self.lock();
        let waiting = state.waiting.iter().filter(|waiting| waiting.listener == listener).count();
        if state.held(listener) + waiting >= most {
            return Err(Error::TooManyRequests { retry_after: Duration::from_secs(1) });
        }
        if state.waiting.len() >= self.0.capacity * WAITING {
            return Err(Error::Unavailable);
        }
        let number = state.next;
        state.next += 1;
        state.waiting.push(Waiting { number, listener: listener.to_owned() });
        Ok(Turn { places: self.clone(), number })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Turn {
    async fn comes(&self) -> Place {
        loop {
            let changed = self.places.0.changed.notified();
            tokio::pin!(changed);
            // Before the look: what changes after it is not missed.
            changed.as_mut().enable();
            if let Some(place) = self.take() {
                return place;
            }
            changed.await;
        }
    }

    fn take(&self) -> Option<Place> {
        let places = &self.places;
        let mut state = places.lock();
        if state.first(places.0.capacity) != Some(self.number) {
            return None;
        }
        let at = state.waiting.iter().position(|waiting| waiting.number == self.number)?;
        let listener = state.waiting.remove(at).listener;
        state.taken += 1;
        *state.held.entry(listener.clone()).or_default() += 1;
        drop(state);
        places.0.changed.notify_waiters();
        Some(Place { places: places.clone(), listener })
    }
}

impl State {
    fn held(&self, listener: &str) -> usize {
        self.held.get(listener).copied().unwrap_or(0)
    }

    /// Whose turn it is, if there is a place for them.
    fn first(&self, capacity: usize) -> Option<u64> {
        let free = capacity - self.taken;
        // A second place is for when a quarter is free beside it, a further one for when half is.
        let has_room = |held| match held {
            0 => free > 0,
            1 => free > capacity / 4,
            _ => free > capacity / 2,
        };
        let may = self.waiting.iter().map(|waiting| (self.held(&waiting.listener), waiting.number));
        may.filter(|(held, _)| has_room(*held)).min().map(|(_, number)| number)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.places.lock().waiting.retain(|waiting| waiting.number != self.number);
        self.places.0.changed.notify_waiters();
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut state = self.places.lock();
        state.taken -= 1;
        if let Some(held) = state.held.get_mut(&self.listener) {
            *held -= 1;
            if *held == 0 {
                state.held.remove(&self.listener);
            }
        }
        drop(state);
        self.places.0.changed.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    fn now(places: &Places, listener: &str) -> Option<Place> {
        places.take(listener, 3).now_or_never().and_then(Result::ok)
    }

    #[tokio::test]
    async fn a_few_who_want_much_leave_places_to_others() {
        let places = Places::new(16);
        let mut held = Vec::new();
        for _ in 0..3 {
            for listener in ["ada", "ben", "eve", "ida", "kai", "tom"] {
                held.extend(now(&places, listener));
            }
        }
        assert!(held.len() < 16, "{}", held.len());
        held.extend(now(&places, "nina"));
        assert!(held.last().is_some_and(|place| place.listener == "nina"));
        // And every place is for somebody.
        for other in 0..16 {
            held.extend(now(&places, &format!("other{other}")));
        }
        assert_eq!(held.len(), 16);
        drop(held);
        let state = places.lock();
        assert_eq!((state.taken, state.held.len(), state.waiting.len()), (0, 0, 0));
    }

    #[tokio::test]
    async fn who_has_none_is_next_whoever_came_before() {
        let places = Places::new(2);
        let (ada, ben) = (now(&places, "ada").expect("a place"), now(&places, "ben").expect("a place"));
        let (mut again, mut nina) = (Box::pin(places.take("ada", 3)), Box::pin(places.take("nina", 3)));
        assert!((&mut again).now_or_never().is_none() && (&mut nina).now_or_never().is_none());
        drop(ben);
        assert!((&mut again).now_or_never().is_none(), "it is not hers");
        let place = (&mut nina).now_or_never().and_then(Result::ok).expect("a place");
        assert_eq!(place.listener, "nina");
        drop(place);
        assert!((&mut again).now_or_never().and_then(Result::ok).is_some(), "nobody else waits");
        drop(ada);
    }

    #[tokio::test]
    async fn who_leaves_the_line_lets_the_next_one_through() {
        let places = Places::new(1);
        let ada = now(&places, "ada").expect("a place");
        assert!(now(&places, "ben").is_none(), "the line is left at once");
        let (next, ()) = tokio::join!(places.take("eve", 3), async { drop(ada) });
        assert_eq!(next.expect("a place").listener, "eve");
    }

    #[tokio::test]
    async fn one_listener_has_as_many_as_one_may_and_no_more() {
        let places = Places::new(16);
        let held: Vec<Place> = (0..3).filter_map(|_| now(&places, "ada")).collect();
        assert_eq!(held.len(), 3);
        let refused = places.take("ada", 3).now_or_never().expect("at once");
        assert!(matches!(refused, Err(Error::TooManyRequests { .. })));
    }
}

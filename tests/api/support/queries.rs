//! Counts what a server asks its database, for one test: how many queries an answer takes.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, MutexGuard, Once, PoisonError};

use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};

use super::App;

/// The queries of each database that is watched.
static WATCHED: LazyLock<Mutex<HashMap<String, usize>>> = LazyLock::new(Mutex::default);

fn watched() -> MutexGuard<'static, HashMap<String, usize>> {
    WATCHED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One connection.
#[derive(Default)]
struct Counter {
    url: String,
}

impl Instrumentation for Counter {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        match event {
            InstrumentationEvent::StartEstablishConnection { url, .. } => url.clone_into(&mut self.url),
            InstrumentationEvent::StartQuery { query, .. } => {
                if let Some(count) = watched().get_mut(&self.url) {
                    // Workers look for jobs and events all the time.
                    *count += usize::from(!query.to_string().contains("platform"));
                }
            }
            _ => {}
        }
    }
}

/// Lets the connections that are opened from now on be counted.
pub(super) fn install() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        let counter = || Some(Box::new(Counter::default()) as Box<dyn Instrumentation>);
        set_default_instrumentation(counter).expect("it is set");
    });
}

impl App {
    /// How many queries it takes to do something, beside those of the workers: the least of three times, since other things
    /// are done now and then.
    pub(crate) async fn queries(&self, act: impl AsyncFn()) -> usize {
        let url = self.platform.db.url().to_owned();
        let mut least = usize::MAX;
        for _ in 0..3 {
            watched().insert(url.clone(), 0);
            act().await;
            least = least.min(watched().remove(&url).unwrap_or(0));
        }
        assert!(least > 0, "queries are counted");
        least
    }
}

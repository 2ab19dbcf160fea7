//! A reader of server-sent events (WHATWG HTML §9.2).

use std::time::Duration;

use reqwest::Response;
use serde_json::Value;

/// An event stream that is being read.
pub(crate) struct Events {
    response: Response,
    unread: String,
}

/// One event.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Event {
    pub(crate) name: String,
    pub(crate) id: Option<String>,
    pub(crate) data: Value,
}

impl Events {
    pub(crate) fn of(response: Response) -> Self {
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { response, unread: String::new() }
    }

    /// The next event; `None` at the stream's end, and where none comes in time.
    pub(crate) async fn next_within(&mut self, patience: Duration) -> Option<Event> {
        tokio::time::timeout(patience, self.next()).await.ok().flatten()
    }

    /// The next event; `None` at the stream's end.
    pub(crate) async fn next(&mut self) -> Option<Event> {
        loop {
            while let Some((block, rest)) = self.unread.split_once("\n\n") {
                let event = parse(block);
                self.unread = rest.to_owned();
                if event.is_some() {
                    return event;
                }
            }
            let chunk = self.response.chunk().await.ok().flatten()?;
            self.unread.push_str(std::str::from_utf8(&chunk).expect("UTF-8"));
        }
    }
}

// Comments and `retry:` are no events.
fn parse(block: &str) -> Option<Event> {
    let field = |name: &str| block.lines().find_map(|line| line.strip_prefix(&format!("{name}: "))).map(str::to_owned);
    let data = serde_json::from_str(&field("data")?).expect("JSON");
    Some(Event { name: field("event").unwrap_or_default(), id: field("id"), data })
}

//! How slowly bytes may go: whoever holds a connection open has to move some of them.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::{Sleep, sleep};

/// What has to be moved for a connection to be kept.
#[derive(Clone, Copy)]
pub(super) struct Least {
    pub(super) bytes: u64,
    pub(super) within: Duration,
}

/// Music is taken at this pace at least, a fifth of the slowest rendition's. A player that pauses asks for the rest when it
/// goes on.
pub(super) const MUSIC: Least = Least { bytes: 512 * 1024, within: Duration::from_secs(300) };

/// What one side of a connection has moved of late. Only waiting takes time: a wait begins with the first [`Pace::poll_wait`]
/// and ends with its term, in which at least so much has to be moved.
pub(super) struct Pace {
    least: Least,
    moved: u64,
    term: Option<Pin<Box<Sleep>>>,
}

impl Pace {
    pub(super) const fn new(least: Least) -> Self {
        Self { least, moved: 0, term: None }
    }

    /// So many bytes went.
    pub(super) const fn moved(&mut self, bytes: u64) {
        self.moved += bytes;
    }

    /// Nothing can go now. Ready, once too little went for the whole of a term.
    pub(super) fn poll_wait(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            let Some(term) = &mut self.term else {
                self.moved = 0;
                self.term = Some(Box::pin(sleep(self.least.within)));
                continue;
            };
            match term.as_mut().poll(cx) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(()) if self.moved < self.least.bytes => return Poll::Ready(()),
                Poll::Ready(()) => self.term = None,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use tokio::time::{Instant, timeout};

    use super::*;

    const LEAST: Least = Least { bytes: 1000, within: Duration::from_secs(1) };

    async fn waits(pace: &mut Pace, for_at_most: Duration) -> bool {
        timeout(for_at_most, poll_fn(|cx| pace.poll_wait(cx))).await.is_ok()
    }

    #[tokio::test]
    async fn who_moves_nothing_has_one_term() {
        let (mut pace, began) = (Pace::new(LEAST), Instant::now());
        // What went before counts for nothing.
        pace.moved(5000);
        assert!(waits(&mut pace, Duration::from_secs(60)).await);
        assert!(began.elapsed() >= LEAST.within);
    }

    #[tokio::test]
    async fn who_moves_enough_is_waited_for_and_who_stops_is_not() {
        let mut pace = Pace::new(LEAST);
        for _ in 0..12 {
            assert!(!waits(&mut pace, Duration::from_millis(200)).await, "enough has gone in each term");
            pace.moved(1000);
        }
        assert!(waits(&mut pace, Duration::from_secs(60)).await);
    }

    #[tokio::test]
    async fn who_moves_too_little_is_not_waited_for() {
        let (mut pace, began) = (Pace::new(LEAST), Instant::now());
        for _ in 0..5 {
            assert!(!waits(&mut pace, Duration::from_millis(100)).await);
            pace.moved(100);
        }
        assert!(waits(&mut pace, Duration::from_secs(60)).await);
        assert!(began.elapsed() >= LEAST.within);
    }
}

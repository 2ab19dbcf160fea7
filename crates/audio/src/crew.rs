//! Several encoders on several threads, each encoder's work in its order: the bytes do not depend on the threads.
//!
//! The thread that decodes puts samples into each encoder's queue. Spare threads take from the longest queue whose encoder
//! is free; when a queue is full, the decoding thread helps too. So all are busy until the end, and memory is bounded.

use std::collections::VecDeque;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// A thread that runs what it is sent, one after the other. Whoever may start threads starts it: the engine does not.
pub type SpareThread = Sender<Box<dyn FnOnce() + Send>>;

/// What an encoder does with samples.
pub(crate) trait Work: Send + 'static {
    fn work(&mut self, samples: &[f32]) -> io::Result<()>;
}

/// Encoders and who works on them.
pub(crate) struct Crew<T> {
    shared: Arc<Shared<T>>,
    /// Samples of each encoder that do not make a parcel yet.
    parcels: Vec<Vec<f32>>,
    /// Without spare_threads nothing is queued.
    is_alone: bool,
}

struct Shared<T> {
    state: Mutex<State<T>>,
    changed: Condvar,
}

struct State<T> {
    lanes: Vec<Lane<T>>,
    /// What went wrong first.
    failure: Option<io::Error>,
    is_over: bool,
}

struct Lane<T> {
    /// `None` while somebody works with it.
    worker: Option<T>,
    queue: VecDeque<Vec<f32>>,
}

/// Samples that go together: about a quarter of a second of stereo, so that locks cost nothing.
const PARCEL: usize = 24_000;
/// Parcels that may wait for one encoder: 800 kB.
const MAX_WAITING: usize = 8;

impl<T: Work> Crew<T> {
    pub(crate) fn new(workers: Vec<T>, spare_threads: &[SpareThread]) -> Self {
        let parcels = workers.iter().map(|_| Vec::new()).collect();
        let lanes = workers.into_iter().map(|worker| Lane { worker: Some(worker), queue: VecDeque::new() }).collect();
        let state = Mutex::new(State { lanes, failure: None, is_over: false });
        let shared = Arc::new(Shared { state, changed: Condvar::new() });
        let help = |thread: &SpareThread| {
            let shared = Arc::clone(&shared);
            thread.send(Box::new(move || shared.help_to_the_end())).is_ok()
        };
        let is_alone = !spare_threads.iter().map(help).fold(false, |any, sent| any | sent);
        Self { shared, parcels, is_alone }
    }

    /// Give `samples` to the encoders `to`.
    pub(crate) fn push(&mut self, to: impl Iterator<Item = usize>, samples: &[f32]) -> io::Result<()> {
        for index in to {
            if self.is_alone {
                self.shared.lock().lanes[index].worker.as_mut().map_or(Ok(()), |worker| worker.work(samples))?;
                continue;
            }
            let parcel = &mut self.parcels[index];
            parcel.extend_from_slice(samples);
            if parcel.len() >= PARCEL {
                let parcel = std::mem::take(parcel);
                self.shared.queue(index, parcel)?;
            }
        }
        Ok(())
    }

    /// Waits for all that was given, helping; the encoders, in their order.
    pub(crate) fn finish(mut self) -> io::Result<Vec<T>> {
        for (index, parcel) in std::mem::take(&mut self.parcels).into_iter().enumerate() {
            if !parcel.is_empty() {
                self.shared.queue(index, parcel)?;
            }
        }
        self.shared.finish()
    }
}

impl<T> Drop for Crew<T> {
    /// Spare threads must not wait for a pass that was given up.
    fn drop(&mut self) {
        self.shared.lock().is_over = true;
        self.shared.changed.notify_all();
    }
}

impl<T> Shared<T> {
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, state: MutexGuard<'a, State<T>>) -> MutexGuard<'a, State<T>> {
        self.changed.wait(state).unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T: Work> Shared<T> {
    fn queue(&self, index: usize, parcel: Vec<f32>) -> io::Result<()> {
        let mut state = self.lock();
        state.lanes[index].queue.push_back(parcel);
        self.changed.notify_all();
        while state.failure.is_none() && state.lanes[index].queue.len() > MAX_WAITING {
            state = self.work_or_wait(state);
        }
        state.failure.take().map_or(Ok(()), Err)
    }

    fn finish(&self) -> io::Result<Vec<T>> {
        let mut state = self.lock();
        while state.failure.is_none() && !state.lanes.iter().all(Lane::is_done) {
            state = self.work_or_wait(state);
        }
        state.is_over = true;
        self.changed.notify_all();
        match state.failure.take() {
            Some(failure) => Err(failure),
            None => Ok(state.lanes.drain(..).filter_map(|lane| lane.worker).collect()),
        }
    }

    fn help_to_the_end(&self) {
        let mut state = self.lock();
        while !state.is_over && state.failure.is_none() {
            state = self.work_or_wait(state);
        }
    }

    /// Works through one parcel of the longest queue whose encoder is free, or waits until something changes.
    fn work_or_wait<'a>(&'a self, mut state: MutexGuard<'a, State<T>>) -> MutexGuard<'a, State<T>> {
        let free = state.lanes.iter().enumerate().filter(|(_, lane)| lane.worker.is_some() && !lane.queue.is_empty());
        let longest = free.max_by_key(|(_, lane)| lane.queue.len()).map(|(index, _)| index);
        let Some((index, lane)) = longest.and_then(|index| Some((index, state.lanes.get_mut(index)?))) else {
            return self.wait(state);
        };
        let (Some(mut worker), Some(parcel)) = (lane.worker.take(), lane.queue.pop_front()) else { return state };
        drop(state);
        // A panic on a thread's thread would leave everybody else waiting.
        let done = catch_unwind(AssertUnwindSafe(|| worker.work(&parcel)));
        let done = done.unwrap_or_else(|_| Err(io::Error::other("an encoder panicked")));
        let mut state = self.lock();
        state.lanes[index].worker = Some(worker);
        if let Err(failure) = done {
            state.failure.get_or_insert(failure);
        }
        self.changed.notify_all();
        state
    }
}

impl<T> Lane<T> {
    fn is_done(&self) -> bool {
        self.worker.is_some() && self.queue.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    #[derive(Default)]
    struct Adder {
        seen: Vec<f32>,
        fails_at: Option<usize>,
    }

    impl Work for Adder {
        fn work(&mut self, samples: &[f32]) -> io::Result<()> {
            self.seen.extend_from_slice(samples);
            match self.fails_at {
                Some(at) if self.seen.len() > at => Err(io::Error::other("full")),
                _ => Ok(()),
            }
        }
    }

    fn spare_threads(count: usize) -> Vec<SpareThread> {
        let start = |_| {
            let (sender, jobs) = mpsc::channel::<Box<dyn FnOnce() + Send>>();
            std::thread::spawn(move || jobs.into_iter().for_each(|job| job()));
            sender
        };
        (0..count).map(start).collect()
    }

    #[test]
    fn every_encoder_sees_its_samples_in_order() {
        for count in [0, 1, 3] {
            let mut crew = Crew::new((0..3).map(|_| Adder::default()).collect(), &spare_threads(count));
            let samples: Vec<f32> = (0..1_000_000u32).map(|number| number as f32).collect();
            for block in samples.chunks(1_152) {
                crew.push([0, 2].into_iter(), block).expect("adding does not fail");
            }
            let done = crew.finish().expect("adding does not fail");
            assert!(
                done[0].seen == samples && done[1].seen.is_empty() && done[2].seen == samples,
                "{count} spare_threads"
            );
        }
    }

    #[test]
    fn a_failure_ends_it_for_all() {
        for count in [0, 2] {
            let workers = vec![Adder::default(), Adder { fails_at: Some(50_000), ..Adder::default() }];
            let mut crew = Crew::new(workers, &spare_threads(count));
            let pushed = (0..200).try_for_each(|_| crew.push(0..2, &[0.0; 4_096]));
            let failed = pushed.is_err() || crew.finish().is_err();
            assert!(failed, "{count} spare_threads");
        }
    }
}

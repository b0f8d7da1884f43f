//! Work that may take long, done beside the simulator so that it stays responsive.

use std::sync::mpsc::{self, Receiver, TryRecvError};
use std::thread;

/// Does one thing at a time on a thread of its own. A newer errand makes the older one's result worthless; it is never handed out.
///
/// Dropping it does not wait: a thread that still hangs ends with the program.
#[derive(Debug)]
pub struct Worker<T> {
    running: Option<(u64, Receiver<T>)>,
}

impl<T> Default for Worker<T> {
    fn default() -> Self {
        Self { running: None }
    }
}

impl<T: Send + 'static> Worker<T> {
    /// The errand that is on its way.
    pub fn errand(&self) -> Option<u64> {
        self.running.as_ref().map(|(errand, _)| *errand)
    }

    /// Begins an errand. What was on its way is forgotten.
    pub fn begin(&mut self, errand: u64, work: impl FnOnce() -> T + Send + 'static) {
        let (sender, receiver) = mpsc::sync_channel(1);
        self.running = Some((errand, receiver));
        // Should no thread come about, the sender is dropped and the errand ends without a result.
        let _ = thread::Builder::new().name("errand".to_owned()).spawn(move || {
            // Nobody may want the result any more.
            let _ = sender.send(work());
        });
    }

    /// The result, if it has come. Never waits. `Err` when the errand ended without one.
    pub fn poll(&mut self) -> Option<Result<T, Ended>> {
        let (_, receiver) = self.running.as_ref()?;
        let result = match receiver.try_recv() {
            Err(TryRecvError::Empty) => return None,
            Err(TryRecvError::Disconnected) => Err(Ended),
            Ok(result) => Ok(result),
        };
        self.running = None;
        Some(result)
    }

    /// Waits for the result; `None` when there is no errand.
    pub fn wait(&mut self) -> Option<Result<T, Ended>> {
        let (_, receiver) = self.running.take()?;
        Some(receiver.recv().map_err(|_| Ended))
    }
}

/// An errand ended without a result: it could not be begun, or broke off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the request broke off inside this program")]
pub struct Ended;

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn polling_never_waits_and_an_older_result_is_never_handed_out() {
        let (release, held) = mpsc::channel::<()>();
        let mut worker = Worker::default();
        worker.begin(1, move || {
            let _ = held.recv();
            "old"
        });
        assert_eq!((worker.poll(), worker.errand()), (None, Some(1)));
        worker.begin(2, || "new");
        release.send(()).unwrap();
        assert_eq!(worker.wait(), Some(Ok("new")));
        assert_eq!((worker.poll(), worker.wait(), worker.errand()), (None, None, None));
    }

    #[test]
    fn dropping_it_does_not_wait() {
        let (release, held) = mpsc::channel::<()>();
        let mut worker = Worker::default();
        worker.begin(1, move || held.recv().is_ok());
        drop(worker);
        drop(release);
    }
}

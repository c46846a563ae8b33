//! Where threads wait for each other: the queues behind `memory.atomic.wait` and
//! `memory.atomic.notify` (threads proposal, "Wait and Notify operators").

use rustc_hash::FxHashMap;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The threads that wait at the addresses of one memory.
///
/// One lock orders everything: a waiter compares and queues up in one critical section, so a thread
/// that changes the value and then notifies either is seen by the comparison or finds the waiter in
/// its queue.
#[derive(Debug, Default)]
pub(super) struct Lot {
    /// The waiters of each address, those that came first in front. No queue is empty.
    queues: Mutex<Queues>,
}

type Queues = FxHashMap<u64, VecDeque<Arc<Waiter>>>;

#[derive(Debug, Default)]
struct Waiter {
    /// Whether it has been notified, and so taken out of its queue. Changes only under the lock.
    woken: AtomicBool,
    signal: Condvar,
}

/// How a wait ended. The numbers are those that the instructions return.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Waited {
    /// Another thread has notified this one.
    Woken = 0,
    /// The value was not the expected one.
    NotEqual = 1,
    /// The time was over.
    TimedOut = 2,
}

impl Lot {
    /// Waits at an address, if the value there is the expected one. Without a timeout it waits for
    /// ever.
    pub(super) fn wait(
        &self,
        at: u64,
        is_expected: impl FnOnce() -> bool,
        timeout: Option<Duration>,
    ) -> Waited {
        let mut queues = self.lock();
        if !is_expected() {
            return Waited::NotEqual;
        }
        // A deadline that the clock cannot express is centuries away.
        let deadline = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        let waiter = Arc::new(Waiter::default());
        queues.entry(at).or_default().push_back(waiter.clone());
        loop {
            // A condition variable may wake up for no reason.
            if waiter.woken.load(Ordering::Relaxed) {
                return Waited::Woken;
            }
            queues = match deadline {
                None => waiter.signal.wait(queues).unwrap_or_else(PoisonError::into_inner),
                Some(deadline) => {
                    let left = deadline.saturating_duration_since(Instant::now());
                    if left.is_zero() {
                        leave(&mut queues, at, &waiter);
                        return Waited::TimedOut;
                    }
                    waiter.signal.wait_timeout(queues, left).unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
    }

    /// Wakes up to `count` of the threads that wait at an address, those that came first before
    /// others, and says how many.
    pub(super) fn notify(&self, at: u64, count: u32) -> u32 {
        let mut queues = self.lock();
        let Some(queue) = queues.get_mut(&at) else { return 0 };
        let woken = queue.len().min(count as usize);
        for waiter in queue.drain(..woken) {
            waiter.woken.store(true, Ordering::Relaxed);
            waiter.signal.notify_one();
        }
        if queue.is_empty() {
            queues.remove(&at);
        }
        // At most `count`.
        woken as u32
    }

    fn lock(&self) -> MutexGuard<'_, Queues> {
        // Whatever panicked while it held the lock was not an operation of the lot.
        self.queues.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes a waiter out of its queue.
fn leave(queues: &mut Queues, at: u64, waiter: &Arc<Waiter>) {
    let Some(queue) = queues.get_mut(&at) else { return };
    queue.retain(|other| !Arc::ptr_eq(other, waiter));
    if queue.is_empty() {
        queues.remove(&at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;

    /// Waits until so many threads wait at an address.
    fn until_waiting(lot: &Lot, at: u64, count: usize) {
        while lot.lock().get(&at).map_or(0, VecDeque::len) != count {
            thread::yield_now();
        }
    }

    #[test]
    fn an_unexpected_value_is_not_waited_for() {
        let lot = Lot::default();
        assert_eq!(lot.wait(8, || false, None), Waited::NotEqual);
        assert!(lot.lock().is_empty());
    }

    #[test]
    fn a_wait_ends_when_its_time_is_over() {
        let lot = Lot::default();
        assert_eq!(lot.wait(8, || true, Some(Duration::ZERO)), Waited::TimedOut);
        let begin = Instant::now();
        assert_eq!(lot.wait(8, || true, Some(Duration::from_millis(20))), Waited::TimedOut);
        assert!(begin.elapsed() >= Duration::from_millis(20));
        assert!(lot.lock().is_empty(), "a waiter stayed in its queue");
        assert_eq!(lot.notify(8, u32::MAX), 0);
    }

    #[test]
    fn notify_wakes_as_many_as_it_is_told_and_only_at_its_address() {
        let lot = Lot::default();
        thread::scope(|scope| {
            let wait = |at| {
                scope.spawn({
                    let lot = &lot;
                    move || lot.wait(at, || true, None)
                })
            };
            let waits: Vec<_> = [8, 8, 8, 16].map(wait).into();
            until_waiting(&lot, 8, 3);
            until_waiting(&lot, 16, 1);
            assert_eq!(lot.notify(8, 0), 0);
            assert_eq!(lot.notify(0, 5), 0);
            assert_eq!(lot.notify(8, 2), 2);
            until_waiting(&lot, 8, 1);
            assert_eq!(lot.notify(8, u32::MAX), 1);
            assert_eq!(lot.notify(8, 1), 0);
            assert_eq!(lot.notify(16, 1), 1);
            for wait in waits {
                assert_eq!(wait.join().unwrap(), Waited::Woken);
            }
        });
        assert!(lot.lock().is_empty());
    }

    #[test]
    fn who_came_first_is_woken_first() {
        let lot = Lot::default();
        let order = Mutex::new(Vec::new());
        thread::scope(|scope| {
            for number in 0..4 {
                let (lot, order) = (&lot, &order);
                scope.spawn(move || {
                    lot.wait(0, || true, None);
                    order.lock().unwrap().push(number);
                });
                until_waiting(lot, 0, number + 1);
            }
            for woken in 1..=4 {
                assert_eq!(lot.notify(0, 1), 1);
                while order.lock().unwrap().len() < woken {
                    thread::yield_now();
                }
            }
        });
        assert_eq!(order.into_inner().unwrap(), [0, 1, 2, 3]);
    }

    #[test]
    fn a_timeout_beyond_the_clock_is_for_ever() {
        let lot = Lot::default();
        thread::scope(|scope| {
            let wait = scope.spawn(|| lot.wait(0, || true, Some(Duration::MAX)));
            until_waiting(&lot, 0, 1);
            assert_eq!(lot.notify(0, 1), 1);
            assert_eq!(wait.join().unwrap(), Waited::Woken);
        });
    }
}

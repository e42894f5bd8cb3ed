//! Several jobs at once, which are told in their order.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{iter, thread};

use super::Talk;
use crate::progress::Tasks;

/// What `work` makes of each task, by its number, in their order; so many are done `at_once`. On a
/// terminal it is shown how far they are.
pub fn together<T: Send>(
    tasks: &Tasks,
    at_once: usize,
    talk: &Talk,
    work: impl Fn(usize) -> T + Sync,
) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let share = || {
        let numbers = iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed));
        let mine = numbers.take_while(|number| *number < tasks.total());
        mine.map(|number| (number, tasks.during(number, || work(number)))).collect::<Vec<_>>()
    };
    let in_parallel = || {
        thread::scope(|scope| {
            // The system may refuse threads: this one works in any case.
            let spawn = |_| thread::Builder::new().spawn_scoped(scope, share).ok();
            let others: Vec<_> = (1..at_once.min(tasks.total())).filter_map(spawn).collect();
            let mut made = share();
            for other in others {
                made.extend(other.join().unwrap_or_else(|panic| resume_unwind(panic)));
            }
            made
        })
    };
    let mut made = talk.report.watching_tasks(tasks, in_parallel);
    made.sort_by_key(|(number, _)| *number);
    made.into_iter().map(|(_, made)| made).collect()
}

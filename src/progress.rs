//! How far something is that may take a while.
//!
//! In: the step that begins, its size, and the bytes as they are done; of several tasks at once which
//! begin and end. Out: the [`Step`] that is being done, or the tasks, whenever somebody asks. It draws
//! nothing: `report` does.

use std::io::{self, Read, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What is being done, and how much of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// A verb: `Packing`.
    pub verb: &'static str,
    /// What it is done to.
    pub what: String,
    /// Bytes in all, where that is known.
    pub total: Option<u64>,
    /// Bytes that are done.
    pub done: u64,
}

/// What counts steps. Its clones are the same meter: one thread counts, another looks.
#[derive(Clone, Debug, Default)]
pub struct Meter(Arc<Mutex<Option<Step>>>);

impl Meter {
    /// A step begins, and the one before it is over.
    pub fn begin(&self, verb: &'static str, what: impl Into<String>, total: Option<u64>) {
        *self.step() = Some(Step { verb, what: what.into(), total, done: 0 });
    }

    /// So many more bytes of the step are done.
    pub fn add(&self, bytes: u64) {
        if let Some(step) = self.step().as_mut() {
            step.done += bytes;
        }
    }

    /// Counts what is read from `inner`, or written to it.
    pub fn counting<T>(&self, inner: T) -> Counting<'_, T> {
        Counting { inner, meter: self }
    }

    /// What is being done now.
    pub fn now(&self) -> Option<Step> {
        self.step().clone()
    }

    fn step(&self) -> MutexGuard<'_, Option<Step>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Tasks, several of which are done at once.
#[derive(Debug)]
pub struct Tasks {
    verb: &'static str,
    labels: Vec<String>,
    state: Mutex<State>,
}

/// Which are over, and which have begun, by their numbers.
#[derive(Debug, Default)]
struct State {
    done: usize,
    running: Vec<usize>,
}

/// Which tasks are done, and which are not yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Now {
    /// How many are over.
    pub done: usize,
    /// What the others are called that have begun, in the order in which they did.
    pub running: Vec<String>,
}

impl Tasks {
    /// One of each label, none of which has begun; the verb says what is done: `Packing`.
    pub fn new(verb: &'static str, labels: Vec<String>) -> Self {
        Self { verb, labels, state: Mutex::default() }
    }

    /// What is done.
    pub fn verb(&self) -> &'static str {
        self.verb
    }

    /// How many there are in all.
    pub fn total(&self) -> usize {
        self.labels.len()
    }

    /// Does the work of the one with that number, counted from 0.
    pub fn during<T>(&self, number: usize, work: impl FnOnce() -> T) -> T {
        self.lock().running.push(number);
        let result = work();
        let mut state = self.lock();
        state.running.retain(|running| *running != number);
        state.done += 1;
        result
    }

    /// How far they are.
    pub fn now(&self) -> Now {
        let state = self.lock();
        let running = state.running.iter().map(|number| self.labels[*number].clone());
        Now { done: state.done, running: running.collect() }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A reader or writer whose bytes are counted.
pub struct Counting<'m, T> {
    inner: T,
    meter: &'m Meter,
}

impl<R: Read> Read for Counting<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.meter.add(read as u64);
        Ok(read)
    }
}

impl<W: Write> Write for Counting<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.meter.add(written as u64);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tasks_begin_and_end() {
        let labels = ["a", "b", "c"].map(str::to_owned);
        let tasks = Tasks::new("Packing", labels.to_vec());
        let running = |labels: &[&str]| labels.iter().map(|it| (*it).to_owned()).collect();
        tasks.during(0, || {
            tasks.during(1, || {
                assert_eq!(tasks.now(), Now { done: 0, running: running(&["a", "b"]) });
            });
            assert_eq!(tasks.now(), Now { done: 1, running: running(&["a"]) });
        });
        assert_eq!(tasks.now(), Now { done: 2, running: vec![] });
        assert_eq!((tasks.verb(), tasks.total()), ("Packing", 3));
    }

    #[test]
    fn a_clone_sees_the_step_that_began_last() {
        let (meter, seen) = (Meter::default(), Meter::default());
        let clone = meter.clone();
        meter.add(1);
        assert_eq!(clone.now(), None);
        meter.begin("Reading", "a", None);
        meter.begin("Packing", "b", Some(9));
        meter.add(4);
        meter.add(3);
        let step = Step { verb: "Packing", what: "b".to_owned(), total: Some(9), done: 7 };
        assert_eq!((clone.now(), seen.now()), (Some(step), None));
    }
}

//! What holds for every bundle, shown for many at random. A failure shows the smallest case that was
//! found; the cases are others each time.

mod bytes;
mod manifest;
mod sessions;
mod trees;

use libtest_mimic::Trial;
use proptest::strategy::Strategy;
use proptest::test_runner::{Config, TestCaseResult, TestRunner};

pub fn all() -> Vec<Trial> {
    [bytes::all(), sessions::all(), trees::all()].into_iter().flatten().collect()
}

/// Holds `property` against so many cases.
#[track_caller]
fn holds<S: Strategy>(cases: u32, of: &S, property: impl Fn(S::Value) -> TestCaseResult) {
    let config =
        Config { cases, failure_persistence: None, max_shrink_iters: 300, ..Config::default() };
    if let Err(failure) = TestRunner::new(config).run(of, property) {
        panic!("{failure}");
    }
}

//! What holds for every bundle, shown for many at random. A failure shows the smallest case that was
//! found; `RAMPKIT_SEED` chooses others.

mod bytes;
mod descriptor;
mod lines;
mod manifest;
mod sessions;
mod trees;
mod yaml;

use libtest_mimic::Trial;
use proptest::strategy::{Strategy, ValueTree as _};
use proptest::test_runner::{Config, RngAlgorithm, TestCaseResult, TestRng, TestRunner};

pub fn all() -> Vec<Trial> {
    [bytes::all(), descriptor::all(), lines::all(), sessions::all(), trees::all(), yaml::all()]
        .into_iter()
        .flatten()
        .collect()
}

/// Holds `property` against so many cases.
#[track_caller]
pub fn holds<S: Strategy>(cases: u32, of: &S, property: impl Fn(S::Value) -> TestCaseResult) {
    if let Err(failure) = runner(cases).run(of, property) {
        panic!("RAMPKIT_SEED={}: {failure}", seed());
    }
}

/// So many cases, for what looks at all of them at once.
pub fn some<S: Strategy>(cases: u32, of: &S) -> Vec<S::Value> {
    let mut runner = runner(cases);
    (0..cases).map(|_| of.new_tree(&mut runner).unwrap().current()).collect()
}

fn runner(cases: u32) -> TestRunner {
    let config =
        Config { cases, failure_persistence: None, max_shrink_iters: 300, ..Config::default() };
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&u64::to_le_bytes(seed()));
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes))
}

fn seed() -> u64 {
    std::env::var("RAMPKIT_SEED").map_or(1, |seed| seed.parse().expect("a number"))
}

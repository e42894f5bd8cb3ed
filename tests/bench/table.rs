//! Two sides, run in turn, and how their times compare.
//!
//! In: two closures. Out: a line of a table: the median of each side's times, its middle half, and
//! the median of the ratios of the rounds.

use std::fs;
use std::path::Path;

use super::measure::{Spread, milliseconds};

/// Up to this size, in bytes, a module is one that the goals are for; the others are for information.
const SMALL: u64 = 100_000;

/// A table on stdout.
pub struct Table {
    rounds: usize,
    goal: f64,
}

impl Table {
    /// Prints the heading. The goal is of the second side's time as a part of the first's.
    pub fn new(what: &str, [theirs, ours]: [&str; 2], rounds: usize, goal: f64) -> Self {
        let most = 1.0 / goal;
        println!("\n{what}: {rounds} rounds; medians in ms, and the middle half of the runs");
        println!(
            "{:23} {:>7}  {theirs:22}  {ours:22}  ratio                 at most 1/{most:.0}",
            "module", "kB"
        );
        Self { rounds, goal }
    }

    /// Measures both sides with a module and prints a line.
    pub fn row(
        &self,
        name: &str,
        file: &Path,
        (mut theirs, mut ours): (impl FnMut(), impl FnMut()),
    ) {
        // What is read for the first time comes from the disk.
        theirs();
        ours();
        let rounds = (0..self.rounds).map(|round| match round % 2 {
            0 => (milliseconds(&mut theirs), milliseconds(&mut ours)),
            _ => {
                let ours = milliseconds(&mut ours);
                (milliseconds(&mut theirs), ours)
            }
        });
        let rounds: Vec<(f64, f64)> = rounds.collect();
        let theirs = Spread::of(rounds.iter().map(|round| round.0));
        let ours = Spread::of(rounds.iter().map(|round| round.1));
        let ratio = Spread::of(rounds.iter().map(|(theirs, ours)| theirs / ours));
        let bytes = fs::metadata(file).unwrap().len();
        let verdict = match (bytes <= SMALL, 1.0 / ratio.median <= self.goal) {
            (false, _) => "-",
            (true, true) => "met",
            (true, false) => "MISSED",
        };
        let ratio = format!("1/{:.1} (1/{:.1}-1/{:.1})", ratio.median, ratio.low, ratio.high);
        println!(
            "{name:23} {:7.1}  {:22}  {:22}  {ratio:20}  {verdict}",
            bytes as f64 / 1000.0,
            theirs.to_string(),
            ours.to_string(),
        );
    }
}

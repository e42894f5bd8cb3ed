//! What was found in an archive, and which of its entries must not be read for it.

use std::collections::BTreeMap;

use crate::finding::{Finding, Severity};

/// More findings than anybody reads; further ones are counted.
const SHOWN: usize = 1000;
/// The most bytes of a name that are shown.
const NAME: usize = 200;

/// Findings in the order in which they were made.
#[derive(Default)]
pub struct Findings {
    list: Vec<Finding>,
    further: usize,
    /// The first error of each entry that has one.
    refused: BTreeMap<usize, Finding>,
}

impl Findings {
    /// Of the archive.
    pub fn add(&mut self, finding: Finding) {
        match self.list.len() < SHOWN {
            true => self.list.push(finding),
            false => self.further += 1,
        }
    }

    /// Of an entry, which an error keeps from being read.
    pub fn of(&mut self, entry: usize, finding: Finding) {
        if finding.severity == Severity::Error {
            self.refuse(entry, &finding);
        }
        self.add(finding);
    }

    /// Keeps an entry from being read for an error that is added elsewhere.
    pub fn refuse(&mut self, entry: usize, error: &Finding) {
        self.refused.entry(entry).or_insert_with(|| error.clone());
    }

    /// All of them, and the first error of each entry that has one.
    pub fn finish(mut self) -> (Vec<Finding>, BTreeMap<usize, Finding>) {
        if self.further > 0 {
            let text = format!("{} further findings are not listed", self.further);
            self.list.push(Finding::error("too_many_findings", text));
        }
        (self.list, self.refused)
    }
}

/// A name as it can be shown on a terminal, in quotes.
pub fn shown(name: &[u8]) -> String {
    let start = &name[..name.len().min(NAME)];
    let text = match std::str::from_utf8(start) {
        Ok(text) => format!("{text:?}"),
        // Cut in the middle of a character.
        Err(error) if error.error_len().is_none() && start.len() < name.len() => {
            format!("{:?}", String::from_utf8_lossy(&start[..error.valid_up_to()]))
        }
        Err(_) => format!("\"{}\"", start.escape_ascii()),
    };
    if start.len() < name.len() { format!("{text}… ({} bytes)", name.len()) } else { text }
}

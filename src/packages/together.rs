//! Several runs whose files appear beside each other.
//!
//! In: what is ready to be published, each with what it is called. Out: the error that two of them
//! would write the same file. A module.yaml may be that of several: each run renews its own part.

use std::path::PathBuf;

use super::{Order, Ready, places};
use crate::error::Error;
use crate::staged;

/// No run writes a file that another one writes.
///
/// # Errors
/// [`Error::SameFile`] with the labels of the first two that do.
pub fn check_apart<'a>(
    runs: impl IntoIterator<Item = (&'a str, &'a Order, &'a Ready)>,
) -> Result<(), Error> {
    let mut before: Vec<(&str, Vec<(String, PathBuf)>)> = Vec::new();
    for (label, order, ready) in runs {
        let files = places::outputs(order, &ready.packages);
        for (earlier, theirs) in &before {
            if let Some(path) = clash(theirs, &files) {
                let tasks = [earlier, label].map(str::to_owned);
                return Err(Error::SameFile { tasks, path });
            }
        }
        before.push((label, files));
    }
    Ok(())
}

/// A file that is in both, and not as the module.yaml of both.
fn clash(one: &[(String, PathBuf)], other: &[(String, PathBuf)]) -> Option<PathBuf> {
    let is_shared = |kind: &str, other: &str| kind == places::MODULE_YAML && kind == other;
    let is_in_other = |(kind, path): &&(String, PathBuf)| {
        other.iter().any(|(theirs, it)| !is_shared(kind, theirs) && staged::is_same(it, path))
    };
    one.iter().find(is_in_other).map(|(_, path)| path.clone())
}

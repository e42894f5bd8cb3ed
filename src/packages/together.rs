//! Several runs whose files appear beside each other.
//!
//! In: what is ready to be published, each with what it is called. Out: the error that two of them
//! would write the same file, or one what another reads. A module.yaml may be that of several: each
//! run renews its own part.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::path::Path;

use super::{MODULE_YAML, Order, Ready};
use crate::bundle::Bundle;
use crate::error::Error;
use crate::staged::Identity;

/// How tasks are given files of their own.
const ADVICE: &str = "give them names that differ, as by {name} or {platform} in `output`";

/// A run that is ready.
pub struct Run<'a> {
    /// What it is called.
    pub label: &'a str,
    /// What was asked for.
    pub order: &'a Order,
    /// What was packed.
    pub bundle: &'a Bundle,
    /// What is written.
    pub ready: &'a Ready,
}

/// No run writes a file that another one writes, nor one of those that are `read` for any of them.
///
/// # Errors
/// [`Error::SameFile`] with the labels of the first two that do; [`Error::IsAnInput`], and what else
/// [`Bundle::check_apart`] says.
pub fn check_apart(runs: &[Run], read: &[&Path]) -> Result<(), Error> {
    let read: HashSet<Identity> = read.iter().map(|path| Identity::of(path)).collect();
    let mut before = HashMap::new();
    for Run { label, order, ready, .. } in runs {
        for (kind, path) in order.outputs(&ready.packages) {
            let place = Identity::of(&path);
            if read.contains(&place) {
                return Err(Error::IsAnInput { path });
            }
            runs.iter().try_for_each(|run| run.bundle.check_apart(&path))?;
            match before.entry(place) {
                Entry::Vacant(place) => {
                    place.insert((*label, kind, path));
                }
                Entry::Occupied(place) => {
                    let (earlier, other, path) = place.get();
                    if (*other, kind) != (MODULE_YAML, MODULE_YAML) {
                        let tasks = [earlier, label].map(|label| (*label).to_owned());
                        return Err(Error::SameFile { tasks, advice: ADVICE, path: path.clone() });
                    }
                }
            }
        }
    }
    Ok(())
}

//! Several runs whose files appear beside each other.
//!
//! In: what is ready to be published, each with what it is called. Out: the error that two of them
//! would write the same file. A module.yaml may be that of several: each run renews its own part.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::{MODULE_YAML, Order, Ready};
use crate::error::Error;
use crate::staged::Identity;

/// No run writes a file that another one writes.
///
/// # Errors
/// [`Error::SameFile`] with the labels of the first two that do.
pub fn check_apart<'a>(
    runs: impl IntoIterator<Item = (&'a str, &'a Order, &'a Ready)>,
) -> Result<(), Error> {
    let mut before = HashMap::new();
    for (label, order, ready) in runs {
        for (kind, path) in order.outputs(&ready.packages) {
            match before.entry(Identity::of(&path)) {
                Entry::Vacant(place) => {
                    place.insert((label, kind, path));
                }
                Entry::Occupied(place) => {
                    let (earlier, other, path) = place.get();
                    if (*other, kind) != (MODULE_YAML, MODULE_YAML) {
                        let tasks = [earlier, label].map(str::to_owned);
                        return Err(Error::SameFile { tasks, path: path.clone() });
                    }
                }
            }
        }
    }
    Ok(())
}

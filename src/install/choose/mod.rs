//! From what is asked for to the modules to install, in order.
//!
//! In: a [`Catalogue`], what the target asks for, and which modules are to stay out. Out: an
//! [`Installation`]. `settle` says which version of each name it is, whatever order the lists have;
//! `walk` brings them into the order of the lists and finds what is wrong with what was asked for.

mod settle;
mod walk;

#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};

use self::walk::Walk;
use super::{Catalogue, Installation, Wish};
use crate::descriptor::document::Wanted;
use crate::error::{AssemblyError, Error};

/// The modules to install for a target that has these `wishes`, without those of an `excluded` name.
///
/// The order is depth-first: each module stands behind all that it asks for, once, where it is first
/// complete. A version that a wish pins is taken whatever others ask for. Else whoever asks for a
/// version gets it, and whoever asks for none gets the version that somebody else asks for; the
/// highest release where nobody does. The order of the lists has no part in that.
///
/// # Errors
/// [`AssemblyError`]: `Missing`, `Excluded`, `Conflict`, `Cycle`,
/// `Unsettled`, `Twice`.
pub fn choose(
    catalogue: &Catalogue,
    wishes: &[Wish],
    excluded: &[String],
) -> Result<Installation, Error> {
    let asked = Asked::new(catalogue, wishes, excluded)?;
    let picked = settle::settle(&asked)?;
    let mut walk = Walk::new(&asked, &picked);
    walk.all()?;
    let (modules, edges) = walk.installed();
    Ok(Installation { modules, edges })
}

/// What is asked for, and of whom.
struct Asked<'a> {
    catalogue: &'a Catalogue,
    wishes: &'a [Wish],
    excluded: HashSet<&'a str>,
    /// What the target pins: places in the catalogue.
    pins: HashMap<&'a str, usize>,
}

/// A module that somebody asks for.
#[derive(Clone, Copy)]
struct Ask<'a> {
    name: &'a str,
    version: Option<&'a str>,
}

impl<'a> Asked<'a> {
    fn new(
        catalogue: &'a Catalogue,
        wishes: &'a [Wish],
        excluded: &'a [String],
    ) -> Result<Self, Error> {
        let excluded: HashSet<&str> = excluded.iter().map(String::as_str).collect();
        let mut pins: HashMap<&str, (usize, &Wish)> = HashMap::new();
        let is_in = |wish: &&Wish| wish.pins && !excluded.contains(wish.name.as_str());
        for wish in wishes.iter().filter(is_in) {
            let Some(version) = &wish.version else { continue };
            let n = catalogue.exactly(&wish.name, version, &wish.by)?;
            let (pinned, earlier) = pins.entry(&wish.name).or_insert((n, wish));
            if *pinned != n {
                return Err(conflict(earlier, wish, "leave one of them out"));
            }
        }
        let pins = pins.into_iter().map(|(name, (n, _))| (name, n)).collect();
        Ok(Self { catalogue, wishes, excluded, pins })
    }

    /// What the target asks for, and is not excluded.
    fn of_target(&self) -> impl Iterator<Item = Ask<'a>> {
        let asks = self
            .wishes
            .iter()
            .map(|wish| Ask { name: &wish.name, version: wish.version.as_deref() });
        asks.filter(|ask| !self.excluded.contains(ask.name))
    }

    /// What a module of the catalogue asks for.
    fn of_module(&self, n: usize) -> &'a [Wanted] {
        let modules = &self.catalogue.get(n).module.modules;
        modules.as_ref().map_or(&[], |wants| &wants.install)
    }
}

impl<'a> From<&'a Wanted> for Ask<'a> {
    fn from(wanted: &'a Wanted) -> Self {
        Self { name: &wanted.name, version: wanted.version.as_deref() }
    }
}

/// Two ask for versions that differ.
fn conflict(first: &Wish, second: &Wish, advice: &str) -> Error {
    let [first, second] = [first, second].map(|wish| [wish.by.clone(), wish.label()]);
    AssemblyError::Conflict { first, second, advice: advice.to_owned() }.into()
}

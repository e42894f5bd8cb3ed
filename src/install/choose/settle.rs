//! Which version of each name is installed.
//!
//! In: what is asked for. Out: a module for each name that is reached. Whoever is reached may ask for
//! a version, and that may change who is reached: rounds are made until one gives what it began with.
//! A round goes by sets and not by lists, so that no order of a list can be seen in what comes out.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Ask, Asked};
use crate::error::{AssemblyError, Error};

/// Modules by name, as places in the catalogue.
pub(super) type Picked<'a> = HashMap<&'a str, usize>;

/// After so many rounds no further one is tried.
const ROUNDS: usize = 100;

/// The modules that are reached. Where two versions of a name are asked for it is the higher one, and
/// what is not there is left out: [`Walk`](super::walk::Walk) finds who asks for it.
///
/// # Errors
/// [`AssemblyError::Unsettled`].
pub(super) fn settle<'a>(asked: &Asked<'a>) -> Result<Picked<'a>, Error> {
    let mut expected = BTreeMap::new();
    let mut names = Vec::new();
    for _ in 0..ROUNDS {
        let round = Round::new(asked, &expected);
        names = round.unsettled();
        if names.is_empty() {
            return Ok(round.picked);
        }
        expected = round.versions;
    }
    Err(AssemblyError::Unsettled { names }.into())
}

/// All that is reached where whoever asks for no version gets the `expected` one.
struct Round<'a, 'b> {
    asked: &'b Asked<'a>,
    expected: &'b BTreeMap<&'a str, usize>,
    picked: Picked<'a>,
    /// The versions that are asked for; the highest of each name, but none that the target pins.
    versions: BTreeMap<&'a str, usize>,
    /// Names to pick next: those of a known version go first.
    known: BTreeMap<&'a str, usize>,
    open: BTreeSet<&'a str>,
}

impl<'a, 'b> Round<'a, 'b> {
    fn new(asked: &'b Asked<'a>, expected: &'b BTreeMap<&'a str, usize>) -> Self {
        let (picked, versions) = (HashMap::new(), BTreeMap::new());
        let (known, open) = (BTreeMap::new(), BTreeSet::new());
        let mut round = Self { asked, expected, picked, versions, known, open };
        asked.of_target().for_each(|ask| round.ask(ask));
        while !(round.known.is_empty() && round.open.is_empty()) {
            round.pick();
        }
        round
    }

    /// Picks all names whose version is known; where there are none, all others.
    fn pick(&mut self) {
        let catalogue = self.asked.catalogue;
        let mut next: Vec<(&str, usize)> = std::mem::take(&mut self.known).into_iter().collect();
        if next.is_empty() {
            let open = std::mem::take(&mut self.open).into_iter();
            next =
                open.filter_map(|name| Some((name, catalogue.highest(name, "").ok()?))).collect();
        }
        next.retain(|(name, n)| self.picked.insert(name, *n).is_none());
        for (_, n) in next {
            self.asked.of_module(n).iter().for_each(|wanted| self.ask(wanted.into()));
        }
    }

    fn ask(&mut self, Ask { name, version }: Ask<'a>) {
        if self.asked.excluded.contains(name) {
            return;
        }
        let catalogue = self.asked.catalogue;
        let pinned = self.asked.pins.get(name).copied();
        let exact = version.filter(|_| pinned.is_none());
        let exact = exact.and_then(|version| catalogue.exactly(name, version, "").ok());
        if let Some(n) = exact {
            let highest = self.versions.entry(name).or_insert(n);
            *highest = catalogue.higher(*highest, n);
        }
        if self.picked.contains_key(name) {
            return;
        }
        match pinned.or(self.expected.get(name).copied()).or(exact) {
            Some(n) => {
                self.open.remove(name);
                let known = self.known.entry(name).or_insert(n);
                *known = catalogue.higher(*known, n);
            }
            None if !self.known.contains_key(name) => {
                self.open.insert(name);
            }
            None => {}
        }
    }

    /// The names of which another version is picked than is asked for, or was expected and nobody asks
    /// for it.
    fn unsettled(&self) -> Vec<String> {
        let is_other = |name: &&&str| self.versions.get(**name) != self.picked.get(**name);
        let names: BTreeSet<&&str> =
            self.versions.keys().chain(self.expected.keys()).filter(is_other).collect();
        names.into_iter().map(|name| (*name).to_owned()).collect()
    }
}

//! The order of the modules, and what is wrong with what was asked for.
//!
//! In: what is asked for, and the module of each name. Out: the modules as they are installed, or the
//! first error in the order of the lists. The walk has a stack of its own: a chain may be long.

use std::collections::{HashMap, HashSet};

use super::settle::Picked;
use super::{Ask, Asked, conflict};
use crate::error::{AssemblyError, Error};
use crate::install::{Chosen, Wish};

/// A walk through all that is asked for.
pub(super) struct Walk<'a, 'b> {
    asked: &'b Asked<'a>,
    picked: &'b Picked<'a>,
    /// Those who are being walked through, each with how much of their list is done.
    path: Vec<(usize, usize)>,
    on_path: HashSet<usize>,
    /// Places in the catalogue, each behind all that it asks for.
    order: Vec<usize>,
    done: HashSet<usize>,
    why: HashMap<usize, Vec<Wish>>,
    edges: HashSet<(usize, usize)>,
    /// Who was first to ask for a version of a name.
    versions: HashMap<&'a str, (usize, Wish)>,
}

/// Of a ring, no more is shown.
const SHOWN: usize = 12;

impl<'a, 'b> Walk<'a, 'b> {
    pub fn new(asked: &'b Asked<'a>, picked: &'b Picked<'a>) -> Self {
        Self {
            asked,
            picked,
            path: Vec::new(),
            on_path: HashSet::new(),
            order: Vec::new(),
            done: HashSet::new(),
            why: HashMap::new(),
            edges: HashSet::new(),
            versions: HashMap::new(),
        }
    }

    /// Goes through what the target asks for, and whatever that asks for.
    ///
    /// # Errors
    /// As [`choose`](super::choose), without what `settle` finds.
    pub fn all(&mut self) -> Result<(), Error> {
        for wish in self.asked.wishes {
            if self.asked.excluded.contains(wish.name.as_str()) {
                continue;
            }
            let ask = Ask { name: &wish.name, version: wish.version.as_deref() };
            let n = self.found(ask, &wish.by)?;
            let why = self.why.entry(n).or_default();
            if !why.contains(wish) {
                why.push(wish.clone());
            }
            self.down(n)?;
        }
        Ok(())
    }

    /// From a module to the end of all that it asks for.
    fn down(&mut self, n: usize) -> Result<(), Error> {
        self.enter(n)?;
        while let Some((from, at)) = self.path.last_mut() {
            let from = *from;
            let Some(wanted) = self.asked.of_module(from).get(*at) else {
                self.leave();
                continue;
            };
            *at += 1;
            let by = self.asked.catalogue.get(from).label();
            let to = self.found(wanted.into(), &by)?;
            self.enter(to)?;
            if self.edges.insert((from, to)) {
                self.why.entry(to).or_default().push(Wish::new(wanted, by));
            }
        }
        Ok(())
    }

    fn enter(&mut self, n: usize) -> Result<(), Error> {
        if self.done.contains(&n) {
            return Ok(());
        }
        if !self.on_path.insert(n) {
            return Err(self.ring(n));
        }
        self.path.push((n, 0));
        Ok(())
    }

    fn leave(&mut self) {
        let Some((n, _)) = self.path.pop() else { return };
        self.on_path.remove(&n);
        self.done.insert(n);
        self.order.push(n);
    }

    /// The module that is meant.
    fn found(&mut self, ask: Ask<'a>, by: &str) -> Result<usize, Error> {
        let Ask { name, version } = ask;
        let Asked { catalogue, excluded, pins, .. } = self.asked;
        if excluded.contains(name) {
            let (name, by) = (name.to_owned(), by.to_owned());
            return Err(AssemblyError::Excluded { name, by }.into());
        }
        let is_pinned = pins.contains_key(name);
        match (version, self.picked.get(name)) {
            (Some(_), Some(pinned)) if is_pinned => Ok(*pinned),
            (Some(version), _) => {
                let n = catalogue.exactly(name, version, by)?;
                self.agreed(ask, n, by)?;
                Ok(n)
            }
            (None, Some(picked)) => Ok(*picked),
            (None, None) => catalogue.highest(name, by),
        }
    }

    /// Whether all ask for the same.
    fn agreed(&mut self, Ask { name, version }: Ask<'a>, n: usize, by: &str) -> Result<(), Error> {
        let wish = || {
            let (name, version) = (name.to_owned(), version.map(str::to_owned));
            Wish { name, version, by: by.to_owned(), pins: false }
        };
        let (first, earlier) = self.versions.entry(name).or_insert_with(|| (n, wish()));
        match *first == n {
            true => Ok(()),
            false => Err(conflict(earlier, &wish(), "pin one in the target's modules.install")),
        }
    }

    /// The ring that ends where it is entered again.
    fn ring(&self, n: usize) -> Error {
        let start = self.path.iter().position(|(one, _)| *one == n).unwrap_or_default();
        let ring = self.path[start..].iter().map(|(one, _)| *one).chain([n]);
        let mut ring: Vec<String> = ring.map(|n| self.asked.catalogue.short_label(n)).collect();
        if let Some(more) = ring.len().checked_sub(SHOWN + 1).filter(|more| *more > 0) {
            let dots = format!("… {more} more …");
            ring.splice(SHOWN / 2..SHOWN / 2 + more, [dots]);
        }
        AssemblyError::Cycle { ring }.into()
    }

    /// What was found, once all is walked through.
    pub fn installed(mut self) -> (Vec<Chosen>, Vec<(usize, usize)>) {
        let places: HashMap<usize, usize> =
            self.order.iter().enumerate().map(|(place, n)| (*n, place)).collect();
        let mut edges: Vec<(usize, usize)> =
            self.edges.iter().map(|(from, to)| (places[from], places[to])).collect();
        edges.sort_unstable();
        let chosen = |n: &usize| Chosen {
            candidate: self.asked.catalogue.get(*n).clone(),
            why: self.why.remove(n).unwrap_or_default(),
        };
        (self.order.iter().map(chosen).collect(), edges)
    }
}

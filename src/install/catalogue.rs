//! All modules there are.
//!
//! In: [`Candidate`]s. Out: those of a name, one of a version, and what is nearest to what is not
//! there. Two of the same name and version are an error wherever they come from; only what a person
//! names on the command line replaces what was named before, by [`later_wins`].

use std::collections::HashMap;

use super::{Candidate, Version, labelled};
use crate::error::{AssemblyError, Error};
use crate::nearest::nearest;
use crate::warning::Warning;
use crate::wording;

/// Modules by name and version.
#[derive(Debug, Default)]
pub struct Catalogue {
    all: Vec<Candidate>,
    places: Vec<Option<Version>>,
    by_name: HashMap<String, HashMap<Option<String>, usize>>,
}

/// How many names or versions an advice has.
const SHOWN: usize = 5;

impl Catalogue {
    /// Adds a module. The same one of the same place again is no other.
    ///
    /// # Errors
    /// [`AssemblyError::Twice`] where another has its name and its version.
    pub fn add(&mut self, candidate: Candidate) -> Result<(), Error> {
        let of_name = self.by_name.entry(candidate.module.name.clone()).or_default();
        let version = candidate.module.version.clone();
        if let Some(there) = of_name.get(&version) {
            return match &self.all[*there] {
                there if there.origin.name == candidate.origin.name => Ok(()),
                there => Err(twice(there, &candidate)),
            };
        }
        self.places.push(version.as_deref().map(Version::new));
        of_name.insert(version, self.all.len());
        self.all.push(candidate);
        Ok(())
    }

    /// The module that was added as the n-th.
    pub(super) fn get(&self, n: usize) -> &Candidate {
        &self.all[n]
    }

    /// All names, in no order.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.by_name.keys().map(String::as_str)
    }

    /// The one of the two that has the higher version; the later one where that is the same.
    pub(super) fn higher(&self, a: usize, b: usize) -> usize {
        if (&self.places[a], a) > (&self.places[b], b) { a } else { b }
    }

    /// The name; with the version where there is more than one.
    pub(super) fn short_label(&self, n: usize) -> String {
        let candidate = self.get(n);
        match self.by_name[&candidate.module.name].len() {
            1 => candidate.module.name.clone(),
            _ => candidate.label(),
        }
    }

    /// Which one says that it has this version; else the one whose version is the same in order.
    ///
    /// # Errors
    /// [`AssemblyError::Missing`]; [`AssemblyError::Twice`] where two are the same in order.
    pub(super) fn exactly(&self, name: &str, version: &str, by: &str) -> Result<usize, Error> {
        let of_name = self.by_name.get(name).ok_or_else(|| self.no_such_name(name, by))?;
        if let Some(found) = of_name.get(&Some(version.to_owned())) {
            return Ok(*found);
        }
        let place = Some(Version::new(version));
        let equal = of_name.values().copied().filter(|n| self.places[*n] == place);
        match self.only(equal) {
            Some(found) => found,
            None => Err(self.no_such_version(name, version, by)),
        }
    }

    /// The highest release of a name.
    ///
    /// # Errors
    /// [`AssemblyError::Missing`]; [`AssemblyError::Twice`] where two are the highest, or one has a
    /// version and another has none.
    pub(super) fn highest(&self, name: &str, by: &str) -> Result<usize, Error> {
        let of_name = self.by_name.get(name).ok_or_else(|| self.no_such_name(name, by))?;
        let is_release =
            |n: &usize| self.places[*n].as_ref().is_none_or(|version| !version.is_prerelease());
        let releases: Vec<usize> = of_name.values().copied().filter(is_release).collect();
        let highest = releases.iter().map(|n| &self.places[*n]).max();
        // Whether one without a version is above another, nobody knows.
        let or_unknown = |n: &usize| Some(&self.places[*n]) == highest || self.places[*n].is_none();
        match self.only(releases.iter().copied().filter(or_unknown)) {
            Some(found) => found,
            None => Err(self.no_release(name, by)),
        }
    }

    /// The one of these; nothing where there is none.
    fn only(&self, of: impl Iterator<Item = usize>) -> Option<Result<usize, Error>> {
        let mut found: Vec<usize> = of.collect();
        found.sort_unstable();
        Some(match found[..] {
            [] => return None,
            [one] => Ok(one),
            [first, second, ..] => Err(twice(self.get(first), self.get(second))),
        })
    }

    fn no_such_name(&self, name: &str, by: &str) -> Error {
        let near = nearest(name, self.names(), SHOWN);
        let advice = match (near.as_slice(), self.by_name.len()) {
            (_, 0) => "name the files or the repositories that have modules".to_owned(),
            ([], count) => {
                let mut names: Vec<String> = self.by_name.keys().cloned().collect();
                names.sort();
                let names = wording::first(&names, SHOWN);
                format!(
                    "{}: {names}",
                    wording::plural(count, "module is there", "modules are there")
                )
            }
            ([one], _) => format!("the nearest name is {one}"),
            (near, _) => format!("the nearest names are {}", wording::listed(near, "and")),
        };
        missing(format!("module {name}"), by, advice)
    }

    fn no_such_version(&self, name: &str, version: &str, by: &str) -> Error {
        let there = self.versions(name);
        let advice = match there.as_slice() {
            [] => format!("{name} is there without a version: ask for it without one"),
            [one] => format!("there is {name} {one}"),
            more => format!("there are {name} {}", wording::first(more, SHOWN)),
        };
        missing(labelled(name, Some(version)), by, advice)
    }

    fn no_release(&self, name: &str, by: &str) -> Error {
        let newest = self.versions(name).into_iter().next().unwrap_or_default();
        let advice = format!(
            "its newest pre-release is {newest}: ask for that with `version: {newest}`, \
             or for it in the target's modules.install"
        );
        missing(format!("release of {name}"), by, advice)
    }

    /// The versions of a name, the highest first.
    fn versions(&self, name: &str) -> Vec<String> {
        let mut found: Vec<usize> = self.by_name[name].values().copied().collect();
        found.sort_by(|a, b| self.places[*b].cmp(&self.places[*a]).then(a.cmp(b)));
        found.into_iter().filter_map(|n| self.get(n).module.version.clone()).collect()
    }
}

/// What files of a command line define: a later module of the same name replaces the earlier one in
/// the earlier one's place. It is a warning where they come from different files.
pub fn later_wins(candidates: Vec<Candidate>) -> (Vec<Candidate>, Vec<Warning>) {
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut gathered: Vec<Candidate> = Vec::new();
    let mut warnings = Vec::new();
    for candidate in candidates {
        match places.get(&candidate.module.name) {
            None => {
                places.insert(candidate.module.name.clone(), gathered.len());
                gathered.push(candidate);
            }
            Some(place) => {
                let earlier = &mut gathered[*place];
                warnings.extend(replaced(earlier, &candidate));
                *earlier = candidate;
            }
        }
    }
    (gathered, warnings)
}

fn replaced(earlier: &Candidate, later: &Candidate) -> Option<Warning> {
    let Candidate { module, origin } = earlier;
    (origin.file() != later.origin.file()).then(|| {
        let message =
            format!("{} of {} replaces that of {}", module.name, later.origin.name, origin.name);
        Warning::new(message).advise("name only the file whose module you want")
    })
}

fn missing(wanted: String, by: &str, advice: String) -> Error {
    AssemblyError::Missing { wanted, by: by.to_owned(), advice }.into()
}

fn twice(first: &Candidate, second: &Candidate) -> Error {
    let module = match (first.label(), second.label()) {
        (first, second) if first == second => first,
        (first, second) => format!("{first} (or {second})"),
    };
    let origins = [first, second].map(|it| it.origin.name.clone());
    AssemblyError::Twice { module, origins }.into()
}

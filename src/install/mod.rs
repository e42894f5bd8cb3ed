//! Which modules an image gets, and in which order.
//!
//! In: [`Candidate`]s from files, bundles, folders and git repositories, and the [`Wish`]es of who asks
//! for them. Out: an [`Installation`]: each module once, after what it asks for, and why it is there.
//! What of a module an image holds is not known here.

mod bundle;
mod catalogue;
mod choose;
mod gathering;
mod inputs;
mod repository;
mod usual;
mod version;

use std::path::PathBuf;

use crate::descriptor::document::{Module, Wanted};

pub use bundle::Loader;
pub use catalogue::{Catalogue, later_wins};
pub use choose::choose;
pub use gathering::{Asked, Gathered, gather};
pub use repository::{Repositories, repositories};
pub use version::Version;

/// A module that can be installed.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// What it says.
    pub module: Module,
    /// Where it comes from.
    pub origin: Origin,
}

/// Where a module or a target comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// What messages call the place: `modules/a/module.yaml:3`.
    pub name: String,
    /// The folder that its files lie in; stdin has none.
    pub folder: Option<PathBuf>,
    /// Whether that folder is gone after this run, so that a build cannot read from it.
    pub is_passing: bool,
}

/// A module that somebody asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// Its name.
    pub name: String,
    /// Its version; the highest release where it is not said.
    pub version: Option<String>,
    /// Who asks: a module with its version, or a place.
    pub by: String,
    /// Whether that version is taken whatever others ask for: a target's list does that.
    pub pins: bool,
}

/// A module that is installed.
#[derive(Clone, Debug)]
pub struct Chosen {
    /// The module.
    pub candidate: Candidate,
    /// Who asks for it, each with what they ask for.
    pub why: Vec<Wish>,
}

/// All that is installed.
#[derive(Clone, Debug, Default)]
pub struct Installation {
    /// The modules, each behind all that it asks for.
    pub modules: Vec<Chosen>,
    /// Who asks for whom among them, as their places in `modules`; each pair once, sorted.
    pub edges: Vec<(usize, usize)>,
}

impl Candidate {
    /// Its name, and its version if it has one: `lib 1.9`.
    pub fn label(&self) -> String {
        labelled(&self.module.name, self.module.version.as_deref())
    }
}

impl Origin {
    /// What stands in a line of a file, which messages call `file`.
    pub fn of_line(file: &str, line: usize, folder: Option<PathBuf>) -> Self {
        Self { name: format!("{file}:{line}"), folder, is_passing: false }
    }

    /// Its name without line and column.
    pub fn file(&self) -> &str {
        let is_number = |it: &str| !it.is_empty() && it.bytes().all(|byte| byte.is_ascii_digit());
        let without = |name| match str::rsplit_once(name, ':') {
            Some((before, number)) if is_number(number) => before,
            _ => name,
        };
        without(without(&self.name))
    }
}

impl Wish {
    /// What a list of modules to install says, in the name of who has it.
    pub fn new(wanted: &Wanted, by: impl Into<String>) -> Self {
        let Wanted { name, version } = wanted.clone();
        Self { name, version, by: by.into(), pins: false }
    }

    /// What the list of a target says.
    pub fn pinning(self) -> Self {
        Self { pins: true, ..self }
    }

    /// What is asked for: `lib 1.9`.
    pub fn label(&self) -> String {
        labelled(&self.name, self.version.as_deref())
    }
}

fn labelled(name: &str, version: Option<&str>) -> String {
    version.map_or_else(|| name.to_owned(), |version| format!("{name} {version}"))
}

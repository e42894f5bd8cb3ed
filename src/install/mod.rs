//! Which modules an image gets, and in which order.
//!
//! In: [`Candidate`]s from files, bundles, folders and git repositories, and the [`Wish`]es of who asks
//! for them. Out: an [`Installation`]: each module once, after what it asks for, and why it is there.
//! What of a module an image holds is not known here.

mod bundle;

use std::path::PathBuf;

use crate::descriptor::document::Module;

pub use bundle::{Bundled, Loader, read as read_bundle};

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
}

/// A module that is installed.
#[derive(Clone, Debug)]
pub struct Chosen {
    /// The module.
    pub candidate: Candidate,
    /// Who asks for it, each with what they ask for.
    pub why: Vec<Wish>,
}

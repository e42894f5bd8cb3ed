//! What to pack, and how: a value that the command line makes and packing follows.

use std::path::{Path, PathBuf};

use super::Sources;
use crate::archive::Settings;
use crate::discovery::Method;
use crate::manifest::{Layer, Place, Variables};
use crate::progress::Meter;

/// What to pack.
#[derive(Debug)]
pub struct Request {
    /// The module's file.
    pub module: PathBuf,
    /// The manifest, if there is one.
    pub manifest: Option<Place>,
    /// Values for a manifest that is a template.
    pub variables: Variables,
    /// Whether a key of the manifest that is no field is an error.
    pub strict: bool,
    /// Where `local_path` begins; the manifest's folder by default.
    pub folder: Option<PathBuf>,
    /// Fields that options give; they win over everything.
    pub options: Layer,
    /// The module's commit, where nothing else tells it.
    pub git_sha: Option<String>,
    /// How to learn what the module registers.
    pub discovery: Method,
    /// How to write its archives.
    pub settings: Settings,
    /// Where the files of dependencies come from.
    pub sources: Sources,
    /// Counts what takes a while.
    pub meter: Meter,
}

impl Request {
    /// The manifest's file, where it is one.
    pub fn manifest_file(&self) -> Option<&Path> {
        self.manifest.as_ref().and_then(Place::file)
    }

    /// Where `local_path` begins.
    pub(super) fn folder(&self) -> &Path {
        let manifest = self.manifest_file().and_then(Path::parent);
        self.folder.as_deref().or(manifest).unwrap_or(Path::new(""))
    }
}

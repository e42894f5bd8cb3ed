//! Everything that can stop rampkit, in one enum, grouped by the stage that finds it.
//!
//! A text says what went wrong and where; the cause follows by `source()` and is never repeated in
//! the text; what to do about it stands in [`hint`](Error::hint), and what a script sees in
//! [`exit_code`](Error::exit_code). Each stage has its part of the enum in a file of its own, with
//! hints and exit codes beside the texts.

mod advice;
mod assembly;
mod bundle;
mod dependency;
mod descriptor;
mod discovery;
mod fault;
mod host;
mod io_context;
mod location;
mod manifest;
mod shown;
mod source;
mod text;

use std::io;
use std::path::PathBuf;

pub use assembly::AssemblyError;
pub use bundle::BundleError;
pub use dependency::DependencyError;
pub use descriptor::DescriptorError;
pub use discovery::DiscoveryError;
pub use fault::{ModuleFault, ON_LOAD, VALKEY_ON_LOAD};
pub use host::{Diagnosis, HostFault};
pub use io_context::IoContext;
pub use location::Location;
pub use manifest::{ManifestError, UnknownKey};
use shown::{listed, shown};
pub use source::{Said, SourceError};

/// Why rampkit could not go on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    // The system.
    /// A file or folder could not be used.
    #[error("cannot {action} {}", path.display())]
    Io {
        /// What was tried: a verb, with a preposition where it needs one.
        action: &'static str,
        /// What it was tried on.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A folder stands where a file should.
    #[error("{} is a folder", path.display())]
    IsAFolder {
        /// The folder.
        path: PathBuf,
    },
    /// A device, a pipe or a socket stands where a file should.
    #[error("{} is not a file", path.display())]
    NotAFile {
        /// What is there.
        path: PathBuf,
    },
    /// A file that rampkit did not write would be overwritten.
    #[error("{} would be overwritten: {why}", path.display())]
    WouldOverwrite {
        /// The file in the way.
        path: PathBuf,
        /// How we know that it is someone's own work.
        why: String,
    },

    /// A folder that would be replaced holds more than rampkit wrote.
    #[error("{} would be replaced: {why}", folder.display())]
    InTheFolder {
        /// The folder.
        folder: PathBuf,
        /// What of it is someone's own work.
        why: String,
        /// Whether rampkit made the folder once.
        is_ours: bool,
    },

    /// Files that shall be new are there.
    #[error("these are there already:\n{}", listed(paths))]
    AlreadyThere {
        /// All of them.
        paths: Vec<PathBuf>,
    },
    /// Some of several files have appeared, and the next cannot.
    #[error("not everything was written; there are already\n{}", listed(there))]
    NotAll {
        /// Those that have appeared.
        there: Vec<PathBuf>,
        /// Why the next has not.
        #[source]
        source: Box<Self>,
    },
    /// A file that is read would be overwritten.
    #[error("{} is one of the files that are read, and would be overwritten", path.display())]
    IsAnInput {
        /// The file.
        path: PathBuf,
    },

    // Texts that people write.
    /// A file that must be a text has bytes that are no UTF-8.
    #[error("{} is not a text: byte {offset} is not UTF-8", path.display())]
    NotText {
        /// The file.
        path: PathBuf,
        /// Where, counted from 0.
        offset: usize,
    },
    /// A text does not say what its format allows.
    #[error("{}{}: {what}{}", path.display(), shown(location, Location::suffix), shown(location, Location::excerpt))]
    BadText {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
        /// Where in it.
        location: Option<Location>,
    },

    // The stages.
    /// There is no manifest from a repository.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// It is not known what the module registers.
    #[error(transparent)]
    Discovery(#[from] DiscoveryError),
    /// The file of a dependency cannot be had.
    #[error(transparent)]
    Dependency(#[from] DependencyError),
    /// A manifest cannot be followed.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// Packing cannot go on.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// An image cannot be assembled from what is given.
    #[error(transparent)]
    Assembly(#[from] AssemblyError),

    // The descriptor.
    /// A module.yaml that is there cannot be renewed.
    #[error("{}{}: {what}{}", path.display(), location.suffix(), location.excerpt())]
    ModuleYaml {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
        /// Where in it.
        location: Location,
    },
    /// What a module.yaml says is not what it may say.
    #[error(transparent)]
    Descriptor(#[from] DescriptorError),
    /// A project file asks for what cannot be done.
    #[error("{}{}: {what}{}", path.display(), shown(location, Location::suffix), shown(location, Location::excerpt))]
    Project {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
        /// Where in it.
        location: Option<Location>,
        /// What to do about it.
        advice: Option<String>,
    },
    /// Two tasks of a project are in each other's way.
    #[error("{} and {} would both write {}", tasks[0], tasks[1], path.display())]
    SameFile {
        /// Their labels.
        tasks: [String; 2],
        /// How to give them files of their own.
        advice: &'static str,
        /// The file.
        path: PathBuf,
    },
    /// A path that must be written into a text is not text.
    #[error("{}: a path that is not UTF-8 cannot be named in module.yaml", path.display())]
    NotUtf8 {
        /// The path.
        path: PathBuf,
    },

    // What was asked for.
    /// JSON behind an option does not say what the option takes.
    #[error("{option}{}: {what}{}", location.suffix(), location.excerpt())]
    BadArgument {
        /// The option.
        option: String,
        /// What is wrong with what stands behind it.
        what: String,
        /// Where in it.
        location: Location,
    },
    /// Options that do not fit each other or the input.
    #[error("{0}")]
    Usage(String),
    /// There were warnings, and `--deny-warnings` was given.
    #[error("there were warnings, and --deny-warnings was given")]
    DeniedWarnings,
}

impl Error {
    /// What the person who sees this error can do.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Io { source, .. } => io_context::io_hint(source.kind())?,
            Self::IsAFolder { .. } | Self::NotAFile { .. } => "name a file",
            Self::NotAll { source, .. } => return source.hint(),
            Self::WouldOverwrite { .. } => "move it away to keep it, or overwrite it with --force",
            Self::InTheFolder { is_ours: true, .. } => {
                "name another folder, or replace it, with all that is in it, with --force"
            }
            Self::InTheFolder { is_ours: false, .. } => {
                "name another folder, one that is empty or not there yet; nothing was written"
            }
            Self::AlreadyThere { .. } => "begin in another folder with -C DIR; nothing was written",
            Self::ModuleYaml { .. } => {
                "mend it there, write another file with --module-yaml PATH, \
                 or none with --no-module-yaml; it is as it was"
            }
            Self::NotUtf8 { .. } => "choose another --output, or --no-module-yaml",
            Self::NotText { .. } => "write it as UTF-8",
            Self::BadText { location: Some(location), .. } if location.is_of_template() => {
                "a template has {{NAME}}, with a name alone in it, and no logic"
            }
            Self::BadText { .. } | Self::BadArgument { .. } | Self::Usage(_) => return None,
            Self::Descriptor(_) => {
                "rampkit schema module.yaml has every key; those of your own begin with x-"
            }
            Self::IsAnInput { .. } => "write to another place",
            Self::Project { advice, .. } => return advice.clone(),
            Self::SameFile { advice, .. } => return Some(format!("nothing was written; {advice}")),
            Self::Source(error) => return error.hint(),
            Self::Discovery(error) => return error.hint(),
            Self::Dependency(error) => return error.hint(),
            Self::Manifest(error) => return Some(error.hint()),
            Self::Bundle(error) => return error.hint(),
            Self::Assembly(error) => return Some(error.hint()),
            Self::DeniedWarnings => {
                "mend what they name, or leave --deny-warnings out; nothing was written"
            }
        };
        Some(hint.to_owned())
    }

    /// The exit code of a run that ended with this error; README lists them.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::BadArgument { .. } | Self::Usage(_) => 2,
            Self::Io { .. }
            | Self::IsAFolder { .. }
            | Self::NotAFile { .. }
            | Self::NotUtf8 { .. } => 3,
            Self::NotAll { source, .. } => source.exit_code(),
            Self::NotText { .. }
            | Self::BadText { .. }
            | Self::ModuleYaml { .. }
            | Self::Descriptor(_)
            | Self::Project { .. } => 6,
            Self::Dependency(error) => error.exit_code(),
            Self::Manifest(error) => error.exit_code(),
            Self::Bundle(error) => error.exit_code(),
            Self::Assembly(_) => 12,
            Self::Source(error) => error.exit_code(),
            Self::Discovery(_) => 8,
            Self::WouldOverwrite { .. }
            | Self::InTheFolder { .. }
            | Self::AlreadyThere { .. }
            | Self::IsAnInput { .. }
            | Self::SameFile { .. } => 9,
            Self::DeniedWarnings => 10,
        }
    }
}

//! What can stop packing.

use std::path::PathBuf;

use super::{ModuleFault, listed};
use crate::finding::Finding;

/// Why there is no bundle.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BundleError {
    /// A text of the manifest names a variable of the environment that is not set.
    #[error("{place}: the environment has no variable {name}")]
    NoVariable {
        /// The variable.
        name: String,
        /// Where it is named.
        place: String,
    },
    /// A dependency that cannot be said or embedded.
    #[error("dependency {name}: {why}")]
    BadDependency {
        /// Its name.
        name: String,
        /// What is wrong.
        why: String,
    },

    // The module.
    /// A file that no Redis server would load.
    #[error("{} is no Redis module: {fault}", path.display())]
    NotAModule {
        /// The file.
        path: PathBuf,
        /// Why not.
        fault: ModuleFault,
    },
    /// A file in which nothing can be looked into.
    #[error("{} is neither a bundle nor a module: {why}", path.display())]
    NotABundle {
        /// The file.
        path: PathBuf,
        /// Why not.
        why: String,
        /// What to do about it.
        advice: Option<String>,
    },
    /// A library that is called what a bundle is called: nobody expects that it runs.
    #[error("{} is a library, and named as a bundle", path.display())]
    NamedAsBundle {
        /// The file.
        path: PathBuf,
    },
    /// No module was named, and none was found.
    #[error("no module was named, and there is none here nor in {}", searched.join(", "))]
    NoModule {
        /// Where else it was looked for.
        searched: &'static [&'static str],
    },
    /// No module was named, and there is more than one.
    #[error("no module was named, and there are several:\n{}", listed(found))]
    SeveralModules {
        /// All of them.
        found: Vec<PathBuf>,
    },
    /// Debug symbols that are of something else.
    #[error("{} has no debug symbols of the module: {why}", path.display())]
    NotItsSymbols {
        /// The file.
        path: PathBuf,
        /// Why not.
        why: String,
    },

    // The bundle.
    /// A value that would make a bundle nobody accepts.
    #[error("{name} cannot be {value:?}: {why}")]
    BadField {
        /// The field.
        name: &'static str,
        /// Its value.
        value: String,
        /// What it must be.
        why: &'static str,
    },
    /// A setting of the manifest that cannot be followed.
    #[error("{name} cannot be followed: {why}")]
    BadSetting {
        /// The key.
        name: &'static str,
        /// What is wrong with its value.
        why: String,
    },
    /// A field that there is not.
    #[error("there is no field {name:?}")]
    UnknownField {
        /// What was typed.
        name: String,
        /// Names that look like it.
        nearest: Vec<&'static str>,
    },
    /// A `--set` that says nothing.
    #[error("cannot set {text:?}: {why}")]
    BadAssignment {
        /// What was typed.
        text: String,
        /// What is wrong with it.
        why: String,
    },
    /// An `--output` that is no name.
    #[error("cannot name the bundle {template:?}: {why}")]
    BadOutputName {
        /// What was typed.
        template: String,
        /// What is wrong with it.
        why: String,
    },
    /// Something an archive cannot hold.
    #[error("cannot archive {}: {why}", path.display())]
    CannotArchive {
        /// What.
        path: PathBuf,
        /// Why not.
        why: &'static str,
    },
    /// A file is not the same at the end of packing as at its start.
    #[error("{} changed while it was packed", path.display())]
    Changed {
        /// The file, by its path in the archive.
        path: PathBuf,
    },
    /// A bundle that somebody sent has errors.
    #[error("{} cannot be trusted:\n{}", path.display(), lines(findings))]
    Untrusted {
        /// The bundle.
        path: PathBuf,
        /// All errors that were found.
        findings: Vec<Finding>,
    },
    /// Files of a bundle have the names of others that are there.
    #[error("other files would be overwritten:\n{}", listed(paths))]
    InTheWay {
        /// All of them.
        paths: Vec<PathBuf>,
    },
    /// A link or a file stands where a folder should.
    #[error("{} is no folder", path.display())]
    NotAFolder {
        /// What is there.
        path: PathBuf,
    },
    /// What was packed makes a file that readers refuse.
    #[error("readers would refuse {}: {why}", path.display())]
    Refused {
        /// The file.
        path: PathBuf,
        /// What they would find.
        why: String,
    },
    /// What was read back is not what was written.
    #[error("{} does not hold what was written to it", path.display())]
    NotWhatWasWritten {
        /// The file.
        path: PathBuf,
    },
}

impl BundleError {
    /// See [`Error::hint`](super::Error::hint).
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::BadDependency { .. } => return None,
            Self::NoVariable { name, .. } => format!("set it: {name}=… rampkit pack"),
            Self::NotAModule { fault, .. } => fault.hint().to_owned(),
            Self::NotABundle { advice, .. } => return advice.clone(),
            Self::NamedAsBundle { .. } => {
                "looking into a module runs it; if that is meant, name it .so".to_owned()
            }
            Self::NoModule { .. } => "name it: rampkit pack path/to/module.so".to_owned(),
            Self::SeveralModules { found } => {
                format!("name the one you mean: rampkit pack {}", found[0].display())
            }
            Self::NotItsSymbols { .. } => {
                "name the file of symbols that was made with this build of the module".to_owned()
            }
            Self::BadSetting { .. } => "mend it in the manifest".to_owned(),
            Self::BadField { name, .. } => format!("give another with --set {name}=…"),
            Self::UnknownField { nearest, .. } if nearest.is_empty() => return None,
            Self::UnknownField { nearest, .. } => format!("near are {}", nearest.join(", ")),
            Self::BadAssignment { text, .. } if text.contains('=') => return None,
            Self::BadAssignment { .. } => "write it as --set FIELD=VALUE".to_owned(),
            Self::BadOutputName { .. } => {
                "any field of module.json can stand in it, as {semantic_version}, and {stem}, \
                 {osnick}, {variant}, {branch}"
                    .to_owned()
            }
            Self::CannotArchive { .. } => "take it out of the dependency's folder".to_owned(),
            Self::Changed { .. } => "let its build end first, then pack again".to_owned(),
            Self::Untrusted { .. } => {
                "nothing was written; ask whoever made it for a sound one".to_owned()
            }
            Self::InTheWay { .. } => {
                "unpack into another folder with -C DIR, or overwrite them with --force".to_owned()
            }
            Self::NotAFolder { .. } => "move it, or name another folder with -C DIR".to_owned(),
            Self::Refused { .. } => {
                "leave that out of the bundle; what shrinks too well passes with --level 0"
                    .to_owned()
            }
            Self::NotWhatWasWritten { .. } => "check the disk; nothing was left behind".to_owned(),
        };
        Some(hint)
    }

    /// See [`Error::exit_code`](super::Error::exit_code).
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::NoModule { .. }
            | Self::SeveralModules { .. }
            | Self::UnknownField { .. }
            | Self::BadAssignment { .. }
            | Self::BadOutputName { .. } => 2,
            Self::Untrusted { .. } => 1,
            Self::CannotArchive { .. }
            | Self::NotAFolder { .. }
            | Self::Changed { .. }
            | Self::NotWhatWasWritten { .. } => 3,
            Self::BadField { .. }
            | Self::BadSetting { .. }
            | Self::NoVariable { .. }
            | Self::BadDependency { .. }
            | Self::Refused { .. } => 6,
            Self::NotAModule { .. }
            | Self::NotABundle { .. }
            | Self::NamedAsBundle { .. }
            | Self::NotItsSymbols { .. } => 7,
            Self::InTheWay { .. } => 9,
        }
    }
}

fn lines(findings: &[Finding]) -> String {
    let lines: Vec<String> = findings.iter().map(|finding| format!("  {finding}")).collect();
    lines.join("\n")
}

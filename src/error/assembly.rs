//! What can stop an image from being assembled. `by` and `origin` say who asked and where it stands.

use crate::wording::listed;

/// Why there is no plan of an image.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "a field is explained by the text it stands in")]
#[non_exhaustive]
pub enum AssemblyError {
    /// A module is asked for and not there, or not in that version.
    #[error("there is no {wanted}, which {by} asks for")]
    Missing { wanted: String, by: String, advice: String },
    /// A module is asked for and taken out.
    #[error("{name} is excluded, and {by} asks for it")]
    Excluded { name: String, by: String },
    /// Modules ask for each other.
    #[error("modules ask for each other: {}", ring.join(" → "))]
    Cycle { ring: Vec<String> },
    /// A module is asked for in two versions.
    #[error("{} asks for {}, and {} for {}", first[0], first[1], second[0], second[1])]
    Conflict { first: [String; 2], second: [String; 2], advice: String },
    /// Who asks for a version is only there with another.
    #[error(
        "who asks for a version of {} is there only with another version of it",
        listed(names, "and")
    )]
    Unsettled { names: Vec<String> },
    /// A module is there twice in the same version.
    #[error("{module} is defined twice: {} and {}", origins[0], origins[1])]
    Twice { module: String, origins: [String; 2] },
    /// What somebody wants cannot be built.
    #[error("{origin}: {what}")]
    Unbuildable { origin: String, what: String, advice: String },
}

impl AssemblyError {
    /// See [`Error::hint`](super::Error::hint).
    pub fn hint(&self) -> String {
        match self {
            Self::Missing { advice, .. }
            | Self::Conflict { advice, .. }
            | Self::Unbuildable { advice, .. } => advice.clone(),
            Self::Excluded { name, .. } => {
                format!("exclude that one as well, or leave out --exclude {name}")
            }
            Self::Cycle { .. } => "take one of these out of the other's modules.install".to_owned(),
            Self::Unsettled { .. } => {
                "say in the target's modules.install which version to take".to_owned()
            }
            Self::Twice { .. } => "remove one, or give it another version".to_owned(),
        }
    }
}

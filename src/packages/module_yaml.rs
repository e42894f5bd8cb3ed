//! The module.yaml that points at a bundle.
//!
//! In: what was asked for it, the bundle and its place. Out: the text it shall have.

use std::path::{Path, PathBuf};

use super::write;
use crate::bundle::Bundle;
use crate::descriptor::{self, Artifact, Module, Rendered};
use crate::digest::Sha256;
use crate::error::Error;
use crate::staged::Staged;

/// What a module.yaml shall say beside what the bundle says.
#[derive(Clone, Debug, Default)]
pub struct ModuleYaml {
    /// Where it is; beside the bundle by default.
    pub path: Option<PathBuf>,
    /// The image that holds the bundle.
    pub image: Option<String>,
    /// Who shall own the bundle: `user:group`.
    pub user: Option<String>,
    /// What else the image to come shall have.
    pub artifacts: Vec<Artifact>,
}

/// A module.yaml that is ready to be written.
pub struct Renewed {
    /// Where.
    pub path: PathBuf,
    /// What.
    pub rendered: Rendered,
}

impl ModuleYaml {
    /// Where it is, for the bundle at `target`.
    pub fn beside(&self, target: &Path) -> PathBuf {
        self.path.clone().unwrap_or_else(|| target.with_file_name("module.yaml"))
    }

    /// Its text, for the bundle at `target` with its digest.
    pub(super) fn renewed(
        &self,
        bundle: &Bundle,
        target: &Path,
        sha256: Sha256,
    ) -> Result<Renewed, Error> {
        let path = self.beside(target);
        let redis_modules = std::env::var_os("REDIS_MODULES").map(PathBuf::from);
        let source = descriptor::source_in_container(target, redis_modules.as_deref())?;
        let text = |name| bundle.metadata.text(name).unwrap_or_default().to_owned();
        let module = Module {
            name: text("module_name"),
            version: text("semantic_version"),
            image: self.image.clone(),
            bundle: Artifact { source, target: None, user: self.user.clone() },
            sha256,
            artifacts: self.artifacts.clone(),
        };
        let rendered = descriptor::renew(&path, &module)?;
        Ok(Renewed { path, rendered })
    }
}

impl Renewed {
    /// Writes the file; it does not appear until it is published.
    pub(super) fn stage(&self) -> Result<Staged, Error> {
        write::text(&self.path, self.rendered.text.as_bytes())
    }
}

//! What a module tells by itself: its file, and what it registers.
//!
//! In: the path of a module, and how to load it. Out: [`Learned`]. No manifest is read, and no
//! repository is asked: what is written for an author must be certain.

use std::fs::File;
use std::path::{Path, PathBuf};

use crate::bundle;
use crate::discovery::{self, Discovered, Discovery, Method, Source, Subject};
use crate::elf::{BinaryFacts, ElfFacts};
use crate::error::{BundleError, Error, IoContext, ModuleFault};
use crate::finding::Finding;
use crate::metadata::semantic_version;
use crate::platform::{Architecture, MODULE_FOLDERS};
use crate::staged::folder_of;
use crate::warning::Warning;

/// What is known of a module that nobody has packed yet.
#[derive(Debug)]
pub struct Known {
    /// The name of its file.
    pub file: String,
    /// Where the file lies in the image that has it.
    pub folder: String,
    /// What it was built for.
    pub architecture: Architecture,
    /// What it registers.
    pub discovered: Discovered,
    /// What it was loaded with.
    pub arguments: Vec<String>,
    /// The systems of nodes on which it can be loaded, as far as its file tells; else what none of them
    /// has.
    pub systems: Result<Vec<&'static str>, Finding>,
    /// The image that has it; else a name is made up.
    pub image: Option<String>,
}

/// What was learned, and how.
#[derive(Debug)]
pub struct Learned {
    /// What is known.
    pub known: Known,
    /// Who says what the module registers.
    pub source: Source,
    /// What a server might see otherwise.
    pub warnings: Vec<Warning>,
}

impl Learned {
    /// Learns what the module at `path` tells when it is loaded with `arguments`; `image` has it.
    ///
    /// # Errors
    /// [`BundleError::NotAModule`], [`BundleError::BadField`] for a name that no bundle can have, and
    /// those of [`discovery::discover`].
    pub fn of(
        path: &Path,
        arguments: Vec<String>,
        method: &Method,
        image: Option<String>,
    ) -> Result<Self, Error> {
        let facts = ElfFacts::read(path)?;
        if facts.for_valkey {
            let (path, fault) = (path.to_owned(), ModuleFault::ForValkey);
            return Err(BundleError::NotAModule { path, fault }.into());
        }
        let subject = Subject { path, facts: &facts, arguments: &arguments };
        let Discovery { discovered, source, warnings, .. } = discovery::discover(&subject, method)?;
        let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        bundle::check_names(&discovered.name, &file)?;
        let binary = File::open(path).at("read", path)?;
        let binary = BinaryFacts::of(&binary).unwrap_or_default();
        let (architecture, folder) = (facts.architecture, folder_in_image(path)?);
        let systems = bundle::fitting(&binary, architecture);
        let known = Known { file, folder, architecture, discovered, arguments, systems, image };
        Ok(Self { known, source, warnings })
    }
}

impl Known {
    pub(super) fn version(&self) -> String {
        semantic_version(self.discovered.version)
    }

    /// The image that has the bundle as well: one of the same name, and so of another digest.
    pub(super) fn packed(&self) -> String {
        self.image().split('@').next().unwrap_or_default().to_owned()
    }

    /// The image, or what it might be called: a reference has small letters only.
    pub(super) fn image(&self) -> String {
        let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
        let words: String = self.discovered.name.chars().map(plain).collect();
        let words = words.split('-').filter(|word| !word.is_empty());
        let name = words.collect::<Vec<_>>().join("-");
        let name = if name.is_empty() { "module" } else { &name };
        self.image.clone().unwrap_or_else(|| format!("{name}:{}", self.version()))
    }
}

/// Where images have the module: where it is, if that is a folder for modules, else in the first.
fn folder_in_image(module: &Path) -> Result<String, Error> {
    let module = std::path::absolute(module).at("find", module)?;
    let folder = folder_of(&module);
    let real = folder.canonicalize().at("find", folder)?;
    let is_here = |known: &Path| known.canonicalize().is_ok_and(|known| known == real);
    let redis_modules = std::env::var_os("REDIS_MODULES").map(PathBuf::from);
    let mut known = MODULE_FOLDERS.iter().map(Path::new).chain(redis_modules.as_deref());
    Ok(match known.any(is_here) {
        true => folder.display().to_string(),
        false => MODULE_FOLDERS[0].to_owned(),
    })
}

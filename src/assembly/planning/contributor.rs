//! Who adds something to an image: a module, or the target after all of them.
//!
//! In: a [`Request`]. Out: its contributors in their order, each of which can say what is wrong with
//! what it wants.

use crate::assembly::Request;
use crate::descriptor::document::{Definition, Platform};
use crate::error::{AssemblyError, Error};
use crate::install::Origin;
use crate::warning::Warning;

/// A module, or the target.
#[derive(Clone, Copy, Debug)]
pub(super) struct Contributor<'a> {
    /// Its place among all.
    pub index: usize,
    /// What messages call it.
    pub name: &'a str,
    pub version: Option<&'a str>,
    pub origin: &'a Origin,
    pub definition: &'a Definition,
    /// The image that has its artifacts.
    pub image: Option<&'a str>,
    pub is_target: bool,
    pub platform: Platform,
}

impl<'a> Contributor<'a> {
    /// The modules in install order, then the target.
    pub fn all(request: &'a Request) -> Vec<Self> {
        let platform = platform(request);
        let modules = request.modules.iter().enumerate().map(|(index, chosen)| {
            let (module, origin) = (&chosen.candidate.module, &chosen.candidate.origin);
            Self {
                index,
                name: &module.name,
                version: module.version.as_deref(),
                origin,
                definition: &module.definition,
                image: module.image.as_deref(),
                is_target: false,
                platform,
            }
        });
        modules.chain([Self::target(request)]).collect()
    }

    /// The target.
    pub fn target(request: &'a Request) -> Self {
        let target = &request.target;
        Self {
            index: request.modules.len(),
            name: target.name.as_deref().unwrap_or("the target"),
            version: target.version.as_deref(),
            origin: &request.origin,
            definition: &target.definition,
            image: None,
            is_target: true,
            platform: platform(request),
        }
    }

    /// An error that says what cannot be made of what it wants, and what to do about it.
    pub fn cannot(&self, what: impl AsRef<str>, advice: impl Into<String>) -> Error {
        let (origin, what) = (self.shown(), what.as_ref().to_owned());
        AssemblyError::Unbuildable { origin, what, advice: advice.into() }.into()
    }

    /// Something that its author should know.
    pub fn warning(&self, what: impl AsRef<str>) -> Warning {
        Warning::new(format!("{}: {}", self.shown(), what.as_ref()))
    }

    /// Who and where.
    pub fn shown(&self) -> String {
        match self.origin.name == self.name {
            true => self.name.to_owned(),
            false => format!("{}: {}", self.origin.name, self.name),
        }
    }

    /// Whether it is for Windows.
    pub fn is_windows(&self) -> bool {
        self.platform == Platform::Windows
    }

    /// A path as builders want it: with slashes, also on Windows.
    pub fn path(&self, path: &str) -> String {
        if self.is_windows() { path.replace('\\', "/") } else { path.to_owned() }
    }
}

fn platform(request: &Request) -> Platform {
    request.target.platform.unwrap_or(Platform::Linux)
}

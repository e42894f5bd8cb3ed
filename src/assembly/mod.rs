//! What an image of modules holds, and the Dockerfile that makes it.
//!
//! In: a target and the modules to install, in order. Out: a [`Plan`]; of it, and of nothing else, the
//! instructions of a Dockerfile, and its text.

pub mod dockerfile;
mod folder;
mod outline;
mod plan;
mod planning;
#[cfg(test)]
mod tests;

use std::path::PathBuf;

use crate::descriptor::document::Target;
use crate::install::{Chosen, Origin};
use crate::warning::Warning;

pub use dockerfile::check::check;
pub use dockerfile::instructions::{MARK, instructions, needs_base_user};
pub use dockerfile::{dockerfile, is_ours};
pub use outline::outline;
pub use plan::{Copy, Execute, Packages, Part, Plan, Script, Stage};
pub use planning::assemble;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// From what it is made, for people: files and repositories, as they were typed.
    pub made_of: Vec<String>,
    /// The target, with options and defaults in it; its list of modules counts no more.
    pub target: Target,
    /// Where that comes from; the first of its files.
    pub origin: Origin,
    /// The modules, in install order; images of options are in them.
    pub modules: Vec<Chosen>,
    /// The folder that is given to the builder, and how files come to be in it.
    pub context: Context,
    /// The text of the redis.conf to begin from.
    pub redis_conf: Option<String>,
}

/// The folder that is given to the builder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Context {
    /// This one, as it is: what is needed must lie in it already.
    InPlace(PathBuf),
    /// A new one: what is needed is collected in it, a folder for each module and version.
    Collected,
}

/// What is made of a request.
#[derive(Debug)]
pub struct Assembled {
    /// What the image holds.
    pub plan: Plan,
    /// What must be collected in the context; nothing where it is used in place.
    pub collected: Vec<Collected>,
    /// What its author should know.
    pub warnings: Vec<Warning>,
}

/// A file, or a folder with all that is in it, that the build context must have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collected {
    /// Its path in the context.
    pub path: String,
    /// What it is.
    pub content: Content,
}

/// What a file of the context is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// A copy of a file or folder of this machine.
    Of(PathBuf),
    /// A text.
    Text(String),
}

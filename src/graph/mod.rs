//! The diagram of what requires what, with the order of installation numbered.
//!
//! In: a [`Graph`]. Out: its text for Graphviz, for Mermaid, or a picture. Each renderer is a pure
//! function of the value: the same graph, the same bytes. Where the modules come from, and what
//! their order is, is not known here.

mod dot;
mod layout;
mod mermaid;
mod svg;
mod text;

pub use dot::dot;
pub use mermaid::mermaid;
pub use svg::svg;

use crate::wording::tame;

/// What requires what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Graph {
    /// What stands above it; empty for none.
    pub title: String,
    /// The boxes.
    pub nodes: Vec<Node>,
    /// The arrows: the place in `nodes` of what requires, and of what it requires.
    pub edges: Vec<(usize, usize)>,
}

/// A module, or what modules are installed into.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Node {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: Option<String>,
    /// What else is to be known, on a line of its own: its image.
    pub detail: Option<String>,
    /// Its number in the order of installation, from 1; none for what modules are installed into.
    pub order: Option<usize>,
}

impl Node {
    /// What stands below its name, a line each.
    fn more(&self) -> impl Iterator<Item = &String> {
        [&self.version, &self.detail].into_iter().flatten().filter(|line| !line.is_empty())
    }
}

/// A text on one line, with nothing in it that is hidden or that no XML may have.
fn line(text: &str) -> String {
    tame(text).replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")
}

//! YAML as the reference packer's reader (PyYAML's FullLoader) takes it, with the place of everything.
//!
//! In: a text. Out: a [`Node`], into which aliases and merge keys (`<<`) are worked; of two equal keys
//! the last counts. What a scalar means is decided where its field is known, see [`scalar`]; that
//! reader's own types (dates, sets, Python's) are refused.

mod compose;
mod read;
pub mod scalar;

use std::path::Path;

use crate::error::{Error, Location};

pub use compose::{compose, documents};

/// Where something begins: line and column, counted from 1.
pub type Mark = (usize, usize);

/// What is wrong with a text.
#[derive(Debug)]
pub struct Fault {
    /// Where; unknown for what comes of values that have no place.
    pub at: Option<Mark>,
    /// The way to it from the top: `add_command[0].flags`.
    way: String,
    /// What.
    what: String,
}

/// A key that stood there before.
#[derive(Debug)]
pub struct Twice {
    /// Where it stands.
    pub at: Mark,
    /// Where it stood.
    pub before: Mark,
    /// The key.
    pub key: String,
}

/// Something that stands in a text.
#[derive(Clone, Debug)]
pub struct Node {
    /// Where it begins.
    pub at: Mark,
    /// What it is.
    pub content: Content,
}

/// What stands in a text.
#[derive(Clone, Debug)]
pub enum Content {
    /// A text, a number and the like.
    Scalar {
        /// As it was typed, without quotes and escapes.
        text: String,
        /// Whether it can be something else than a text.
        kind: Resolve,
    },
    /// A list.
    List(Vec<Node>),
    /// A mapping, in its order; each key once.
    Mapping(Vec<(Node, Node)>),
}

/// How to find out what a scalar is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolve {
    /// It stands without quotes: by its look.
    ByLook,
    /// It is a text: it stands in quotes, or has the tag `!!str`.
    Text,
}

impl Fault {
    pub fn new(at: Option<Mark>, what: impl Into<String>) -> Self {
        Self { at, way: String::new(), what: what.into() }
    }

    /// What to say of a key that stood there before.
    pub fn twice(Twice { at, key, .. }: &Twice) -> Self {
        Self::new(Some(*at), format!("{key:?} stands there twice"))
    }

    /// The same, seen from further up.
    pub fn below(mut self, step: &str) -> Self {
        let between = if self.way.is_empty() || self.way.starts_with('[') { "" } else { "." };
        self.way = format!("{step}{between}{}", self.way);
        self
    }

    /// The error about the `text` of the file that messages call `path`.
    pub fn in_file(&self, text: &str, path: &Path) -> Error {
        let location = self.at.map(|(line, column)| Location::new(text, line, column));
        Error::BadText { path: path.to_owned(), what: self.to_string(), location }
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.way.is_empty() {
            true => f.write_str(&self.what),
            false => write!(f, "{}: {}", self.way, self.what),
        }
    }
}

impl std::error::Error for Fault {}

impl Node {
    /// The text of a scalar, as it was typed.
    pub fn text(&self) -> Option<&str> {
        match &self.content {
            Content::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// What a scalar is; lists and mappings are none.
    pub fn scalar(&self) -> Option<scalar::Scalar> {
        match &self.content {
            Content::Scalar { text, kind: Resolve::ByLook } => Some(scalar::resolve(text)),
            Content::Scalar { kind: Resolve::Text, .. } => Some(scalar::Scalar::Text),
            _ => None,
        }
    }

    /// Is nothing there?
    pub fn is_null(&self) -> bool {
        self.scalar() == Some(scalar::Scalar::Null)
    }

    /// Its members with their keys, where it is a mapping.
    pub fn pairs(&self) -> &[(Node, Node)] {
        match &self.content {
            Content::Mapping(pairs) => pairs,
            _ => &[],
        }
    }
}

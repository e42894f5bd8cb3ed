//! module.yaml: which artifacts of which image a Dockerfile to come shall copy.
//!
//! In: what a bundle contributes (a [`Module`]) and the module.yaml that is there, if any. Out: the
//! new text. What a person added by hand stays as it was typed, comments and order included: the
//! text is spliced, never written anew, and only where the result, read again, means exactly what
//! was intended; where that cannot be done the file is refused. What an artifact file holds, and
//! how a Dockerfile is made of it, is not known here.

mod artifact;
pub mod document;
mod edit;
mod find;
mod intent;
mod merge;
mod read;
mod style;
mod syntax;

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use serde_yaml::Value;

use self::merge::Merged;
use crate::digest::Sha256;
use crate::error::{DescriptorError, Error, IoContext, Location};
use crate::warning::Warning;

pub use artifact::{Artifact, DEFAULT_USER, NotAnArtifact, REDIS_MODULES, source_in_container};
pub use read::{Placed, read};
pub use style::yaml_text;

/// What a bundle contributes to a module.yaml: one entry of `kind: Module`.
#[derive(Clone, Debug)]
pub struct Module {
    /// The name by which an entry is found, letter for letter.
    pub name: String,
    /// The semantic version, as in module.json.
    pub version: String,
    /// The image that holds the artifacts; an image that is there already stays unless one is given.
    pub image: Option<String>,
    /// Where the bundle lies in that image.
    pub bundle: Artifact,
    /// The digest of the bundle.
    pub sha256: Sha256,
    /// What else shall be copied.
    pub artifacts: Vec<Artifact>,
}

/// The text of a module.yaml, and what its user should know.
#[derive(Debug)]
pub struct Rendered {
    /// The whole text; what was there, byte for byte, if there was nothing to renew.
    pub text: String,
    /// What is odd about the file but no obstacle.
    pub warnings: Vec<Warning>,
}

/// Why a text cannot be read or renewed.
#[derive(Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where it is.
    pub location: Location,
    /// What is wrong there.
    pub what: String,
    /// What else is wrong, in the order of the text.
    pub others: Vec<Self>,
    /// How many there are behind these.
    pub further: usize,
}

impl Fault {
    fn new(location: Location, what: impl Into<String>) -> Self {
        Self { location, what: what.into(), others: Vec::new(), further: 0 }
    }

    /// The error about the file that messages call `path`, where that is only read.
    pub fn in_file(self, path: &Path) -> Error {
        let Self { location, what, others, further } = self;
        let others = others.into_iter().map(|other| (other.what, other.location));
        let faults = std::iter::once((what, location)).chain(others).collect();
        DescriptorError { path: path.to_owned(), faults, further }.into()
    }
}

const HEADER: &str = "\
# Written by rampkit pack for the Dockerfile that installs this bundle. Packing again renews the
# version and the bundle; what is added by hand (script, command, artifacts, comments) stays.
";

/// The text that the module.yaml at `path` shall have. Nothing is written.
///
/// # Errors
/// [`Error::Io`], and [`Error::ModuleYaml`] where the file that is there cannot be renewed.
pub fn renew(path: &Path, module: &Module) -> Result<Rendered, Error> {
    let existing = match fs::read(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        read => Some(read.at("read", path)?),
    };
    let refused =
        |Fault { location, what, .. }| Error::ModuleYaml { path: path.to_owned(), what, location };
    let existing = existing.map(utf8).transpose().map_err(refused)?;
    render(module, existing.as_deref()).map_err(refused)
}

/// The text of module.yaml: `existing` is the text that is there now.
///
/// # Errors
/// A [`Fault`] where `existing` is not YAML, is none of the known shapes (a module, a list of
/// modules, a target with modules, several such documents), or cannot be renewed without harm.
pub fn render(module: &Module, existing: Option<&str>) -> Result<Rendered, Fault> {
    let existing = existing.unwrap_or_default();
    let documents = syntax::values(existing)?;
    let root = syntax::parse(existing)?;
    let Merged { intent, entry, warnings } = merge::merge(module, documents)
        .map_err(|misfit| root.fault(existing, &misfit.at, &misfit.what))?;
    let start = if existing.trim().is_empty() { HEADER } else { existing };
    let text = match &intent.changes[..] {
        [] => Some(existing.to_owned()),
        changes => changes.iter().try_fold(start.to_owned(), edit::apply),
    };
    let as_intended = |text: &String| {
        syntax::values(text).is_ok_and(|now| intent.documents == Value::Sequence(now))
    };
    match text.filter(as_intended) {
        Some(text) => Ok(Rendered { text, warnings }),
        None => Err(root.fault(existing, &entry, UNSAFE)),
    }
}

/// What is said where an edited text would not mean what was intended.
const UNSAFE: &str = "this module cannot be renewed without changing something else: write its \
                      version, image and artifacts without anchors, aliases, tags or block scalars";

fn utf8(bytes: Vec<u8>) -> Result<String, Fault> {
    String::from_utf8(bytes).map_err(|error| {
        let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        syntax::fault_at(&String::from_utf8_lossy(good), good.len(), "this is not UTF-8 text")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hello() -> Module {
        let source = "hello.1.2.3.zip".to_owned();
        let bundle = Artifact { source, target: None, user: None };
        let (name, version) = ("hello".to_owned(), "1.2.3".to_owned());
        Module { name, version, image: None, bundle, sha256: Sha256::of(b""), artifacts: vec![] }
    }

    #[test]
    fn line_ends_and_marks_stay() {
        let sha256 = Sha256::of(b"");
        for (existing, expected) in [
            (
                "\u{feff}name: hello\r\n# é\r\nartifacts:\r\n- source: hello.1.2.2.zip\r\n",
                "\u{feff}name: hello\r\nversion: 1.2.3\r\n# é\r\nartifacts:\r\n- source: \
                 hello.1.2.3.zip\r\n  sha256: [sha256]\r\n",
            ),
            (
                "  name: other\r\n  image: a\r\n",
                "  - name: other\r\n    image: a\r\n  - kind: Module\r\n    name: hello\r\n    \
                 version: 1.2.3\r\n    artifacts:\r\n      - source: hello.1.2.3.zip\r\n        \
                 user: redislabs:redislabs\r\n        sha256: [sha256]\r\n",
            ),
            (
                "- version: 'é'\n  name: hello\n  artifacts:\n  - source: hello.1.2.2.zip",
                "- version: '1.2.3'\n  name: hello\n  artifacts:\n  - source: hello.1.2.3.zip\n    \
                 sha256: [sha256]\n",
            ),
        ] {
            let text = render(&hello(), Some(existing)).unwrap().text;
            assert_eq!(text.replace(&sha256.to_string(), "[sha256]"), expected);
        }
    }

    #[test]
    fn what_is_up_to_date_stays_byte_for_byte() {
        let sha256 = Sha256::of(b"");
        let text = format!(
            "  {{name: hello,version: \"1.2.3\" ,\n  artifacts: [ {{source: hello.1.2.3.zip, sha256: \
             '{sha256}'}}] }}  # no line end"
        );
        assert_eq!(render(&hello(), Some(&text)).unwrap().text, text);
    }
}

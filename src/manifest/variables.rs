//! The variables of a template: who gives which value.
//!
//! In: what options, files and the environment define. Out: the value of a name, and of what nobody
//! needed a warning. A value that is derived from the module gives way to any other.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::PathBuf;

use super::template::is_name;
use crate::error::ManifestError;
use crate::warning::Warning;

/// The variables of a template.
#[derive(Clone, Debug, Default)]
pub struct Variables {
    given: BTreeMap<String, (String, Giver)>,
    /// The files that were read for them.
    pub files: Vec<PathBuf>,
    /// Whether a name without a value stands for an empty text.
    pub allow_undefined: bool,
    /// Whether they are for other manifests as well: what one does not use, another may.
    pub shared: bool,
}

/// Who gives a variable its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Giver {
    /// rampkit, which knows the module.
    Derived,
    /// A variable of the environment, of that name.
    Environment(String),
    /// A file of definitions.
    File(PathBuf),
    /// An option.
    Option,
}

impl Variables {
    /// Gives a variable a value; what is given later wins.
    pub fn define(&mut self, name: &str, value: &str, giver: Giver) {
        self.given.insert(name.to_owned(), (value.to_owned(), giver));
    }

    /// Gives a variable a value that somebody else's stays in the place of.
    pub fn derive(&mut self, name: &str, value: &str) {
        let derived = || (value.to_owned(), Giver::Derived);
        self.given.entry(name.to_owned()).or_insert_with(derived);
    }

    /// Takes from the environment what begins with `prefix`, without it.
    pub fn define_from(
        &mut self,
        prefix: &str,
        environment: impl IntoIterator<Item = (String, String)>,
    ) {
        for (variable, value) in environment {
            if let Some(name) = variable.strip_prefix(prefix).filter(|name| is_name(name)) {
                self.define(name, &value, Giver::Environment(variable.clone()));
            }
        }
    }

    /// Whether `name` has a value.
    pub fn is_defined(&self, name: &str) -> bool {
        self.given.contains_key(name)
    }

    /// The names that have a value, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.given.keys().map(String::as_str)
    }

    /// The value of `name`, where it has one or needs none.
    pub fn value(&self, name: &str) -> Option<&str> {
        let given = self.given.get(name).map(|(value, _)| value.as_str());
        given.or(self.allow_undefined.then_some(""))
    }

    /// No value of `used` may end a line: it would not stay where it was put.
    ///
    /// # Errors
    /// [`ManifestError::VariableOfLines`].
    pub fn check_lines<'a>(
        &self,
        used: impl IntoIterator<Item = &'a str>,
    ) -> Result<(), ManifestError> {
        for name in used {
            if let Some((value, giver)) = self.given.get(name)
                && value.contains(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}'])
            {
                let (name, giver) = (name.to_owned(), giver.to_string());
                return Err(ManifestError::VariableOfLines { name, giver });
            }
        }
        Ok(())
    }

    /// Warnings of what is defined and not `used`: of each option, and of a file nothing of which is
    /// used. The environment is not written for us.
    pub fn unused(&self, used: &BTreeSet<&str>) -> Vec<Warning> {
        if self.shared {
            return Vec::new();
        }
        let mut files: BTreeMap<&PathBuf, bool> = BTreeMap::new();
        let mut warnings = Vec::new();
        for (name, (_, giver)) in &self.given {
            let is_used = used.contains(name.as_str());
            match giver {
                Giver::Option if !is_used => {
                    let message = format!(
                        "{{{{{name}}}}} is given a value and stands nowhere in the manifest"
                    );
                    warnings
                        .push(Warning::new(message).advise("check the spelling, or leave it out"));
                }
                Giver::File(path) => *files.entry(path).or_default() |= is_used,
                _ => {}
            }
        }
        let idle = files.into_iter().filter(|(_, is_used)| !is_used);
        warnings.extend(idle.map(|(path, _)| {
            let message = format!("{}: the manifest uses nothing of it", path.display());
            Warning::new(message).advise("leave it out, or write {{NAME}} in the manifest")
        }));
        warnings
    }
}

impl fmt::Display for Giver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Derived => f.write_str("the module"),
            Self::Environment(name) => write!(f, "${name}"),
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Option => f.write_str("--define"),
        }
    }
}

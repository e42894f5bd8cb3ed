//! Changes to a redis.conf.
//!
//! In: `config` of a module.yaml, of several modules and a target; or directives one by one. Out:
//! checked [`Changes`]. A value is kept as it was typed.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use serde_yaml::Value;

use super::{Fault, directive, words};

/// What is to be changed, by the newest name of a directive.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes(BTreeMap<String, Change>);

/// A change of one directive.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Change {
    /// As it was written.
    name: String,
    /// What stands behind it on each of its lines; no line takes the directive away.
    lines: Vec<String>,
}

impl Changes {
    /// `config` of a module.yaml, in which every scalar is a text: a text is what stands behind the
    /// directive, a list gives it several lines, null takes it away. An empty text is the empty
    /// value.
    ///
    /// # Errors
    /// A [`Fault`] that names the directive.
    pub fn read(config: &BTreeMap<String, Value>) -> Result<Self, Fault> {
        let mut changes = Self::default();
        for (name, value) in config {
            match value {
                Value::Null => changes.unset(name)?,
                value => changes.set(name, lines(name, value)?)?,
            }
        }
        Ok(changes)
    }

    /// Sets a directive: `lines` are what stands behind it, each time; see [`typed`](super::typed).
    ///
    /// # Errors
    /// A [`Fault`] where a server would not start with that, or it is in these changes already.
    pub fn set(&mut self, name: &str, lines: Vec<String>) -> Result<(), Fault> {
        let lines: Vec<String> =
            lines.iter().map(|line| checked(name, line)).collect::<Result<_, _>>()?;
        match (lines.len(), &directive::canonical(name)) {
            (0, _) => Err(Fault::Kind { directive: name.to_owned(), what: "an empty list" }),
            (found, it) if found > 1 && !directive::REPEATED.contains(&it.as_str()) => {
                Err(Fault::Several { directive: name.to_owned(), found })
            }
            _ => self.insert(name, lines),
        }
    }

    /// Takes a directive away.
    ///
    /// # Errors
    /// A [`Fault`] where it cannot be one, or is in these changes already.
    pub fn unset(&mut self, name: &str) -> Result<(), Fault> {
        self.insert(name, Vec::new())
    }

    /// These, and `later` ones that win, except that modules to load add up.
    pub fn then(mut self, later: Self) -> Self {
        for (name, mut change) in later.0 {
            if let Some(before) = self.0.remove(&name).filter(|_| name == "loadmodule")
                && !change.lines.is_empty()
            {
                let is_new = |line: &String| !before.lines.contains(line);
                change.lines.retain(is_new);
                change.lines.splice(0..0, before.lines);
            }
            self.0.insert(name, change);
        }
        self
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each directive by its newest name, and the lines that it shall have. Files that are included
    /// come first, so that what is set here wins over them.
    pub(super) fn lines(&self) -> impl Iterator<Item = (&str, Vec<String>)> {
        let is_include = |name: &&String| name.as_str() == "include";
        let first = self.0.keys().filter(is_include);
        let rest = self.0.keys().filter(move |name| !is_include(name));
        first.chain(rest).map(|key| {
            let Change { name, lines } = &self.0[key];
            (key.as_str(), lines.iter().map(|line| format!("{name} {line}")).collect())
        })
    }

    fn insert(&mut self, name: &str, lines: Vec<String>) -> Result<(), Fault> {
        let is_plain = |c: char| c.is_ascii_graphic() && c != '"' && c != '\'';
        if name.is_empty() || name.starts_with('#') || !name.chars().all(is_plain) {
            return Err(Fault::Name { directive: name.to_owned() });
        }
        let change = Change { name: name.to_ascii_lowercase(), lines };
        match self.0.entry(directive::canonical(name)) {
            Entry::Occupied(before) => {
                Err(Fault::Twice { directives: [before.get().name.clone(), name.to_owned()] })
            }
            Entry::Vacant(place) => {
                place.insert(change);
                Ok(())
            }
        }
    }
}

fn lines(name: &str, value: &Value) -> Result<Vec<String>, Fault> {
    let wrong = |what| Fault::Kind { directive: name.to_owned(), what };
    let text = |value: &Value| match value {
        Value::String(text) => Ok(text.clone()),
        Value::Null => Err(wrong("null in a list")),
        Value::Mapping(_) => Err(wrong("a mapping")),
        _ => Err(wrong("something other than texts")),
    };
    match value {
        Value::Sequence(list) => list.iter().map(text).collect(),
        value => Ok(vec![text(value)?]),
    }
}

/// A line as it was typed, which a server would read.
fn checked(name: &str, line: &str) -> Result<String, Fault> {
    let unreadable = |what| Fault::Unreadable { directive: name.to_owned(), what };
    let line = line.trim();
    if line.contains(|c: char| c != '\t' && c.is_control()) {
        return Err(unreadable("it has a line end or another control character"));
    }
    let line = if line.is_empty() { r#""""# } else { line };
    let words = words::split(line).map_err(unreadable)?;
    directive::check_count(name, words.len())?;
    Ok(line.to_owned())
}

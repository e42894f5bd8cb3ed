//! A project file, read.
//!
//! In: its text. Out: layers of settings, each with its place in the text. What looks like a number
//! stays as it was typed.

use std::path::Path;

use super::{Module, Origin, Platform, Project, Setting, Settings, Value};
use crate::error::{Error, Location};
use crate::manifest::yaml::{self, Content, Fault, Node, Resolve};
use crate::nearest::nearest;

/// The keys of a project file.
const KEYS: [&str; 3] = ["settings", "modules", "platforms"];
/// The keys of a module that are no settings.
const PLATFORMS: &str = "platforms";
const FROM: &str = "from";
/// The keys of the latter.
const OF_FROM: [&str; 3] = ["repository", "ref", "path"];

/// A text that is being read; `path` is for messages.
pub(super) struct Reader<'t> {
    pub path: &'t Path,
    pub text: &'t str,
}

impl Reader<'_> {
    pub fn project(&self) -> Result<Project, Error> {
        let bad = |fault: Fault| fault.in_file(self.text, self.path);
        let (document, twice) = yaml::compose(self.text).map_err(bad)?;
        if let Some(key) = twice.first() {
            return Err(bad(Fault::twice(key)));
        }
        let document = document.ok_or_else(|| bad(Fault::new(None, "it says nothing")))?;
        self.document(&document)
    }

    fn document(&self, document: &Node) -> Result<Project, Error> {
        let pairs = self.members(document, &KEYS)?;
        let settings = at(pairs, "settings").map_or(Ok(&[][..]), |node| self.mapping(node))?;
        let platforms = at(pairs, PLATFORMS).map_or(Ok(Vec::new()), |node| self.platforms(node))?;
        let known: Vec<&str> = platforms.iter().map(|platform| platform.name.as_str()).collect();
        let modules = at(pairs, "modules").map_or(Ok(Vec::new()), |node| {
            self.each(node, |key, node| self.module(key, node, &known))
        })?;
        if modules.is_empty() {
            return Err(self.fault(document, "it names no modules"));
        }
        let (path, text) = (self.path.to_owned(), self.text.to_owned());
        Ok(Project { path, text, settings: self.settings(settings)?, platforms, modules })
    }

    fn module(&self, key: &Node, node: &Node, known: &[&str]) -> Result<Module, Error> {
        let pairs = self.mapping(node)?;
        let chosen = at(pairs, PLATFORMS).filter(|value| !value.is_null());
        for node in chosen.map(names).unwrap_or_default() {
            let name = self.text(node)?;
            if !known.contains(&name) {
                return Err(self.unknown(node, "platform", name, known));
            }
        }
        let platforms = chosen.map(|node| self.platforms(node)).transpose()?;
        let origin = at(pairs, FROM).filter(|value| !value.is_null());
        let origin = origin.map(|node| self.origin(node)).transpose()?;
        let is_setting = |key: &Node| ![Some(PLATFORMS), Some(FROM)].contains(&key.text());
        let settings = self.settings(pairs.iter().filter(|(key, _)| is_setting(key)))?;
        Ok(Module { name: self.name(key)?, at: key.at, origin, settings, platforms })
    }

    /// Where a manifest comes from.
    fn origin(&self, node: &Node) -> Result<Origin, Error> {
        let pairs = self.members(node, &OF_FROM)?;
        let text = |name: &str| {
            let value = at(pairs, name).filter(|value| !value.is_null());
            let wrong = |value| self.fault(value, "a text should stand here");
            value.map(|it| it.text().map(str::to_owned).ok_or_else(|| wrong(it))).transpose()
        };
        let [repository, reference, path] = OF_FROM.map(text);
        let missing = |name| self.fault(node, &format!("it does not say which `{name}`"));
        Ok(Origin {
            repository: repository?.ok_or_else(|| missing(OF_FROM[0]))?,
            reference: reference?.ok_or_else(|| missing(OF_FROM[1]))?,
            path: path?,
            at: node.at,
        })
    }

    /// Names, or names with settings.
    fn platforms(&self, node: &Node) -> Result<Vec<Platform>, Error> {
        let Content::List(items) = &node.content else {
            return self.each(node, |key, it| {
                let settings = self.settings(self.mapping(it)?)?;
                Ok(Platform { name: self.name(key)?, settings })
            });
        };
        let mut platforms: Vec<Platform> = Vec::new();
        for item in items {
            let name = self.name(item)?;
            if platforms.iter().any(|known| known.name == name) {
                return Err(self.fault(item, &format!("{name} stands there twice")));
            }
            platforms.push(Platform { name, settings: Settings::default() });
        }
        Ok(platforms)
    }

    /// What `read` makes of each pair of a mapping.
    fn each<T>(
        &self,
        node: &Node,
        read: impl Fn(&Node, &Node) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        self.mapping(node)?.iter().map(|(key, value)| read(key, value)).collect()
    }

    fn settings<'n>(
        &self,
        pairs: impl IntoIterator<Item = &'n (Node, Node)>,
    ) -> Result<Settings, Error> {
        let setting = |(key, value): &(Node, Node)| {
            Ok(Setting {
                name: self.text(key)?.to_owned(),
                value: self.value(value)?,
                at: Some(key.at),
            })
        };
        let settings: Result<Vec<Setting>, Error> = pairs.into_iter().map(setting).collect();
        settings.map(Settings::new)
    }

    fn value(&self, node: &Node) -> Result<Value, Error> {
        Ok(match &node.content {
            _ if node.is_null() => Value::Nothing,
            Content::Scalar { text, kind } => {
                Value::Text { text: text.clone(), quoted: *kind == Resolve::Text }
            }
            Content::List(items) => {
                Value::List(items.iter().map(|item| self.value(item)).collect::<Result<_, _>>()?)
            }
            Content::Mapping(pairs) => {
                let pair = |(key, value): &(Node, Node)| {
                    Ok::<_, Error>((self.text(key)?.to_owned(), self.value(value)?))
                };
                Value::Mapping(pairs.iter().map(pair).collect::<Result<_, _>>()?)
            }
        })
    }

    /// The pairs of a mapping that has no other keys.
    fn members<'n>(&self, node: &'n Node, known: &[&str]) -> Result<&'n [(Node, Node)], Error> {
        let pairs = self.mapping(node)?;
        for (key, _) in pairs {
            let name = self.text(key)?;
            if !known.contains(&name) {
                return Err(self.unknown(key, "key", name, known));
            }
        }
        Ok(pairs)
    }

    /// The pairs of a mapping; where nothing stands there are none.
    fn mapping<'n>(&self, node: &'n Node) -> Result<&'n [(Node, Node)], Error> {
        match &node.content {
            Content::Mapping(pairs) => Ok(pairs),
            _ if node.is_null() => Ok(&[]),
            _ => Err(self.fault(node, "a mapping should stand here")),
        }
    }

    fn text<'n>(&self, node: &'n Node) -> Result<&'n str, Error> {
        node.text().ok_or_else(|| self.fault(node, "a name should stand here"))
    }

    /// The name of a module or a platform.
    fn name(&self, node: &Node) -> Result<String, Error> {
        let name = self.text(node)?;
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        match !name.is_empty() && name.chars().all(is_plain) && !name.starts_with(['.', '-']) {
            true => Ok(name.to_owned()),
            false => {
                let why = "a name is of letters, digits, `.`, `_` and `-`, and begins with none of \
                           the last";
                Err(self.fault(node, &format!("{name:?} is no name: {why}")))
            }
        }
    }

    fn unknown(&self, node: &Node, kind: &str, name: &str, known: &[&str]) -> Error {
        let advice = match nearest(name, known.iter().copied(), 1).first() {
            Some(near) => format!("did you mean {near:?}?"),
            None if known.is_empty() => format!("there is no {kind} at all"),
            None => format!("there are {}", known.join(", ")),
        };
        self.error(node, format!("there is no {kind} {name:?}"), Some(advice))
    }

    fn fault(&self, node: &Node, what: &str) -> Error {
        self.error(node, what.to_owned(), None)
    }

    fn error(&self, node: &Node, what: String, advice: Option<String>) -> Error {
        let (line, column) = node.at;
        let location = Some(Location::new(self.text, line, column));
        Error::Project { path: self.path.to_owned(), what, location, advice }
    }
}

/// The value of a key.
fn at<'n>(pairs: &'n [(Node, Node)], name: &str) -> Option<&'n Node> {
    pairs.iter().find(|(key, _)| key.text() == Some(name)).map(|(_, value)| value)
}

/// The names in a list of them, or those that have something.
fn names(node: &Node) -> Vec<&Node> {
    match &node.content {
        Content::List(items) => items.iter().collect(),
        _ => node.pairs().iter().map(|(key, _)| key).collect(),
    }
}

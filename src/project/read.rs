//! A project file, read.
//!
//! In: its text. Out: layers of settings, each with its place in the text. It is read from the
//! places of its words, and not as values: what looks like a number stays as it was typed.

use std::path::Path;

use granit_parser::ScalarStyle;

use super::{Module, Platform, Project, Setting, Settings, Value};
use crate::descriptor::Fault;
use crate::descriptor::syntax::{self, Kind, Node};
use crate::error::{Error, Location};
use crate::nearest::nearest;

/// The keys of a project file.
const KEYS: [&str; 3] = ["settings", "modules", "platforms"];
/// The key of a module that is no setting.
const PLATFORMS: &str = "platforms";

/// A text that is being read; `path` is for messages.
pub(super) struct Reader<'t> {
    pub path: &'t Path,
    pub text: &'t str,
}

type Pairs<'n> = &'n [(Node, Node)];

impl Reader<'_> {
    pub fn project(&self) -> Result<Project, Error> {
        let bad = |fault: Fault| Error::Project {
            path: self.path.to_owned(),
            what: fault.what,
            location: Some(fault.location),
            advice: None,
        };
        // The one reader refuses what is no YAML, the other says where everything stands.
        syntax::values(self.text).map_err(bad)?;
        let root = syntax::parse(self.text).map_err(bad)?;
        let documents = match &root.kind {
            Kind::List { items, .. } => items.as_slice(),
            _ => &[],
        };
        match documents {
            [document] => self.document(document),
            [_, second, ..] => Err(self.fault(second, "a project file is one document")),
            [] => Err(self.fault(&root, "it names no modules")),
        }
    }

    fn document(&self, document: &Node) -> Result<Project, Error> {
        let pairs = self.mapping(document)?;
        for (key, _) in pairs {
            let name = self.text(key)?;
            if !KEYS.contains(&name) {
                return Err(self.unknown(key, "key", name, &KEYS));
            }
        }
        let at =
            |name: &str| pairs.iter().find(|(key, _)| key.is_text(name)).map(|(_, value)| value);
        let settings = at("settings").map_or(Ok(&[][..]), |node| self.mapping(node))?;
        let platforms = at("platforms").map_or(Ok(Vec::new()), |node| self.platforms(node))?;
        let known: Vec<&str> = platforms.iter().map(|platform| platform.name.as_str()).collect();
        let modules = at("modules").map_or(Ok(Vec::new()), |node| {
            self.each(node, |key, node| self.module(key, node, &known))
        })?;
        if modules.is_empty() {
            return Err(self.fault(document, "it names no modules"));
        }
        let (path, settings) = (self.path.to_owned(), self.settings(settings)?);
        Ok(Project { path, settings, platforms, modules })
    }

    fn module(&self, key: &Node, node: &Node, known: &[&str]) -> Result<Module, Error> {
        let (chosen, settings): (Vec<_>, Vec<_>) =
            self.mapping(node)?.iter().partition(|(key, _)| key.is_text(PLATFORMS));
        let chosen = chosen.first().map(|(_, value)| value).filter(|value| !is_null(value));
        for node in chosen.map(names).unwrap_or_default() {
            let name = self.text(node)?;
            if !known.contains(&name) {
                return Err(self.unknown(node, "platform", name, known));
            }
        }
        let platforms = chosen.map(|node| self.platforms(node)).transpose()?;
        let (name, settings) = (self.name(key)?, self.settings(settings)?);
        let location = Location::of_byte(self.text, key.range.start);
        Ok(Module { name, location, settings, platforms })
    }

    /// Names, or names with settings.
    fn platforms(&self, node: &Node) -> Result<Vec<Platform>, Error> {
        let Kind::List { items, .. } = &node.kind else {
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
                location: Some(Location::of_byte(self.text, key.range.start)),
            })
        };
        let settings: Result<Vec<Setting>, Error> = pairs.into_iter().map(setting).collect();
        settings.map(Settings::new)
    }

    fn value(&self, node: &Node) -> Result<Value, Error> {
        Ok(match &node.kind {
            _ if is_null(node) => Value::Nothing,
            Kind::Scalar { text, style } => {
                Value::Text { text: text.clone(), quoted: *style != ScalarStyle::Plain }
            }
            Kind::List { items, .. } => {
                Value::List(items.iter().map(|item| self.value(item)).collect::<Result<_, _>>()?)
            }
            Kind::Mapping { pairs, .. } => {
                let pair = |(key, value): &(Node, Node)| {
                    Ok::<_, Error>((self.text(key)?.to_owned(), self.value(value)?))
                };
                Value::Mapping(pairs.iter().map(pair).collect::<Result<_, _>>()?)
            }
            Kind::Alias => return Err(self.alias(node)),
        })
    }

    /// The pairs of a mapping; where nothing stands there are none.
    fn mapping<'n>(&self, node: &'n Node) -> Result<Pairs<'n>, Error> {
        match &node.kind {
            Kind::Mapping { pairs, .. } => Ok(pairs),
            Kind::Alias => Err(self.alias(node)),
            _ if is_null(node) => Ok(&[]),
            _ => Err(self.fault(node, "a mapping should stand here")),
        }
    }

    fn text<'n>(&self, node: &'n Node) -> Result<&'n str, Error> {
        match &node.kind {
            Kind::Scalar { text, .. } => Ok(text),
            Kind::Alias => Err(self.alias(node)),
            _ => Err(self.fault(node, "a name should stand here")),
        }
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

    fn alias(&self, node: &Node) -> Error {
        let advice = "write it out, or into `settings`, which all tasks have in common".to_owned();
        self.error(node, "aliases are not followed here".to_owned(), Some(advice))
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
        let location = Some(Location::of_byte(self.text, node.range.start));
        Error::Project { path: self.path.to_owned(), what, location, advice }
    }
}

/// The names in a list of them, or those that have something.
fn names(node: &Node) -> Vec<&Node> {
    match &node.kind {
        Kind::List { items, .. } => items.iter().collect(),
        Kind::Mapping { pairs, .. } => pairs.iter().map(|(key, _)| key).collect(),
        Kind::Scalar { .. } | Kind::Alias => Vec::new(),
    }
}

/// Whether it is YAML's null.
fn is_null(node: &Node) -> bool {
    match &node.kind {
        Kind::Scalar { text, style: ScalarStyle::Plain } => {
            matches!(text.as_str(), "" | "~" | "null" | "Null" | "NULL")
        }
        _ => false,
    }
}

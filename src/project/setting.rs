//! Settings of a task: names with values, in layers.
//!
//! In: what is written at several places of a project file. Out: one value for each name. What a name
//! means is not known here.

use serde::Deserialize as _;
use serde_json::Value as Json;

use crate::manifest::yaml::scalar::truth;
use crate::manifest::yaml::{Content, Mark, Node, Resolve};

/// What a setting is set to, as it was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Nothing, written down: it takes back what a wider layer says.
    Nothing,
    /// A text.
    Text {
        /// The text: of a number the digits that were typed.
        text: String,
        /// Whether it can be nothing else, as it stands in quotes.
        quoted: bool,
    },
    /// A list.
    List(Vec<Value>),
    /// A mapping, in the order of the file.
    Mapping(Vec<(String, Value)>),
}

/// A name with its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The name.
    pub name: String,
    /// The value.
    pub value: Value,
    /// Where the name stands; nowhere in the file for what is said beside it.
    pub at: Option<Mark>,
}

/// Settings with different names, in the order in which they were first named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings(Vec<Setting>);

impl Value {
    /// A text that was not quoted.
    pub fn plain(text: impl Into<String>) -> Self {
        Self::Text { text: text.into(), quoted: false }
    }

    /// Whether it is `true` or `false`, written as YAML 1.1 does; in quotes it is neither.
    pub fn truth(&self) -> Option<bool> {
        let Self::Text { text, quoted: false } = self else { return None };
        truth(text)
    }

    /// What it means as JSON, for options that take such.
    pub fn to_json(&self) -> Json {
        match self {
            Self::Nothing => Json::Null,
            Self::Text { text, quoted: true } => Json::from(text.as_str()),
            Self::Text { text, quoted: false } => {
                let content = Content::Scalar { text: text.clone(), kind: Resolve::ByLook };
                let node = Node { at: (1, 1), content };
                // What JSON has no number for stays a text.
                Json::deserialize(&node).unwrap_or_else(|_| Json::from(text.as_str()))
            }
            Self::List(items) => items.iter().map(Self::to_json).collect(),
            Self::Mapping(pairs) => {
                pairs.iter().map(|(name, value)| (name.clone(), value.to_json())).collect()
            }
        }
    }

    /// This over what a wider layer says: mappings are merged name by name.
    fn over(self, wider: Self) -> Self {
        match (self, wider) {
            (Self::Mapping(own), Self::Mapping(mut all)) => {
                for (name, value) in own {
                    match all.iter_mut().find(|(known, _)| *known == name) {
                        Some((_, known)) => *known = value,
                        None => all.push((name, value)),
                    }
                }
                Self::Mapping(all)
            }
            (own, _) => own,
        }
    }

    /// The same with other texts.
    fn map(self, change: &impl Fn(&str) -> String) -> Self {
        match self {
            Self::Nothing => Self::Nothing,
            Self::Text { text, quoted } => Self::Text { text: change(&text), quoted },
            Self::List(items) => Self::List(items.into_iter().map(|it| it.map(change)).collect()),
            Self::Mapping(pairs) => {
                let pair = |(name, value): (String, Self)| (change(&name), value.map(change));
                Self::Mapping(pairs.into_iter().map(pair).collect())
            }
        }
    }

    /// Whether a text in it stands for `{placeholder}`.
    pub(super) fn names(&self, placeholder: &str) -> bool {
        let is_named = |text: &str| expanded(text, &[(placeholder, "")]) != text;
        match self {
            Self::Nothing => false,
            Self::Text { text, .. } => is_named(text),
            Self::List(items) => items.iter().any(|item| item.names(placeholder)),
            Self::Mapping(pairs) => {
                pairs.iter().any(|(name, value)| is_named(name) || value.names(placeholder))
            }
        }
    }
}

impl Settings {
    /// Of these settings; a later one of the same name wins.
    pub fn new(settings: impl IntoIterator<Item = Setting>) -> Self {
        let mut all = Self::default();
        settings.into_iter().for_each(|setting| all.set(setting));
        all
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Setting> {
        self.0.iter()
    }

    /// The one of that name.
    pub fn get(&self, name: &str) -> Option<&Setting> {
        self.0.iter().find(|setting| setting.name == name)
    }

    fn set(&mut self, setting: Setting) {
        match self.0.iter_mut().find(|known| known.name == setting.name) {
            None => self.0.push(setting),
            Some(known) => {
                let wider = std::mem::replace(&mut known.value, Value::Nothing);
                *known = Setting { value: setting.value.over(wider), ..setting };
            }
        }
    }

    /// `narrower` over these.
    pub(super) fn under(mut self, narrower: &Self) -> Self {
        narrower.iter().cloned().for_each(|setting| self.set(setting));
        self
    }

    /// The same with the values of placeholders in all texts.
    pub(super) fn expanded(self, values: &[(&str, &str)]) -> Self {
        let change = |text: &str| expanded(text, values);
        let expand = |setting: Setting| Setting { value: setting.value.map(&change), ..setting };
        Self(self.0.into_iter().map(expand).collect())
    }
}

/// `{name}` is its value; `{{`, `}}` and everything else in braces stay as they are: they belong to
/// the names of bundles.
fn expanded(text: &str, values: &[(&str, &str)]) -> String {
    let mut expanded = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('{') {
        expanded.push_str(&rest[..at]);
        rest = &rest[at..];
        let found = values.iter().find_map(|(name, value)| {
            let behind = rest[1..].strip_prefix(name)?.strip_prefix('}')?;
            Some((*value, behind))
        });
        let double = || rest.strip_prefix("{{").map(|behind| ("{{", behind));
        let (replaced, behind) = found.or_else(double).unwrap_or(("{", &rest[1..]));
        expanded.push_str(replaced);
        rest = behind;
    }
    expanded + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_placeholders_are_expanded() {
        let values = [("name", "search"), ("platform", "jammy")];
        for (text, expected) in [
            ("build/{platform}/{name}.so", "build/jammy/search.so"),
            ("{name}.{os}-{semantic_version}.zip", "search.{os}-{semantic_version}.zip"),
            ("{{name}} {{{name}}} {nam} {", "{{name}} {{search}} {nam} {"),
        ] {
            assert_eq!(expanded(text, &values), expected);
        }
    }

    #[test]
    fn mappings_are_merged_and_all_else_is_replaced() {
        let setting = |name: &str, value| Setting { name: name.to_owned(), value, at: None };
        let mapping = |pairs: &[(&str, &str)]| {
            let pair = |(name, text): &(&str, &str)| ((*name).to_owned(), Value::plain(*text));
            Value::Mapping(pairs.iter().map(pair).collect())
        };
        let list = |text: &str| Value::List(vec![Value::plain(text)]);
        let wider = [setting("set", mapping(&[("a", "1"), ("b", "1")])), setting("x", list("1"))];
        let own = [setting("x", list("2")), setting("set", mapping(&[("b", "2"), ("c", "2")]))];
        let merged = Settings::new(wider).under(&Settings::new(own));
        let expected = mapping(&[("a", "1"), ("b", "2"), ("c", "2")]);
        assert_eq!(merged, Settings::new([setting("set", expected), setting("x", list("2"))]));
    }
}

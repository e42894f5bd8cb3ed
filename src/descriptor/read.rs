//! module.yaml, read as a whole.
//!
//! In: its text. Out: its [`Entry`]s, in their order, whatever documents and lists they stand in. A
//! scalar is the text that was typed: a version of 1.10 stays one.

use serde::de::{self, Deserialize, Deserializer};
use serde_yaml::Value;

use super::Fault;
use super::document::{Entry, Modules, Words};
use super::syntax::{self, Kind, Node};

/// All entries of a module.yaml.
///
/// # Errors
/// What is no YAML, or none of the known shapes; then with the place of its document.
pub fn entries(text: &str) -> Result<Vec<Entry>, Fault> {
    let documents = syntax::values(text)?;
    let root = syntax::parse(text)?;
    let Kind::List { items, .. } = &root.kind else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for (value, node) in documents.into_iter().zip(items) {
        let read = match as_typed(value, Some(node)) {
            Value::Null => Ok(Vec::new()),
            list @ Value::Sequence(_) => Vec::deserialize(list),
            one => Entry::deserialize(one).map(|entry| vec![entry]),
        };
        let fault =
            |error: serde_yaml::Error| syntax::fault_at(text, node.range.start, &error.to_string());
        found.extend(read.map_err(fault)?);
    }
    Ok(found)
}

/// The value with the text that was typed in the place of each number and truth. What stands for
/// something else in the text is as it is there.
fn as_typed(value: Value, node: Option<&Node>) -> Value {
    let kind = node.map(|node| &node.kind);
    match (value, kind) {
        (Value::Number(_) | Value::Bool(_), Some(Kind::Scalar { text, .. })) => text.clone().into(),
        (Value::Number(number), _) => number.to_string().into(),
        (Value::Bool(truth), _) => truth.to_string().into(),
        (Value::Sequence(items), _) => {
            let nodes = match kind {
                Some(Kind::List { items, .. }) => items.as_slice(),
                _ => &[],
            };
            let each = |(n, item)| as_typed(item, nodes.get(n));
            items.into_iter().enumerate().map(each).collect()
        }
        (Value::Mapping(pairs), _) => {
            let nodes = match kind {
                Some(Kind::Mapping { pairs, .. }) => pairs.as_slice(),
                _ => &[],
            };
            let each = |(n, (key, value)): (usize, (Value, Value))| {
                let node = nodes.get(n);
                let (key, value) = (
                    as_typed(key, node.map(|(key, _)| key)),
                    as_typed(value, node.map(|(_, value)| value)),
                );
                (key, value)
            };
            Value::Mapping(pairs.into_iter().enumerate().map(each).collect())
        }
        (other, _) => other,
    }
}

/// Without a kind it is a module.
impl<'de> Deserialize<'de> for Entry {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(from)?;
        let is_target = value.get("kind").and_then(Value::as_str) == Some("Target");
        let entry = match is_target {
            true => Deserialize::deserialize(value).map(Self::Target),
            false => Deserialize::deserialize(value).map(Self::Module),
        };
        entry.map_err(de::Error::custom)
    }
}

impl<'de> Deserialize<'de> for Modules {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(from)?;
        let modules = match value.is_mapping() {
            true => Deserialize::deserialize(value).map(Self::Found),
            false => Deserialize::deserialize(value).map(Self::List),
        };
        modules.map_err(de::Error::custom)
    }
}

impl<'de> Deserialize<'de> for Words {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(from)?;
        let words = match value.is_sequence() {
            true => Deserialize::deserialize(value).map(Self::List),
            false => Deserialize::deserialize(value).map(Self::Text),
        };
        words.map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::descriptor::document::{Module, Protocol, Target};
    use crate::error::Location;

    fn module(text: &str) -> Module {
        match entries(text).unwrap().pop() {
            Some(Entry::Module(module)) => *module,
            other => panic!("{other:?}"),
        }
    }

    fn target(text: &str) -> Target {
        match entries(text).unwrap().pop() {
            Some(Entry::Target(target)) => *target,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn numbers_stay_as_they_were_typed() {
        let read = module(
            "name: 1.10\nversion: 1.10\ncommand: [--port, 0x10]\nenvs: [{name: A, value: 1e3}]\n\
             config: {save: [900 1, 5.0], appendonly: yes, dir: ~}\nports: [{value: 6380, protocol: udp}]",
        );
        assert_eq!((read.name.as_str(), read.version.as_deref()), ("1.10", Some("1.10")));
        let definition = read.definition;
        assert_eq!(definition.command, Some(Words::List(vec!["--port".into(), "0x10".into()])));
        assert_eq!(definition.envs.unwrap()[0].value.as_deref(), Some("1e3"));
        let config = definition.config.unwrap();
        assert_eq!(config["save"][1], "5.0");
        assert_eq!((&config["appendonly"], &config["dir"]), (&"yes".into(), &Value::Null));
        let port = &definition.ports.unwrap()[0];
        assert_eq!((port.value, port.protocol), (6380, Some(Protocol::Udp)));
    }

    #[test]
    fn a_target_has_modules_or_says_where_they_are() {
        let read = target("kind: Target\nexpose: 6379\nmodules: [{name: a}, {name: b}]");
        assert_eq!(read.expose, Some(Words::Text("6379".into())));
        assert!(matches!(read.modules, Some(Modules::List(modules)) if modules[1].name == "b"));
        let read = target(
            "kind: Target\nmodules: {repositories: [{path: m}, {git: {url: u, ref: 1.0}}], \
             install: [{name: a, version: 2.10}]}",
        );
        let Some(Modules::Found(found)) = read.modules else { panic!("{read:?}") };
        assert_eq!(found.repositories[1].git.as_ref().unwrap().reference.as_deref(), Some("1.0"));
        assert_eq!(found.install[0].version.as_deref(), Some("2.10"));
    }

    #[test]
    fn an_alias_is_what_it_stands_for_and_what_is_unknown_is_kept() {
        let text = "- {name: a, version: &v 1.5, x-mine: 1}\n- {name: b, version: *v, nam: c}";
        let entries = entries(text).unwrap();
        let unknown = |n: usize| match &entries[n] {
            Entry::Module(module) => (module.version.clone(), module.unknown.clone()),
            Entry::Target(_) => panic!(),
        };
        assert_eq!(unknown(0).1["x-mine"], "1");
        assert_eq!((unknown(1).0.as_deref(), &unknown(1).1["nam"]), (Some("1.5"), &"c".into()));
    }

    #[test]
    fn what_is_wrong_names_its_document() {
        let error = entries("name: a\n---\nname: b\nports: [{value: 70000}]").unwrap_err();
        assert_eq!(error.location, Location::new("\n\nname: b", 3, 1));
        assert!(error.what.contains("70000"), "{error:?}");
        for wrong in ["kind: Modul\nname: a", "- a", "text", "name: a\nartifacts: [{target: b}]"] {
            assert!(entries(wrong).is_err(), "{wrong}");
        }
    }
}

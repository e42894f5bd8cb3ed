//! module.yaml files at random: what is typed is what is read, what is misspelt is told, and targets
//! over each other are mappings over each other.

use libtest_mimic::Trial;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use rampkit::descriptor::document::{Definition, Entry, Target};
use rampkit::descriptor::{Fault, read, yaml_text};
use serde_json::{Map, Value, json};

use super::holds;
use super::manifest::text;
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(targets_over_each_other_are_mappings_over_each_other),
        test!(a_value_is_what_was_typed),
        test!(a_misspelt_key_is_told_with_its_line),
    ]
}

/// Two values for each key of a target.
fn values() -> Vec<(&'static str, [Value; 2])> {
    let of = |key, one: Value, other: Value| (key, [one, other]);
    vec![
        of("name", json!("a"), json!("b")),
        of("version", json!("1"), json!("2")),
        of("baseimage", json!("a"), json!("b")),
        of("baseuser", json!("0"), json!("a:b")),
        of("expose", json!("1"), json!(["2", "3/udp"])),
        of("libdir", json!("/a"), json!("/b")),
        of("platform", json!("linux"), json!("windows")),
        of("description", json!("a"), json!("b\nc")),
        of("script", json!("RUN a"), json!("")),
        of("command", json!("a b"), json!([])),
        of("artifacts", json!([{"source": "a"}]), json!([])),
        of("labels", json!([{"name": "a"}]), json!([{"name": "a", "value": "b"}])),
        of("envs", json!([{"name": "a", "value": ""}]), json!([])),
        of("ports", json!([{"value": 1}]), json!([{"value": 1, "protocol": "udp"}])),
        of("volumes", json!([{"path": "/a"}]), json!([])),
        of("packages", json!({"manager": "apk"}), json!({"install": ["a"]})),
        of("execute", json!([{"script": "a"}]), json!([])),
        of("run", json!({"user": "a"}), json!({"cmd": ["a"], "workdir": "b"})),
        of("config", json!({"a": null}), json!({"a": ["1", "2"], "b": "c"})),
    ]
}

fn target() -> impl Strategy<Value = Map<String, Value>> {
    let value = values().into_iter().map(|(key, [one, other])| {
        (Just(key), select(vec![None, None, Some(Value::Null), Some(one), Some(other)]))
    });
    value.collect::<Vec<_>>().prop_map(|pairs| {
        let given = pairs.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?)));
        given.chain([("kind".to_owned(), json!("Target"))]).collect()
    })
}

fn as_target(mapping: Map<String, Value>) -> Target {
    match one(&Value::from(mapping).to_string()).unwrap() {
        Entry::Target(target) => *target,
        Entry::Module(module) => panic!("{module:?}"),
    }
}

fn one(text: &str) -> Result<Entry, Fault> {
    Ok(read(text)?.pop().expect("an entry").entry)
}

fn targets_over_each_other_are_mappings_over_each_other() {
    holds(300, &(target(), target(), target()), |(a, b, c)| {
        let merged = [a.clone(), b.clone(), c.clone()].into_iter().flatten().collect();
        let [a, b, c] = [a, b, c].map(as_target);
        prop_assert_eq!(&a.clone().overridden_by(Target::default()), &a);
        let one_by_one = a.clone().overridden_by(b.clone()).overridden_by(c.clone());
        prop_assert_eq!(&one_by_one, &a.overridden_by(b.overridden_by(c)));
        prop_assert_eq!(one_by_one, as_target(merged));
        Ok(())
    });
}

fn definition(text: &str) -> Result<Definition, Fault> {
    match one(text)? {
        Entry::Module(module) => Ok(module.definition),
        Entry::Target(target) => Ok(target.definition),
    }
}

/// However it is written; unless it cannot stand in a Dockerfile.
fn a_value_is_what_was_typed() {
    holds(500, &text(), |text| {
        let escaped: String = text.chars().map(|c| format!("\\U{:08x}", u32::from(c))).collect();
        for value in [format!("\"{escaped}\""), yaml_text(&text)] {
            let written =
                format!("name: n\nenvs:\n- name: A\n  value: {value}\nrun:\n  cmd:\n  - {value}\n");
            match definition(&written) {
                Ok(read) => {
                    prop_assert!(!text.contains(['\n', '\r', '\0']), "{text:?}");
                    let value = read.envs.unwrap().remove(0).value;
                    prop_assert_eq!(value.as_deref(), Some(&*text), "{:?}", written);
                    prop_assert_eq!(&read.run.unwrap().cmd.unwrap()[0], &text);
                }
                Err(fault) => {
                    prop_assert!(text.contains(['\n', '\r', '\0']), "{:?} {:?}", written, fault);
                    prop_assert!(fault.what.starts_with("value of env 1 of n: a text of one line"));
                }
            }
        }
        Ok(())
    });
}

/// Every key that an entry may have, once.
fn full() -> Value {
    let mut module: Map<String, Value> =
        values().into_iter().map(|(key, [_, value])| (key.to_owned(), value)).collect();
    for key in ["baseimage", "baseuser", "expose", "libdir", "platform", "config"] {
        module.remove(key);
    }
    module["artifacts"] =
        json!([{"source": "a", "target": "b", "user": "c", "mode": "0644", "sha256": null}]);
    module["volumes"] = json!([{"path": "/a", "name": "b"}]);
    module["execute"] = json!([{"script": "a", "user": "b"}]);
    let found = json!({"repositories": [{"path": "a", "git": {"url": "b", "ref": "c"}}], "install": [{"name": "a"}]});
    let mut target =
        Map::from_iter([("kind".to_owned(), json!("Target")), ("modules".to_owned(), found)]);
    target.extend(values().into_iter().take(7).map(|(key, [value, _])| (key.to_owned(), value)));
    json!([module, target, {"kind": "Target", "modules": [{"name": "a", "modules": {"install": []}}]}])
}

/// Renames the key of that number, counted through all; what it was.
fn misspell(value: &mut Value, number: &mut usize) -> Option<String> {
    match value {
        Value::Array(items) => items.iter_mut().find_map(|item| misspell(item, number)),
        Value::Object(members) => {
            let keys: Vec<String> = members.keys().cloned().collect();
            keys.into_iter().find_map(|key| {
                if *number == 0 {
                    let value = members.remove(&key)?;
                    members.insert(format!("{key}zz"), value);
                    return Some(key);
                }
                *number -= 1;
                misspell(members.get_mut(&key)?, number)
            })
        }
        _ => None,
    }
}

fn keys(value: &Value) -> usize {
    match value {
        Value::Array(items) => items.iter().map(keys).sum(),
        Value::Object(members) => members.values().map(|value| 1 + keys(value)).sum(),
        _ => 0,
    }
}

fn a_misspelt_key_is_told_with_its_line() {
    let full = full();
    assert!(read(&full.to_string()).is_ok(), "{:?}", read(&full.to_string()));
    holds(300, &any::<Index>(), |index| {
        let mut wrong = full.clone();
        let key = misspell(&mut wrong, &mut index.index(keys(&full))).expect("one of them");
        let text = serde_yaml::to_string(&wrong).unwrap();
        let line = text.lines().position(|line| line.contains(&format!("{key}zz:"))).unwrap() + 1;
        let fault = read(&text).expect_err(&text);
        let mut all = std::iter::once(&fault).chain(&fault.others);
        let said = format!("unknown key \"{key}zz\" in ");
        let found = all.find(|fault| fault.what.starts_with(&said));
        let found = found.ok_or_else(|| TestCaseError::fail(format!("{text}{fault:?}")))?;
        prop_assert!(found.location.suffix().starts_with(&format!(":{line}:")), "{text}{found:?}");
        prop_assert!(found.what.ends_with(&format!("; did you mean {key:?}?")), "{found:?}");
        Ok(())
    });
}

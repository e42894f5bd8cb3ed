//! Manifests at random: each field by its kind, with texts that are hard to write and to read.

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use rampkit::manifest::Kind;
use rampkit::manifest::fields::{FIELDS, Field};
use rampkit::metadata::capabilities::CAPABILITIES;
use rampkit::platform::NODE_SYSTEMS;
use serde_json::{Map, Value, json};

/// What has a meaning in YAML, JSON, a shell, a terminal, Python, or for people who write right to left.
const HARD: &str = "\0\u{1}\u{8}\t\n\r\u{1b}\u{7f}\u{85}\u{a0}\u{2028}\u{2029}\u{202e}\u{feff}\u{fffd}\
                    \"'\\{}[]:#,-?*&!|>%@`=~$()<>;/. 0123456789eE+_äß日👍\u{301}";

pub fn text() -> impl Strategy<Value = String> {
    let hard = select(HARD.chars().collect::<Vec<_>>());
    let any = prop_oneof![4 => hard, 3 => any::<char>(), 5 => proptest::char::range('a', 'z')];
    let words = select(vec!["", "null", "yes", "1e3", "0x1F", "- a", "a: b", " a ", "7.10", "#"]);
    let text = prop_oneof![8 => vec(any, 0..12).prop_map(String::from_iter), 1 => words.prop_map(str::to_owned)];
    // Variables of a template are no text.
    text.prop_filter("a template", |text| !text.contains("{{"))
}

/// A short name that can be that of a file.
pub fn name() -> impl Strategy<Value = String> {
    vec(select("abcxyz-_.é日 ".chars().collect::<Vec<_>>()), 1..4)
        .prop_map(String::from_iter)
        .prop_filter("no name", |name| !name.starts_with('.') && name.trim() == name)
}

fn version() -> impl Strategy<Value = String> {
    prop_oneof![8 => (0..9u8, 0..20u8).prop_map(|(a, b)| format!("{a}.{b}")), 1 => text()]
}

fn command() -> impl Strategy<Value = Value> {
    let name =
        prop_oneof![select(vec!["a.get", "A.Get", "a.set", "b"]).prop_map(str::to_owned), text()];
    let flags = subsequence(vec!["write", "readonly", "module", "fast", "odd"], 0..4);
    (name, -3..4i64, flags, any::<i64>(), -3..3i64, -4..3i64).prop_map(
        |(name, arity, flags, first, last, step)| {
            json!({"command_name": name, "command_arity": arity, "flags": flags,
               "first_key": first, "last_key": last, "step": step})
        },
    )
}

/// The same with some keys less.
fn partial_command() -> impl Strategy<Value = Value> {
    let keys = ["command_arity", "flags", "first_key", "last_key", "step"];
    (command(), subsequence(keys.to_vec(), 0..5)).prop_map(|(mut command, without)| {
        without.iter().for_each(|key| drop(command.as_object_mut().unwrap().remove(*key)));
        command
    })
}

fn anything() -> impl Strategy<Value = Value> {
    let number = any::<f64>().prop_filter("not in JSON", |number| number.is_finite());
    let leaf = prop_oneof![
        text().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        number.prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        Just(Value::Null),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        let map = btree_map(text(), inner.clone(), 0..3);
        prop_oneof![vec(inner, 0..3).prop_map(Value::from), map.prop_map(Value::from_iter),]
    })
}

/// Files that a dependency may be made of.
pub const FILES: [&str; 3] = ["one.tgz", "two", "folder"];

fn dependency() -> impl Strategy<Value = Value> {
    let file =
        prop_oneof![9 => name().prop_map(|name| format!("https://h/{name}?x=1")), 1 => text()];
    let (sha256, local) = ("0".repeat(64), select(FILES.to_vec()));
    (file, local, 0..3).prop_map(move |(url, local, kind)| match kind {
        0 => json!({"url": url, "sha256": sha256}),
        1 => json!({"url": url, "local_path": local}),
        _ => json!({"local_path": local}),
    })
}

/// A value of a field.
pub fn value(field: &'static Field) -> BoxedStrategy<Value> {
    let known = CAPABILITIES.map(|(name, _)| name).to_vec();
    match (field.name, field.kind) {
        ("module_name", _) => name().prop_map(Value::from).boxed(),
        ("module_file", _) => name().prop_map(|name| format!("{name}.so").into()).boxed(),
        ("operating_systems", _) => {
            subsequence(NODE_SYSTEMS.to_vec(), 1..3).prop_map(|it| json!(it)).boxed()
        }
        ("capabilities", _) => subsequence(known, 0..4).prop_map(|it| json!(it)).boxed(),
        (_, Kind::Text) => text().prop_map(Value::from).boxed(),
        (_, Kind::Version) => version().prop_map(Value::from).boxed(),
        (_, Kind::Integer) => prop_oneof![0..99_999u64, any::<u64>()].prop_map(Value::from).boxed(),
        (_, Kind::Boolean) => any::<bool>().prop_map(Value::from).boxed(),
        (_, Kind::Texts) => vec(text(), 0..4).prop_map(|it| json!(it)).boxed(),
        (_, Kind::Commands) => vec(command(), 0..4).prop_map(Value::from).boxed(),
        (_, Kind::Overrides) => vec(partial_command(), 0..4).prop_map(Value::from).boxed(),
        // A name stands for one file, whichever field it is in.
        (field, Kind::Dependencies) => {
            let name = name().prop_map(move |name| format!("{}{name}", &field[..1]));
            btree_map(name, dependency(), 0..3).prop_map(Value::from_iter).boxed()
        }
        (_, Kind::Object) => btree_map(text(), anything(), 0..3).prop_map(Value::from_iter).boxed(),
    }
}

/// Some of the fields.
pub fn manifest() -> impl Strategy<Value = Map<String, Value>> {
    let some: Vec<_> =
        FIELDS.iter().map(|field| prop::option::weighted(0.4, value(field))).collect();
    (some, value(&FIELDS[6])).prop_map(|(values, systems)| {
        let named = FIELDS.iter().map(|field| field.name.to_owned()).zip(values);
        let mut fields: Map<String, Value> =
            named.filter_map(|(name, value)| Some((name, value?))).collect();
        // Those of this machine may not be those of any node.
        fields.insert("operating_systems".to_owned(), systems);
        fields
    })
}

/// What a module registers, as a file tells it.
pub fn registered() -> impl Strategy<Value = Value> {
    let version = prop_oneof![0..99_999u64, any::<u64>()];
    (name(), version, vec(command(), 0..4)).prop_map(
        |(name, version, commands)| json!({"name": name, "version": version, "commands": commands}),
    )
}

/// Values for `--set`.
pub fn assignments() -> impl Strategy<Value = Vec<String>> {
    let settable = |field: &&Field| !["sha256", "architecture"].contains(&field.name);
    let some: Vec<_> = FIELDS
        .iter()
        .filter(settable)
        .map(|field| {
            let assignment = move |value: Value| match (field.kind, value) {
                (Kind::Text | Kind::Version, Value::String(text)) => {
                    format!("{}={text}", field.name)
                }
                (_, value) => format!("{}={value}", field.name),
            };
            prop::option::weighted(0.05, value(field).prop_map(assignment))
        })
        .collect();
    some.prop_map(|some| some.into_iter().flatten().collect())
}

//! YAML beside PyYAML's FullLoader, which reads the manifests of ramp-packer.
//!
//! Every difference that is meant stands here, one by one; any other fails.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use libtest_mimic::Trial;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use rampkit::manifest::Manifest;
use serde_json::{Value, json};

use crate::harness::Peer;
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(scalars_of_every_kind_of_field, RampPacker),
        test!(documents_that_are_read_the_same, RampPacker),
        test!(documents_that_are_read_otherwise, RampPacker),
        test!(fixtures_that_are_read_otherwise, RampPacker),
    ]
}

/// What PyYAML makes of each document: `{"value": …}` as JSON, else `{"error": …}`.
pub fn by_pyyaml(documents: &[String]) -> Vec<Value> {
    let script = "
import json, sys, yaml
def read(text):
    try:
        value = yaml.load(text, Loader=yaml.FullLoader)
        return {'value': json.loads(json.dumps(value, allow_nan=False)), 'is': str(type(value))}
    except Exception as error:
        return {'error': str(error)}
print(json.dumps([read(text) for text in json.load(sys.stdin)]))";
    let mut python = Command::new(Peer::RampPacker.found());
    python.args(["-c", script]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = python.spawn().unwrap();
    let input = child.stdin.take().unwrap();
    serde_json::to_writer(input, documents).unwrap();
    let output = child.wait_with_output().unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The value of `field` as rampkit reads it, and whether it warns; an error as text.
pub fn by_rampkit(document: &str, field: &str) -> Result<(Option<Value>, bool), String> {
    let manifest = Manifest::parse(document, Path::new("ramp.yml")).map_err(|it| it.to_string())?;
    let value = manifest.layer.iter().find(|(name, _)| *name == field);
    Ok((value.map(|(_, value)| value.clone()), !manifest.warnings.is_empty()))
}

/// Scalars without quotes that are numbers and the like, or nearly.
fn scalars() -> Vec<String> {
    let pieces = [
        "0",
        "1",
        "7",
        "08",
        "12",
        "59",
        "60",
        "_",
        ".",
        ":",
        "+",
        "-",
        "e",
        "E",
        "0x",
        "0b",
        "0o",
        "yes",
        "No",
        "ON",
        "off",
        "True",
        "FALSE",
        "y",
        "n",
        "null",
        "Null",
        "~",
        ".inf",
        ".NaN",
        "2024-01-31",
        "T10:00:00Z",
        " 10:00",
        "f",
        "a",
    ];
    let words = proptest::collection::vec(proptest::sample::select(pieces.to_vec()), 1..5);
    let mut runner = TestRunner::deterministic();
    let mut word = || words.new_tree(&mut runner).unwrap().current().concat();
    let mut all: Vec<String> = (0..6000).map(|_| word()).collect();
    all.extend(pieces.map(str::to_owned));
    // These would be something else than a scalar.
    let is_other = |text: &str| text.contains(": ") || text.ends_with(':') || text == "-";
    all.retain(|text| !text.starts_with("- ") && !is_other(text) && text.trim() == text);
    all.sort();
    all.dedup();
    all
}

fn scalars_of_every_kind_of_field() {
    let scalars = scalars();
    assert!(scalars.len() > 3000, "only {} scalars", scalars.len());
    for field in [
        "author",
        "min_redis_version",
        "ramp_format_version",
        "bigstore_version_2_support",
        "capabilities",
        "crdb",
    ] {
        let document = |text: &String| match field {
            "capabilities" => format!("capabilities:\n  - ab\n  - {text}"),
            "crdb" => format!("crdb:\n  a: {text}"),
            field => format!("{field}: {text}"),
        };
        let documents: Vec<String> = scalars.iter().map(document).collect();
        for ((text, document), theirs) in scalars.iter().zip(&documents).zip(by_pyyaml(&documents))
        {
            let ours = by_rampkit(document, field);
            if theirs["error"].as_str().is_some_and(|it| it.contains("invalid literal")) {
                continue; // It trips over 0x_.
            }
            let theirs = &theirs["value"][field];
            assert!(is_meant(field, text, &ours, theirs), "{document}\n{ours:?}\nPyYAML: {theirs}");
        }
    }
}

/// Whether that is how the two shall read a scalar.
fn is_meant(
    field: &str,
    text: &str,
    ours: &Result<(Option<Value>, bool), String>,
    theirs: &Value,
) -> bool {
    let lower = text.to_lowercase();
    let is_truth = ["yes", "on", "true", "no", "off", "false"].contains(&&*lower);
    match (field, ours) {
        // A text stays as it was typed, with a warning where PyYAML finds something else in it; nothing
        // says nothing.
        ("author" | "min_redis_version", Ok((None, false))) => theirs.is_null(),
        ("author" | "min_redis_version", Ok((Some(value), warned))) => {
            value == text && *warned == (theirs != value)
        }
        // True and false in any case.
        ("bigstore_version_2_support", Ok((None, _))) => theirs.is_null(),
        ("bigstore_version_2_support", Ok((Some(value), _))) => value == theirs || is_truth,
        ("bigstore_version_2_support", Err(_)) => !theirs.is_boolean(),
        // 1.0 is a whole number.
        ("ramp_format_version", Ok((None, _))) => theirs.is_null(),
        ("ramp_format_version", Ok((Some(value), _))) => value.as_f64() == theirs.as_f64(),
        ("ramp_format_version", Err(_)) => {
            theirs.as_u64().is_none()
                && theirs.as_f64().is_none_or(|it| it < 0.0 || it.fract() != 0.0)
        }
        // A list of texts has texts, and nothing else.
        ("capabilities", Ok((Some(value), warned))) => {
            value[1] == *text && *warned == (theirs[1] != value[1])
        }
        ("capabilities", Err(_)) => theirs[1].is_null(),
        // What is in no field of its own is read as there; a date, which JSON has not, stays a text.
        ("crdb", Ok((Some(value), _))) => {
            value["a"] == theirs["a"] || (theirs.is_null() && value["a"] == *text) || is_truth
        }
        ("crdb", Err(why)) => why.contains("no number of JSON"),
        _ => false,
    }
}

/// Ways to write a manifest.
const DOCUMENTS: [&str; 83] = [
    "description: \"one\ntwo\"\n",
    "description: \"one\n  two\"\n",
    "description: 'one\ntwo'\n",
    "description: one\n  two\n",
    "capabilities:\n\t- types\n",
    "description: one\n\ttwo\n",
    "author: Ann\r\ncapabilities:\r\n  - types\r\n",
    "author: Ann\rcapabilities:\r  - types\r",
    "\u{feff}author: Ann\n",
    "crdb: {a:1}\n",
    "crdb: {\"a\":1}\n",
    "crdb: {a, b: }\n",
    "capabilities: [\ntypes,\nflash\n]\n",
    "capabilities: [\n  types\n]\n",
    "crdb: {\n  a: 1\n}\n",
    "homepage: http://a:b\n",
    "description: a: b\n",
    "description: a#b\n",
    "description: %a\n",
    "description: @a\n",
    "description: `a`\n",
    "description: \"a\\/b\"\n",
    "description: \"a\\qb\"\n",
    "description: \"\\x41\\u0042\"\n",
    "description: \"\\ud83d\\ude00\"\n",
    "---\nauthor: Ann\n",
    "author: Ann\n...\n",
    "a: 1\n---\nb: 1\n",
    "%YAML 1.1\n---\nauthor: Ann\n",
    "author: Ann\n...\nfoo: 1\n",
    "description: |2\n   a\n  b\n",
    "description: |+\n  a\n\n",
    "description: >\n  a\n  b\n\n  c\n   d\n",
    "description: |-\n  a\n",
    "description: |\nauthor: b\n",
    "description: |\n  a\n # c\nauthor: b\n",
    "capabilities:\n- types\n- flash\nauthor: b\n",
    "capabilities:\n  - types\n   - flash\n",
    "author: &a Ann\nemail: *a\n",
    "crdb: &b {x: 1, y: 2}\nredis_args:\n  <<: *b\n  y: 3\n",
    "crdb: {a: &a {x: 1}, b: &b {x: 2, y: 3}, c: {<<: [*a, *b]}}\n",
    "crdb: {a: &a {x: 1}, c: {x: 5, <<: *a}}\n",
    "author: a\nauthor: b\n",
    "crdb: {a: 1, a: 2}\n",
    "author: !!str 5\n",
    "version: !!int \"5\"\n",
    "author: !foo 5\n",
    "bigstore_version_2_support: !!bool \"yes\"\n",
    "crdb: !!map {a: 1}\n",
    "capabilities: !!seq [a]\n",
    "crdb: !!set {a, b}\n",
    "author: !!binary aGk=\n",
    "version: !!int abc\n",
    "? author\n: Ann\n",
    "? [a]\n: b\n",
    "crdb: {1: a}\n",
    "author: Ann#c\n",
    "author: \"Ann\" b\n",
    "author: \"Ann\n",
    "capabilities: [a\n",
    "author: *x\n",
    "author: a\u{1}b\n",
    "author: a\u{7f}b\n",
    "author: 👍\n",
    "author : Ann\n",
    "\"au\n thor\": Ann\n",
    "description: a [b] {c}, d\n",
    "command_line_args: -x y\n",
    "description: ?a\n",
    "description: a:\n",
    "description: ,a\n",
    "capabilities: [a:b, c]\n",
    "crdb: {l: [a: 1, b]}\n",
    "capabilities: [a, b,]\n",
    "crdb: {a: http://x, b: 1}\n",
    "  author: Ann\n  email: b\n",
    "  author: Ann\n email: b\n",
    "author: Ann\n  email: b\n",
    "\"author\": Ann\n'email': b\n",
    "author: Ann",
    "\r\nauthor: Ann\r\n\r\n",
    "description: a\n  # c\n  b\n",
    "&a author: Ann\nemail: *a\n",
];

fn documents_that_are_read_the_same() {
    let documents = DOCUMENTS.map(str::to_owned);
    for (document, theirs) in documents.iter().zip(by_pyyaml(&documents)) {
        let manifest = Manifest::parse(document, Path::new("ramp.yml"));
        let Some(theirs) = theirs["value"].as_object() else {
            assert!(manifest.is_err(), "{document:?}\nPyYAML: {theirs}");
            continue;
        };
        let manifest = manifest.unwrap_or_else(|error| panic!("{document:?}\n{error}"));
        let ours = manifest.layer.iter().map(|(name, value)| (name.to_owned(), value.clone()));
        let unknown = manifest.unknown.iter().map(|it| it.key.clone());
        let all: serde_json::Map<String, Value> = ours
            .chain(unknown.map(|key| (key.clone(), theirs.get(&key).cloned().into())))
            .collect();
        assert_eq!(Value::from(all), json!(theirs), "{document:?}");
    }
}

/// What PyYAML reads otherwise, and how we read it.
const OTHERWISE: [(&str, &str, Result<&str, &str>); 27] = [
    // Tabs that indent nothing part words.
    ("author:\tAnn\n", "author", Ok("\"Ann\"")),
    ("author: Ann\t# c\n", "author", Ok("\"Ann\"")),
    ("author: Ann\t\n", "author", Ok("\"Ann\"")),
    ("author: Ann\n\t\nemail: b\n", "email", Ok("\"b\"")),
    ("capabilities:\n-\ttypes\n", "capabilities", Ok("[\"types\"]")),
    ("capabilities: [a,\tb]\n", "capabilities", Ok("[\"a\",\"b\"]")),
    // Line ends of other alphabets are characters, as in YAML 1.2.
    ("author: a\u{85}b\n", "author", Ok("\"a\u{85}b\"")),
    ("author: a\u{2028}b\n", "author", Ok("\"a\u{2028}b\"")),
    // An anchor may be given anew.
    ("author: &a x\nemail: &a y\nlicense: *a\n", "license", Ok("\"y\"")),
    // A text stays what was typed; nothing says nothing.
    ("author: 7.10\n", "author", Ok("\"7.10\"")),
    ("author: yes\n", "author", Ok("\"yes\"")),
    ("author: =\n", "author", Ok("\"=\"")),
    ("author: ~\n", "author", Ok("null")),
    ("author: ! 5\n", "author", Ok("\"5\"")),
    ("crdb: {a: 2024-01-31}\n", "crdb", Ok("{\"a\":\"2024-01-31\"}")),
    ("crdb: {yes: a, ~: b}\n", "crdb", Ok("{\"yes\":\"a\",\"~\":\"b\"}")),
    ("crdb: {a: !!float 1}\n", "crdb", Ok("{\"a\":1}")),
    // A value is one of its kind, or an error.
    ("bigstore_version_2_support: \"yes\"\n", "bigstore_version_2_support", Ok("true")),
    ("capabilities: types, flash\n", "capabilities", Ok("[\"types\",\"flash\"]")),
    ("capabilities:\n  - - types\n", "capabilities", Err("2:5: capabilities[0]: invalid type")),
    // Neither sets and pairs nor anything of Python's.
    ("crdb: !!omap [a: 1]\n", "crdb", Err("1:7: the tag !!omap means nothing here")),
    ("capabilities: !!python/tuple [a]\n", "capabilities", Err("1:15: the tag !!python/tuple")),
    // What was hardly meant.
    ("author: \"Ann\"#c\n", "author", Err("1:14: comments must be separated")),
    ("author: Ann\n\u{feff}email: b\n", "author", Err("2:1: a BOM must not appear")),
    ("author: |\n    \n  # b\n", "author", Err("3:3: wrongly indented line in block")),
    ("author:Ann\n", "author", Err("1:1: a manifest is a mapping of fields")),
    ("# nothing\n", "author", Err("it says nothing")),
];

fn documents_that_are_read_otherwise() {
    let documents = OTHERWISE.map(|(document, ..)| document.to_owned());
    for ((document, field, expected), theirs) in OTHERWISE.iter().zip(by_pyyaml(&documents)) {
        let ours = by_rampkit(document, field);
        match (&ours, expected) {
            (Ok((value, _)), Ok(expected)) => {
                let value = value.clone().unwrap_or(Value::Null);
                assert_eq!(value.to_string(), *expected, "{document:?}");
                let says_nothing = value.is_null() && theirs["value"].get(field).is_some();
                assert!(
                    says_nothing || theirs["value"][field] != value,
                    "{document:?} is no difference"
                );
            }
            (Err(why), Err(expected)) => {
                assert!(why.contains(expected), "{document:?}\n{why}");
                assert!(theirs.get("value").is_some(), "{document:?} is no difference");
            }
            _ => panic!("{document:?}\n{ours:?}"),
        }
    }
}

/// Each has beside it what we read, and a warning where others read it otherwise.
fn fixtures_that_are_read_otherwise() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/manifests/otherwise");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let manifests: Vec<PathBuf> =
        files.filter(|path| path.extension().is_some_and(|it| it == "yml")).collect();
    assert!(manifests.len() > 5);
    for path in manifests {
        let text = fs::read_to_string(&path).unwrap();
        let expected: Value =
            serde_json::from_str(&fs::read_to_string(path.with_extension("json")).unwrap())
                .unwrap();
        let manifest = Manifest::parse(&text, &path).unwrap();
        let fields = manifest.layer.into_iter().map(|(name, value)| (name.to_owned(), value));
        let ours: Value = fields.collect();
        assert_eq!(ours, expected, "{}", path.display());
        assert_ne!(by_pyyaml(&[text])[0]["value"], ours, "{} is no difference", path.display());
    }
}

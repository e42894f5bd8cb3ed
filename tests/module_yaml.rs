//! module.yaml as a bundle writes and renews it: each folder in `fixtures/module-yaml` holds
//!
//! - `bundle.yaml`: what the bundle says,
//! - `existing.yaml`: the module.yaml that is there, if any,
//! - `expected.yaml`: what it shall become, or `refused.txt`: why it stays as it is,
//! - `warnings.txt`: what its user is told, if anything.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use libtest_mimic::Trial;
use rampkit::descriptor::{Artifact, Module, renew};
use serde_yaml::Value;
use snapbox::{Data, IntoData};

use crate::harness::{Peer, Sandbox};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(golden_cases),
        test!(what_can_be_renewed_has_types),
        test!(a_file_that_is_no_text_is_refused),
        test!(the_ancestors_yaml_reader_sees_the_same, RampPacker),
    ]
}

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/module-yaml");
    let mut cases: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|case| case.unwrap().path()).collect();
    cases.sort();
    cases
}

/// What `bundle.yaml` says.
fn bundle(case: &Path) -> Module {
    let says: Value = serde_yaml::from_str(&read(case, "bundle.yaml").unwrap()).unwrap();
    let text = |key: &str| says.get(key).map(|value| value.as_str().expect(key).to_owned());
    let artifacts = says.get("artifacts").and_then(Value::as_sequence).into_iter().flatten();
    Module {
        name: text("name").unwrap(),
        version: text("version").unwrap(),
        image: text("image"),
        bundle: Artifact {
            source: text("source").unwrap(),
            target: text("target"),
            user: text("user"),
        },
        sha256: text("sha256").unwrap().parse().unwrap(),
        artifacts: artifacts.map(|artifact| artifact.as_str().unwrap().parse().unwrap()).collect(),
    }
}

fn read(case: &Path, name: &str) -> Option<String> {
    fs::read_to_string(case.join(name)).ok()
}

/// Holds a text, byte for byte, against a file of the case that is missing where the text is empty.
fn holds(case: &Path, name: &str, text: &str) {
    let path = case.join(name);
    if !text.is_empty() || path.exists() {
        snapbox::assert_data_eq!(
            text.to_owned().into_data().raw(),
            Data::read_from(&path, None).raw()
        );
    }
}

fn golden_cases() {
    for case in cases() {
        let module = bundle(&case);
        let sandbox = Sandbox::new();
        let path = sandbox.path("module.yaml");
        read(&case, "existing.yaml").into_iter().for_each(|text| fs::write(&path, text).unwrap());
        match renew(&path, &module) {
            Err(error) => {
                let said =
                    format!("{error}\n").replace(&sandbox.work().display().to_string(), "[ROOT]");
                holds(&case, "refused.txt", &said);
                assert!(!case.join("expected.yaml").exists(), "{}: {error}", case.display());
                assert_eq!(error.exit_code(), 6);
            }
            Ok(rendered) => {
                let warnings =
                    rendered.warnings.iter().map(|warning| format!("{}\n", warning.message));
                holds(&case, "warnings.txt", &warnings.collect::<String>());
                holds(&case, "expected.yaml", &rendered.text);
                assert!(!case.join("refused.txt").exists(), "{}", case.display());
                fs::write(&path, &rendered.text).unwrap();
                let again = renew(&path, &module).unwrap().text;
                assert_eq!(again, rendered.text, "{}: the second time", case.display());
            }
        }
    }
}

/// What is there before and after is read as a whole; what has none of the shapes is not.
fn what_can_be_renewed_has_types() {
    let shapeless = ["artifact-text", "artifacts-text", "duplicate-key", "kind", "list-of-texts"];
    let shapeless = [&shapeless[..], &["modules-text", "syntax", "text", "version-list"]].concat();
    let mut entries = 0;
    for case in cases() {
        let name = case.file_name().unwrap().to_string_lossy().into_owned();
        let is_refused = name.strip_prefix("refused-").is_some_and(|it| shapeless.contains(&it));
        for file in ["existing.yaml", "expected.yaml"] {
            let Some(text) = read(&case, file) else { continue };
            let found = rampkit::descriptor::read(&text);
            assert_eq!(found.is_err(), is_refused, "{name}/{file}: {found:?}");
            entries += found.unwrap_or_default().len();
        }
    }
    assert!(entries > 60, "{entries}");
}

fn a_file_that_is_no_text_is_refused() {
    let sandbox = Sandbox::new();
    let path = sandbox.write("module.yaml", b"kind: Module\nname: h\xe9llo\n");
    let error = renew(&path, &bundle(&cases()[0])).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("{}:2:8: this is not UTF-8 text\n 2 | name: h\n   |        ^", path.display())
    );
    assert_eq!(error.exit_code(), 6);
}

/// dockerfile.py reads with PyYAML, which reads YAML 1.1.
fn the_ancestors_yaml_reader_sees_the_same() {
    let files: Vec<PathBuf> = cases()
        .iter()
        .map(|case| case.join("expected.yaml"))
        .filter(|file| file.exists())
        .collect();
    let script = "import json, sys, yaml\n\
                  for f in sys.argv[1:]: print(json.dumps(list(yaml.safe_load_all(open(f, encoding='utf-8')))))";
    let output =
        Command::new(Peer::RampPacker.found()).args(["-c", script]).args(&files).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8(output.stdout).unwrap();
    assert_eq!(lines.lines().count(), files.len());
    for (file, line) in files.iter().zip(lines.lines()) {
        let theirs: Vec<serde_json::Value> = serde_json::from_str(line).unwrap();
        assert_eq!(theirs, ours(file), "{}", file.display());
    }
}

fn ours(file: &Path) -> Vec<serde_json::Value> {
    use serde::Deserialize as _;
    serde_yaml::Deserializer::from_str(&fs::read_to_string(file).unwrap())
        .map(|document| serde_json::Value::deserialize(document).unwrap())
        .collect()
}

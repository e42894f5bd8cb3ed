//! Every manifest beside ramp-packer: over one module, `module.json` is the same but for what is meant.
//!
//! The manifests of `fixtures/manifests`, and those in the folder that `RAMPKIT_MANIFESTS` names: real
//! ones, which do not belong to the project. A template `x.yml` has its variables in `x.env`; those of a
//! real one are made up.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::harness::{Peer, Sandbox, read_entry};
use crate::parity::as_meant;
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![test!(every_manifest_is_packed_as_by_ramp, RampPacker, RedisServer)]
}

/// A manifest with the values of its variables.
struct Case {
    path: PathBuf,
    text: String,
    variables: BTreeMap<String, String>,
}

fn every_manifest_is_packed_as_by_ramp() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/manifests");
    let real = std::env::var_os("RAMPKIT_MANIFESTS").map(PathBuf::from);
    let folders = [Some(fixtures), real.filter(|folder| !folder.as_os_str().is_empty())];
    let cases: Vec<Case> = folders.iter().flatten().flat_map(|folder| cases(folder)).collect();
    assert!(cases.len() > 10, "only {} manifests were found", cases.len());
    let sandbox = Sandbox::new();
    let module = module_with(&sandbox, &commands_of(&cases));
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for chunk in cases.chunks(cases.len().div_ceil(threads)) {
            scope.spawn(|| chunk.iter().for_each(|case| case.is_packed_alike(&module)));
        }
    });
}

fn cases(folder: &Path) -> Vec<Case> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "yml"));
    paths.sort();
    paths.into_iter().map(Case::read).collect()
}

impl Case {
    fn read(path: PathBuf) -> Self {
        let text = fs::read_to_string(&path).unwrap();
        let mut variables: BTreeMap<String, String> =
            names(&text).into_iter().map(|name| (name.to_owned(), made_up(name))).collect();
        let given = fs::read_to_string(path.with_extension("env")).unwrap_or_default();
        let given = given.lines().filter_map(|line| line.split_once('='));
        variables.extend(given.map(|(name, value)| (name.to_owned(), value.to_owned())));
        Self { path, text, variables }
    }

    /// The text with values in the place of its variables.
    fn rendered(&self) -> String {
        self.variables.iter().fold(self.text.clone(), |text, (name, value)| {
            text.replace(&format!("{{{{{name}}}}}"), value)
        })
    }

    fn is_packed_alike(&self, module: &Path) {
        let mut sandbox = Sandbox::new();
        let plugin = sandbox.write("plugin/lib.so", "a plugin").display().to_string();
        sandbox.env("REDISGEARS_V8_PLUGIN_PATH", plugin);
        sandbox.write("rendered.yml", self.rendered());
        sandbox.write("ramp.yml", &self.text);
        let definitions = self.variables.iter().map(|(name, value)| format!("{name}={value}\n"));
        sandbox.write("ramp.env", definitions.collect::<String>());
        let (ramp, module) = (Peer::RampPacker.found().with_file_name("ramp"), module.display());
        sandbox.ok(&format!("'{}' pack -o theirs.zip -m rendered.yml {module}", ramp.display()));
        sandbox.ok(&format!(
            "rampkit pack -o ours.zip -m ramp.yml --define-file ramp.env --no-module-yaml {module}"
        ));
        let metadata = |bundle| -> Value {
            serde_json::from_slice(&read_entry(&sandbox.path(bundle), "module.json")).unwrap()
        };
        let (ours, theirs) = (metadata("ours.zip"), metadata("theirs.zip"));
        let theirs = as_meant(theirs, &self.rendered());
        let theirs = self.with_our_archives(with_the_rules_of_commands(theirs), &ours);
        let all: BTreeSet<&String> = [&ours, &theirs]
            .into_iter()
            .flat_map(|said| said.as_object().unwrap().keys())
            .collect();
        for field in all {
            assert_eq!(ours[field], theirs[field], "{field} of {}", self.path.display());
        }
    }

    fn said(&self) -> Value {
        serde_yaml::from_str(&self.rendered()).unwrap_or(json!({}))
    }

    /// The .tgz that a local path becomes has other bytes, the same each time.
    fn with_our_archives(&self, mut theirs: Value, ours: &Value) -> Value {
        for field in ["dependencies", "optional-dependencies"] {
            let said = &self.said()[field];
            let named = theirs[field].as_object_mut().unwrap();
            for (name, it) in
                named.iter_mut().filter(|(name, _)| said[name]["local_path"] != json!(null))
            {
                it["sha256"] = ours[field][name]["sha256"].clone();
            }
        }
        theirs
    }
}

/// Names are matched without regard to case, and an override that gives only some keys keeps the others.
fn with_the_rules_of_commands(mut theirs: Value) -> Value {
    let lower = |name: &Value| name.as_str().unwrap().to_lowercase();
    let excluded: BTreeSet<String> =
        theirs["exclude_commands"].as_array().unwrap().iter().map(lower).collect();
    let overrides = theirs["overide_command"].as_array().unwrap().clone();
    let commands = theirs["commands"].as_array_mut().unwrap();
    commands.retain(|command| !excluded.contains(&lower(&command["command_name"])));
    for command in commands {
        let name = lower(&command["command_name"]);
        let given = overrides.iter().find(|given| lower(&given["command_name"]) == name);
        for key in ["command_arity", "flags", "first_key", "last_key", "step"] {
            if let Some(value) = given.and_then(|given| given.get(key)) {
                command[key] = value.clone();
            }
        }
    }
    theirs
}

/// The names of the variables in a text.
fn names(text: &str) -> BTreeSet<&str> {
    let inner = text.split("{{").skip(1).filter_map(|rest| rest.split_once("}}"));
    inner.map(|(name, _)| name.trim()).collect()
}

fn made_up(name: &str) -> String {
    match name {
        "NUMVER" => "10203".to_owned(),
        _ if name.contains("SHA256") => "5a".repeat(32),
        _ => name.to_lowercase(),
    }
}

/// All commands that manifests exclude or override, each once, whatever its case.
fn commands_of(cases: &[Case]) -> Vec<String> {
    let mut names = BTreeMap::new();
    for case in cases {
        let said = case.said();
        let list = |key: &str| said[key].as_array().cloned().unwrap_or_default();
        let overridden = list("overide_command").into_iter().map(|it| it["command_name"].clone());
        for name in overridden.chain(list("exclude_commands")).filter_map(|it| as_text(&it)) {
            names.entry(name.to_lowercase()).or_insert(name);
        }
    }
    names.into_values().collect()
}

fn as_text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

/// A module that registers them.
fn module_with(sandbox: &Sandbox, commands: &[String]) -> PathBuf {
    let register = |name: &String| {
        format!("if (CreateCommand(ctx, \"{name}\", it, \"readonly\", 1, 1, 1)) return 1;\n")
    };
    let what: String = commands.iter().map(register).collect();
    sandbox.module_that("oracle", &what)
}

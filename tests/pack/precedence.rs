//! Who wins where two say what a field is: a row for every pair of sources that can meet.

use std::collections::BTreeSet;

use libtest_mimic::Trial;
use rampkit::manifest::Layer;
use rampkit::manifest::fields::{FIELDS, Field, Otherwise};
use rampkit::metadata::Origin;
use rampkit::platform::Platform;
use serde_json::{Value, json};

use super::{PACK, metadata, sample};
use crate::harness::Sandbox;
use crate::test;
use Source::{Default, File, GitSha, Host, Lock, Manifest, Module, Named, Repository, Set};

pub fn all() -> Vec<Trial> {
    vec![test!(a_row_for_every_pair_that_can_meet), test!(every_row_holds)]
}

/// Who can say what a field is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Source {
    Default,
    Host,
    Manifest,
    File,
    Lock,
    Repository,
    GitSha,
    Module,
    Named,
    Set,
}

/// Two sources, a field that both give, and the one that wins; `None` where one of them is one too many.
type Row = (Source, Source, &'static str, Option<Source>);

const ROWS: [Row; 26] = [
    (Default, Host, "operating_systems", Some(Host)),
    (Default, Manifest, "author", Some(Manifest)),
    (Default, Module, "commands", Some(Module)),
    (Default, Named, "author", Some(Named)),
    (Default, Set, "author", Some(Set)),
    (Host, Manifest, "operating_systems", Some(Manifest)),
    (Host, Named, "os", Some(Named)),
    (Host, Set, "operating_systems", Some(Set)),
    (Manifest, File, "architecture", Some(File)),
    (Manifest, Lock, "git_sha", Some(Lock)),
    (Manifest, Repository, "git_sha", Some(Repository)),
    (Manifest, GitSha, "git_sha", Some(GitSha)),
    (Manifest, Module, "module_name", Some(Module)),
    (Manifest, Named, "author", Some(Named)),
    (Manifest, Set, "author", Some(Set)),
    (File, Named, "architecture", Some(Named)),
    (File, Set, "architecture", Some(Set)),
    (Lock, Repository, "git_sha", Some(Lock)),
    (Lock, GitSha, "git_sha", Some(Lock)),
    (Lock, Set, "git_sha", Some(Set)),
    (Repository, GitSha, "git_sha", Some(Repository)),
    (Repository, Set, "git_sha", Some(Set)),
    (GitSha, Set, "git_sha", Some(Set)),
    (Module, Named, "module_name", Some(Named)),
    (Module, Set, "module_name", Some(Set)),
    (Named, Set, "author", None),
];

/// The sources of an origin: a new origin has to say which it has.
fn sources(origin: Origin) -> &'static [Source] {
    match origin {
        Origin::Default => &[Default],
        Origin::Host => &[Host],
        Origin::Manifest => &[Manifest],
        Origin::File => &[File],
        Origin::Repository => &[Lock, Repository],
        Origin::Module => &[Module],
        Origin::Option => &[GitSha, Named, Set],
    }
}

const ORIGINS: [Origin; 7] = [
    Origin::Default,
    Origin::Host,
    Origin::Manifest,
    Origin::File,
    Origin::Repository,
    Origin::Module,
    Origin::Option,
];

/// The option that gives the field alone.
fn option(field: &str) -> Option<&'static str> {
    Some(match field {
        "author" => "-a",
        "os" => "-O",
        "architecture" => "-A",
        "module_name" => "-n",
        "bigstore_version_2_support" | "dependencies" | "display_name" => "",
        _ => return None,
    })
}

impl Source {
    /// Whether it can say what the field is.
    fn gives(self, field: &Field) -> bool {
        match self {
            Default => field.otherwise != Otherwise::Absent,
            Host => ["os", "operating_systems"].contains(&field.name),
            Manifest | Set => true,
            File => ["architecture", "module_file", "sha256"].contains(&field.name),
            Lock | Repository | GitSha => field.name == "git_sha",
            Module => {
                ["module_name", "version", "semantic_version", "commands"].contains(&field.name)
            }
            Named => option(field.name).is_some(),
        }
    }

    /// What it says the field is, in a sandbox where it does.
    fn value(self, field: &str, sandbox: &Sandbox) -> Value {
        let defaults = Layer::defaults();
        let default = || defaults.iter().find(|(name, _)| *name == field).unwrap().1.clone();
        let systems = |it: &str| json!([it]);
        match (self, field) {
            (Default, _) => default(),
            (Host, "os") => json!("Linux"),
            (Host, _) => systems(&Platform::host().expect("a system").system),
            (File, _) => json!(std::env::consts::ARCH),
            (Module, "module_name") => json!("hello"),
            (Module, _) => {
                let said: Value = serde_json::from_str(&sandbox.read("../commands.json")).unwrap();
                said["commands"].clone()
            }
            (Lock, _) => json!("2".repeat(40)),
            (GitSha, _) => json!("1".repeat(40)),
            (Repository, _) => json!(sandbox.ok("git rev-parse HEAD")),
            (_, "architecture") if std::env::consts::ARCH == "x86_64" => json!("aarch64"),
            (_, "architecture") => json!("x86_64"),
            (Manifest, "operating_systems") => systems("rhel8"),
            (_, "operating_systems") => systems("rhel9"),
            (other, _) => json!(format!("said by {other:?}")),
        }
    }

    /// Makes it say so; returns what to add to the command line.
    fn says(self, field: &str, sandbox: &Sandbox) -> String {
        let words = |option: &str| format!("{option}'{}'", plain(&self.value(field, sandbox)));
        match self {
            Default | Host | File | Module => {}
            Manifest => {
                let text = format!("{field}: {}\n", self.value(field, sandbox));
                sandbox.write("ramp.yml", text);
            }
            Lock => {
                let commit = plain(&self.value(field, sandbox));
                sandbox.write(
                    "ramp.lock",
                    format!(
                        "repository: x\nref: HEAD\ncommit: '{commit}'\npath: ramp.yml\n\
                         blob: '{commit}'\nsha256: '{}'\n",
                        "0".repeat(64)
                    ),
                );
            }
            Repository => drop(sandbox.ok("git init -q && git commit -q --allow-empty -m one")),
            GitSha => return words("--git-sha "),
            Named => return words(&format!("{} ", option(field).unwrap())),
            Set => return words(&format!("--set {field}=")),
        }
        String::new()
    }
}

/// As it is typed.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn a_row_for_every_pair_that_can_meet() {
    let all: Vec<Source> = ORIGINS.iter().flat_map(|origin| sources(*origin)).copied().collect();
    let meet = |a: Source, b: Source| FIELDS.iter().any(|field| a.gives(field) && b.gives(field));
    let pairs = all.iter().flat_map(|a| all.iter().map(|b| (*a, *b)));
    let pairs: BTreeSet<_> = pairs.filter(|(a, b)| a < b && meet(*a, *b)).collect();
    let rows: BTreeSet<_> = ROWS.iter().map(|(a, b, ..)| (*a, *b)).collect();
    assert_eq!(rows, pairs);
    assert_eq!(rows.len(), ROWS.len(), "a pair has two rows");
    for (a, b, name, _) in ROWS {
        let field = FIELDS.iter().find(|field| field.name == name).unwrap();
        assert!(a.gives(field) && b.gives(field), "{a:?} {b:?} {name}");
    }
}

fn every_row_holds() {
    for (a, b, field, winner) in ROWS {
        let sandbox = sample();
        sandbox.write("ramp.yml", "email: e\n");
        let typed = [a, b].map(|source| source.says(field, &sandbox)).join(" ");
        let row = format!("{a:?} and {b:?} say {field}");
        let run = sandbox.sh(&format!("{PACK} -q --no-module-yaml -o x.zip {typed}"));
        let Some(winner) = winner else {
            assert_eq!(run.code, 2, "{row}");
            assert!(run.stderr.contains("is given twice"), "{row}: {}", run.stderr);
            continue;
        };
        assert_eq!(run.code, 0, "{row}: {}", run.stderr);
        let loser = if winner == a { b } else { a };
        let [won, lost] = [winner, loser].map(|source| source.value(field, &sandbox));
        assert_ne!(won, lost, "{row}: nobody can tell who wins");
        assert_eq!(metadata(&sandbox, "x.zip")[field], won, "{row}");
    }
}

//! `rampkit schema`: what is right passes a validator, what is wrong does not.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use libtest_mimic::Trial;
use serde_json::Value;
use snapbox::str;

use crate::harness::{Peer, Sandbox};
use crate::project::OF_THE_RUN;
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(every_key_is_known_and_described),
        test!(another_file),
        test!(schemas_are_schemas, CheckJsonschema),
        test!(manifests_that_pack, CheckJsonschema),
        test!(module_yamls_that_are_renewed, CheckJsonschema),
        test!(projects, CheckJsonschema),
        test!(what_is_wrong, CheckJsonschema),
    ]
}

const FILES: [&str; 3] = ["ramp.yml", "module.yaml", "rampkit.yaml"];

fn schema(file: &str) -> Value {
    serde_json::from_str(&Sandbox::new().ok(&format!("rampkit schema {file}"))).unwrap()
}

/// Runs the validator on files of the sandbox.
fn check(sandbox: &Sandbox, arguments: &[&str], files: &[PathBuf]) -> (bool, String) {
    let mut check = Command::new(Peer::CheckJsonschema.found());
    check.args(arguments).args(files).current_dir(sandbox.work());
    let output = check.output().unwrap();
    (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
}

/// A sandbox with the schemas as `FILE.json`.
fn with_schemas() -> Sandbox {
    let sandbox = Sandbox::new();
    for file in FILES {
        sandbox.ok(&format!("rampkit schema {file} >{file}.json"));
    }
    sandbox
}

fn passes(sandbox: &Sandbox, file: &str, files: &[PathBuf]) {
    let (passes, said) = check(sandbox, &["--schemafile", &format!("{file}.json")], files);
    assert!(passes, "{said}");
}

fn every_key_is_known_and_described() {
    let manifest = schema("ramp.yml");
    let keys = manifest["properties"].as_object().unwrap();
    assert_eq!(keys.len(), 34);
    for (key, schema) in keys {
        assert!(schema["description"].as_str().is_some_and(|it| it.len() > 10), "{key}: {schema}");
    }
    let project = schema("rampkit.yaml");
    let settings = project["$defs"]["settings"]["properties"].as_object().unwrap();
    let help = Sandbox::new().ok("rampkit pack --help");
    let mut options = crate::readme::options(&help);
    options.retain(|option| !OF_THE_RUN.contains(&&option[2..]) && option != &"--help");
    assert!(options.len() > 20, "{options:?}");
    for option in options {
        let about = settings.get(&option[2..]).and_then(|schema| schema["description"].as_str());
        assert!(about.is_some_and(|about| !about.is_empty()), "{option}");
    }
    assert!(
        settings.contains_key("module") && OF_THE_RUN.iter().all(|it| !settings.contains_key(*it))
    );
}

fn another_file() {
    Sandbox::new().sh("rampkit schema module.json").fails(
        2,
        str![[r#"
error: invalid value 'module.json' for '<FILE>'
  [possible values: ramp.yml, module.yaml, rampkit.yaml]

  tip: a similar value exists: 'module.yaml'

For more information, try '--help'.

"#]],
    );
}

fn schemas_are_schemas() {
    let sandbox = with_schemas();
    let files = FILES.map(|file| sandbox.path(format!("{file}.json")));
    let (passes, said) = check(&sandbox, &["--check-metaschema"], &files);
    assert!(passes, "{said}");
}

fn below(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
}

fn manifests_that_pack() {
    let sandbox = with_schemas();
    sandbox.module("hello");
    sandbox.ok("rampkit init -C begun hello.so");
    let mut files = below("fixtures/manifests");
    files.extend(below("fixtures/manifests/otherwise"));
    files.retain(|file| file.extension().is_some_and(|it| it == "yml"));
    // A key twice, tabs, keys and values in braces: the validator's reader of YAML takes none of them.
    let unread = ["duplicate-keys.yml", "tabs.yml", "template-keys.yml"];
    files.retain(|file| !unread.iter().any(|name| file.ends_with(name)));
    files.retain(|file| !file.ends_with("unknown-key.yml"));
    files.push(Path::new(env!("CARGO_MANIFEST_DIR")).join("modules/hello/ramp.yml"));
    files.push(sandbox.path("begun/ramp.yml"));
    files.push(sandbox.write("readme.yml", crate::readme::blocks("yaml").join("\n")));
    for (name, text) in [
        ("numbers.yml", "min_redis_version: 5.0\nversion: 10203.0\n"),
        ("truths.yml", "bigstore_version_2_support: yes\n"),
        ("texts.yml", "capabilities: types, asm\nexclude_commands: a,b\noperating_systems: []\n"),
        ("nothing.yml", "author:\ncapabilities:\ndependencies: ~\ncrdb:\n"),
        ("capability.yml", "capabilities: [types, one_that_is_new, types]\n"),
        ("list.yml", "dependencies:\n- {name: a, url: u}\n"),
        (
            "template.yml",
            "'{{KEY}}': 1\nversion: '{{NUMVER}}'\ndependencies:\n  '{{NAME}}':\n    sha256: '{{SUM}}'\n\
             bigstore_version_2_support: '{{BIG}}'\ncapabilities: '{{ALL}}'\nauthor: by {{WHO}}\n",
        ),
    ] {
        files.push(sandbox.write(name, text));
    }
    passes(&sandbox, "ramp.yml", &files);
}

fn module_yamls_that_are_renewed() {
    let sandbox = with_schemas();
    sandbox.module("hello");
    sandbox.ok("rampkit init -C begun hello.so");
    let mut files = vec![sandbox.path("begun/module.yaml")];
    let cases = below("fixtures/module-yaml").into_iter();
    for case in cases.filter(|case| !case.join("refused.txt").exists()) {
        for file in ["existing.yaml", "expected.yaml"] {
            let text = fs::read_to_string(case.join(file)).unwrap_or_default();
            let name = case.file_name().unwrap().to_string_lossy();
            // The validator takes one document at a time.
            for (n, document) in text.split("\n---\n").enumerate() {
                let path = format!("each/{name}-{n}-{file}");
                files.push(sandbox.write(path, document.trim_end_matches("...\n")));
            }
        }
    }
    assert!(files.len() > 50);
    files.push(sandbox.write("all.yaml", ALL_WORDS));
    passes(&sandbox, "module.yaml", &files);
    rampkit::descriptor::read(ALL_WORDS).unwrap();
}

/// Every word that a module.yaml may have.
const ALL_WORDS: &str = r#"
- kind: Module
  name: hello
  version: 1.10
  image: a:1
  description: It says hello
  script: RUN x
  command: --loadmodule hello.so
  artifacts: [{source: a, target: b, user: 1000, mode: 644, sha256: null}]
  labels: [{name: a, value: 1, description: x}]
  envs: [{name: A}, {name: B, value: ""}, {name: C, value: yes}]
  ports: [{value: 6380, protocol: udp}, {value: 6379, description: x}]
  volumes: [{path: /data, name: data}]
  packages: {manager: apt-get, install: [libgomp1]}
  execute: [{script: a.sh, user: 0}]
  run: {user: 1000, workdir: /data, cmd: [a, 1], entrypoint: [b]}
  modules: {install: [{name: other, version: 1.10}]}
  config: {save: ["900 1", "300 10"], maxmemory: 100mb, appendonly: yes, dir: null}
  x-mine: {any: thing}
- kind: Target
  name: all
  baseimage: redis:7
  baseuser: 1000
  expose: [6379, 6380/udp]
  libdir: /opt
  platform: linux
  envs: [{name: A, value: b}]
  modules:
    repositories: [{path: modules, name: ours}, {git: {url: u, ref: 1.0}, path: sub}]
    install: [{name: hello, version: 1.10}]
"#;

fn projects() {
    let sandbox = with_schemas();
    let project = r#"
settings:
  manifest: "{name}.yml"
  set: {author: Ann, compatible_redis_version: 7.4}
  level: 9
  discovery: embedded
  redis-args: {maxmemory: 100mb}
platforms:
  jammy: {set: [operating_systems=ubuntu22]}
  rhel9:
modules:
  search:
    from: {repository: owner/search, ref: 1.10, path: pack/ramp.yml}
    module: build/{platform}/search.so
    dep: {plugin: plugin.tgz}
    embed-deps: true
  json:
    from: {repository: owner/json, ref: latest, path: ~}
    module: build/json.so
    platforms: [jammy]
    verify-discovery: yes
  graph:
    from:
    platforms: {rhel9: {embed-deps: all, output: null}}
    artifact: [a, b:c]
"#;
    let names = "platforms: [jammy, rhel9]\nmodules: {a: }\n";
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("modules/hello/rampkit.yaml");
    let files = [sandbox.write("one.yaml", project), sandbox.write("two.yaml", names), sample];
    passes(&sandbox, "rampkit.yaml", &files);
}

fn what_is_wrong() {
    let sandbox = with_schemas();
    let name = "name: a\n";
    let wrong = [
        ("ramp.yml", "capabilites: []\n", "capabilites"),
        ("ramp.yml", include_str!("../fixtures/manifests/unknown-key.yml"), "redis_ref"),
        ("ramp.yml", "version: about 1\n", "about 1"),
        ("ramp.yml", "author: [Ann]\n", "Ann"),
        ("ramp.yml", "bigstore_version_2_support: perhaps\n", "perhaps"),
        ("ramp.yml", "overide_command: [{step: -2}]\n", "command_name"),
        ("ramp.yml", "add_command: [{command_name: a}]\n", "command_arity"),
        ("ramp.yml", "dependencies: {a: {sha256: 12ab}}\n", "12ab"),
        ("ramp.yml", "dependencies: {a: {ulr: b}}\n", "ulr"),
        ("ramp.yml", "dependencies: [{url: b}]\n", "'name' is a required"),
        ("ramp.yml", "[]\n", "object"),
        ("ramp.yml", "{}\n", "non-empty"),
        ("module.yaml", "kind: Modul\nname: a\n", "Modul"),
        ("module.yaml", "version: 1.0.0\n", "'name' is a required"),
        ("module.yaml", &format!("{name}artefacts: []\n"), "artefacts"),
        ("module.yaml", &format!("{name}artifacts: [a]\n"), "object"),
        ("module.yaml", &format!("{name}artifacts: [{{target: a}}]\n"), "'source' is a required"),
        ("module.yaml", &format!("{name}version: [1, 2]\n"), "[1, 2]"),
        ("module.yaml", &format!("{name}ports: [{{value: 70000}}]\n"), "70000"),
        ("module.yaml", &format!("{name}expose: 6379\n"), "expose"),
        ("module.yaml", &format!("{name}ports: [{{value: 0}}]\n"), "minimum"),
        ("module.yaml", &format!("{name}artifacts: [{{source: a, user: a b}}]\n"), "a b"),
        ("module.yaml", &format!("{name}artifacts: [{{source: a, mode: \"0888\"}}]\n"), "0888"),
        ("module.yaml", &format!("{name}envs: [{{name: A=B}}]\n"), "A=B"),
        ("module.yaml", &format!("{name}volumes: [{{path: data}}]\n"), "data"),
        ("module.yaml", &format!("{name}packages: {{manager: pacman}}\n"), "pacman"),
        ("module.yaml", &format!("{name}packages: {{install: [a; b]}}\n"), "a; b"),
        ("module.yaml", &format!("{name}modules: {{repositories: []}}\n"), "repositories"),
        ("module.yaml", "kind: Target\nbaseuser: [0]\n", "[0]"),
        ("module.yaml", "kind: Target\nmodules: all\n", "all"),
        ("module.yaml", "kind: Target\nplatform: amiga\n", "amiga"),
        ("module.yaml", "kind: Target\nmodules: [{kind: Target}]\n", "Target"),
        ("rampkit.yaml", "modules: {}\n", "non-empty"),
        ("rampkit.yaml", "settings: {}\n", "modules"),
        ("rampkit.yaml", "modules: {a: {manifset: b}}\n", "manifset"),
        ("rampkit.yaml", "modules: {a: {discovery: guess}}\n", "guess"),
        ("rampkit.yaml", "modules: {a: {verify-discovery: perhaps}}\n", "perhaps"),
        ("rampkit.yaml", "modules: {a: {level: [1, 2]}}\n", "level"),
        ("rampkit.yaml", "modules: {a b: {}}\n", "a b"),
        ("rampkit.yaml", "modules: {a: {from: owner/name}}\n", "owner/name"),
        ("rampkit.yaml", "modules: {a: {from: {repository: b}}}\n", "'ref' is a required"),
        ("rampkit.yaml", "modules: {a: {from: {ref: b, repo: c}}}\n", "repo"),
        ("rampkit.yaml", "modules: {a: {from: {repository: b, ref: [c]}}}\n", "'c'"),
        ("rampkit.yaml", "settings: {from: {}}\nmodules: {a: }\n", "from"),
        ("rampkit.yaml", "modules: {a: {}}\nplatforms: {b: {platforms: [c]}}\n", "platforms"),
    ];
    for file in FILES {
        let mine: Vec<_> = wrong.iter().filter(|(schema, ..)| *schema == file).collect();
        let write =
            |(n, (_, text, _)): (usize, &&(_, _, _))| sandbox.write(format!("{n}-{file}"), text);
        let paths: Vec<PathBuf> = mine.iter().enumerate().map(write).collect();
        let schema = format!("{file}.json");
        let (_, told) = check(&sandbox, &["-v", "-o", "json", "--schemafile", &schema], &paths);
        let told: Value = serde_json::from_str(&told).unwrap();
        let errors = told["errors"].as_array().unwrap();
        for ((_, text, said), path) in mine.iter().zip(&paths) {
            let its: Vec<&Value> =
                errors.iter().filter(|it| it["filename"] == path.display().to_string()).collect();
            assert!(format!("{its:?}").contains(said), "{file}: {text}{its:#?}");
            assert!(file != "module.yaml" || rampkit::descriptor::read(text).is_err(), "{text}");
        }
    }
}

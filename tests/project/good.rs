//! All is packed, as one by one.

use libtest_mimic::Trial;
use serde_json::Value;
use snapbox::str;

use super::{bundles, harmless, hello, metadata, project};
use crate::harness::Sandbox;
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(modules_for_platforms),
        test!(the_same_bytes_as_one_by_one),
        test!(for_a_program),
        test!(what_would_be_packed),
        test!(some_of_them),
        test!(in_another_folder),
        test!(one_module_yaml_for_several),
        test!(more_than_the_files_that_may_be_open),
        test!(a_bar_on_a_terminal, Script),
    ]
}

fn modules_for_platforms() {
    let sandbox = project();
    sandbox.sh("rampkit pack --all").prints(
        str![[r#"
task         state   version [..]size  path
hello/jammy  packed  1.2.3 [..]  dist/jammy-hello.1.2.3.zip
hello/rhel8  packed  1.2.3 [..]  dist/rhel8-hello.1.2.3.zip
alpha/jammy  packed  0.0.1 [..]  dist/jammy-alpha.0.0.1.zip
beta/jammy   packed  1.2.3 [..]  dist/jammy-beta.1.2.3.zip
beta/rhel8   packed  1.2.3 [..]  dist/rhel8-beta.1.2.3.zip

"#]],
        str![[r#"
    Loaded hello/jammy: hello.so as Redis 7.4.11 does
    Packed hello/jammy: hello 1.2.3: 3 commands
    Loaded hello/rhel8: hello.so as Redis 7.4.11 does
    Packed hello/rhel8: hello 1.2.3: 3 commands
    Loaded alpha/jammy: alpha.so as Redis 7.4.11 does
    Packed alpha/jammy: alpha 0.0.1: 1 command
      Read beta/jammy: commands.json
    Packed beta/jammy: beta 1.2.3: 3 commands
      Read beta/rhel8: commands.json
    Packed beta/rhel8: beta 1.2.3: 3 commands
    Packed 5 of 5 tasks

"#]],
    );
    let names: Vec<String> = bundles(&sandbox).into_iter().map(|(name, _)| name).collect();
    assert_eq!(
        names,
        [
            "jammy-alpha.0.0.1.zip",
            "jammy-beta.1.2.3.zip",
            "jammy-hello.1.2.3.zip",
            "rhel8-beta.1.2.3.zip",
            "rhel8-hello.1.2.3.zip"
        ]
    );
    let alpha = metadata(&sandbox, "dist/jammy-alpha.0.0.1.zip");
    assert_eq!(alpha["display_name"], "Alpha for jammy");
    assert_eq!(alpha["operating_systems"], serde_json::json!(["ubuntu22"]));
    assert_eq!(sandbox.list("."), ["build", "commands.json", "dist", "pack", "rampkit.yaml"]);
    // Again, and quietly.
    let again = sandbox.sh("rampkit pack --all --quiet");
    assert_eq!((again.code, again.stderr.as_str()), (0, ""));
    assert_eq!(again.stdout.lines().count(), 6);
}

fn the_same_bytes_as_one_by_one() {
    let sandbox = project();
    for (platform, systems) in [("jammy", "ubuntu22"), ("rhel8", "rhel8")] {
        let pack = format!(
            "rampkit pack -m pack/ramp.yml -o 'dist/{platform}-{{module_name}}.{{semantic_version}}.zip' \
             --no-module-yaml --set operating_systems={systems}"
        );
        sandbox.ok(&format!("{pack} build/{platform}/hello.so"));
        let beta = "--commands commands.json --set module_name=beta";
        sandbox.ok(&format!("{pack} build/{platform}/beta.so {beta}"));
        if platform == "jammy" {
            let alpha = "--set 'display_name=Alpha for jammy'";
            sandbox.ok(&format!("{pack} build/{platform}/alpha.so {alpha}"));
        }
    }
    let expected = bundles(&sandbox);
    assert_eq!(expected.len(), 5);
    for jobs in ["--jobs 1", "--jobs 2", "--jobs 40", ""] {
        sandbox.ok(&format!("rm dist/* && rampkit pack --all {jobs}"));
        assert!(bundles(&sandbox) == expected, "{jobs}");
    }
}

fn for_a_program() {
    let sandbox = project();
    let json = sandbox.ok("rampkit pack --all --json");
    let tasks: Vec<Value> = serde_json::from_str(&json).unwrap();
    let labels: Vec<&str> = tasks.iter().map(|task| task["task"].as_str().unwrap()).collect();
    assert_eq!(labels, ["hello/jammy", "hello/rhel8", "alpha/jammy", "beta/jammy", "beta/rhel8"]);
    assert_eq!(tasks[1]["bundle"], "dist/rhel8-hello.1.2.3.zip");
    let pack = "rampkit pack build/rhel8/hello.so -m pack/ramp.yml --set operating_systems=rhel8";
    let alone =
        sandbox.ok(&format!("{pack} -o dist/rhel8-hello.1.2.3.zip --no-module-yaml --json"));
    let mut alone: Value = serde_json::from_str(&alone).unwrap();
    alone["task"] = "hello/rhel8".into();
    assert_eq!(tasks[1], alone);
}

fn what_would_be_packed() {
    let sandbox = project();
    harmless(&sandbox, "rampkit pack --all --dry-run --only hello").prints(
        str![[r#"
task         state    version [..]size  path
hello/jammy  planned  1.2.3 [..]  dist/jammy-hello.1.2.3.zip
hello/rhel8  planned  1.2.3 [..]  dist/rhel8-hello.1.2.3.zip

"#]],
        str![[r#"
    Loaded hello/jammy: hello.so as Redis 7.4.11 does
Would pack hello/jammy: hello 1.2.3: 3 commands
    Loaded hello/rhel8: hello.so as Redis 7.4.11 does
Would pack hello/rhel8: hello 1.2.3: 3 commands
Would pack 2 of 2 tasks

"#]],
    );
}

fn some_of_them() {
    let sandbox = project();
    let packed = |line: &str| {
        let table = sandbox.ok(&format!("rampkit pack --all --dry-run {line}"));
        let labels = table.lines().skip(1).map(|row| row.split(' ').next().unwrap().to_owned());
        labels.collect::<Vec<_>>()
    };
    assert_eq!(packed("--only beta"), ["beta/jammy", "beta/rhel8"]);
    assert_eq!(packed("--only beta/rhel8 --only alpha"), ["alpha/jammy", "beta/rhel8"]);
    assert_eq!(packed("--only hello --only hello/jammy"), ["hello/jammy", "hello/rhel8"]);
}

fn in_another_folder() {
    let sandbox = project();
    sandbox.ok("mkdir sub && mv * sub 2>/dev/null; mv sub/rampkit.yaml sub/all.yml");
    let run = sandbox.sh("rampkit pack --all --project sub/all.yml --only alpha");
    run.prints(
        str![[r#"
task         state   version [..]size  path
alpha/jammy  packed  0.0.1 [..]  dist/jammy-alpha.0.0.1.zip

"#]],
        str![[r#"
   Entered sub
    Loaded alpha/jammy: alpha.so as Redis 7.4.11 does
    Packed alpha/jammy: alpha 0.0.1: 1 command
    Packed 1 of 1 task

"#]],
    );
    assert!(sandbox.path("sub/dist/jammy-alpha.0.0.1.zip").is_file());
}

/// Each renews what is its own.
fn one_module_yaml_for_several() {
    let sandbox = project();
    let line =
        "rampkit pack --all --module-yaml dist/module.yaml --only hello/jammy --only beta/rhel8";
    sandbox.ok(line);
    let yaml = sandbox.read("dist/module.yaml");
    for name in
        ["name: hello", "name: beta", "dist/jammy-hello.1.2.3.zip", "dist/rhel8-beta.1.2.3.zip"]
    {
        assert!(yaml.contains(name), "{name}\n{yaml}");
    }
    sandbox.ok(line);
    assert_eq!(sandbox.read("dist/module.yaml"), yaml);
    // By the file as well; no other is written.
    let sandbox = hello("modules: {hello: {module: hello.so, module-yaml: m.yaml, image: acme/x}}");
    sandbox.ok("rampkit pack --all");
    assert!(sandbox.read("m.yaml").contains("image: acme/x"));
    assert!(!sandbox.path("module.yaml").exists());
}

/// None of them appears before all are packed.
fn more_than_the_files_that_may_be_open() {
    let platforms: Vec<String> = (0..50).map(|number| format!("p{number}")).collect();
    let sandbox = hello(&format!(
        "settings: {{module: hello.so, commands: c.json, output: '{{platform}}.zip'}}\n\
         modules: {{hello: }}\nplatforms: [{}]",
        platforms.join(", ")
    ));
    sandbox.write("c.json", include_str!("../../modules/hello/commands.json"));
    let table = sandbox.ok("ulimit -Sn 64; rampkit pack --all --quiet");
    assert_eq!(table.matches("  packed  ").count(), 50);
}

fn a_bar_on_a_terminal() {
    let sandbox = hello(
        "settings: {module: '{name}.so', discovery: embedded, timeout: 300}\nmodules: {hello: , late: }",
    );
    let (go, include) =
        (sandbox.path("../go"), "extern int access(const char *, int), usleep(int);");
    sandbox.module_that(
        "late",
        &format!("{include} while (access({go:?}, 0)) usleep(1000); return 1;"),
    );
    let on_terminal = |line: &str, then: fn(&Sandbox)| {
        let run = sandbox.sh_on_terminal(line, "1 of 2: late", || then(&sandbox));
        assert_eq!(run.code, 8, "{}", run.stdout);
        run.stdout
    };
    let shown = on_terminal("rampkit pack --all", |sandbox| drop(sandbox.write("../go", "")));
    assert!(shown.contains("Packing") && shown.contains("1 of 2: late"), "{shown:?}");
    // The bar has been wiped away.
    assert!(!shown.rsplit('\r').find(|it| it.contains("failed")).unwrap().contains(" of 2: "));
    // It would be there after half a second.
    let quiet = "rm ../go; (sleep 2; touch ../go) & rampkit pack --all --quiet";
    assert!(!on_terminal(quiet, |_| {}).contains(" of 2: "));
}

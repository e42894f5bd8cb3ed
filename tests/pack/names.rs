//! What a bundle is called.

use std::fs;

use libtest_mimic::Trial;
use snapbox::str;

use super::{BUNDLE, PACK, harmless, sample};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(names_of_bundles),
        test!(a_folder_whose_name_is_no_text),
        test!(names_as_scripts_of_modules_make_them),
        test!(output_that_cannot_be_named),
    ]
}

fn names_of_bundles() {
    let sandbox = sample();
    fs::create_dir(sandbox.path("out")).unwrap();
    for (output, path) in [
        ("out", format!("out/{BUNDLE}")),
        ("out/", format!("out/{BUNDLE}")),
        ("x.zip", "x.zip".to_owned()),
        (
            "'out/{module_name}-{version}.{operating_systems}.zip'",
            "out/hello-10203.rhel8-ubuntu22.zip".to_owned(),
        ),
        (
            "'{stem}.{os}-{osnick}-{architecture}.{semantic_version}.zip'",
            BUNDLE.replace("Linux-", "Linux-rhel8-"),
        ),
        ("'{{{display_name}}}'", "{Hello}".to_owned()),
    ] {
        assert_eq!(sandbox.ok(&format!("{PACK} --no-module-yaml -o {output}")), path);
        assert!(sandbox.path(&path).is_file(), "{path}");
        sandbox.ok("rm -f *.zip out/* '{Hello}'");
    }
    let nick = "--set operating_systems=ubuntu22 -o '{osnick}.zip'";
    assert_eq!(sandbox.ok(&format!("{PACK} {nick}")), "ubuntu22.04.zip");
}

/// What build hosts are called, and what the packing scripts of Redis' modules make of that in names.
const NICKS: [(&str, &str); 16] = [
    ("trusty", "ubuntu14.04"),
    ("xenial", "ubuntu16.04"),
    ("bionic", "ubuntu18.04"),
    ("focal", "ubuntu20.04"),
    ("jammy", "ubuntu22.04"),
    ("ubuntu18", "ubuntu18.04"),
    ("ubuntu18.04", "ubuntu18.04"),
    ("centos7", "rhel7"),
    ("centos8", "rhel8"),
    ("centos9", "rhel9"),
    ("ol8", "rhel8"),
    ("rocky8", "rhel8"),
    ("rocky9", "rhel9"),
    ("rhel8", "rhel8"),
    ("amzn2", "amzn2"),
    ("amzn2023", "amzn2023"),
];

fn names_as_scripts_of_modules_make_them() {
    let sandbox = sample();
    sandbox.ok("mv hello.so redisgraph.so");
    let template = "{stem}.{os}-{osnick}-{architecture}.{semantic_version}.zip";
    let said = "--set semantic_version=2.2.1 --operating-system";
    for (host, nick) in NICKS {
        let line = format!("{PACK} -q -P redisgraph.so -o '{template}' {said} {host}");
        let name = format!("redisgraph.Linux-{nick}-{}.2.2.1.zip", std::env::consts::ARCH);
        assert_eq!(sandbox.ok(&line), name, "{host}");
    }
}

fn a_folder_whose_name_is_no_text() {
    let sandbox = sample();
    sandbox.ok("mkdir \"$(printf 'latin\\351')\" && mv hello.so latin*");
    let run =
        sandbox.sh(&format!("{PACK} latin*/hello.so --no-module-yaml --json | grep '\"bundle\"'"));
    run.prints(
        str![[r#"
  "bundle": "latin�/hello.Linux-[ARCH].1.2.3.zip",
      "role": "bundle",

"#]],
        str![[r#"
      Read ../commands.json
    Packed hello 1.2.3: 3 commands

"#]],
    );
}

fn output_that_cannot_be_named() {
    let sandbox = sample();
    let run = |output: &str| harmless(&sandbox, &format!("{PACK} -o '{output}'"));
    run("{stm}.zip").fails(
        2,
        str![[r#"
      Read ../commands.json
error: cannot name the bundle "{stm}.zip": there is no field {stm}; near are {stem}
hint: any field of module.json can stand in it, as {semantic_version}, and {stem}, {osnick}, {variant}, {branch}

"#]],
    );
    run("{git_sha}.zip").fails(
        2,
        str![[r#"
      Read ../commands.json
error: cannot name the bundle "{git_sha}.zip": nobody says what {git_sha} is
hint: any field of module.json can stand in it, as {semantic_version}, and {stem}, {osnick}, {variant}, {branch}

"#]],
    );
    run("{stem.zip").fails(
        2,
        str![[r#"
      Read ../commands.json
error: cannot name the bundle "{stem.zip": it has a single {; {{ stands for one
hint: any field of module.json can stand in it, as {semantic_version}, and {stem}, {osnick}, {variant}, {branch}

"#]],
    );
    run("{crdb}.zip").fails(
        2,
        str![[r#"
      Read ../commands.json
error: cannot name the bundle "{crdb}.zip": {crdb} is neither a text, a number nor a list of texts
hint: any field of module.json can stand in it, as {semantic_version}, and {stem}, {osnick}, {variant}, {branch}

"#]],
    );
    run("{homepage}.zip").fails(2, str![[r#"
      Read ../commands.json
error: cannot name the bundle "{homepage}.zip": {homepage} is "https://example.com/hello", and / cannot stand in a file's name
hint: any field of module.json can stand in it, as {semantic_version}, and {stem}, {osnick}, {variant}, {branch}

"#]]);
    for (options, why) in [
        ("", "it is empty"),
        ("{command_line_args}", "it is empty"),
        ("no/..", "nothing is left that could be a file's name"),
        ("{branch}/x.zip", "{branch} is \"..\", which means a folder"),
        ("{osnick}", "{osnick} is \".\", which means a folder"),
        ("-", "a bundle is a file, and not written to stdout"),
    ] {
        let run = run(&format!("{options}' --branch .. --osnick '.' --operating-system 'rhel8"));
        let error = format!("error: cannot name the bundle {options:?}: {why}\n");
        assert!(run.stderr.contains(&error), "{error}{}", run.stderr);
        assert_eq!(run.code, 2);
    }
}

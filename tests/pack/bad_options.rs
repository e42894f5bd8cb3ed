//! Options that cannot be followed: one clear error each.

use libtest_mimic::Trial;
use snapbox::str;

use super::{PACK, harmless, sample};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(options_that_say_nothing),
        test!(options_that_mean_nothing),
        test!(fields_that_no_reader_accepts),
    ]
}

fn options_that_say_nothing() {
    let sandbox = sample();
    let run = |options: &str| harmless(&sandbox, &format!("{PACK} {options}"));
    run("--set author").fails(
        2,
        str![[r#"
error: cannot set "author": there is no = in it
hint: write it as --set FIELD=VALUE

"#]],
    );
    run("--set capabilites=types").fails(
        2,
        str![[r#"
error: there is no field "capabilites"
hint: near are capabilities, capability_name

"#]],
    );
    run("--set version=one").fails(
        2,
        str![[r#"
error: cannot set "version=one": invalid type: string "one", expected a whole number

"#]],
    );
    run("--set version=").fails(
        2,
        str![[r#"
error: cannot set "version=": it gives no value

"#]],
    );
    run("--set architecture=sparc").fails(
        2,
        str![[r#"
error: cannot set "architecture=sparc": architecture "sparc" is neither [..] nor [..]

"#]],
    );
    run("--git-sha HEAD").fails(2, str![[r#"
error: invalid value 'HEAD' for '--git-sha <COMMIT>': a commit is its full id of 40 hex digits, as git rev-parse HEAD prints it

For more information, try '--help'.

"#]]);
    run("--level 10").fails(
        2,
        str![[r#"
error: invalid value '10' for '--level <0..9>': a level is a number from 0 to 9

For more information, try '--help'.

"#]],
    );
    run("--user :").fails(2, str![[r#"
error: invalid value ':' for '--user <USER[:GROUP]>': an owner is USER or USER:GROUP, neither of them empty

For more information, try '--help'.

"#]]);
    run("--image ''").fails(
        2,
        str![[r#"
error: a value is required for '--image <IMAGE>' but none was supplied

For more information, try '--help'.

"#]],
    );
    run("-o -").fails(
        2,
        str![[r#"
      Read ../commands.json
error: cannot name the bundle "-": a bundle is a file, and not written to stdout
hint: any field of module.json can stand in it, as {semantic_version}, and {stem}, {osnick}, {variant}, {branch}

"#]],
    );
    run("-o ''").fails(
        2,
        str![[r#"
      Read ../commands.json
error: cannot name the bundle "": it is empty
hint: any field of module.json can stand in it, as {semantic_version}, and {stem}, {osnick}, {variant}, {branch}

"#]],
    );
    run("-m - --define-file - <ramp.yml").fails(
        2,
        str![[r#"
error: stdin can be read once: only one file can be -

"#]],
    );
    run("--set sha256=abc").fails(
        2,
        str![[r#"
error: cannot set "sha256=…": it is computed from the module

"#]],
    );
    run("--artifact :x").fails(2, str![[r#"
error: invalid value ':x' for '--artifact <SOURCE[:TARGET]>': an artifact is SOURCE or SOURCE:TARGET, neither of them empty

For more information, try '--help'.

"#]]);
    assert!(run("--timeout 10s").stderr.contains("a whole number of seconds"));
    run("--timeout 0").fails(
        2,
        str![[r#"
error: invalid value '0' for '--timeout <SECONDS>': a timeout is a whole number of seconds from 1 to 86400

For more information, try '--help'.

"#]],
    );
}

fn options_that_mean_nothing() {
    let sandbox = sample();
    let run = |options: &str| harmless(&sandbox, &format!("rampkit pack {options}"));
    for option in ["--image x", "--user x", "--artifact x", "--module-yaml x"] {
        let run = run(&format!("--no-module-yaml {option}"));
        let name = option.trim_end_matches(" x");
        let said = format!("error: the argument '--no-module-yaml' cannot be used with '{name} <");
        assert!(run.stderr.starts_with(&said), "{}", run.stderr);
        assert_eq!(run.code, 2);
    }
    // Nothing is downloaded.
    run("--cacert none.pem").fails(
        3,
        str![[r#"
error: cannot read none.pem
caused by: No such file or directory (os error 2)
hint: check the spelling; a folder must be there already

"#]],
    );
    run("--cacert ramp.yml --dry-run").fails(
        2,
        str![[r#"
error: --cacert ramp.yml: it holds no certificate in PEM form

"#]],
    );
    run("--embed-deps all").fails(
        2,
        str![[r#"
error: there is no module all; write --embed-deps=all

"#]],
    );
}

fn fields_that_no_reader_accepts() {
    let sandbox = sample();
    let run = |options: &str| harmless(&sandbox, &format!("{PACK} {options}"));
    run("--set module_name=../x").fails(
        6,
        str![[r#"
error: module_name cannot be "../x": a module's name becomes the name of a folder on every node
hint: give another with --set module_name=…

"#]],
    );
    run("--set module_name=").fails(
        6,
        str![[r#"
error: module_name cannot be "": a module's name becomes the name of a folder on every node
hint: give another with --set module_name=…

"#]],
    );
    run("--set module_file=c:x.so").fails(
        6,
        str![[r#"
error: module_file cannot be "c:x.so": not every reader takes a file of that name
hint: give another with --set module_file=…

"#]],
    );
    run("--set module_file=x.dll").fails(
        6,
        str![[r#"
error: module_file cannot be "x.dll": a bundle's module is a file at its root whose name ends in .so
hint: give another with --set module_file=…

"#]],
    );
}

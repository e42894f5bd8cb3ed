//! What a person sees of it: `rampkit dockerfile` over repositories.

use libtest_mimic::Trial;
use snapbox::str;

use crate::harness::{History, Run, Sandbox};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(a_plan_says_why_each_is_there),
        test!(a_pin_of_the_target_wins),
        test!(what_is_missing),
        test!(versions_in_conflict),
        test!(a_ring),
        test!(the_same_module_twice),
        test!(what_is_excluded),
        test!(a_git_repository),
        test!(a_repository_that_is_none),
    ]
}

/// `conf/modules`: modules as `NAME VERSION: WISHES`, a wish as `NAME` or `NAME@VERSION`.
fn modules(sandbox: &Sandbox, lines: &[&str]) {
    for line in lines {
        let (label, wishes) = line.split_once(": ").unwrap_or((line, ""));
        let (name, version) = label.split_once(' ').unwrap();
        let text = format!(
            "name: {name}\nversion: '{version}'\nenvs: [{{name: {}, value: '{version}'}}]\n\
             modules: {{install: [{}]}}\n",
            name.to_uppercase(),
            wanted(wishes)
        );
        sandbox.write(format!("conf/modules/{name}-{version}/module.yaml"), text);
    }
}

fn wanted(wishes: &str) -> String {
    let wanted = |wish: &str| match wish.split_once('@') {
        Some((name, version)) => format!("{{name: {name}, version: '{version}'}}"),
        None => format!("{{name: {wish}}}"),
    };
    wishes.split_whitespace().map(wanted).collect::<Vec<_>>().join(", ")
}

/// Assembles a target that asks for this; nothing is written if it fails.
fn assembled(sandbox: &Sandbox, repositories: &str, wishes: &str, options: &str) -> Run {
    let text = format!(
        "kind: Target\nmodules:\n  repositories: [{repositories}]\n  install: [{}]\n",
        wanted(wishes)
    );
    sandbox.write("conf/image.yaml", text);
    let run = sandbox.sh(&format!("rampkit dockerfile conf/image.yaml -o Dockerfile {options}"));
    assert_eq!(sandbox.path("Dockerfile").exists(), run.code == 0 && !options.contains("--dry"));
    run
}

const FOLDER: &str = "{path: modules}";

fn a_plan_says_why_each_is_there() {
    let sandbox = Sandbox::new();
    modules(&sandbox, &["A 1.0: B C", "B 1.0: D", "C 1.0: D@1.9", "D 1.9", "D 1.10", "E 1.0"]);
    assembled(&sandbox, FOLDER, "A E", "--dry-run").prints(
        str![[r#"
An image that begins with redis:latest
   script   3 instructions of its author

1. D 1.9
   From conf/modules/D-1.9/module.yaml:1.
   Asked for by B 1.0.
   Asked for by C 1.0, in version 1.9.
   env      D=1.9

2. B 1.0
   From conf/modules/B-1.0/module.yaml:1.
   Asked for by A 1.0.
   env      B=1.0

3. C 1.0
   From conf/modules/C-1.0/module.yaml:1.
   Asked for by A 1.0.
   env      C=1.0

4. A 1.0
   From conf/modules/A-1.0/module.yaml:1.
   Asked for by conf/image.yaml:1.
   env      A=1.0

5. E 1.0
   From conf/modules/E-1.0/module.yaml:1.
   Asked for by conf/image.yaml:1.
   env      E=1.0

ports       6379/tcp
user        root

"#]],
        str![],
    );
}

fn a_pin_of_the_target_wins() {
    let sandbox = Sandbox::new();
    modules(
        &sandbox,
        &["A 1.0: lib@1.9", "B 1.0: lib@1.10", "lib 1.9", "lib 1.10", "lib 2.0.dev1"],
    );
    assembled(&sandbox, FOLDER, "A B lib@1.10", "--dry-run").prints(
        str![[r#"
An image that begins with redis:latest
   script   3 instructions of its author

1. lib 1.10
   From conf/modules/lib-1.10/module.yaml:1.
   Asked for by A 1.0, in version 1.9.
   Asked for by B 1.0, in version 1.10.
   Asked for by conf/image.yaml:1, in version 1.10.
   env      LIB=1.10

2. A 1.0
   From conf/modules/A-1.0/module.yaml:1.
   Asked for by conf/image.yaml:1.
   env      A=1.0

3. B 1.0
   From conf/modules/B-1.0/module.yaml:1.
   Asked for by conf/image.yaml:1.
   env      B=1.0

ports       6379/tcp
user        root

"#]],
        str![],
    );
}

fn what_is_missing() {
    let sandbox = Sandbox::new();
    modules(&sandbox, &["A 1.0: lib", "B 1.0: lib@3", "lib 1.9-rc1", "lib 2.0.dev1", "lip 1.0"]);
    assembled(&sandbox, FOLDER, "A", "").fails(12, str![[r#"
error: there is no release of lib, which A 1.0 asks for
hint: its newest pre-release is 2.0.dev1: ask for that with `version: 2.0.dev1`, or for it in the target's modules.install

"#]]);
    assembled(&sandbox, FOLDER, "B", "").fails(
        12,
        str![[r#"
error: there is no lib 3, which B 1.0 asks for
hint: there are lib 2.0.dev1, 1.9-rc1

"#]],
    );
    assembled(&sandbox, FOLDER, "libs", "").fails(
        12,
        str![[r#"
error: there is no module libs, which conf/image.yaml:1 asks for
hint: the nearest name is lib

"#]],
    );
    // A pre-release that is asked for is one that is meant.
    assert_eq!(assembled(&sandbox, FOLDER, "A lib@2.0.dev1", "").code, 0);
}

fn versions_in_conflict() {
    let sandbox = Sandbox::new();
    modules(&sandbox, &["A 1.0: lib@1.9", "B 1.0: lib@1.10", "lib 1.9", "lib 1.10"]);
    assembled(&sandbox, FOLDER, "A B", "").fails(
        12,
        str![[r#"
error: A 1.0 asks for lib 1.9, and B 1.0 for lib 1.10
hint: pin one in the target's modules.install

"#]],
    );
    // What a file defines pins nothing.
    sandbox.write("lib.yaml", "name: lib\nversion: '2.0'\n");
    assembled(&sandbox, FOLDER, "A", "lib.yaml").fails(
        12,
        str![[r#"
error: A 1.0 asks for lib 1.9, and lib.yaml:1 for lib 2.0
hint: pin one in the target's modules.install

"#]],
    );
}

fn a_ring() {
    let sandbox = Sandbox::new();
    modules(&sandbox, &["Z 1.0: A", "A 1.0: B", "B 1.0: C", "B 2.0: C", "C 1.0: A"]);
    assembled(&sandbox, FOLDER, "Z", "").fails(
        12,
        str![[r#"
error: modules ask for each other: A → B 2.0 → C → A
hint: take one of these out of the other's modules.install

"#]],
    );
}

fn the_same_module_twice() {
    let sandbox = Sandbox::new();
    modules(&sandbox, &["lib 1.0"]);
    sandbox.write("more/modules/lib/module.yaml", "# another\nname: lib\nversion: '1.0'\n");
    let both = "{path: modules}, {path: ../more/modules}";
    assembled(&sandbox, both, "lib", "").fails(12, str![[r#"
error: lib 1.0 is defined twice: conf/modules/lib-1.0/module.yaml:1 and conf/../more/modules/lib/module.yaml:2
hint: remove one, or give it another version

"#]]);
}

fn what_is_excluded() {
    let sandbox = Sandbox::new();
    modules(&sandbox, &["A 1.0: B", "B 1.0", "C 1.0"]);
    assembled(&sandbox, FOLDER, "A C", "--exclude B").fails(
        12,
        str![[r#"
error: B is excluded, and A 1.0 asks for it
hint: exclude that one as well, or leave out --exclude B

"#]],
    );
    let run = assembled(&sandbox, FOLDER, "A C", "--exclude B --exclude A --exclude Cc --dry-run");
    run.prints(
        str![[r#"
An image that begins with redis:latest
   script   3 instructions of its author

1. C 1.0
   From conf/modules/C-1.0/module.yaml:1.
   Asked for by conf/image.yaml:1.
   env      C=1.0

ports       6379/tcp
user        root

"#]],
        str![[r#"
warning: --exclude Cc: there is no module of that name
   hint: did you mean C?

"#]],
    );
}

fn a_git_repository() {
    let sandbox = Sandbox::new();
    let mut history = History::default();
    history.commit("main", &[("gm/module.yaml", "name: gm\nversion: '1.0'\n")]);
    history.annotated("v1", "main");
    history.commit("main", &[("gm/module.yaml", "name: gm\nversion: '2.0'\n")]);
    history.write(&sandbox, "conf/gitrepo");
    let at = |reference: &str| format!("{{name: shared, git: {{url: gitrepo{reference}}}}}");
    assembled(&sandbox, &at(", ref: v1"), "gm", "--dry-run").prints(
        str![[r#"
An image that begins with redis:latest
   script   3 instructions of its author

1. gm 1.0
   From conf/gitrepo@v1/gm/module.yaml:1.
   Asked for by conf/image.yaml:1.

ports       6379/tcp
user        root

"#]],
        str![],
    );
    assembled(&sandbox, &at(""), "gm", "--dry-run").prints(
        str![[r#"
An image that begins with redis:latest
   script   3 instructions of its author

1. gm 2.0
   From conf/gitrepo@5f01c90104/gm/module.yaml:1.
   Asked for by conf/image.yaml:1.

ports       6379/tcp
user        root

"#]],
        str![[r#"
warning: conf/gitrepo has no `ref`: refs/heads/main was taken, which is [HEX]
   hint: write `ref: [HEX]` to get the same next time

"#]],
    );
    assembled(&sandbox, &at(", ref: nope"), "gm", "").fails(
        5,
        str![[r#"
error: conf/gitrepo has no ref nope
hint: it has 1 tag: v1; it has 1 branch: main

"#]],
    );
}

fn a_repository_that_is_none() {
    let sandbox = Sandbox::new();
    modules(&sandbox, &["A 1.0"]);
    sandbox.write("conf/empty/README", "");
    sandbox.write("conf/targets/t/module.yaml", "kind: Target\n");
    for (path, error) in [
        (
            "nothere",
            str![[r#"
error: conf/image.yaml:1: there is no folder conf/nothere
hint: a path counts from the folder of the file that has it

"#]],
        ),
        (
            "image.yaml",
            str![[r#"
error: conf/image.yaml:1: conf/image.yaml is a file, and a repository of modules is a folder
hint: a path counts from the folder of the file that has it

"#]],
        ),
        (
            "empty",
            str![[r#"
error: conf/image.yaml:1: there is no module.yaml in conf/empty
hint: each of its folders that is not hidden was looked into; name another

"#]],
        ),
        (
            "targets",
            str![[r#"
error: conf/targets/t/module.yaml:1: this is a target, and a repository has modules only
hint: name its file on the command line, and keep it out of the repository

"#]],
        ),
    ] {
        assembled(&sandbox, &format!("{{path: {path}}}"), "A", "").fails(12, error);
    }
}

//! Several repositories at once: what is written, and that all of it is or nothing.

use libtest_mimic::Trial;
use snapbox::str;

use crate::harness::{History, Run, Sandbox};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(each_in_a_folder_of_its_own),
        test!(another_folder),
        test!(again),
        test!(a_path_is_that_of_all),
        test!(in_the_order_that_was_typed),
        test!(one_fails_and_nothing_is_written),
        test!(the_highest_exit_code_tells),
        test!(denied_warnings),
    ]
}

/// `srv/json` and `srv/search.git`, each with v1, a warning at v2, and no manifest at v0.
pub fn two() -> Sandbox {
    let sandbox = Sandbox::new();
    for (path, name) in [("srv/json", "json"), ("srv/search.git", "search")] {
        let text = format!("display_name: {name}\n");
        let mut history = History::default();
        history.commit("main", &[("README.md", "x")]).point("refs/tags/v0", "refs/heads/main");
        history.commit("main", &[("ramp.yml", &text)]).point("refs/tags/v1", "refs/heads/main");
        history.commit("main", &[("pack/ramp.yml", &text), ("ramp_python.yml", &text)]);
        history.point("refs/tags/v2", "refs/heads/main").write(&sandbox, path);
    }
    sandbox
}

/// The files that are not of the repositories.
pub fn files(sandbox: &Sandbox) -> String {
    sandbox.ok("find . -path ./srv -prune -o -type f -print -o -type d -empty -print | sort")
}

/// Runs and expects that nothing is written.
#[track_caller]
pub fn harmless(sandbox: &Sandbox, line: &str) -> Run {
    let content = || sandbox.ok("find . -path ./srv -prune -o -print -type f -exec cat {} +");
    let before = content();
    let run = sandbox.sh(line);
    assert_eq!(content(), before, "{line}");
    run
}

fn each_in_a_folder_of_its_own() {
    let sandbox = two();
    sandbox.sh("rampkit fetch srv/json v1 srv/search.git tags/v1").prints(
        str![[r#"
json/ramp.yml
search/ramp.yml

"#]],
        str![[r#"
   Fetched json: ramp.yml at tags/v1 ([HEX]) of srv/json, 19 bytes
   Fetched search: ramp.yml at tags/v1 ([HEX]) of srv/search.git, 21 bytes

"#]],
    );
    assert_eq!(
        files(&sandbox),
        "./json/ramp.lock\n./json/ramp.yml\n./search/ramp.lock\n./search/ramp.yml"
    );
    assert_eq!(sandbox.read("json/ramp.yml"), "display_name: json\n");
    assert_eq!(sandbox.read("search/ramp.yml"), "display_name: search\n");
    assert!(sandbox.read("search/ramp.lock").contains("\nrepository: srv/search.git\n"));
    // The same lock as for one alone.
    sandbox.ok("rampkit fetch srv/json v1 && cmp ramp.lock json/ramp.lock");
}

fn another_folder() {
    let sandbox = two();
    sandbox.sh("rampkit -q fetch srv/json v1 srv/search.git v1 -o a/b").prints(
        str![[r#"
a/b/json/ramp.yml
a/b/search/ramp.yml

"#]],
        str![],
    );
    assert_eq!(sandbox.list("a/b"), ["json", "search"]);
    sandbox.sh("rampkit -q fetch srv/json v1 srv/search.git v1 -o ./a").prints(
        str![[r#"
a/json/ramp.yml
a/search/ramp.yml

"#]],
        str![],
    );
    // A work tree by its .git folder, and by `.`.
    sandbox.ok("git clone -q srv/json clone");
    sandbox.sh("cd clone && rampkit -q fetch . v1 ../srv/search.git v1 -o \"$PWD/../c\"").prints(
        str![[r#"
[ROOT]/clone/../c/clone/ramp.yml
[ROOT]/clone/../c/search/ramp.yml

"#]],
        str![],
    );
    sandbox.sh("rampkit -q fetch clone/.git v1 srv/search.git v1 -o d").prints(
        str![[r#"
d/clone/ramp.yml
d/search/ramp.yml

"#]],
        str![],
    );
}

/// As it was fetched, another version may replace it.
fn again() {
    let sandbox = two();
    sandbox.ok("rampkit fetch srv/json v1 srv/search.git v1");
    sandbox.ok("rampkit fetch srv/json v2 srv/search.git v2");
    assert!(sandbox.read("json/ramp.lock").contains("\nref: refs/tags/v2\n"));
}

fn a_path_is_that_of_all() {
    let sandbox = two();
    sandbox.sh("rampkit fetch srv/json v2 srv/search.git v2 --path ramp_python.yml").prints(
        str![[r#"
json/ramp.yml
search/ramp.yml

"#]],
        str![[r#"
   Fetched json: ramp_python.yml at tags/v2 ([HEX]) of srv/json, 19 bytes
   Fetched search: ramp_python.yml at tags/v2 ([HEX]) of srv/search.git, 21 bytes

"#]],
    );
}

/// However many are asked at once.
fn in_the_order_that_was_typed() {
    let sandbox = two();
    for number in 0..12 {
        sandbox.ok(&format!("cp -r srv/json srv/r{number}"));
    }
    let pairs: Vec<String> = (0..12).rev().map(|number| format!("srv/r{number} v2")).collect();
    let paths: Vec<String> = (0..12).rev().map(|number| format!("r{number}/ramp.yml")).collect();
    let mut said = Vec::new();
    for jobs in [1, 3, 8, 100] {
        let run = sandbox.sh(&format!("rampkit fetch {} --jobs {jobs}", pairs.join(" ")));
        assert_eq!(run.stdout.lines().collect::<Vec<_>>(), paths);
        said.push(run.stderr);
    }
    assert_eq!(said[0].matches("Fetched r").count(), 12, "{}", said[0]);
    assert!(said.iter().all(|it| *it == said[0]), "{said:?}");
}

fn one_fails_and_nothing_is_written() {
    let sandbox = two();
    harmless(&sandbox, "rampkit fetch srv/json v1 srv/search.git v0").fails(5, str![[r#"
error: search: there is no manifest at any of the known places (ramp.yml, pack/ramp.yml, pack/ramp-community.yml, pack/ramp-enterprise.yml, coord/pack/ramp.yml, src/ramp.yml, ramp_python.yml, ramp_manifest.yml, pack/ramp-light.yml, pack/ramp-oss-cluster.yml) at v0 of srv/search.git
hint: is this the right repository? another place can be named with --path
   Fetched 1 of 2; they belong together, so none is written

"#]]);
    harmless(&sandbox, "rampkit fetch srv/json v3 srv/search.git v2 none v1 -o a").fails(
        5,
        str![[r#"
error: json: srv/json has no ref v3
hint: it has 3 tags: v0, v1, v2; it has 1 branch: main
warning: search: there are several manifests: pack/ramp.yml, ramp_python.yml; took the first
   hint: --path names another
error: none: none is not a git repository
caused by: there is no folder of this name
hint: name an address, a folder, or `owner/name` for a repository of GitHub
   Fetched 1 of 3; they belong together, so none is written

"#]],
    );
}

/// In whatever order they fail.
fn the_highest_exit_code_tells() {
    let sandbox = two();
    let unreachable = "git://127.0.0.1:1/far v1";
    for pairs in [format!("{unreachable} srv/json v3"), format!("srv/json v3 {unreachable}")] {
        let run = harmless(&sandbox, &format!("rampkit fetch srv/search.git v1 {pairs}"));
        assert!(run.stderr.contains("error: far: cannot reach"), "{}", run.stderr);
        assert_eq!(run.code, 5);
    }
}

fn denied_warnings() {
    let sandbox = two();
    harmless(&sandbox, "rampkit fetch srv/json v1 srv/search.git v2 --deny-warnings").fails(
        10,
        str![[r#"
warning: search: there are several manifests: pack/ramp.yml, ramp_python.yml; took the first
   hint: --path names another
error: search: there were warnings, and --deny-warnings was given
hint: mend what they name, or leave --deny-warnings out; nothing was written
   Fetched 1 of 2; they belong together, so none is written

"#]],
    );
    sandbox.ok("rampkit fetch srv/json v1 srv/search.git v1 --deny-warnings");
}

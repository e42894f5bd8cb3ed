//! What makes no difference.

use libtest_mimic::Trial;
use serde_json::{Value, json};
use snapbox::str;

use super::changed;
use crate::harness::Sandbox;
use crate::inspect::{by_hand, packed, said};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(a_bundle_and_itself),
        test!(how_the_zip_was_made),
        test!(what_the_format_does_not_tell_apart),
        test!(a_module_and_its_bundle),
        test!(as_json),
    ]
}

const SAME: &str = "  Compared hello 1.2.3 with hello 1.2.3: they are the same\n";

#[track_caller]
fn is_same(sandbox: &Sandbox) {
    let run = sandbox.sh("rampkit diff old.zip new.zip");
    assert_eq!((run.stdout.as_str(), run.stderr.as_str(), run.code), ("", SAME, 0));
}

fn a_bundle_and_itself() {
    let sandbox = packed();
    sandbox.sh("rampkit diff old.zip old.zip").prints("", SAME);
    sandbox.sh("rampkit diff --quiet old.zip old.zip").prints("", "");
}

fn how_the_zip_was_made() {
    let sandbox = packed();
    by_hand(&sandbox, "new.zip", &said(&sandbox).into(), &[]);
    assert_ne!(sandbox.ok("wc -c <old.zip"), sandbox.ok("wc -c <new.zip"));
    is_same(&sandbox);
}

fn what_the_format_does_not_tell_apart() {
    let sandbox = packed();
    changed(&sandbox, |said| {
        said["version"] = json!(10203.0);
        for list in ["commands", "capabilities", "operating_systems"] {
            said[list].as_array_mut().unwrap().reverse();
        }
        let again = said["capabilities"][0].clone();
        said["capabilities"].as_array_mut().unwrap().push(again);
        said["commands"][0]["command_name"] = json!("HELLO.World");
        said["commands"][0]["flags"] = json!(["fast", "readonly", "module"]);
        said["commands"][1]["step"] = json!(1.0);
        said.remove("speedb_git_sha");
        said.remove("crdb");
        said.insert("optional-dependencies".to_owned(), json!([]));
        said.insert("git_sha".to_owned(), Value::Null);
    });
    is_same(&sandbox);
    let commit = "eb00710658424274cfc9174a161451ac0fdfeace";
    sandbox.ok(&format!("{} --git-sha {commit} -o old.zip --no-module-yaml", crate::pack::PACK));
    changed(&sandbox, |said| said["git_sha"] = format!("b'{commit}'").into());
    is_same(&sandbox);
    let list = json!([{"name": "a", "url": "u"}]);
    let mut said = said(&sandbox);
    said["dependencies"] = json!({"a": {"url": "u"}});
    by_hand(&sandbox, "old.zip", &said.into(), &[("deps/u", "x")]);
    let mut said = crate::inspect::said(&sandbox);
    said["dependencies"] = list;
    by_hand(&sandbox, "new.zip", &said.into(), &[("deps/u", "x")]);
    is_same(&sandbox);
}

fn a_module_and_its_bundle() {
    let sandbox = packed();
    let loaded = "    Loaded hello 1.2.3 with 3 commands as Redis 7.4.11 does\n";
    sandbox.sh("rampkit diff hello.so old.zip").prints("", format!("{loaded}{SAME}"));
    sandbox.sh("rampkit diff old.zip hello.so").prints("", format!("{loaded}{SAME}"));
    // What another version would see.
    let run = sandbox.sh("rampkit diff old.zip hello.so --redis-version 6.2");
    super::differs(
        &run,
        str![[r#"
~ command  hello.get    flags readonly module → readonly
~ command  hello.set    flags write denyoom module → write denyoom
~ command  hello.world  flags readonly module fast → readonly fast

"#]],
        str![[r#"
    Loaded hello 1.2.3 with 3 commands as Redis 6.2.24 does
  Compared hello 1.2.3 with hello 1.2.3: 3 changes

"#]],
    );
}

fn as_json() {
    let sandbox = packed();
    sandbox.sh("rampkit diff old.zip old.zip --json").prints(
        str![[r#"
{
  "version": 1,
  "old": {
    "path": "old.zip",
    "kind": "bundle",
    "size": [..],
    "sha256": "[HEX]"
  },
  "new": {
    "path": "old.zip",
    "kind": "bundle",
    "size": [..],
    "sha256": "[HEX]"
  },
  "same": true,
  "breaking": false,
  "changes": []
}

"#]],
        SAME,
    );
}

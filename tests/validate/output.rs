//! What `rampkit validate` prints, and how it ends.

use libtest_mimic::Trial;
use serde_json::json;
use snapbox::{IntoData as _, str};

use super::Draft;
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(one_bundle),
        test!(several_bundles),
        test!(names_that_mislead),
        test!(as_json),
        test!(denied_warnings),
        test!(what_cannot_be_read),
        test!(targets_that_there_are_not),
    ]
}

/// `good.zip` and `bad.zip`, which has one finding of each severity.
fn two_bundles() -> Draft {
    let draft = Draft::new();
    draft.as_it_is().write("good.zip");
    draft
        .with("/commands/0/command_arity", None)
        .and("/operating_systems", json!(["rhel9", "debian12"]))
        .and("/capabilities", json!(["types", "types"]))
        .write("bad.zip");
    draft
}

fn one_bundle() {
    let draft = two_bundles();
    draft.sandbox.sh("rampkit validate bad.zip; echo $?").prints(
        str![[r#"
error command_arity_missing command "hello.get" has no command_arity
warning operating_system_unknown no Redis Enterprise node runs "debian12"
note capability_repeated capabilities has "types" more than once
1

"#]],
        str![[r#"
 Validated bad.zip: 1 error, 1 warning, 1 note

"#]],
    );
    draft.sandbox.sh("rampkit validate good.zip -q").prints("", "");
}

fn several_bundles() {
    let draft = two_bundles();
    let run = draft.sandbox.sh("rampkit validate bad.zip good.zip; echo $?");
    run.prints(
        str![[r#"
bad.zip: error command_arity_missing command "hello.get" has no command_arity
bad.zip: warning operating_system_unknown no Redis Enterprise node runs "debian12"
bad.zip: note capability_repeated capabilities has "types" more than once
1

"#]],
        str![[r#"
 Validated bad.zip: 1 error, 1 warning, 1 note
 Validated good.zip: 0 errors, 0 warnings

"#]],
    );
}

/// A file's name can neither end its line nor reach the terminal.
fn names_that_mislead() {
    let draft = two_bundles();
    draft.sandbox.ok("mkdir in && mv bad.zip \"$(printf 'in/a\\nb\\033[2J.zip')\"");
    draft.sandbox.ok("mv good.zip \"$(printf 'in/latin\\351.zip')\"");
    let run = draft.sandbox.sh("rampkit validate in/*; echo $?");
    run.prints(
        str![[r#"
in/a/nb/u{1b}[2J.zip: error command_arity_missing command "hello.get" has no command_arity
in/a/nb/u{1b}[2J.zip: warning operating_system_unknown no Redis Enterprise node runs "debian12"
in/a/nb/u{1b}[2J.zip: note capability_repeated capabilities has "types" more than once
1

"#]],
        str![[r#"
 Validated in/a/nb/u{1b}[2J.zip: 1 error, 1 warning, 1 note
 Validated in/latin�.zip: 0 errors, 0 warnings

"#]],
    );
    let run = draft.sandbox.sh("rampkit validate -q --json in/latin* no/a* | grep path");
    run.prints(
        str![[r#"
      "path": "in/latin�.zip",
      "path": "no/a*"

"#]],
        str![[r#"
error: cannot read no/a*
caused by: No such file or directory (os error 2)
hint: check the spelling; a folder must be there already

"#]],
    );
}

fn as_json() {
    let draft = two_bundles();
    let run = draft.sandbox.sh("rampkit validate good.zip bad.zip no.zip --json; echo $?");
    run.prints(
        str![[r#"
{
  "bundles": [
    {
      "findings": [],
      "path": "good.zip",
      "sha256": "[HEX]",
      "valid": true
    },
    {
      "findings": [
        {
          "code": "command_arity_missing",
          "message": "command \"hello.get\" has no command_arity",
          "severity": "error"
        },
        {
          "code": "operating_system_unknown",
          "message": "no Redis Enterprise node runs \"debian12\"",
          "severity": "warning"
        },
        {
          "code": "capability_repeated",
          "message": "capabilities has \"types\" more than once",
          "severity": "note"
        }
      ],
      "path": "bad.zip",
      "sha256": "[HEX]",
      "valid": false
    },
    {
      "error": "cannot read no.zip",
      "path": "no.zip"
    }
  ],
  "version": 1
}
3

"#]]
        .raw(),
        str![[r#"
 Validated good.zip: 0 errors, 0 warnings
 Validated bad.zip: 1 error, 1 warning, 1 note
error: cannot read no.zip
caused by: No such file or directory (os error 2)
hint: check the spelling; a folder must be there already

"#]],
    );
}

fn denied_warnings() {
    let draft = two_bundles();
    draft.with("/os", json!("Darwin")).write("warned.zip");
    let run = draft.sandbox.sh("rampkit validate warned.zip --deny-warnings >said.txt");
    run.fails(
        10,
        str![[r#"
 Validated warned.zip: 0 errors, 1 warning
error: there were warnings, and --deny-warnings was given
hint: mend what they name, or leave --deny-warnings out; nothing was written

"#]],
    );
    draft.sandbox.sh("cat said.txt").prints(
        str![[r#"
warning os_not_linux os is "Darwin", and Redis Enterprise runs on Linux

"#]],
        "",
    );
    let run = draft.sandbox.sh("rampkit -q validate warned.zip bad.zip --deny-warnings; echo $?");
    run.prints(
        str![[r#"
warned.zip: warning os_not_linux os is "Darwin", and Redis Enterprise runs on Linux
bad.zip: error command_arity_missing command "hello.get" has no command_arity
bad.zip: warning operating_system_unknown no Redis Enterprise node runs "debian12"
bad.zip: note capability_repeated capabilities has "types" more than once
1

"#]],
        "",
    );
}

fn what_cannot_be_read() {
    let draft = two_bundles();
    draft.sandbox.ok("mkdir folder");
    let run = draft.sandbox.sh("rampkit validate no.zip bad.zip good.zip; echo $?");
    run.prints(
        str![[r#"
bad.zip: error command_arity_missing command "hello.get" has no command_arity
bad.zip: warning operating_system_unknown no Redis Enterprise node runs "debian12"
bad.zip: note capability_repeated capabilities has "types" more than once
3

"#]],
        str![[r#"
error: cannot read no.zip
caused by: No such file or directory (os error 2)
hint: check the spelling; a folder must be there already
 Validated bad.zip: 1 error, 1 warning, 1 note
 Validated good.zip: 0 errors, 0 warnings

"#]],
    );
    // A path that JSON has no text for.
    draft
        .sandbox
        .sh("rampkit validate -q --json good.zip \"$(printf 'a\\377')\" 2>&1; echo $?")
        .prints(
            str![[r#"
error: cannot read a�
caused by: No such file or directory (os error 2)
hint: check the spelling; a folder must be there already
{
  "bundles": [
    {
      "findings": [],
      "path": "good.zip",
      "sha256": "[HEX]",
      "valid": true
    },
    {
      "error": "cannot read a�",
      "path": "a�"
    }
  ],
  "version": 1
}
3

"#]],
            "",
        );
    draft.sandbox.sh("rampkit validate").fails(
        2,
        str![[r#"
error: the following required arguments were not provided:
  <BUNDLE>...

Usage: rampkit validate <BUNDLE>...

For more information, try '--help'.

"#]],
    );
}

fn targets_that_there_are_not() {
    let draft = two_bundles();
    draft.sandbox.sh("rampkit validate good.zip --target rs-9").fails(
        2,
        str![[r#"
error: invalid value 'rs-9' for '--target <TARGET>'
  [possible values: rs-7.22, rs-8.0, rs-8.2, k8s]

  tip: a similar value exists: 'rs-8.2'

For more information, try '--help'.

"#]],
    );
}

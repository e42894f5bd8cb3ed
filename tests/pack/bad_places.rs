//! Places that nothing can or should be written to: nothing is harmed. Those without room: `full`.

use std::fs;

use libtest_mimic::Trial;
use snapbox::str;

use super::{BUNDLE, PACK, harmless, sample};
use crate::harness::read_entry;
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(output_that_cannot_be_written),
        test!(a_folder_whose_name_is_no_text),
        test!(output_that_is_an_input),
        test!(output_through_a_link_and_onto_a_pipe),
        test!(nobody_listens),
        test!(variables_that_say_nothing, RedisServer),
    ]
}

fn output_that_cannot_be_written() {
    let sandbox = sample();
    let run = |options: &str| harmless(&sandbox, &format!("{PACK} {options}"));
    run("-o no/such/x.zip").fails(
        3,
        str![[r#"
      Read ../commands.json
error: cannot write in no/such
caused by: No such file or directory (os error 2)
hint: check the spelling; a folder must be there already

"#]],
    );
    run("-o hello.so/x.zip").fails(
        3,
        str![[r#"
      Read ../commands.json
error: cannot write in hello.so
caused by: Not a directory (os error 20)

"#]],
    );
    run("-o x.zip --module-yaml no/such.yaml").fails(
        3,
        str![[r#"
      Read ../commands.json
error: cannot write in no
caused by: No such file or directory (os error 2)
hint: check the spelling; a folder must be there already

"#]],
    );
}

/// JSON has no text for it.
fn a_folder_whose_name_is_no_text() {
    let sandbox = sample();
    let line = "d=$(printf 'd\\377'); mkdir \"$d\"; mv hello.so ramp.yml \"$d\"; \
                rampkit pack \"$d/hello.so\" -q --json --no-module-yaml --commands ../commands.json";
    let shown = sandbox.ok(line);
    let bundle = serde_json::from_str::<serde_json::Value>(&shown).unwrap()["bundle"].clone();
    assert!(bundle.as_str().unwrap().starts_with("d\u{fffd}/hello."), "{bundle}");
}

fn output_that_is_an_input() {
    let sandbox = sample();
    let run = |options: &str| {
        let before = sandbox.ok("cat hello.so ramp.yml ../commands.json | sha256sum");
        let run = harmless(&sandbox, &format!("{PACK} {options}"));
        assert_eq!(sandbox.ok("cat hello.so ramp.yml ../commands.json | sha256sum"), before);
        run
    };
    run("-o hello.so").fails(
        9,
        str![[r#"
      Read ../commands.json
error: hello.so is one of the files that are read, and would be overwritten
hint: write to another place

"#]],
    );
    run("-o ramp.yml").fails(
        9,
        str![[r#"
      Read ../commands.json
error: ramp.yml is one of the files that are read, and would be overwritten
hint: write to another place

"#]],
    );
    run("-o ../commands.json").fails(
        9,
        str![[r#"
      Read ../commands.json
error: ../commands.json is one of the files that are read, and would be overwritten
hint: write to another place

"#]],
    );
    run("--module-yaml ./ramp.yml").fails(
        9,
        str![[r#"
      Read ../commands.json
error: ./ramp.yml is one of the files that are read, and would be overwritten
hint: write to another place

"#]],
    );
    sandbox.ok("git init -q ../repo && cp ramp.yml ../repo && cd ../repo && git add . && git commit -q -m one");
    sandbox.ok("mkdir ../locked && rampkit fetch ../repo HEAD -o ../locked/ramp.yml");
    run("-m ../locked/ramp.yml -o ../locked/ramp.lock").fails(
        9,
        str![[r#"
      Read ../commands.json
error: ../locked/ramp.lock is one of the files that are read, and would be overwritten
hint: write to another place

"#]],
    );
    sandbox.write("ca.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    run("--cacert ca.pem -o ./ca.pem").fails(
        9,
        str![[r#"
      Read ../commands.json
error: ./ca.pem is one of the files that are read, and would be overwritten
hint: write to another place

"#]],
    );
    run("-o x.zip --module-yaml ./x.zip").fails(
        2,
        str![[r#"
      Read ../commands.json
error: x.zip cannot be both bundle and module.yaml

"#]],
    );
    run("-o ../here/x.zip --module-yaml x.zip").fails(
        2,
        str![[r#"
      Read ../commands.json
error: ../here/x.zip cannot be both bundle and module.yaml

"#]],
    );
    run("-o x.zip --module-yaml x.zip").fails(
        2,
        str![[r#"
      Read ../commands.json
error: x.zip cannot be both bundle and module.yaml

"#]],
    );
}

fn output_through_a_link_and_onto_a_pipe() {
    let sandbox = sample();
    sandbox.ok("mkdir real && touch real/x.zip real/m.yaml && ln -s real/x.zip . && ln -s real/m.yaml module.yaml");
    sandbox.ok(&format!("{PACK} -o x.zip && test -L x.zip && test -L module.yaml"));
    assert_eq!(
        read_entry(&sandbox.path("real/x.zip"), "hello.so"),
        fs::read(sandbox.path("hello.so")).unwrap()
    );
    sandbox.ok("grep -q 'name: hello' real/m.yaml && mkfifo pipe");
    harmless(&sandbox, &format!("{PACK} -o pipe")).fails(
        3,
        str![[r#"
      Read ../commands.json
error: pipe is not a file
hint: name a file

"#]],
    );
}

fn nobody_listens() {
    let sandbox = sample();
    let run = |line: &str| sandbox.sh(&format!("{PACK} {line}; echo $?; ls *.zip"));
    sandbox.sh(&format!("{PACK} > /dev/full")).fails(
        3,
        str![[r#"
      Read ../commands.json
    Packed hello 1.2.3: 3 commands
error: cannot write to stdout
caused by: No space left on device (os error 28)
hint: make room, or choose another place

"#]],
    );
    assert_eq!(run("2>/dev/full").stdout, format!("{BUNDLE}\n0\n{BUNDLE}\n"));
    assert_eq!(run("| true").stdout, format!("0\n{BUNDLE}\n"));
    // What is closed is not taken for the bundle's file.
    for closed in [">&-", "2>&- >&-", "<&- >&- 2>&-"] {
        sandbox.ok(&format!("rm *.zip && {PACK} {closed} && rampkit validate -q *.zip"));
    }
    assert_eq!(sandbox.sh("rampkit pack no.so 2>/dev/full").code, 3);
}

fn variables_that_say_nothing() {
    let mut sandbox = sample();
    sandbox.env("TMPDIR", "").env("REDIS_PATH", "");
    sandbox.ok("rampkit pack -q hello.so");
    assert_eq!(sandbox.list("."), [BUNDLE, "hello.so", "module.yaml", "ramp.yml"]);
}

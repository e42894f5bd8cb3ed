//! Commands.

use libtest_mimic::Trial;
use serde_json::json;
use snapbox::str;

use super::Draft;
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(no_commands),
        test!(what_is_no_command),
        test!(a_command_without_an_arity),
        test!(a_command_that_lacks_something),
        test!(a_command_with_something_of_another_type),
        test!(flags),
        test!(positions_of_keys),
        test!(two_commands_of_one_name),
        test!(every_command_is_judged),
    ]
}

fn no_commands() {
    Draft::new().with("/commands", json!([])).finds(
        "",
        str![[r#"
warning commands_empty commands names no command

"#]],
    );
}

fn what_is_no_command() {
    let draft = Draft::new();
    draft.with("/commands/1", json!("hello.world")).finds(
        "",
        str![[r#"
error command_type_wrong command 2 is "hello.world", and must be a mapping

"#]],
    );
    draft.with("/commands/1/command_name", None).finds(
        "",
        str![[r#"
error command_name_missing command 2 has no command_name

"#]],
    );
    draft.with("/commands/1/command_name", json!("")).finds(
        "",
        str![[r#"
error command_name_missing command 2 has no command_name

"#]],
    );
}

fn a_command_without_an_arity() {
    let draft = Draft::new();
    draft.with("/commands/0/command_arity", None).finds(
        "",
        str![[r#"
error command_arity_missing command "hello.get" has no command_arity

"#]],
    );
    draft.with("/commands/0/command_arity", json!(0)).finds(
        "",
        str![[r#"
warning command_arity_zero command "hello.get" has the command_arity 0: not even its name

"#]],
    );
}

fn a_command_that_lacks_something() {
    let draft = Draft::new();
    draft.with("/commands/0/flags", None).and("/commands/0/step", None).finds(
        "",
        str![[r#"
warning command_field_missing command "hello.get" has no flags
warning command_field_missing command "hello.get" has no step

"#]],
    );
    draft.with("/commands/0/comand_arity", json!(1)).finds(
        "",
        str![[r#"
warning command_field_unknown command "hello.get" has "comand_arity", which is not known
  did you mean command_arity?

"#]],
    );
    draft.with("/commands/0/summary", json!("Gets")).finds(
        "",
        str![[r#"
warning command_field_unknown command "hello.get" has "summary", which is not known

"#]],
    );
}

fn a_command_with_something_of_another_type() {
    let draft = Draft::new();
    draft.with("/commands/0/command_arity", json!("-1")).finds("", str![[r#"
error command_type_wrong command "hello.get" has the command_arity "-1", and must have a whole number

"#]]);
    draft.with("/commands/0/flags", json!("readonly")).finds(
        "",
        str![[r#"
error command_type_wrong flags of command "hello.get" is "readonly", and must be a list of texts

"#]],
    );
    draft.with("/commands/0/flags", json!([1])).finds(
        "",
        str![[r#"
error command_type_wrong flags of command "hello.get" has 1, and must be a list of texts

"#]],
    );
    draft.with("/commands/0/first_key", json!(1.5)).finds(
        "",
        str![[r#"
error command_type_wrong command "hello.get" has the first_key 1.5, and must have a whole number

"#]],
    );
}

fn flags() {
    let draft = Draft::new();
    draft.with("/commands/0/flags", json!(["read-only", "xyzzy"])).finds(
        "",
        str![[r#"
warning command_flag_unknown command "hello.get" has the flag "read-only", which no server shows
  did you mean readonly?
warning command_flag_unknown command "hello.get" has the flag "xyzzy", which no server shows

"#]],
    );
    draft.with("/commands/0/flags", json!(["readonly", "write"])).finds(
        "",
        str![[r#"
warning command_flags_contradict command "hello.get" has both write and readonly

"#]],
    );
    let all = json!(["write", "denyoom", "admin", "noscript", "random", "movablekeys", "blocking"]);
    draft.with("/commands/0/flags", all).finds("", "");
}

fn positions_of_keys() {
    let draft = Draft::new();
    let key = |name: &str| format!("/commands/0/{name}");
    draft.with(&key("first_key"), json!(0)).finds("", str![[r#"
warning command_keys_contradict command "hello.get" has first_key 0, no keys, but last_key 1 and step 1

"#]]);
    draft.with(&key("step"), json!(0)).finds(
        "",
        str![[r#"
warning command_keys_contradict command "hello.get" has first_key 1 and last_key 1, but step 0

"#]],
    );
    draft.with(&key("step"), json!(-4)).finds(
        "",
        str![[r#"
warning command_keys_contradict command "hello.get" has the step -4, and policies are -1, -2 and -3

"#]],
    );
    draft.with(&key("first_key"), json!(-1)).finds(
        "",
        str![[r#"
warning command_keys_contradict command "hello.get" has the first_key -1, which is no position

"#]],
    );
    draft.with(&key("first_key"), json!(2)).finds(
        "",
        str![[r#"
warning command_keys_contradict command "hello.get" has first_key 2 and last_key 1

"#]],
    );
    // Routing policies of the proxy, as real manifests have them.
    for (first, last, step) in [(0, 0, -1), (0, 1, -2), (3, 1, -3)] {
        let policy = draft.with(&key("first_key"), json!(first));
        policy.and(&key("last_key"), json!(last)).and(&key("step"), json!(step)).finds("", "");
    }
}

fn two_commands_of_one_name() {
    Draft::new().with("/commands/1/command_name", json!("HELLO.Get")).finds(
        "",
        str![[r#"
warning command_repeated command "HELLO.Get" is there more than once

"#]],
    );
}

fn every_command_is_judged() {
    let draft = Draft::new();
    draft.with("/commands/0/command_arity", None).and("/commands/1", json!({})).finds(
        "",
        str![[r#"
error command_arity_missing command "hello.get" has no command_arity
error command_name_missing command 2 has no command_name

"#]],
    );
}

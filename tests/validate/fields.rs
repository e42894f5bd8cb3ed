//! The fields of `module.json`, one by one.

use libtest_mimic::Trial;
use serde_json::{Value, json};
use snapbox::str;

use super::{Draft, write};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(with_a_good_bundle_nothing_is_wrong_for_anybody),
        test!(a_field_that_everybody_asks_for_is_missing),
        test!(a_field_that_some_ask_for_is_missing),
        test!(a_field_that_nobody_asks_for_is_missing),
        test!(a_field_has_another_type),
        test!(there_is_no_such_field),
        test!(names_that_cannot_be),
        test!(values_that_need_no_other_field),
        test!(capabilities),
        test!(the_checksum_of_the_module),
        test!(an_empty_mapping),
        test!(a_metadata_that_is_no_text),
        test!(more_findings_than_anybody_reads),
    ]
}

fn with_a_good_bundle_nothing_is_wrong_for_anybody() {
    let draft = Draft::new();
    for target in ["", "--target rs-7.22", "--target rs-8.0", "--target rs-8.2", "--target k8s"] {
        for strict in ["", "--strict"] {
            draft.as_it_is().finds(&format!("{target} {strict}"), "");
        }
    }
}

fn a_field_that_everybody_asks_for_is_missing() {
    let draft = Draft::new();
    for (field, code) in [
        ("module_name", "module_name_missing"),
        ("module_file", "module_file_missing"),
        ("version", "module_version_missing"),
        ("architecture", "module_architecture_not_supported"),
        ("semantic_version", "field_missing"),
        ("commands", "field_missing"),
        ("capabilities", "field_missing"),
        ("min_redis_version", "field_missing"),
    ] {
        let expected = format!("error {code} {field} is missing\n");
        draft.with(&format!("/{field}"), None).finds("", expected);
    }
}

fn a_field_that_some_ask_for_is_missing() {
    let draft = Draft::new();
    let without = draft.with("/display_name", None).and("/command_line_args", None);
    without.finds(
        "",
        str![[r#"
warning field_missing display_name is missing; refused by rs-8.0, rs-8.2 and k8s
warning field_missing command_line_args is missing; refused by rs-8.0 and rs-8.2

"#]],
    );
    without.finds(
        "--strict",
        str![[r#"
error field_missing display_name is missing; refused by rs-8.0, rs-8.2 and k8s
error field_missing command_line_args is missing; refused by rs-8.0 and rs-8.2

"#]],
    );
    without.finds("--target rs-7.22", str![]);
    without.finds(
        "--target rs-7.22 --strict",
        str![[r#"
error field_missing display_name is missing; refused by rs-8.0, rs-8.2 and k8s
error field_missing command_line_args is missing; refused by rs-8.0 and rs-8.2

"#]],
    );
    without.finds(
        "--target rs-8.2",
        str![[r#"
error field_missing display_name is missing; refused by rs-8.2
error field_missing command_line_args is missing; refused by rs-8.2

"#]],
    );
    without.finds(
        "--target k8s",
        str![[r#"
error field_missing display_name is missing; refused by k8s

"#]],
    );
}

fn a_field_that_nobody_asks_for_is_missing() {
    let draft = Draft::new();
    for field in [
        "add_command",
        "author",
        "bigstore_version_2_support",
        "capability_name",
        "config_command",
        "crdb",
        "dependencies",
        "description",
        "email",
        "exclude_commands",
        "git_sha",
        "homepage",
        "license",
        "min_redis_pack_version",
        "optional-dependencies",
        "os",
        "overide_command",
        "ramp_format_version",
        "speedb_git_sha",
    ] {
        draft.with(&format!("/{field}"), None).finds("--strict", "");
    }
}

fn a_field_has_another_type() {
    let draft = Draft::new();
    draft.with("/module_name", json!(["hello"])).finds(
        "",
        str![[r#"
error field_type_wrong module_name is a list, and must be a text

"#]],
    );
    draft.with("/display_name", json!(5)).finds(
        "",
        str![[r#"
error field_type_wrong display_name is 5, and must be a text

"#]],
    );
    draft.with("/min_redis_version", json!(7.2)).finds(
        "",
        str![[r#"
error field_type_wrong min_redis_version is 7.2, and must be a text

"#]],
    );
    draft.with("/bigstore_version_2_support", json!("no")).finds(
        "",
        str![[r#"
error field_type_wrong bigstore_version_2_support is "no", and must be true or false

"#]],
    );
    draft.with("/commands", json!({"hello.get": {}})).finds(
        "",
        str![[r#"
error field_type_wrong commands is a mapping, and must be a list of commands

"#]],
    );
    draft.with("/capabilities", json!("types, flash")).finds(
        "",
        str![[r#"
error field_type_wrong capabilities is "types, flash", and must be a list of texts
  write each as a text of its own

"#]],
    );
    draft.with("/capabilities", json!(["types", 1])).finds(
        "",
        str![[r#"
error field_type_wrong capabilities has 1, and must be a list of texts

"#]],
    );
    draft.with("/dependencies", json!([])).finds(
        "",
        str![[r#"
error field_type_wrong dependencies is a list, and must be a mapping of dependencies by name

"#]],
    );
    draft.with("/crdb", json!(true)).finds(
        "",
        str![[r#"
error field_type_wrong crdb is true, and must be a mapping

"#]],
    );
    draft.with("/overide_command", json!("x")).finds(
        "",
        str![[r#"
error field_type_wrong overide_command is "x", and must be a list of commands

"#]],
    );
    // As the reference packer writes what a manifest leaves empty.
    draft.with("/homepage", Value::Null).finds(
        "",
        str![[r#"
warning field_type_wrong homepage is null, and must be a text
  leave it out

"#]],
    );
    draft.with("/capabilities", Value::Null).finds(
        "",
        str![[r#"
error field_type_wrong capabilities is null, and must be a list of texts

"#]],
    );
}

fn there_is_no_such_field() {
    let draft = Draft::new();
    draft.with("/display_nam", json!("Hello")).finds(
        "",
        str![[r#"
warning field_unknown there is no field "display_nam"
  did you mean display_name? as it stands it is ignored

"#]],
    );
    draft.with("/xyzzy", json!(1)).finds(
        "",
        str![[r#"
warning field_unknown there is no field "xyzzy"
  it is ignored

"#]],
    );
    draft.with("/run_command_line_args", json!("MAX 5")).finds(
        "",
        str![[r#"
note field_not_for_bundles run_command_line_args only tells how to pack
  leave it out; nobody reads it

"#]],
    );
}

fn names_that_cannot_be() {
    let draft = Draft::new();
    for name in ["../hello", "a/b", "a\\b", "..", "hello\u{1b}[31m"] {
        let expected = format!(
            "error module_name_invalid module_name is {name:?}, and becomes the name of a folder\n"
        );
        draft.with("/module_name", json!(name)).finds("", expected);
    }
    draft.with("/module_name", json!("")).finds(
        "",
        str![[r#"
error module_name_missing module_name is empty

"#]],
    );
    draft.with("/module_name", json!("/".repeat(500))).finds("", str![[r#"
error module_name_invalid module_name is "////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////"… (500 bytes), and becomes the name of a folder

"#]]);
}

fn values_that_need_no_other_field() {
    let draft = Draft::new();
    draft.with("/os", json!("Darwin")).finds(
        "",
        str![[r#"
warning os_not_linux os is "Darwin", and Redis Enterprise runs on Linux

"#]],
    );
    draft.with("/crdb", json!({"supported_featureset_versions": ["1"]})).finds("", str![[r#"
error crdb_invalid supported_featureset_versions of crdb has "1", and must be a list of whole numbers

"#]]);
    draft.with("/ramp_format_version", json!(2)).finds(
        "",
        str![[r#"
warning ramp_format_unknown ramp_format_version is 2, and only 1 is known

"#]],
    );
    let commit = "eb00710658424274cfc9174a161451ac0fdfeace";
    draft.with("/git_sha", json!(format!("b'{commit}'"))).finds("", str![[r#"
note git_sha_in_quotes git_sha is "b'eb00710658424274cfc9174a161451ac0fdfeace'", a commit as Python shows bytes

"#]]);
    draft.with("/git_sha", json!("main")).finds(
        "",
        str![[r#"
warning git_sha_invalid git_sha is "main", which is no commit

"#]],
    );
    draft.with("/git_sha", json!("")).finds("", "");
}

fn capabilities() {
    let draft = Draft::new();
    draft.with("/capabilities", json!(["resharding", "types", "flesh"])).finds(
        "",
        str![[r#"
warning capability_unknown capabilities has "resharding", which is not known
  did you mean reshard_rebalance?
warning capability_unknown capabilities has "flesh", which is not known
  did you mean flash?

"#]],
    );
    draft.with("/capabilities", json!(["types", "flash", "types"])).finds(
        "",
        str![[r#"
note capability_repeated capabilities has "types" more than once

"#]],
    );
    draft.with("/capabilities", json!([])).finds("", "");
}

fn the_checksum_of_the_module() {
    let mut draft = Draft::new();
    draft.with("/sha256", None).finds(
        "",
        str![[r#"
warning sha256_missing sha256 is missing

"#]],
    );
    draft.with("/sha256", json!("")).finds(
        "",
        str![[r#"
error sha256_invalid sha256 is "", and must be 64 hex digits

"#]],
    );
    draft.with("/sha256", json!("504fa1f3")).finds(
        "",
        str![[r#"
error sha256_invalid sha256 is "504fa1f3", and must be 64 hex digits

"#]],
    );
    let other = "a".repeat(64);
    let own = draft.metadata["sha256"].as_str().unwrap().to_owned();
    draft.sandbox.alias(own, "[HEX]");
    draft.with("/sha256", json!(other)).finds("", str![[r#"
error sha256_contradicts sha256 is aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, and that of the module [HEX]

"#]]);
    let upper = draft.metadata["sha256"].as_str().unwrap().to_uppercase();
    draft.with("/sha256", json!(upper)).finds("", "");
}

fn an_empty_mapping() {
    let mut draft = Draft::new();
    draft.metadata = json!({});
    draft.as_it_is().finds(
        "",
        str![[r#"
error module_name_missing module_name is missing
error module_file_missing module_file is missing
error module_version_missing version is missing
error module_architecture_not_supported architecture is missing
error field_missing semantic_version is missing
error field_missing commands is missing
error field_missing capabilities is missing
error field_missing min_redis_version is missing
warning field_missing display_name is missing; refused by rs-8.0, rs-8.2 and k8s
warning field_missing command_line_args is missing; refused by rs-8.0 and rs-8.2
warning redis_version_missing compatible_redis_version is missing; it must equal that of a database
  give the Redis version of the databases it is for, as 7.4
warning operating_systems_missing operating_systems is missing
  name the systems of the nodes, as rhel8: a node takes no other bundle
warning sha256_missing sha256 is missing

"#]],
    );
}

/// Fields are not missing from what nobody can read.
fn a_metadata_that_is_no_text() {
    let draft = Draft::new();
    let json = ("module.json".to_owned(), b"{\"author\": \"\xff\"}".to_vec());
    write(&draft.sandbox.path("x.zip"), draft.entries.iter().chain([&json]));
    draft.sandbox.sh("rampkit validate x.zip -q; echo $?").prints(
        str![[r#"
error module_json_not_utf8 byte 12 of module.json is not UTF-8
1

"#]],
        "",
    );
}

fn more_findings_than_anybody_reads() {
    let mut draft = Draft::new();
    for number in 0..1500 {
        draft.metadata[format!("xyzzy {number}")] = json!(1);
    }
    draft.metadata["module_name"] = json!("");
    draft.as_it_is().write("x.zip");
    let run = draft.sandbox.sh("rampkit validate x.zip | grep -v '^  '");
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(lines[0], "error module_name_missing module_name is empty");
    assert_eq!(lines[1000..], ["warning too_many_findings 501 further findings are not listed"]);
}

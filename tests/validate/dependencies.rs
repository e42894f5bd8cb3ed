//! Dependencies, named and embedded.

use libtest_mimic::Trial;
use serde_json::{Value, json};
use snapbox::str;

use super::{Draft, sha256};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(an_embedded_dependency),
        test!(a_dependency_that_is_not_embedded),
        test!(an_entry_with_the_name_of_the_dependency),
        test!(a_dependency_without_a_url),
        test!(urls_that_are_none),
        test!(checksums_of_dependencies),
        test!(what_is_no_dependency),
        test!(an_entry_that_is_no_dependency),
        test!(optional_dependencies),
    ]
}

const URL: &str = "https://example.com/plugin.Linux.1.2.tgz";

/// A dependency of the content `plugin`.
fn plugin() -> Value {
    json!({"plugin": {"url": URL, "sha256": sha256("plugin")}})
}

fn an_embedded_dependency() {
    let draft = Draft::new().holding("deps/plugin.Linux.1.2.tgz", "plugin");
    draft.with("/dependencies", plugin()).finds("--strict", "");
    draft.with("/optional-dependencies", plugin()).finds("--strict", "");
}

fn a_dependency_that_is_not_embedded() {
    let draft = Draft::new();
    let named = draft.with("/dependencies", plugin());
    named.finds("", str![[r#"
warning dependency_not_embedded dependency "plugin" is not embedded as "deps/plugin.Linux.1.2.tgz"; refused by rs-8.0, rs-8.2 and k8s
  embed it: rampkit pack --embed-deps

"#]]);
    named.finds("--strict", str![[r#"
error dependency_not_embedded dependency "plugin" is not embedded as "deps/plugin.Linux.1.2.tgz"; refused by rs-8.0, rs-8.2 and k8s
  embed it: rampkit pack --embed-deps

"#]]);
    named.finds(
        "--target rs-7.22",
        str![[r#"
note dependency_not_embedded dependency "plugin" is not embedded as "deps/plugin.Linux.1.2.tgz"

"#]],
    );
    named.finds("--target rs-8.2", str![[r#"
error dependency_not_embedded dependency "plugin" is not embedded as "deps/plugin.Linux.1.2.tgz"; refused by rs-8.2
  embed it: rampkit pack --embed-deps

"#]]);
}

/// As the reference packer embeds it.
fn an_entry_with_the_name_of_the_dependency() {
    let draft = Draft::new().holding("deps/plugin.tgz", "plugin");
    let misnamed = draft.with("/dependencies", plugin());
    misnamed.finds("", str![[r#"
warning dependency_misnamed dependency "plugin" is "deps/plugin.tgz", and looked for as "deps/plugin.Linux.1.2.tgz"; refused by rs-8.0, rs-8.2 and k8s

"#]]);
    misnamed.finds("--target rs-7.22", "");
    misnamed.finds("--target k8s", str![[r#"
error dependency_misnamed dependency "plugin" is "deps/plugin.tgz", and looked for as "deps/plugin.Linux.1.2.tgz"; refused by k8s

"#]]);
}

fn a_dependency_without_a_url() {
    let embedded = Draft::new().holding("deps/plugin.tgz", "plugin");
    embedded
        .with("/dependencies", plugin())
        .and("/dependencies/plugin/url", None)
        .finds("", str![[r#"
note dependency_url_missing dependency "plugin" has no url, from which others than Redis Enterprise 8 would download it

"#]]);
    let draft = Draft::new();
    draft.with("/dependencies", plugin()).and("/dependencies/plugin/url", None).finds(
        "",
        str![[r#"
error dependency_url_missing dependency "plugin" has no url, and is not embedded

"#]],
    );
}

fn urls_that_are_none() {
    let draft = Draft::new();
    let finds = |url: &str, expected: snapbox::data::Inline| {
        let named = draft.with("/dependencies", plugin());
        named.and("/dependencies/plugin/url", json!(url)).finds("--target rs-7.22", expected);
    };
    finds(
        "plugin.tgz",
        str![[r#"
error dependency_url_invalid dependency "plugin" has the url "plugin.tgz": relative URL without a base
note dependency_not_embedded dependency "plugin" is not embedded as "deps/plugin.tgz"

"#]],
    );
    finds(
        "ftp://example.com/plugin.tgz",
        str![[r#"
error dependency_url_invalid dependency "plugin" has the url "ftp://example.com/plugin.tgz": it must be http or https
note dependency_not_embedded dependency "plugin" is not embedded as "deps/plugin.tgz"

"#]],
    );
    finds(
        "https://example.com/",
        str![[r#"
error dependency_url_invalid dependency "plugin" has the url "https://example.com/": it does not end with the name of a file

"#]],
    );
    finds(
        "https://example.com/plugin-{os}.tgz",
        str![[r#"
error dependency_url_invalid dependency "plugin" has the url "https://example.com/plugin-{os}.tgz": braces in it stand for nothing
note dependency_not_embedded dependency "plugin" is not embedded as "deps/plugin-{os}.tgz"

"#]],
    );
    finds(
        "https://example.com",
        str![[r#"
error dependency_url_invalid dependency "plugin" has the url "https://example.com": it does not end with the name of a file
note dependency_not_embedded dependency "plugin" is not embedded as "deps/example.com"

"#]],
    );
    finds(
        "https://ann:secret@example.com/plugin.tgz",
        str![[r#"
warning dependency_url_login dependency "plugin" has a login in its url, which everybody can read who has the bundle
  leave it out, and embed the file
note dependency_not_embedded dependency "plugin" is not embedded as "deps/plugin.tgz"

"#]],
    );
}

fn checksums_of_dependencies() {
    let draft = Draft::new().holding("deps/plugin.Linux.1.2.tgz", "plugin");
    let with = |sha256: Option<Value>| {
        draft.with("/dependencies", plugin()).and("/dependencies/plugin/sha256", sha256)
    };
    with(None).finds(
        "",
        str![[r#"
error dependency_sha256_missing dependency "plugin" has no sha256

"#]],
    );
    with(Some(json!("a1b2"))).finds("", str![[r#"
error dependency_sha256_invalid dependency "plugin" has the sha256 "a1b2", and must have 64 hex digits

"#]]);
    with(Some(json!("a".repeat(64)))).finds("", str![[r#"
error dependency_sha256_contradicts dependency "plugin" has the sha256 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, and that of "deps/plugin.Linux.1.2.tgz" is 5e689e2b01672bf33996e75d5e372ff60c536ce1599a1458e867cd8f4bef5160

"#]]);
}

fn what_is_no_dependency() {
    let draft = Draft::new();
    draft.with("/dependencies", json!({"plugin": URL})).finds("", str![[r#"
error dependency_type_wrong dependency "plugin" is "https://example.com/plugin.Linux.1.2.tgz", and must be a mapping

"#]]);
    let draft = draft.holding("deps/plugin.Linux.1.2.tgz", "plugin");
    let number = draft.with("/dependencies", plugin()).and("/dependencies/plugin/sha256", json!(1));
    number.finds(
        "",
        str![[r#"
error dependency_type_wrong dependency "plugin" has the sha256 1, and must have a text

"#]],
    );
    let path = draft.with("/dependencies", plugin());
    path.and("/dependencies/plugin/local_path", json!("build/plugin")).finds(
        "",
        str![[r#"
warning dependency_field_unknown dependency "plugin" has "local_path", which is not known

"#]],
    );
}

fn an_entry_that_is_no_dependency() {
    let draft = Draft::new().holding("deps/plugin.tgz", "plugin");
    draft.as_it_is().finds(
        "",
        str![[r#"
warning dependency_unnamed "deps/plugin.tgz" is the file of no dependency
  nothing will use it

"#]],
    );
}

fn optional_dependencies() {
    let draft = Draft::new();
    let named = draft.with("/optional-dependencies", plugin());
    named.finds("", str![[r#"
note dependency_not_embedded dependency "plugin" is not embedded as "deps/plugin.Linux.1.2.tgz"; refused by rs-8.0, rs-8.2 and k8s
  embed it: rampkit pack --embed-deps

"#]]);
    named.finds("--target rs-8.2", str![[r#"
warning dependency_not_embedded dependency "plugin" is not embedded as "deps/plugin.Linux.1.2.tgz"; refused by rs-8.2
  embed it: rampkit pack --embed-deps

"#]]);
    let draft = draft.holding("deps/plugin.Linux.1.2.tgz", "something else");
    draft.with("/optional-dependencies", plugin()).finds("", str![[r#"
error dependency_sha256_contradicts dependency "plugin" has the sha256 5e689e2b01672bf33996e75d5e372ff60c536ce1599a1458e867cd8f4bef5160, and that of "deps/plugin.Linux.1.2.tgz" is f41f3fa625ff120ddca7ef456bf66371ecea23c129f4e4c32367101edb516cf8

"#]]);
}

//! Versions, of the module and of Redis.

use libtest_mimic::Trial;
use serde_json::{Value, json};
use snapbox::str;

use super::Draft;
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(the_version_of_the_module),
        test!(two_versions_of_the_module_contradict_each_other),
        test!(nobody_says_which_redis_it_is_for),
        test!(versions_of_redis_have_a_form),
        test!(a_placeholder),
        test!(two_versions_of_redis_contradict_each_other),
        test!(databases_of_that_version),
        test!(redis_enterprise_of_that_version),
    ]
}

fn the_version_of_the_module() {
    let draft = Draft::new();
    draft.with("/version", json!(10203.0)).finds(
        "",
        str![[r#"
warning module_version_form version is 10203.0, and should be the integer 10203

"#]],
    );
    draft.with("/version", json!(10203.0)).finds(
        "--strict",
        str![[r#"
error module_version_form version is 10203.0, and should be the integer 10203

"#]],
    );
    draft.with("/version", json!("10203")).finds(
        "",
        str![[r#"
warning module_version_form version is "10203", and should be the integer 10203

"#]],
    );
    draft.with("/version", json!(0)).finds(
        "",
        str![[r#"
error module_version_missing version is 0, which readers take for none

"#]],
    );
    for version in [json!(1.5), json!(-1), json!("1.2.3"), json!(true), json!([1]), Value::Null] {
        let shown = if version.is_array() { "a list".to_owned() } else { version.to_string() };
        let expected = format!(
            "error module_version_not_integer version is {shown}, and must be a whole number\n"
        );
        draft.with("/version", version).finds("", expected);
    }
}

fn two_versions_of_the_module_contradict_each_other() {
    let draft = Draft::new();
    draft.with("/semantic_version", json!("1.2.4")).finds(
        "",
        str![[r#"
warning versions_contradict version 10203 is 1.2.3, and semantic_version is "1.2.4"

"#]],
    );
    draft.with("/version", json!(20000)).finds(
        "",
        str![[r#"
warning versions_contradict version 20000 is 2.0.0, and semantic_version is "1.2.3"

"#]],
    );
    draft.with("/semantic_version", json!("1.2")).finds(
        "",
        str![[r#"
warning semantic_version_form semantic_version is "1.2", and must be as 1.2.3

"#]],
    );
    draft.with("/semantic_version", json!("1.2.3-rc1")).finds("", "");
    draft.with("/semantic_version", json!("18446744073709551615.0.0")).finds("", str![[r#"
warning versions_contradict version 10203 is 1.2.3, and semantic_version is "18446744073709551615.0.0"

"#]]);
    draft.with("/version", json!(20099)).and("/semantic_version", json!("1.100.99")).finds("", "");
}

fn nobody_says_which_redis_it_is_for() {
    let draft = Draft::new();
    let without = draft.with("/compatible_redis_version", None);
    without.finds(
        "",
        str![[r#"
warning redis_version_missing compatible_redis_version is missing; it must equal that of a database
  give the Redis version of the databases it is for, as 7.4

"#]],
    );
    without.finds(
        "--target rs-7.22",
        str![[r#"
warning redis_version_missing compatible_redis_version is missing; it must equal that of a database
  give the Redis version of the databases it is for, as 7.4

"#]],
    );
    without.finds(
        "--target k8s",
        str![[r#"
error redis_version_missing compatible_redis_version is missing; it must equal that of a database
  give the Redis version of the databases it is for, as 7.4

"#]],
    );
    without.finds(
        "--strict",
        str![[r#"
error redis_version_missing compatible_redis_version is missing; it must equal that of a database
  give the Redis version of the databases it is for, as 7.4

"#]],
    );
}

fn versions_of_redis_have_a_form() {
    let draft = Draft::new();
    for wrong in ["7", "7.4.1", "v7.4", "7.4-rc1", ""] {
        let expected = format!(
            "error redis_version_form compatible_redis_version is {wrong:?}, and must be as 7.4\n"
        );
        draft.with("/compatible_redis_version", json!(wrong)).finds("", expected);
    }
    draft.with("/min_redis_version", json!("7")).finds(
        "",
        str![[r#"
error redis_version_form min_redis_version is "7", and must be as 7.4 or 7.4.1

"#]],
    );
    draft.with("/min_redis_version", json!("7.2.1")).finds("", "");
    draft.with("/min_redis_pack_version", json!("seven")).finds(
        "",
        str![[r#"
warning redis_pack_version_form min_redis_pack_version is "seven", and must be as 7.2 or 7.2.4

"#]],
    );
    draft.with("/min_redis_pack_version", json!("7.2.4-52")).finds("", "");
}

fn a_placeholder() {
    let draft = Draft::new();
    draft.with("/compatible_redis_version", json!("99.99")).finds("", str![[r#"
error redis_version_placeholder compatible_redis_version is "99.99", a placeholder that no database has

"#]]);
    draft.with("/compatible_redis_version", json!("99.99")).finds("--target rs-8.2", str![[r#"
error redis_version_placeholder compatible_redis_version is "99.99", a placeholder that no database has

"#]]);
    draft.with("/min_redis_version", json!("99.99")).finds(
        "",
        str![[r#"
error redis_version_placeholder min_redis_version is "99.99", a placeholder that no database has

"#]],
    );
}

fn two_versions_of_redis_contradict_each_other() {
    let draft = Draft::new();
    draft.with("/min_redis_version", json!("8.0")).finds(
        "",
        str![[r#"
warning redis_versions_contradict compatible_redis_version is "7.4", and min_redis_version is "8.0"

"#]],
    );
    draft.with("/min_redis_version", json!("7.4.9")).finds("", "");
}

fn databases_of_that_version() {
    let draft = Draft::new();
    let newer = draft.with("/compatible_redis_version", json!("8.0"));
    newer.finds(
        "",
        str![[r#"
note redis_version_elsewhere databases must run Redis 8.0; not for rs-7.22

"#]],
    );
    newer.finds(
        "--target rs-7.22",
        str![[r#"
error redis_version_elsewhere databases must run Redis 8.0; not for rs-7.22

"#]],
    );
    newer.finds("--target rs-8.0", "");
    let none = draft.with("/compatible_redis_version", json!("7.6"));
    none.finds("", str![[r#"
warning redis_version_elsewhere databases must run Redis 7.6; not for rs-7.22, rs-8.0, rs-8.2 and k8s

"#]]);
    none.finds(
        "--target rs-8.2",
        str![[r#"
error redis_version_elsewhere databases must run Redis 7.6; not for rs-8.2

"#]],
    );
    // A maintenance release may have it.
    let latest = draft.with("/compatible_redis_version", json!("8.10"));
    latest.finds("", str![[r#"
warning redis_version_elsewhere databases must run Redis 8.10; not for rs-7.22, rs-8.0, rs-8.2 and k8s

"#]]);
    latest.finds(
        "--target rs-8.2",
        str![[r#"
warning redis_version_elsewhere databases must run Redis 8.10; not for rs-8.2

"#]],
    );
    let old = draft.with("/compatible_redis_version", json!("6.2"));
    let old = old.and("/min_redis_version", json!("6.0"));
    old.finds(
        "",
        str![[r#"
note redis_version_elsewhere databases must run Redis 6.2; not for k8s

"#]],
    );
    old.finds(
        "--target k8s",
        str![[r#"
error redis_version_elsewhere databases must run Redis 6.2; not for k8s

"#]],
    );
}

fn redis_enterprise_of_that_version() {
    let draft = Draft::new();
    let newer = draft.with("/min_redis_pack_version", json!("8.0"));
    newer.finds(
        "",
        str![[r#"
note min_redis_pack_version min_redis_pack_version is "8.0"; not for rs-7.22

"#]],
    );
    newer.finds(
        "--target rs-7.22",
        str![[r#"
error min_redis_pack_version min_redis_pack_version is "8.0"; not for rs-7.22

"#]],
    );
    newer.finds("--target rs-8.0", "");
    draft.with("/min_redis_pack_version", json!("7.22.9")).finds("--target rs-7.22", "");
}

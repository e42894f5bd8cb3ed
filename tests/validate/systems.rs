//! Operating systems and architectures.

use libtest_mimic::Trial;
use serde_json::json;
use snapbox::str;

use super::Draft;
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(no_system_is_named),
        test!(what_is_no_list_of_systems),
        test!(a_name_and_a_major_version),
        test!(systems_that_no_node_runs),
        test!(systems_of_some_targets),
        test!(an_architecture_that_is_none),
        test!(an_architecture_that_the_module_contradicts),
        test!(few_nodes_run_on_aarch64),
    ]
}

fn no_system_is_named() {
    let draft = Draft::new();
    draft.with("/operating_systems", None).finds(
        "",
        str![[r#"
warning operating_systems_missing operating_systems is missing
  name the systems of the nodes, as rhel8: a node takes no other bundle

"#]],
    );
    draft.with("/operating_systems", json!([])).finds(
        "",
        str![[r#"
warning operating_systems_missing operating_systems is empty
  name the systems of the nodes, as rhel8: a node takes no other bundle

"#]],
    );
}

fn what_is_no_list_of_systems() {
    let draft = Draft::new();
    draft.with("/operating_systems", json!("rhel8")).finds(
        "",
        str![[r#"
error module_os_list_invalid operating_systems is "rhel8", and must be a list of names as rhel8

"#]],
    );
    draft.with("/operating_systems", json!(["rhel8", 9])).finds(
        "",
        str![[r#"
error module_os_list_invalid operating_systems has 9, and must be a list of names as rhel8

"#]],
    );
    draft.with("/operating_systems", json!(["rhel8", "linux"])).finds(
        "",
        str![[r#"
error module_os_list_invalid operating_systems has "linux", and must be a list of names as rhel8

"#]],
    );
    draft.with("/operating_systems", json!(["8", "rhel8"])).finds(
        "",
        str![[r#"
error module_os_list_invalid operating_systems has "8", and must be a list of names as rhel8

"#]],
    );
}

fn a_name_and_a_major_version() {
    let draft = Draft::new();
    draft.with("/operating_systems", json!(["ubuntu22.04", "rhel8", "rhel9"])).finds("", str![[r#"
warning operating_system_form operating_systems has "ubuntu22.04", and must have a name and a major version, as rhel8
  write ubuntu22

"#]]);
    draft.with("/operating_systems", json!(["win-11"])).finds("", str![[r#"
warning operating_system_form operating_systems has "win-11", and must have a name and a major version, as rhel8

"#]]);
}

fn systems_that_no_node_runs() {
    let draft = Draft::new();
    draft.with("/operating_systems", json!(["debian12"])).finds(
        "",
        str![[r#"
error operating_system_unknown no Redis Enterprise node runs "debian12"
  name the systems of the nodes, as rhel8

"#]],
    );
    draft.with("/operating_systems", json!(["debian12", "arch1"])).finds(
        "--target k8s",
        str![[r#"
error operating_system_unknown no Redis Enterprise node runs "debian12" or "arch1"
  name the systems of the nodes, as rhel8

"#]],
    );
    draft.with("/operating_systems", json!(["centos8", "rocky9"])).finds(
        "",
        str![[r#"
error operating_system_unknown no Redis Enterprise node runs "centos8" or "rocky9"
  write rhel8 and rhel9

"#]],
    );
    draft.with("/operating_systems", json!(["centos8", "rhel9"])).finds(
        "",
        str![[r#"
warning operating_system_unknown no Redis Enterprise node runs "centos8"
  write rhel8

"#]],
    );
    draft.with("/operating_systems", json!(["debian12", "rhel9"])).finds(
        "",
        str![[r#"
warning operating_system_unknown no Redis Enterprise node runs "debian12"

"#]],
    );
}

fn systems_of_some_targets() {
    let draft = Draft::new();
    let two = draft.with("/operating_systems", json!(["rhel8", "ubuntu22"]));
    two.finds(
        "",
        str![[r#"
note operating_system_elsewhere nodes must run rhel8 or ubuntu22 on x86_64; not for k8s

"#]],
    );
    two.finds(
        "--strict",
        str![[r#"
note operating_system_elsewhere nodes must run rhel8 or ubuntu22 on x86_64; not for k8s

"#]],
    );
    two.finds("--target rs-8.2", "");
    two.finds(
        "--target k8s",
        str![[r#"
error operating_system_elsewhere nodes must run rhel8 or ubuntu22 on x86_64; not for k8s

"#]],
    );
    let amazon = draft.with("/operating_systems", json!(["amzn2"]));
    amazon.finds(
        "",
        str![[r#"
note operating_system_elsewhere nodes must run amzn2 on x86_64; not for rs-8.2 and k8s

"#]],
    );
    amazon.finds("--target rs-8.0", "");
    amazon.finds(
        "--target rs-8.2",
        str![[r#"
error operating_system_elsewhere nodes must run amzn2 on x86_64; not for rs-8.2

"#]],
    );
    // Of a supported past.
    draft.with("/operating_systems", json!(["rhel7"])).finds("", str![[r#"
warning operating_system_elsewhere nodes must run rhel7 on x86_64; not for rs-7.22, rs-8.0, rs-8.2 and k8s

"#]]);
    draft.with("/operating_systems", json!(["rhel7"])).finds(
        "--target rs-7.22",
        str![[r#"
error operating_system_elsewhere nodes must run rhel7 on x86_64; not for rs-7.22

"#]],
    );
}

fn an_architecture_that_is_none() {
    let draft = Draft::new();
    draft.with("/architecture", json!("amd64")).finds(
        "",
        str![[r#"
error module_architecture_not_supported architecture is "amd64", and must be x86_64 or aarch64
  write x86_64

"#]],
    );
    draft.with("/architecture", json!("i386")).finds(
        "",
        str![[r#"
error module_architecture_not_supported architecture is "i386", and must be x86_64 or aarch64

"#]],
    );
    draft.with("/architecture", json!(64)).finds(
        "",
        str![[r#"
error module_architecture_not_supported architecture is 64, and must be x86_64 or aarch64

"#]],
    );
}

fn an_architecture_that_the_module_contradicts() {
    let draft = Draft::new();
    draft.with("/architecture", json!("aarch64")).finds(
        "",
        str![[r#"
error architecture_contradicts architecture is aarch64, and the module was built for x86_64
note operating_system_elsewhere nodes must run rhel8, rhel9 or ubuntu22 on aarch64; not for rs-7.22

"#]],
    );
}

fn few_nodes_run_on_aarch64() {
    let mut draft = Draft::new();
    let module = &mut draft.entries[0].1;
    module[18] = 183;
    draft.metadata["sha256"] = json!(super::sha256(module));
    draft.metadata["architecture"] = json!("aarch64");
    draft.as_it_is().finds(
        "",
        str![[r#"
note operating_system_elsewhere nodes must run rhel8, rhel9 or ubuntu22 on aarch64; not for rs-7.22

"#]],
    );
    draft.as_it_is().finds("--target rs-8.2", "");
    draft.as_it_is().finds(
        "--target rs-7.22",
        str![[r#"
error operating_system_elsewhere nodes must run rhel8, rhel9 or ubuntu22 on aarch64; not for rs-7.22

"#]],
    );
    draft.with("/operating_systems", json!(["rhel8"])).finds("", str![[r#"
warning operating_system_elsewhere nodes must run rhel8 on aarch64; not for rs-7.22, rs-8.0, rs-8.2 and k8s

"#]]);
}

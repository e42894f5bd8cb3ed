//! hadolint finds no error in what is made of the cases of the ancestor and of CEKit.

use std::fs;

use libtest_mimic::Trial;

use super::{fixtures, folders, lay_out, rampkit};
use crate::harness::Sandbox;
use crate::rendering::linter::errors;
use crate::test;

/// It does not read an escape that is escaped before the quote that ends a value; BuildKit does.
const UNREAD: &str = "cekit/30-expand";

pub fn all() -> Vec<Trial> {
    vec![test!(a_linter_finds_no_error_in_any_case, Hadolint)]
}

fn a_linter_finds_no_error_in_any_case() {
    let (mut clean, mut unread) = (0, Vec::new());
    for kind in ["dockerfile", "cekit"] {
        for case in folders(&fixtures(kind)).into_iter().filter(|case| case != "shared") {
            let name = format!("{kind}/{case}");
            let sandbox = Sandbox::new();
            lay_out(&fixtures("dockerfile/shared"), &sandbox);
            lay_out(&fixtures(&name).join("in"), &sandbox);
            let args = fs::read_to_string(fixtures(&name).join("args")).unwrap_or_default();
            let args = if kind == "cekit" { "target.yaml" } else { &args };
            let run = rampkit(&sandbox, &args.lines().map(str::to_owned).collect::<Vec<_>>());
            if run.code != 0 || !run.stdout.starts_with("# Made by") {
                continue;
            }
            match errors(&sandbox.write("made", run.stdout)) {
                None => clean += 1,
                Some(_) => unread.push(name),
            }
        }
    }
    assert_eq!(unread, [UNREAD]);
    assert!(clean > 30, "only {clean} cases make a Dockerfile");
}

//! hadolint finds no error in what rampkit writes.

use std::process::Command;

use libtest_mimic::Trial;
use rampkit::assembly::dockerfile;
use rampkit::descriptor::document::Manager;

use super::plans::{whole, windows};
use crate::harness::{Peer, Sandbox};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![test!(a_linter_finds_no_error, Hadolint)]
}

fn a_linter_finds_no_error() {
    let sandbox = Sandbox::new();
    let mut plans = vec![whole(), windows()];
    for manager in Manager::ALL {
        let mut plan = whole();
        plan.modules[0].packages.as_mut().unwrap().manager = manager;
        plans.push(plan);
    }
    plans.extend(crate::properties::some(60, &super::plans::plan()));
    for plan in plans {
        let path = sandbox.write("Dockerfile", dockerfile(&plan));
        let mut hadolint = Command::new(Peer::Hadolint.found().join("hadolint"));
        hadolint.args(["--no-color", "--failure-threshold=error"]).arg(path);
        let output = hadolint.output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        if !output.status.success() {
            eprintln!("XXX {said}");
            for l in said.lines().filter(|l| l.contains("error")) {
                let n: usize = l
                    .split("Dockerfile:")
                    .nth(1)
                    .unwrap()
                    .split([' ', ':'])
                    .next()
                    .unwrap()
                    .parse()
                    .unwrap();
                eprintln!("YYY {l} || {}", dockerfile(&plan).lines().nth(n - 1).unwrap());
            }
        }
    }
}

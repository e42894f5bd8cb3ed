//! hadolint finds no error in what rampkit writes.

use std::path::Path;
use std::process::Command;

use libtest_mimic::Trial;
use rampkit::assembly::{Plan, dockerfile};
use rampkit::descriptor::document::Manager;

use super::plans::{plan, whole, windows};
use crate::harness::{Peer, Sandbox};
use crate::properties::some;
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
    plans.extend(some(60, &plan()).into_iter().map(understood));
    for plan in plans {
        let path = sandbox.write("Dockerfile", dockerfile(&plan));
        let found = errors(&path);
        assert!(found.is_none(), "{found:?}\n{}", dockerfile(&plan));
    }
}

/// What it says of a Dockerfile in which it finds an error.
pub fn errors(path: &Path) -> Option<String> {
    let mut hadolint = Command::new(Peer::Hadolint.found().join("hadolint"));
    hadolint.args(["--no-color", "--failure-threshold=error"]).arg(path);
    let output = hadolint.output().unwrap();
    (!output.status.success()).then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// It knows neither escaped escapes, nor most escapes in JSON, nor what it cannot print.
fn understood(mut plan: Plan) -> Plan {
    let is_known = |c: char| c.is_ascii_graphic() && !"\\`\"".contains(c) || " é中🦀".contains(c);
    let known = |text: &mut String| text.retain(is_known);
    for part in plan.modules.iter_mut().chain([&mut plan.target]) {
        part.envs.iter_mut().chain(&mut part.labels).for_each(|(_, value)| known(value));
        for copy in &mut part.copies {
            [&mut copy.source, &mut copy.target].into_iter().for_each(known);
        }
        if let Some(execute) = &mut part.execute {
            [&mut execute.source, &mut execute.folder].into_iter().for_each(known);
            execute.scripts.iter_mut().for_each(|script| known(&mut script.path));
        }
    }
    plan.volumes.iter_mut().chain(&mut plan.workdir).for_each(known);
    plan.cmd.iter_mut().chain(&mut plan.entrypoint).flatten().for_each(known);
    plan
}

//! `rampkit diff`.

mod changes;
mod same;

use libtest_mimic::Trial;
use serde_json::{Map, Value};

use crate::harness::{Run, Sandbox, machine_free};
use crate::inspect::{by_hand, said};

pub fn all() -> Vec<Trial> {
    [changes::all(), same::all()].into_iter().flatten().collect()
}

/// Makes `new.zip`, whose `module.json` is that of `old.zip` with a change.
fn changed(sandbox: &Sandbox, change: impl FnOnce(&mut Map<String, Value>)) {
    let mut said = said(sandbox);
    change(&mut said);
    by_hand(sandbox, "new.zip", &said.into(), &[]);
}

/// Holds all that a run printed which found a difference against what it must be.
#[track_caller]
fn differs(run: &Run, stdout: impl snapbox::IntoData, stderr: impl snapbox::IntoData) {
    snapbox::assert_data_eq!(machine_free(&run.stdout), stdout);
    snapbox::assert_data_eq!(machine_free(&run.stderr), stderr);
    assert_eq!(run.code, 1);
}

//! rampkit under the name `ramp`: as people and scripts call the reference packer.

mod alone;
mod beside;
mod wrongs;

use std::os::unix::fs::symlink;
use std::path::Path;

use libtest_mimic::Trial;
use serde_json::Value;

use crate::harness::{Peer, Sandbox, read_entry};

pub fn all() -> Vec<Trial> {
    [alone::all(), beside::all(), wrongs::all()].into_iter().flatten().collect()
}

/// A sandbox with the sample module and its manifest in which `ramp` is rampkit.
pub fn ours() -> Sandbox {
    sandbox(Path::new(env!("CARGO_BIN_EXE_rampkit")))
}

/// The same in which it is ramp-packer.
fn theirs() -> Sandbox {
    sandbox(&Peer::RampPacker.found().with_file_name("ramp"))
}

fn sandbox(program: &Path) -> Sandbox {
    let mut sandbox = Sandbox::new();
    sandbox.module("hello");
    sandbox.write("ramp.yml", include_str!("../../modules/hello/ramp.yml"));
    let bin = sandbox.path("../bin");
    std::fs::create_dir(&bin).unwrap();
    symlink(program, bin.join("ramp")).unwrap();
    let path = std::env::var("PATH").unwrap_or_default();
    let rampkit = Path::new(env!("CARGO_BIN_EXE_rampkit")).parent().unwrap();
    sandbox.env("PATH", format!("{}:{}:{path}", bin.display(), rampkit.display()));
    sandbox
}

/// What a bundle's module.json says.
fn metadata(sandbox: &Sandbox, bundle: &str) -> Value {
    serde_json::from_slice(&read_entry(&sandbox.path(bundle), "module.json")).unwrap()
}

//! `rampkit pack --all`: many modules, by a project file.

mod bad;
mod failing;
mod good;
mod killed;
mod settings;

use std::fs;

use libtest_mimic::Trial;
use serde_json::Value;

use crate::harness::{Run, Sandbox, read_entry};

pub use settings::OF_THE_RUN;

pub fn all() -> Vec<Trial> {
    [bad::all(), failing::all(), good::all(), killed::all(), settings::all()]
        .into_iter()
        .flatten()
        .collect()
}

/// Three modules for two platforms.
const PROJECT: &str = "\
settings:
  module: build/{platform}/{name}.so
  manifest: pack/ramp.yml
  output: 'dist/{platform}-{module_name}.{semantic_version}.zip'
modules:
  hello:
  alpha:
    set: {display_name: 'Alpha for {platform}'}
    platforms: [jammy]
  beta:
    commands: commands.json
    set: {module_name: beta}
platforms:
  jammy:
    set: {operating_systems: ubuntu22}
  rhel8:
    set: {operating_systems: [rhel8]}
";

/// A sandbox with what [`PROJECT`] packs.
fn project() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.module("hello");
    sandbox.module_that("alpha", "");
    sandbox.ok("cp hello.so beta.so && mkdir dist build && rm alpha.c");
    sandbox.ok("mkdir build/jammy && mv *.so build/jammy && cp -r build/jammy build/rhel8");
    sandbox.write("pack/ramp.yml", include_str!("../../modules/hello/ramp.yml"));
    sandbox.write("commands.json", include_str!("../../modules/hello/commands.json"));
    sandbox.write("rampkit.yaml", PROJECT);
    sandbox
}

/// A sandbox with one module and a project file of that text.
fn hello(text: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.module("hello");
    sandbox.write("ramp.yml", include_str!("../../modules/hello/ramp.yml"));
    sandbox.write("rampkit.yaml", text);
    sandbox
}

/// The bytes of all bundles, with their names.
fn bundles(sandbox: &Sandbox) -> Vec<(String, Vec<u8>)> {
    let names = sandbox.list("dist").into_iter();
    names.map(|name| (name.clone(), fs::read(sandbox.path("dist").join(name)).unwrap())).collect()
}

/// What a bundle's module.json says.
fn metadata(sandbox: &Sandbox, bundle: &str) -> Value {
    serde_json::from_slice(&read_entry(&sandbox.path(bundle), "module.json")).unwrap()
}

/// Runs and expects that nothing is written.
fn harmless(sandbox: &Sandbox, line: &str) -> Run {
    let files = || sandbox.ok("find . -type f | sort");
    let before = files();
    let run = sandbox.sh(line);
    assert_eq!(files(), before, "{line}");
    run
}

//! `rampkit pack`.

mod again;
mod archives;
mod bad_manifests;
mod bad_modules;
mod bad_options;
mod bad_places;
mod broken_downloads;
mod bundle;
mod cached;
mod changing;
mod dependencies;
mod descriptor;
mod downloads;
mod fields;
mod full;
mod hostile;
mod killed;
mod names;
mod options;
mod packages;
mod platforms;
mod precedence;
mod readers;
mod refused_downloads;
mod templates;

use libtest_mimic::Trial;
use serde_json::Value;

use crate::harness::{Run, Sandbox, read_entry};

pub fn all() -> Vec<Trial> {
    [
        again::all(),
        archives::all(),
        bad_manifests::all(),
        bad_modules::all(),
        bad_options::all(),
        bad_places::all(),
        broken_downloads::all(),
        bundle::all(),
        cached::all(),
        changing::all(),
        dependencies::all(),
        descriptor::all(),
        downloads::all(),
        fields::all(),
        full::all(),
        hostile::all(),
        killed::all(),
        names::all(),
        options::all(),
        packages::all(),
        platforms::all(),
        precedence::all(),
        readers::all(),
        refused_downloads::all(),
        templates::all(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A sandbox with the sample module, its manifest, and a file that says what it registers.
pub fn sample() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.module("hello");
    sandbox.write("ramp.yml", include_str!("../../modules/hello/ramp.yml"));
    sandbox.write("../commands.json", include_str!("../../modules/hello/commands.json"));
    sandbox
}

/// Packs without a server.
pub const PACK: &str = "rampkit pack --commands ../commands.json";

/// What the sample's bundle is called.
const BUNDLE: &str = match cfg!(target_arch = "x86_64") {
    true => "hello.Linux-x86_64.1.2.3.zip",
    false => "hello.Linux-aarch64.1.2.3.zip",
};

/// What a bundle's module.json says.
fn metadata(sandbox: &Sandbox, bundle: &str) -> Value {
    serde_json::from_slice(&read_entry(&sandbox.path(bundle), "module.json")).unwrap()
}

/// Runs and expects a failure that leaves the folder as it was.
fn harmless(sandbox: &Sandbox, line: &str) -> Run {
    let before = sandbox.list(".");
    let run = sandbox.sh(line);
    assert_eq!(sandbox.list("."), before, "{line}");
    run
}

//! `rampkit unpack`.

mod bundles;
mod killed;
mod places;
mod refused;

use libtest_mimic::Trial;

use crate::harness::{Sandbox, Zip};

pub fn all() -> Vec<Trial> {
    [bundles::all(), killed::all(), places::all(), refused::all()].into_iter().flatten().collect()
}

/// The sha256 of `x`.
const X: &str = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881";

/// A sandbox with `b.zip`: a module `m.so`, which unpacking does not look into, a module.json, and a
/// dependency.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("b.zip", bundle().bytes());
    sandbox
}

fn bundle() -> Zip {
    let mut zip = Zip::default();
    zip.add("m.so", b"x").mode(0o100_400);
    let json = format!(
        r#"{{"module_file": "m.so", "sha256": "{X}",
        "dependencies": {{"d": {{"url": "http://h/d.1.tgz", "sha256": "{X}"}}}}}}"#
    );
    zip.add("module.json", json.as_bytes());
    zip.add("deps/d.1.tgz", b"x");
    zip
}

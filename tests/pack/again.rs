//! What was unpacked from a bundle packs to the same bundle: `module.json` is manifest and registration.

use libtest_mimic::Trial;

use super::{PACK, sample};
use crate::harness::{Peer, Sandbox};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(a_bundle_of_ours_with_dependencies),
        test!(a_bundle_of_the_reference_packer, RampPacker, RedisServer),
    ]
}

/// Unpacks a bundle and packs that again, with these dependencies.
#[track_caller]
fn again(sandbox: &Sandbox, bundle: &str, target: &str, dependencies: &str) {
    let json = "-m out/module.json --commands out/module.json";
    sandbox.ok(&format!("rm -rf out && rampkit unpack -q {bundle} -C out"));
    sandbox.ok(&format!(
        "rampkit pack -q --no-module-yaml {json} {dependencies} out/hello.so -o {target}"
    ));
}

fn a_bundle_of_ours_with_dependencies() {
    let sandbox = sample();
    sandbox.ok("mkdir p && echo a >p/a && echo b >b && echo 'dependencies:' >>ramp.yml");
    sandbox.ok("echo '  p: {url: \"https://h/p.1.2.tgz?x#y\", local_path: p}' >>ramp.yml");
    sandbox.ok("echo '  b: {url: \"https://h/b\"}' >>ramp.yml");
    sandbox.ok("echo 'optional-dependencies: {c: {local_path: b}}' >>ramp.yml");
    let set = "--set semantic_version=1.2.3-rc1 --set os=Other --set exclude_commands=hello.set";
    sandbox.ok(&format!("{PACK} -q {set} --dep b=b -o one.zip"));
    let dependencies = "--dep p=out/deps/p.1.2.tgz --dep b=out/deps/b --dep c=out/deps/c.tgz";
    again(&sandbox, "one.zip", "two.zip", dependencies);
    sandbox.ok("cmp one.zip two.zip");
}

/// Once it is as rampkit means it, it stays so.
fn a_bundle_of_the_reference_packer() {
    let sandbox = sample();
    let packer = Peer::RampPacker.found().with_file_name("ramp");
    sandbox.ok("mkdir p && echo a >p/a");
    sandbox.ok("echo 'dependencies: {p: {local_path: p, url: \"https://example.com/p.1.tgz\"}}' >>ramp.yml");
    sandbox.ok("git init -q && git add . && git commit -q -m all");
    sandbox.ok(&format!(
        "'{}' pack -m ramp.yml -o theirs.zip ./hello.so && rm -rf .git",
        packer.display()
    ));
    again(&sandbox, "theirs.zip", "one.zip", "--dep p=out/deps/p.tgz");
    again(&sandbox, "one.zip", "two.zip", "--dep p=out/deps/p.1.tgz");
    sandbox.ok("cmp one.zip two.zip");
}

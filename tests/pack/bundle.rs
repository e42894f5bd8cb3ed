//! What `rampkit pack` writes, and where.

use std::fs;

use libtest_mimic::Trial;
use serde_json::Value;
use snapbox::str;

use super::{BUNDLE, PACK, metadata, sample};
use crate::harness::{entries, read_entry};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(the_only_module_here, RedisServer),
        test!(the_same_bytes_whenever_and_wherever),
        test!(json_has_the_metadata_and_the_paths),
        test!(a_dry_run_shows_everything_and_writes_nothing),
        test!(the_module_is_found_where_images_keep_modules, Unshare),
        test!(a_module_for_another_machine),
    ]
}

fn the_only_module_here() {
    let sandbox = sample();
    sandbox.sh("rampkit pack").prints(
        str![[r#"
hello.Linux-[ARCH].1.2.3.zip

"#]],
        str![[r#"
    Loaded hello.so as Redis 7.4.11 does
    Packed hello 1.2.3: 3 commands

"#]],
    );
    assert_eq!(sandbox.list("."), [BUNDLE, "hello.so", "module.yaml", "ramp.yml"]);
    sandbox.sh("cat module.yaml").prints(
        str![[r#"
# Written by rampkit pack for the Dockerfile that installs this bundle. Packing again renews the
# version and the bundle; what is added by hand (script, command, artifacts, comments) stays.
kind: Module
name: hello
version: 1.2.3
artifacts:
  - source: [ROOT]/hello.Linux-[ARCH].1.2.3.zip
    user: redislabs:redislabs
    sha256: [HEX]

"#]],
        str![""],
    );
    sandbox.write("module.json", read_entry(&sandbox.path(BUNDLE), "module.json"));
    sandbox.sh("cat module.json").prints(
        str![[r#"
{
    "add_command": [],
    "architecture": "[ARCH]",
    "author": "Ann Author",
    "bigstore_version_2_support": false,
    "capabilities": [
        "types",
        "replica_of",
        "failover_migrate",
        "persistence_rdb",
        "clustering"
    ],
    "capability_name": "Greeting",
    "command_line_args": "",
    "commands": [
        {
            "command_arity": -1,
            "command_name": "hello.get",
            "first_key": 1,
            "flags": [
                "readonly",
                "module"
            ],
            "last_key": 1,
            "step": 1
        },
        {
            "command_arity": -1,
            "command_name": "hello.set",
            "first_key": 1,
            "flags": [
                "write",
                "denyoom",
                "module"
            ],
            "last_key": 1,
            "step": 1
        },
        {
            "command_arity": -1,
            "command_name": "hello.world",
            "first_key": 0,
            "flags": [
                "readonly",
                "module",
                "fast"
            ],
            "last_key": 0,
            "step": 0
        }
    ],
    "compatible_redis_version": "7.2",
    "config_command": "",
    "crdb": {},
    "dependencies": {},
    "description": "Says hello; a sample for packing",
    "display_name": "Hello",
    "email": "ann@example.com",
    "exclude_commands": [],
    "homepage": "https://example.com/hello",
    "license": "MIT",
    "min_redis_pack_version": "6.0",
    "min_redis_version": "6.0",
    "module_file": "hello.so",
    "module_name": "hello",
    "operating_systems": [
        "rhel8",
        "ubuntu22"
    ],
    "optional-dependencies": {},
    "os": "Linux",
    "overide_command": [],
    "ramp_format_version": 1,
    "semantic_version": "1.2.3",
    "sha256": "[HEX]",
    "speedb_git_sha": "",
    "version": 10203
}
"#]],
        str![""],
    );
    assert_eq!(
        read_entry(&sandbox.path(BUNDLE), "hello.so"),
        fs::read(sandbox.path("hello.so")).unwrap()
    );
    assert_eq!(entries(&sandbox.path(BUNDLE)), ["hello.so", "module.json"]);
}

fn the_same_bytes_whenever_and_wherever() {
    let sandbox = sample();
    sandbox.ok(PACK);
    sandbox.ok("mkdir -p ../elsewhere && umask 077 && cp hello.so ramp.yml ../elsewhere");
    sandbox.ok("touch -d 2001-02-03 ../elsewhere/*");
    sandbox.ok(
        "cd ../elsewhere && umask 027 && TZ=Asia/Tokyo rampkit pack --commands ../commands.json",
    );
    sandbox.ok(&format!("cmp {BUNDLE} ../elsewhere/{BUNDLE}"));
}

fn json_has_the_metadata_and_the_paths() {
    let sandbox = sample();
    let run = sandbox.sh(&format!("{PACK} --json"));
    let said: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(said["bundle"], BUNDLE);
    assert_eq!(said["module_yaml"], "module.yaml");
    assert_eq!(said["sha256"], sandbox.ok("cat *.zip | sha256sum | cut -d' ' -f1"));
    assert_eq!(said["metadata"], metadata(&sandbox, BUNDLE));
}

fn a_dry_run_shows_everything_and_writes_nothing() {
    let sandbox = sample();
    sandbox.write("plugin/a", "a");
    fs::OpenOptions::new()
        .append(true)
        .open(sandbox.path("ramp.yml"))
        .map(|mut manifest| {
            use std::io::Write as _;
            writeln!(manifest, "dependencies: {{plugin: {{local_path: plugin}}}}").unwrap();
        })
        .unwrap();
    sandbox.sh(&format!("{PACK} --dry-run")).prints(str![[r#"
hello.Linux-[ARCH].1.2.3.zip
[..]  hello.so
[..]  module.json
[..]  deps/plugin.tgz

module.json
  architecture               module file   [ARCH]
  author                     manifest      Ann Author
  capabilities               manifest      ["types","replica_of","failover_migrate","persistence_rdb","clustering"]
  capability_name            manifest      Greeting
  command_line_args          manifest
  commands                   module        hello.get hello.set hello.world
  compatible_redis_version   manifest      7.2
  dependencies               manifest      {"plugin":{"sha256":"[HEX]"}}
  description                manifest      Says hello; a sample for packing
  display_name               manifest      Hello
  email                      manifest      ann@example.com
  homepage                   manifest      https://example.com/hello
  license                    manifest      MIT
  min_redis_pack_version     manifest      6.0
  min_redis_version          manifest      6.0
  module_file                module file   hello.so
  module_name                module        hello
  operating_systems          manifest      ["rhel8","ubuntu22"]
  os                         this machine  Linux
  semantic_version           module        1.2.3
  sha256                     module file   [HEX]
  version                    module        10203
  and with their defaults: add_command, bigstore_version_2_support, config_command, crdb, exclude_commands, optional-dependencies, overide_command, ramp_format_version, speedb_git_sha

module.yaml
  # Written by rampkit pack for the Dockerfile that installs this bundle. Packing again renews the
  # version and the bundle; what is added by hand (script, command, artifacts, comments) stays.
  kind: Module
  name: hello
  version: 1.2.3
  artifacts:
    - source: [ROOT]/hello.Linux-[ARCH].1.2.3.zip
      user: redislabs:redislabs
      sha256: [HEX]

"#]], str![[r#"
      Read ../commands.json
Would pack hello 1.2.3: 3 commands, 1 dependency

"#]]);
    assert_eq!(sandbox.list("."), ["hello.so", "plugin", "ramp.yml"]);
    let dry: Value =
        serde_json::from_str(&sandbox.ok(&format!("{PACK} --dry-run --json"))).unwrap();
    let real: Value = serde_json::from_str(&sandbox.ok(&format!("{PACK} --json"))).unwrap();
    assert_eq!(dry, real);
}

fn the_module_is_found_where_images_keep_modules() {
    let sandbox = sample();
    sandbox.ok("mkdir ../modules && mv hello.so ../modules");
    // Folders of the machine are covered by empty ones, which nobody else sees.
    let inside = "mount -t tmpfs none /var/opt && mkdir -p /var/opt/redislabs/lib/modules \
                  && cp ../modules/hello.so /var/opt/redislabs/lib/modules \
                  && if [ -d /usr/lib/redis ]; then mount -t tmpfs none /usr/lib/redis; fi \
                  && if [ -d /opt/redislabs ]; then mount -t tmpfs none /opt/redislabs; fi";
    let run = sandbox
        .sh_alone(&format!("{inside} && {PACK} && cat /var/opt/redislabs/lib/modules/module.yaml"));
    run.prints(
        str![[r#"
/var/opt/redislabs/lib/modules/hello.Linux-[ARCH].1.2.3.zip
# Written by rampkit pack for the Dockerfile that installs this bundle. Packing again renews the
# version and the bundle; what is added by hand (script, command, artifacts, comments) stays.
kind: Module
name: hello
version: 1.2.3
artifacts:
  - source: /var/opt/redislabs/lib/modules/hello.Linux-[ARCH].1.2.3.zip
    user: redislabs:redislabs
    sha256: [HEX]

"#]],
        str![[r#"
     Found /var/opt/redislabs/lib/modules/hello.so
      Read ../commands.json
    Packed hello 1.2.3: 3 commands

"#]],
    );
}

fn a_module_for_another_machine() {
    let sandbox = sample();
    let mut bytes = fs::read(sandbox.path("hello.so")).unwrap();
    // e_machine of ELF: 183 is AArch64, 62 is x86-64.
    bytes[18] = if bytes[18] == 183 { 62 } else { 183 };
    let other = if bytes[18] == 183 { "aarch64" } else { "x86_64" };
    sandbox.write("hello.so", bytes);
    sandbox.sh("rampkit pack").fails(
        8,
        str![[r#"
error: hello.so was built for [..] and cannot be loaded on this machine
hint: do it on such a machine; rampkit pack --commands FILE packs it without loading it

"#]],
    );
    assert_eq!(sandbox.ok(PACK), format!("hello.Linux-{other}.1.2.3.zip"));
}

//! The module.yaml beside the bundle.

use std::fs;

use libtest_mimic::Trial;
use snapbox::str;

use super::{BUNDLE, PACK, sample};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(module_yaml_keeps_what_was_added_by_hand),
        test!(a_module_folder_is_called_by_its_variable),
    ]
}

fn module_yaml_keeps_what_was_added_by_hand() {
    let sandbox = sample();
    let options = "--image redislabs/hello:1.2.3 --artifact /opt/hello/data:/data";
    sandbox.ok(&format!("{PACK} {options}"));
    let by_hand = "script: |\n  RUN true\n# and a comment\n";
    fs::write(sandbox.path("module.yaml"), sandbox.read("module.yaml") + by_hand).unwrap();
    sandbox.ok(&format!("{PACK} --set version=10300"));
    sandbox.sh("cat module.yaml").prints(
        str![[r#"
# Written by rampkit pack for the Dockerfile that installs this bundle. Packing again renews the
# version and the bundle; what is added by hand (script, command, artifacts, comments) stays.
kind: Module
name: hello
version: 1.3.0
image: redislabs/hello:1.2.3
artifacts:
  - source: [ROOT]/hello.Linux-[ARCH].1.3.0.zip
    user: redislabs:redislabs
    sha256: [HEX]
  - source: /opt/hello/data
    target: /data
    user: redislabs:redislabs
script: |
  RUN true
# and a comment

"#]],
        str![""],
    );
    sandbox.write("module.yaml", "just a text\n");
    sandbox.sh(PACK).fails(6, str![[r#"
      Read ../commands.json
error: module.yaml:1:1: this is neither a module, nor a list of modules, nor a target
 1 | just a text
   | ^
hint: mend it there, write another file with --module-yaml PATH, or none with --no-module-yaml; it is as it was

"#]]);
    assert_eq!(sandbox.read("module.yaml"), "just a text\n");
    sandbox.ok(&format!("{PACK} --module-yaml other.yaml && grep -q 'version: 1.2.3' other.yaml"));
}

fn a_module_folder_is_called_by_its_variable() {
    let mut sandbox = sample();
    let folder = sandbox.work().display().to_string();
    sandbox.env("REDIS_MODULES", folder);
    sandbox.ok(&format!("{PACK} --user root"));
    let yaml = sandbox.read("module.yaml");
    assert!(yaml.contains(&format!("source: $REDIS_MODULES/{BUNDLE}\n")), "{yaml}");
    assert!(yaml.contains("user: root\n"), "{yaml}");
}

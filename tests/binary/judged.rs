//! A module's file, judged in a bundle.

use libtest_mimic::Trial;
use snapbox::str;

use super::build;
use crate::discovery::modules::needs_a_newer_library;
use crate::harness::Sandbox;
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![test!(a_module_as_it_should_not_be_built), test!(packing_warns_of_what_no_node_loads)]
}

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn a_module_as_it_should_not_be_built() {
    let sandbox = Sandbox::new();
    build(&sandbox, "libown", "int own;\n", &["-Wl,-soname,libown.so.1"]);
    let folders = ["modules/hello", "fixtures/modules"].map(|folder| format!("-I{ROOT}/{folder}"));
    let run_path = "-Wl,-rpath,/home/ann/lib:$ORIGIN";
    let mut flags = vec!["-s", "-Wl,-z,execstack", run_path, "-Wl,--no-as-needed", "-L.", "-lown"];
    flags.extend(folders.iter().map(String::as_str));
    build(&sandbox, "it", "#include \"hello.c\"\n", &flags);
    sandbox.ok(&format!(
        "rampkit pack it.so --commands {ROOT}/modules/hello/commands.json --no-module-yaml \
         --set 'operating_systems=[\"rhel9\", \"ubuntu22\"]' -o it.zip"
    ));
    let validated = sandbox.sh("rampkit validate it.zip | grep -A1 ' binary_' | grep -v '^--'");
    snapbox::assert_data_eq!(
        validated.stdout,
        str![[r#"
warning binary_library_missing needs libown.so.1, which a node may not have
  link it statically, or bring it in a dependency
warning binary_run_path its DT_RUNPATH has /home/ann/lib, a folder of the machine that built it
  link without -rpath, or with $ORIGIN for what lies beside the module
warning binary_executable_stack makes the stack of the whole server executable
  link with -Wl,-z,noexecstack

"#]]
    );
}

fn packing_warns_of_what_no_node_loads() {
    let sandbox = Sandbox::new();
    needs_a_newer_library(&sandbox);
    sandbox.write("ramp.yml", include_str!("../../modules/hello/ramp.yml"));
    let pack = format!(
        "rampkit pack needs.so --commands {ROOT}/modules/hello/commands.json --no-module-yaml"
    );
    sandbox.sh(&pack).prints(
        str![[r#"
needs.Linux-[ARCH].1.2.3.zip

"#]],
        str![[r#"
      Read [..]/modules/hello/commands.json
warning: needs GLIBC_2.99 (newer), rhel8 has 2.28
   hint: build it on the oldest of its systems: that runs on the newer ones too
warning: needs GLIBC_2.99 (newer), ubuntu22 has 2.35
   hint: build it on the oldest of its systems: that runs on the newer ones too
    Packed hello 1.2.3: 3 commands

"#]],
    );
    // A debug build is nobody's business here, nor is what stripping would save.
    sandbox.module_that("plain", "");
    sandbox.ok(&format!("{} --deny-warnings", pack.replace("needs.so", "plain.so")));
}

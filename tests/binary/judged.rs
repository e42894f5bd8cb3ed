//! A module's file, judged in a bundle.

use libtest_mimic::Trial;
use snapbox::str;

use super::build;
use crate::harness::Sandbox;
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![test!(a_module_as_it_should_not_be_built)]
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

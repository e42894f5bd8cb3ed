//! Every way in which a module itself makes its discovery by a server fail.

use snapbox::str;

use crate::harness::Sandbox;
use crate::supervision::{run, sandbox};
use crate::test;

pub fn all() -> Vec<libtest_mimic::Trial> {
    vec![
        test!(a_module_that_crashes, RedisServer),
        test!(a_module_that_hangs, RedisServer),
        test!(a_module_that_refuses, RedisServer),
        test!(a_module_that_exits, RedisServer),
        test!(a_module_that_is_none, RedisServer),
        test!(a_module_that_is_not_executable, RedisServer),
        test!(a_module_without_its_library, RedisServer),
        test!(a_library_that_is_too_old, RedisServer),
    ]
}

fn a_module_that_crashes() {
    let sandbox = sandbox();
    sandbox.module("crash");
    run(&sandbox, "rampkit commands --discovery server crash.so").fails(8, str![[r#"
error: [ROOT]/crash.so crashed Redis [..] while it was loaded: signal 11, SIGSEGV
  | <crash> about to build the index
  | Redis [..] crashed by signal: 11, si_code: 1
  | Accessing address: (nil)
  | Crashed running the instruction at: 0x[..]
  | [ROOT]/crash.so(RedisModule_OnLoad+0x[..])[0x[..]]
hint: if it needs arguments: rampkit commands MODULE.so ARGUMENTS, rampkit pack --run-args ARGS; if it needs another version of the server, name one by --redis-server; rampkit pack --commands FILE packs it without loading it

"#]]);
}

fn a_module_that_hangs() {
    let sandbox = sandbox();
    sandbox.module("hang");
    run(&sandbox, "rampkit commands --discovery server hang.so --timeout 5").fails(
        8,
        str![[r#"
error: [ROOT]/hang.so was not loaded within 5 s
  | <hang> waiting for a licence server
hint: --timeout SECONDS gives it more time; rampkit pack --commands FILE packs it without loading it

"#]],
    );
}

fn a_module_that_refuses() {
    let sandbox = sandbox();
    sandbox.module("refuse");
    run(&sandbox, "rampkit commands --discovery server refuse.so").fails(8, str![[r#"
error: Redis [..] could not load [ROOT]/refuse.so: Error loading the extension
  | <refuse> cannot open the dictionary: no such file
  | Module [ROOT]/refuse.so initialization failed. Module not loaded
hint: if it needs arguments: rampkit commands MODULE.so ARGUMENTS, rampkit pack --run-args ARGS; if it needs another version of the server, name one by --redis-server

"#]]);
}

fn a_module_that_exits() {
    let sandbox = sandbox();
    sandbox.module("exits");
    run(&sandbox, "rampkit commands --discovery server exits.so").fails(8, str![[r#"
error: [ROOT]/exits.so ended Redis [..] while it was loaded: exit code 3
  | fatal: no GPU
hint: if it needs arguments: rampkit commands MODULE.so ARGUMENTS, rampkit pack --run-args ARGS; if it needs another version of the server, name one by --redis-server; rampkit pack --commands FILE packs it without loading it

"#]]);
}

fn a_module_that_is_none() {
    let sandbox = sandbox();
    run(&sandbox, "rampkit commands no.so").fails(
        3,
        str![[r#"
error: cannot read no.so
caused by: No such file or directory (os error 2)
hint: check the spelling; a folder must be there already

"#]],
    );
    sandbox.write("text.so", "not a module\n");
    run(&sandbox, "chmod +x text.so; rampkit commands text.so").fails(
        7,
        str![[r#"
error: text.so is no Redis module: it is a text
hint: name the .so that the module's build made on Linux

"#]],
    );
    sandbox.ok("echo 'int x;' | cc -shared -fPIC -x c - -o plain.so");
    run(&sandbox, "rampkit commands plain.so").fails(
        7,
        str![[r#"
error: plain.so is no Redis module: it does not export RedisModule_OnLoad
hint: check that it is the module and not a library of it, and that the symbol is not hidden (-fvisibility=hidden, or a missing extern "C" in C++)

"#]],
    );
}

fn a_module_that_is_not_executable() {
    let sandbox = sandbox();
    sandbox.module("hello");
    run(&sandbox, "chmod -x hello.so; rampkit commands --discovery server hello.so").fails(
        8,
        str![[r#"
error: [ROOT]/hello.so is not executable, and Redis [..] loads no such module
hint: chmod +x [ROOT]/hello.so

"#]],
    );
}

/// With its folder on LD_LIBRARY_PATH the library is found.
fn a_module_without_its_library() {
    let mut sandbox = sandbox();
    needs_a_library(&sandbox);
    run(&sandbox, "rampkit commands --discovery server needs.so").fails(8, str![[r#"
error: Redis [..] could not load [ROOT]/needs.so: Error loading the extension
  | Module [ROOT]/needs.so failed to load: libgreeting.so.2: cannot open shared object file: No such file or directory
hint: install the package that has libgreeting.so.2, or put the absolute path of its folder on LD_LIBRARY_PATH

"#]]);
    let lib = sandbox.path("lib");
    sandbox.env("LD_LIBRARY_PATH", lib.to_str().unwrap());
    assert_eq!(run(&sandbox, "rampkit commands --discovery server needs.so").code, 0);
}

fn a_library_that_is_too_old() {
    let sandbox = sandbox();
    needs_a_newer_library(&sandbox);
    run(&sandbox, "rampkit commands --discovery server needs.so").fails(8, str![[r#"
error: Redis [..] could not load [ROOT]/needs.so: Error loading the extension
  | Module [ROOT]/needs.so failed to load: [..]/libc.so.6: version `GLIBC_2.99' not found (required by [ROOT]/needs.so)
hint: it was built beside newer libraries than are here: load it where it was built; rampkit pack --commands FILE packs it without loading it

"#]]);
}

/// `needs.so`, and the library it needs in `lib`.
pub fn needs_a_library(sandbox: &Sandbox) {
    sandbox.ok("mkdir lib; echo 'int greeting;' | cc -shared -fPIC -x c - -o lib/libgreeting.so.2");
    let source = sandbox
        .write("needs.c", "#include \"hello.c\"\nextern int greeting;\nint *g = &greeting;\n");
    let hello = concat!(env!("CARGO_MANIFEST_DIR"), "/modules/hello");
    sandbox.ok(&format!(
        "cd lib; cc -shared -fPIC -I{hello} -o ../needs.so {} -L. -l:libgreeting.so.2",
        source.display()
    ));
}

/// `needs.so`, linked with a newer C library than there is.
pub fn needs_a_newer_library(sandbox: &Sandbox) {
    let source = sandbox
        .write("needs.c", "#include \"hello.c\"\nvoid newer(void);\nvoid use(void) { newer(); }\n");
    let hello = concat!(env!("CARGO_MANIFEST_DIR"), "/modules/hello");
    sandbox.ok("mkdir lib; echo 'GLIBC_2.99 { newer; };' >lib/versions");
    sandbox.ok(
        "cd lib; echo 'void newer(void) {}' | cc -shared -fPIC -nostdlib -x c - -o libnewer.so \
         -Wl,-soname,libc.so.6 -Wl,--version-script=versions",
    );
    sandbox.ok(&format!(
        "cd lib; cc -shared -fPIC -I{hello} -o ../needs.so {} ./libnewer.so",
        source.display()
    ));
}

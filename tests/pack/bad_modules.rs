//! Files that are no module: one clear error each.

use std::fs;

use libtest_mimic::Trial;
use snapbox::str;

use super::{PACK, harmless, sample};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(files_that_are_no_module),
        test!(a_module_for_32_bits, Compiler32),
        test!(a_module_without_on_load),
        test!(no_module_or_several, Unshare),
    ]
}

fn files_that_are_no_module() {
    let sandbox = sample();
    let good = fs::read(sandbox.path("hello.so")).unwrap();
    // Byte 4 of an ELF file is its class: 1 is 32 bits.
    let mut class32 = good.clone();
    class32[4] = 1;
    let mut sparc = good.clone();
    sparc[18] = 43;
    sandbox.write("empty.so", "");
    sandbox.write("text.so", "not a library\n");
    sandbox.write("class32.so", class32);
    sandbox.write("sparc.so", sparc);
    sandbox.write("cut.so", &good[..good.len() / 2]);
    sandbox.write("mac.so", b"\xcf\xfa\xed\xfe\x07\x00\x00\x01");
    sandbox.ok("cc -c -o object.so -x c /dev/null");
    let run = |name: &str| harmless(&sandbox, &format!("{PACK} {name}"));
    run("empty.so").fails(
        7,
        str![[r#"
error: empty.so is no Redis module: it is empty
hint: was its build or its download cut off?

"#]],
    );
    run("text.so").fails(
        7,
        str![[r#"
error: text.so is no Redis module: it is a text
hint: name the .so that the module's build made on Linux

"#]],
    );
    run("class32.so").fails(
        7,
        str![[r#"
error: class32.so is no Redis module: it was built for a 32-bit machine
hint: build it for [..] or [..], which Redis Enterprise runs on

"#]],
    );
    run("sparc.so").fails(
        7,
        str![[r#"
error: sparc.so is no Redis module: it was built for machine 43, neither [..] (62) nor [..] (183)
hint: build it for [..] or [..], which Redis Enterprise runs on

"#]],
    );
    run("cut.so").fails(
        7,
        str![[r#"
error: cut.so is no Redis module: it is damaged (it ends before its segments do)
hint: was its build or its download cut off?

"#]],
    );
    run("mac.so").fails(
        7,
        str![[r#"
error: mac.so is no Redis module: it is a macOS library
hint: name the .so that the module's build made on Linux

"#]],
    );
    run("object.so").fails(
        7,
        str![[r#"
error: object.so is no Redis module: it is no shared library (ELF type 1)
hint: link it with -shared -fPIC

"#]],
    );
    run("ramp.yml").fails(
        7,
        str![[r#"
error: ramp.yml is no Redis module: it is a text
hint: name the .so that the module's build made on Linux

"#]],
    );
    sandbox.ok("mkfifo pipe.so");
    run("pipe.so").fails(
        3,
        str![[r#"
error: pipe.so is not a file
hint: name a file

"#]],
    );
    run("no-such.so").fails(
        3,
        str![[r#"
error: cannot read no-such.so
caused by: No such file or directory (os error 2)
hint: check the spelling; a folder must be there already

"#]],
    );
    run(".").fails(
        3,
        str![[r#"
error: . is a folder
hint: name a file

"#]],
    );
}

fn a_module_for_32_bits() {
    let sandbox = sample();
    sandbox.write("m.c", "int RedisModule_OnLoad(void) { return 0; }\n");
    sandbox.ok("cc -m32 -shared -nostdlib -fPIC -o m32.so m.c");
    harmless(&sandbox, &format!("{PACK} m32.so")).fails(
        7,
        str![[r#"
error: m32.so is no Redis module: it was built for a 32-bit machine
hint: build it for [ARCH] or aarch64, which Redis Enterprise runs on

"#]],
    );
}

fn a_module_without_on_load() {
    let sandbox = sample();
    sandbox.write("a.c", "int f(void) { return 1; }\n");
    sandbox.write("b.c", "int ValkeyModule_OnLoad(void) { return 0; }\n");
    sandbox.ok("for x in a b; do cc -shared -fPIC -o $x.so $x.c; done");
    harmless(&sandbox, &format!("{PACK} a.so")).fails(7, str![[r#"
error: a.so is no Redis module: it does not export RedisModule_OnLoad
hint: check that it is the module and not a library of it, and that the symbol is not hidden (-fvisibility=hidden, or a missing extern "C" in C++)

"#]]);
    harmless(&sandbox, &format!("{PACK} b.so")).fails(
        7,
        str![[r#"
error: b.so is no Redis module: it exports ValkeyModule_OnLoad, but not RedisModule_OnLoad
hint: this is a module for Valkey alone; Redis Enterprise calls RedisModule_OnLoad

"#]],
    );
}

fn no_module_or_several() {
    let sandbox = sample();
    sandbox.ok("cp hello.so again.so && echo text > library.so");
    harmless(&sandbox, PACK).fails(
        2,
        str![[r#"
error: no module was named, and there are several:
  again.so
  hello.so
hint: name the one you mean: rampkit pack again.so

"#]],
    );
    sandbox.ok("rm hello.so again.so");
    harmless(&sandbox, PACK).fails(
        7,
        str![[r#"
error: library.so is no Redis module: it is a text
hint: name the .so that the module's build made on Linux

"#]],
    );
    sandbox.ok("rm library.so");
    let empty = "for folder in /usr/lib/redis /opt/redislabs /var/opt/redislabs; do \
                 if [ -d $folder ]; then mount -t tmpfs none $folder; fi; done";
    sandbox.sh_alone(&format!("{empty} && {PACK}")).fails(
        2,
        str![[r#"
error: no module was named, and there is none here nor in /usr/lib/redis/modules, /opt/redislabs/lib/modules, /var/opt/redislabs/lib/modules
hint: name it: rampkit pack path/to/module.so

"#]],
    );
}

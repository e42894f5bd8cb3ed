//! Bundles that other programs have written: each has the findings it deserves, and no others.

use libtest_mimic::Trial;
use snapbox::{IntoData, str};

use crate::harness::Sandbox;
use crate::pack::{PACK, sample};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![test!(what_python_writes, Python), test!(what_info_zip_writes, InfoZip)]
}

/// The files of a sound bundle, in `in`, and programs that write them to `x.zip`.
struct Unpacked(Sandbox);

impl Unpacked {
    fn new() -> Self {
        let sandbox = sample();
        sandbox.ok("echo 'dependencies: {p: {url: \"https://example.com/p.bin\"}}' >>ramp.yml");
        sandbox.ok("head -c 100000 /dev/urandom >>hello.so && echo p >p");
        let set = "--set operating_systems=rhel9,ubuntu22 --no-module-yaml";
        sandbox.ok(&format!("{PACK} -q {set} --dep p=p -o ours.zip"));
        sandbox.ok("rampkit unpack -q ours.zip -C in");
        Self(sandbox)
    }

    /// Runs `line` in `in`, and holds all that is found in what it writes against what it must be;
    /// where there is no error, it is unpacked to the same files.
    #[track_caller]
    fn written(&self, line: &str, expected: impl IntoData) {
        self.0.ok(&format!("rm -rf x.zip out && cd in && {line}"));
        let run = self.0.sh("rampkit validate -q x.zip --strict");
        snapbox::assert_data_eq!(run.stdout.clone(), expected);
        assert_eq!(run.code, i32::from(run.stdout.contains("error ")), "{}", run.stderr);
        match run.code {
            0 => self.0.ok("rampkit unpack -q x.zip -C out && diff -r in out"),
            _ => self.0.ok("! rampkit unpack -q x.zip -C out 2>&1 && test ! -e out"),
        };
    }

    /// The same of a script in Python.
    #[track_caller]
    fn by_python(&self, script: &str, expected: impl IntoData) {
        self.0.write("../write.py", format!("{PYTHON}\n{script}\n"));
        self.written("python3 -W ignore ../../write.py", expected);
    }
}

/// What the scripts have.
const PYTHON: &str = "
from zipfile import *

class Pipe:
    def __init__(self, path): self.file = open(path, 'wb')
    def write(self, bytes): return self.file.write(bytes)
    def flush(self): self.file.flush()

X = '../x.zip'
NAMES = ['hello.so', 'module.json', 'deps/p.bin']

def add(to, method, names=NAMES):
    with ZipFile(to, 'w', method) as zip:
        for name in names: zip.write(name)

def add_zip64(to):
    with ZipFile(to, 'w') as zip:
        for name in NAMES:
            info = ZipInfo.from_file(name)
            info.compress_type = ZIP_DEFLATED
            with zip.open(info, 'w', force_zip64=True) as entry: entry.write(open(name, 'rb').read())
";

fn what_python_writes() {
    let unpacked = Unpacked::new();
    for sound in [
        "add(X, ZIP_STORED)",
        "add(X, ZIP_DEFLATED)",
        // Sizes and checksums stand behind the bytes.
        "add(Pipe(X), ZIP_STORED)",
        "add(Pipe(X), ZIP_DEFLATED)",
        "add_zip64(X)",
        "add_zip64(Pipe(X))",
        "add(X, ZIP_DEFLATED, ['deps'] + NAMES)",
    ] {
        unpacked.by_python(sound, str![""]);
    }
    unpacked.by_python(
        "add(X, ZIP_DEFLATED); ZipFile(X, 'a').comment = b'made by hand'",
        str![[r#"
note archive_comment the archive has a comment of 12 bytes

"#]],
    );
    unpacked.by_python(
        "open(X, 'w').write('#!/bin/sh'); ZipFile(X, 'a').write('hello.so')",
        str![[r#"
error module_json_missing there is no module.json at the root of the archive
warning prepended_data 9 bytes stand before the first entry

"#]],
    );
    unpacked.by_python(
        "add(X, ZIP_DEFLATED, NAMES + NAMES[1:])",
        str![[r#"
error duplicate_name "deps/p.bin" stands in the archive twice
error duplicate_name "module.json" stands in the archive twice

"#]],
    );
    unpacked.by_python(
        "add(X, ZIP_LZMA)",
        str![[r#"
error unknown_method "hello.so" is compressed by method 14, all readers know only 0 and 8
error unknown_method "module.json" is compressed by method 14, all readers know only 0 and 8
error unknown_method "deps/p.bin" is compressed by method 14, all readers know only 0 and 8

"#]],
    );
}

fn what_info_zip_writes() {
    let unpacked = Unpacked::new();
    for sound in [
        "zip -q ../x.zip hello.so module.json deps/p.bin",
        "zip -qr ../x.zip hello.so module.json deps",
        "zip -qX0 ../x.zip hello.so module.json deps/p.bin",
        // With zip64, with descriptors, and both to a pipe.
        "zip -qfz ../x.zip hello.so module.json deps/p.bin",
        "zip -qfd ../x.zip hello.so module.json deps/p.bin",
        "zip -qr - hello.so module.json deps | cat >../x.zip",
    ] {
        unpacked.written(sound, str![""]);
    }
    unpacked.written(
        "zip -qr ../x.zip . && echo by hand | zip -qz ../x.zip",
        str![[r#"
note archive_comment the archive has a comment of 7 bytes

"#]],
    );
    unpacked.written(
        "zip -qr ../y.zip . && cat hello.so ../y.zip >../x.zip && zip -qA ../x.zip",
        str![[r#"
warning prepended_data [..] bytes stand before the first entry

"#]],
    );
    unpacked.written(
        "zip -qP secret ../x.zip hello.so module.json deps/p.bin",
        str![[r#"
error encrypted "hello.so" is encrypted
error encrypted "module.json" is encrypted
error encrypted "deps/p.bin" is encrypted

"#]],
    );
    unpacked.written(
        "zip -q -Z bzip2 ../x.zip hello.so module.json deps/p.bin",
        str![[r#"
error unknown_method "hello.so" is compressed by method 12, all readers know only 0 and 8
error unknown_method "module.json" is compressed by method 12, all readers know only 0 and 8

"#]],
    );
    unpacked.written(
        "zip -qrs 64k ../x.zip .",
        str![[r#"
error several_disks the archive is one of several parts, and a bundle is one file

"#]],
    );
    unpacked.written(
        "ln -s hello.so l.so && zip -qry ../x.zip . && rm l.so",
        str![[r#"
error link "l.so" is a symbolic link
error invalid_number_of_files 2 names end in .so, and the module's alone may: "hello.so", "l.so"

"#]],
    );
}

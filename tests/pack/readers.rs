//! What `pack` writes, as other programs read it: Python's zipfile and tarfile, Info-ZIP's unzip, and
//! the reference packer's unpacker.

use std::fs::File;
use std::io::Cursor;
use std::num::NonZeroUsize;

use libtest_mimic::Trial;
use rampkit::archive::Settings;
use rampkit::archive::zip::{self, Archive};
use rampkit::progress::Meter;
use rampkit::tree::{Content, Tree};
use serde_json::Value;
use snapbox::str;

use super::{PACK, metadata, sample};
use crate::harness::Sandbox;
use crate::parity::unpacked;
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(python_reads_every_entry, Python),
        test!(info_zip_reads_every_entry, InfoZip),
        test!(the_reference_packer_unpacks_it, RampPacker),
        test!(zip64_in_an_entry, Python, InfoZip),
        test!(zip64_in_the_end, Python, InfoZip),
    ]
}

const LEVELS: [u32; 3] = [0, 6, 9];

/// A sandbox with `0.zip`, `6.zip` and `9.zip`: a module of many blocks, and as dependencies an empty
/// file, one that is compressed already, and a folder of whatever there can be, with names from all
/// over the world.
fn packed() -> Sandbox {
    let sandbox = sample();
    sandbox.ok("head -c 1000000 /dev/urandom >>hello.so && seq 300000 >>hello.so");
    sandbox.ok("head -c 300000 /dev/urandom | gzip >noise.gz && touch empty");
    sandbox.ok("mkdir -p f/empty f/ordner/日本 && touch f/none && echo ü >f/ordner/日本/ü && seq 99999 >f/numbers");
    sandbox.ok("echo '#!/bin/sh' >f/run && chmod +x f/run && cd f && ln -s ordner/日本 link && ln -s nowhere dangling");
    sandbox
        .ok("long=$(printf 'long%.0s' $(seq 50)) && mkdir -p f/$long && echo long >f/$long/$long");
    let dependency = |name: &str| format!("  {name}: {{url: 'https://example.com/{name}.bin'}}\n");
    let dependencies = ["empty", "noise"].map(dependency).concat()
        + "  ümlaut: {url: 'https://example.com/ümlaut 日本.tgz', local_path: f}\n";
    sandbox.write("ramp.yml", sandbox.read("ramp.yml") + "dependencies:\n" + &dependencies);
    for level in LEVELS {
        let given = "--dep empty=empty --dep noise=noise.gz --no-module-yaml";
        sandbox.ok(&format!("{PACK} -q {given} --level {level} -o {level}.zip"));
    }
    sandbox
}

/// Prints every entry, and the file below the folder that has the same bytes.
const LIST: &str = "
import hashlib, io, os, stat, sys, tarfile, time, zipfile

def digest(bytes):
    return hashlib.sha256(bytes).hexdigest()

files = {}
for folder, _, names in os.walk('.'):
    for name in sorted(names):
        path = os.path.join(folder, name)
        if os.path.isfile(path) and not os.path.islink(path):
            files.setdefault(digest(open(path, 'rb').read()), path)

bundle = zipfile.ZipFile(sys.argv[1])
assert bundle.testzip() is None and not bundle.comment
for entry in bundle.infolist():
    bytes = bundle.read(entry)
    assert len(bytes) == entry.file_size
    print(stat.filemode(entry.external_attr >> 16), '%d-%d-%d %d:%d:%d' % entry.date_time,
          entry.filename, '=', files.get(digest(bytes)))
    if not entry.filename.endswith('.tgz'): continue
    for member in tarfile.open(fileobj=io.BytesIO(bytes), mode='r:gz'):
        assert (member.uid, member.gid, member.uname, member.gname) == (0, 0, '', '')
        kind = stat.S_IFLNK if member.issym() else stat.S_IFDIR if member.isdir() else stat.S_IFREG
        line = ['   ', stat.filemode(kind | member.mode), time.strftime('%F %T', time.gmtime(member.mtime)),
                member.name.replace('long' * 50, 'LONG')]
        if member.issym(): line += ['->', member.linkname]
        if member.isfile():
            content = tarfile.open(fileobj=io.BytesIO(bytes)).extractfile(member).read()
            line += ['=', files[digest(content)].replace('long' * 50, 'LONG')]
        print(*line)
";

fn python_reads_every_entry() {
    let sandbox = packed();
    sandbox.write("../list.py", LIST);
    for level in LEVELS {
        sandbox.sh(&format!("python3 ../list.py {level}.zip")).prints(
            str![[r#"
-rwxr-xr-x 1980-1-1 0:0:0 hello.so = ./hello.so
-rw-r--r-- 1980-1-1 0:0:0 module.json = None
-rw-r--r-- 1980-1-1 0:0:0 deps/empty.bin = ./empty
-rw-r--r-- 1980-1-1 0:0:0 deps/noise.bin = ./noise.gz
-rw-r--r-- 1980-1-1 0:0:0 deps/ümlaut 日本.tgz = None
    drwxr-xr-x 1980-01-01 00:00:00 f
    lrwxr-xr-x 1980-01-01 00:00:00 f/dangling -> nowhere
    drwxr-xr-x 1980-01-01 00:00:00 f/empty
    lrwxr-xr-x 1980-01-01 00:00:00 f/link -> ordner/日本
    drwxr-xr-x 1980-01-01 00:00:00 f/LONG
    -rw-r--r-- 1980-01-01 00:00:00 f/LONG/LONG = ./f/LONG/LONG
    -rw-r--r-- 1980-01-01 00:00:00 f/none = ./empty
    -rw-r--r-- 1980-01-01 00:00:00 f/numbers = ./f/numbers
    drwxr-xr-x 1980-01-01 00:00:00 f/ordner
    drwxr-xr-x 1980-01-01 00:00:00 f/ordner/日本
    -rw-r--r-- 1980-01-01 00:00:00 f/ordner/日本/ü = ./f/ordner/日本/ü
    -rwxr-xr-x 1980-01-01 00:00:00 f/run = ./f/run

"#]],
            str![""],
        );
    }
}

fn info_zip_reads_every_entry() {
    let sandbox = packed();
    for level in LEVELS {
        sandbox.sh(&format!("unzip -tq {level}.zip")).prints(
            str![[r#"
No errors detected in compressed data of [..].zip.

"#]],
            str![""],
        );
        sandbox.ok(&format!(
            "unzip -q {level}.zip -d theirs && rampkit unpack -q {level}.zip -C ours"
        ));
        sandbox
            .ok("diff -r ours theirs && cmp theirs/hello.so hello.so && test -x theirs/hello.so");
        sandbox.ok("rm -r ours theirs");
    }
}

fn the_reference_packer_unpacks_it() {
    let sandbox = packed();
    for level in LEVELS {
        let bundle = format!("{level}.zip");
        let (seen, said) = (unpacked(&sandbox.path(&bundle)), metadata(&sandbox, &bundle));
        assert_eq!((&seen["name"], &seen["module"]), (&said["module_name"], &said["sha256"]));
        let digests = |value: &Value| -> Vec<String> {
            let all = value.as_object().unwrap().values();
            let digest = |it: &Value| it.as_str().or(it["sha256"].as_str()).unwrap().to_owned();
            all.map(digest).collect()
        };
        assert_eq!(digests(&seen["deps"]), digests(&said["dependencies"]));
    }
}

/// As an entry of 4 GiB has it, which takes too long to write: a test of the writer writes the same.
fn zip64_in_an_entry() {
    let sandbox = Sandbox::new();
    sandbox.write("x.zip", include_bytes!("../../fixtures/bundles/zip64.zip"));
    let hello = "import zipfile; print(zipfile.ZipFile('x.zip').read('hello.so'))";
    assert_eq!(sandbox.ok(&format!("python3 -c \"{hello}\"")), "b'hello\\n'");
    assert_eq!(sandbox.ok("unzip -p x.zip hello.so"), "hello");
    let opened = Archive::open(File::open(sandbox.path("x.zip")).unwrap()).unwrap();
    let mut bytes = Vec::new();
    opened.read(0, &mut bytes).unwrap();
    assert_eq!(bytes, b"hello\n");
    assert_eq!(opened.findings, []);
}

/// The first number of entries that does not fit the end of a plain zip.
fn zip64_in_the_end() {
    const ENTRIES: usize = 0xffff;
    let sandbox = Sandbox::new();
    let mut tree = Tree::default();
    (0..ENTRIES).for_each(|name| tree.push(name.to_string(), Content::Bytes(Vec::new()), false));
    let path = sandbox.path("x.zip");
    let settings = Settings { threads: NonZeroUsize::MIN, ..Settings::default() };
    let mut bytes = Cursor::new(Vec::new());
    zip::write(&tree, &settings, &Meter::default(), &mut bytes, &path).unwrap();
    std::fs::write(&path, bytes.into_inner()).unwrap();
    let names = "import zipfile; print(len(zipfile.ZipFile('x.zip').namelist()))";
    assert_eq!(sandbox.ok(&format!("python3 -c \"{names}\"")), ENTRIES.to_string());
    assert_eq!(sandbox.ok("unzip -Z1 x.zip | sort -u | wc -l"), ENTRIES.to_string());
    let opened = Archive::open(File::open(path).unwrap()).unwrap();
    assert_eq!((opened.records.len(), opened.findings), (ENTRIES, Vec::new()));
}

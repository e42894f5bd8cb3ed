//! Dependencies that are archives, and what these hold.

use std::fs;
use std::io::Write as _;

use libtest_mimic::Trial;
use serde_json::{Value, json};
use snapbox::str;
use tar::{EntryType, Header};

use super::{Draft, sha256};
use crate::harness::{Peer, Sandbox};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(an_archive_by_a_stranger),
        test!(archives_that_are_damaged),
        test!(archives_that_unpack_to_too_much_together),
        test!(a_library_that_a_dependency_brings),
        test!(what_gnu_tar_writes, Tar, RampPacker),
        test!(what_python_writes, RampPacker),
    ]
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Members by their kind, name, target and mode; each file has four bytes.
fn archive(members: &[(EntryType, &str, &str, u32)]) -> Vec<u8> {
    let mut archive = Vec::new();
    for (kind, name, target, mode) in members {
        let mut header = Header::new_ustar();
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        header.as_old_mut().linkname[..target.len()].copy_from_slice(target.as_bytes());
        header.set_entry_type(*kind);
        header.set_mode(*mode);
        header.set_size(if kind.is_file() { 4 } else { 0 });
        header.set_cksum();
        archive.extend(header.as_bytes());
        if kind.is_file() {
            archive.extend(b"four");
            archive.resize(archive.len() + 508, 0);
        }
    }
    archive.resize(archive.len() + 1024, 0);
    archive
}

/// A good bundle with these dependencies.
fn with(archives: &[(&str, &[u8])]) -> Draft {
    let mut draft = Draft::new();
    for (name, bytes) in archives {
        let file = format!("{name}.tgz");
        let url = format!("https://example.com/{file}");
        draft.metadata["dependencies"][name] = json!({"url": url, "sha256": sha256(bytes)});
        draft.entries.push((format!("deps/{file}"), bytes.to_vec()));
    }
    draft
}

fn an_archive_by_a_stranger() {
    use EntryType::{Char, Directory, Link, Regular, Symlink};
    let good = [
        (Directory, "plugin/", "", 0o2755),
        (Regular, "plugin/a", "", 0o755),
        (Symlink, "plugin/b", "../plugin/a", 0o777),
        (Link, "plugin/c", "plugin/a", 0o644),
    ];
    with(&[("plugin", &gzip(&archive(&good)))]).as_it_is().finds("--strict", "");
    let evil = [
        (Regular, "../../bin/redis-server", "", 0o755),
        (Regular, "/etc/cron.d/x", "", 0o644),
        (Symlink, "plugin/etc", "/etc", 0o777),
        (Regular, "plugin/etc/passwd", "", 0o644),
        (Link, "plugin/shadow", "../../../etc/shadow", 0o644),
        (Regular, "plugin/sh", "", 0o4755),
        (Regular, "plugin/./sh", "", 0o644),
        (Char, "plugin/\u{1b}[2J", "", 0o644),
    ];
    with(&[("plugin", &gzip(&archive(&evil)))]).as_it_is().finds("", str![[r#"
error name_escapes "deps/plugin.tgz": the name "../../bin/redis-server" has the part ".."
error name_absolute "deps/plugin.tgz": the name "/etc/cron.d/x" is absolute
error set_user_id "deps/plugin.tgz": "plugin/sh" runs as the user or the group who owns it, whoever starts it
error name_control "deps/plugin.tgz": the name "plugin/\u{1b}[2J" has control characters
error special_file "deps/plugin.tgz": "plugin/\u{1b}[2J" is a device or a pipe
error through_link "deps/plugin.tgz": "plugin/etc/passwd" is unpacked through the link "plugin/etc"
error duplicate_name "deps/plugin.tgz": "plugin/sh" stands in the archive twice
error link_escapes "deps/plugin.tgz": "plugin/etc" is a link to "/etc", out of the archive
error link_escapes "deps/plugin.tgz": "plugin/shadow" is a link to "../../../etc/shadow", out of the archive

"#]]);
}

fn archives_that_are_damaged() {
    let whole = archive(&[(EntryType::Regular, "a", "", 0o644)]);
    let cut = gzip(&whole);
    let twice = [&*gzip(&whole), &*gzip(&[0; 512])].concat();
    let archives: [(&str, &[u8]); 4] = [
        ("cut", &cut[..cut.len() - 3]),
        ("half", &gzip(&whole[..700])),
        ("text", &gzip("no archive, of whatever length; ".repeat(99).as_bytes())),
        ("twice", &twice),
    ];
    with(&archives).as_it_is().finds(
        "",
        str![[r#"
error cut_off "deps/cut.tgz": ends in the middle of its compressed bytes
error cut_off "deps/half.tgz": ends in the middle of a member
warning not_a_tar "deps/text.tgz": is compressed, and no tar archive
note gzip_streams "deps/twice.tgz": is 2 compressed streams, one behind the other

"#]],
    );
}

fn archives_that_unpack_to_too_much_together() {
    let zeros = gzip(&vec![0; 80 << 20]);
    with(&[("zeros", &zeros)]).as_it_is().finds(
        "",
        str![[r#"
error zip_bomb "deps/zeros.tgz": unpacks to more than 67108864 bytes

"#]],
    );
}

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn a_library_that_a_dependency_brings() {
    let sandbox = Sandbox::new();
    sandbox.write("ramp.yml", include_str!("../../modules/hello/ramp.yml"));
    sandbox.ok("mkdir -p plugin/lib && echo 'int own;' >own.c");
    sandbox.ok("cc -shared -fPIC -Wl,-soname,libown.so.1 own.c -o plugin/lib/libown.so.1.2");
    sandbox.ok("ln -s libown.so.1.2 plugin/lib/libown.so.1");
    sandbox.ok(&format!(
        "cc -shared -fPIC -s -I{ROOT}/modules/hello -I{ROOT}/fixtures/modules \
         {ROOT}/modules/hello/hello.c -o it.so -Wl,--no-as-needed plugin/lib/libown.so.1.2"
    ));
    let pack = format!(
        "rampkit pack it.so --commands {ROOT}/modules/hello/commands.json --no-module-yaml \
         --set operating_systems=rhel9"
    );
    let run = sandbox.sh(&format!("{pack} -o without.zip"));
    assert!(run.stderr.contains("warning: needs libown.so.1, which a node may not have"));
    sandbox.ok("echo 'dependencies: {plugin: {local_path: plugin}}' >>ramp.yml");
    let run = sandbox.sh(&format!("{pack} -o it.zip"));
    assert!(!run.stderr.contains("libown"), "{}", run.stderr);
    let validated = sandbox.sh("rampkit validate it.zip | grep -E 'binary_library|plugin.tgz'");
    snapbox::assert_data_eq!(
        validated.stdout,
        str![[r#"
note binary_library_carried needs libown.so.1, which a dependency brings

"#]]
    );
    let shown = sandbox.ok("rampkit inspect it.zip | grep -A1 ^dependencies");
    snapbox::assert_data_eq!(
        shown,
        str![[r#"
dependencies     plugin: deps/plugin.tgz, [..] (1 file, [..] kB unpacked), sha256
[..]
"#]]
    );
    let members = members(&sandbox.ok("rampkit inspect it.zip --json"), 0);
    let names: Vec<(&str, &str)> = members
        .iter()
        .map(|it| (it["path"].as_str().unwrap(), it["kind"].as_str().unwrap()))
        .collect();
    assert_eq!(
        names,
        [
            ("plugin", "folder"),
            ("plugin/lib", "folder"),
            ("plugin/lib/libown.so.1", "link"),
            ("plugin/lib/libown.so.1.2", "file")
        ]
    );
}

/// What `inspect --json` says of a dependency.
fn members(json: &str, dependency: usize) -> Vec<Value> {
    let json: Value = serde_json::from_str(json).unwrap();
    json["dependencies"][dependency]["contents"]["members"].as_array().unwrap().clone()
}

/// A folder with all that archives hold.
const FOLDER: &str = r#"
mkdir -p plugin/$(printf 'deep/%.0s' $(seq 60)) 'plugin/ä b'
deep=plugin/$(printf 'deep/%.0s' $(seq 60))
echo one >"${deep}one" && echo two >'plugin/ä b/back\slash'
ln plugin/*/back* plugin/hard && ln -s 'ä b/back\slash' plugin/soft
ln "${deep}one" "${deep}two" && ln -s $(printf 'deep/%.0s' $(seq 60))one plugin/far
truncate -s 9000000 plugin/holes && echo end >>plugin/holes
"#;

/// Held against what Python finds in it: without a fault, and with the same members.
#[track_caller]
fn is_read_as_by_python(sandbox: &Sandbox, file: &str) {
    let python = Peer::RampPacker.found();
    let read = r#"
import json, sys, tarfile
def kind(it):
    if it.isfile(): return "file"
    return "folder" if it.isdir() else "link" if it.issym() else "hard_link"
print(json.dumps([
    {"path": it.name.removeprefix("./"), "kind": kind(it), "size": it.size if it.isfile() else 0}
    for it in tarfile.open(sys.argv[1])
]))
"#;
    sandbox.write("read.py", read);
    let theirs = sandbox.ok(&format!("'{}' read.py {file}", python.display()));
    let theirs: Vec<Value> = serde_json::from_str(&theirs).unwrap();
    let bytes = fs::read(sandbox.path(file)).unwrap();
    let draft = with(&[("plugin", &bytes)]);
    draft.as_it_is().finds("--strict", "");
    assert_eq!(members(&draft.sandbox.ok("rampkit inspect x.zip --json"), 0), theirs, "{file}");
}

fn what_gnu_tar_writes() {
    let sandbox = Sandbox::new();
    sandbox.ok(FOLDER);
    let tar = Peer::Tar.found().display().to_string();
    for (number, options) in
        ["--format=gnu", "--format=posix", "--format=gnu -S", "--format=posix -S"]
            .into_iter()
            .enumerate()
    {
        sandbox.ok(&format!("{tar} czf {number}.tgz {options} plugin"));
        is_read_as_by_python(&sandbox, &format!("{number}.tgz"));
    }
    sandbox.ok(&format!("{tar} czf v7.tgz --format=v7 plugin/hard plugin/soft"));
    is_read_as_by_python(&sandbox, "v7.tgz");
    sandbox.ok(&format!("{tar} czf incremental.tgz --incremental -C plugin hard"));
    let incremental = fs::read(sandbox.path("incremental.tgz")).unwrap();
    with(&[("plugin", &incremental)]).as_it_is().finds("", str![[r#"
error headers_differ "deps/plugin.tgz": "hard" has times that some readers take for the first part of its path

"#]]);
}

fn what_python_writes() {
    let sandbox = Sandbox::new();
    sandbox.ok(FOLDER);
    let python = Peer::RampPacker.found();
    for format in ["GNU", "PAX"] {
        let write = format!(
            "import tarfile\nwith tarfile.open('{format}.tgz', 'w:gz', format=tarfile.{format}_FORMAT) \
             as it: it.add('plugin', 'plugin')"
        );
        sandbox.write("write.py", &write);
        sandbox.ok(&format!("'{}' write.py", python.display()));
        is_read_as_by_python(&sandbox, &format!("{format}.tgz"));
    }
}

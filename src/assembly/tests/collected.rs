//! The folder that is collected for the builder.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

use super::{Given, given};
use crate::error::Error;

/// All files of a folder, by their paths.
fn files(folder: &Path) -> Vec<String> {
    let mut found: Vec<PathBuf> = walkdir::WalkDir::new(folder)
        .into_iter()
        .map(|it| it.unwrap())
        .filter(|it| !it.file_type().is_dir())
        .map(|it| it.path().strip_prefix(folder).unwrap().to_owned())
        .collect();
    found.sort();
    found.iter().map(|path| path.display().to_string()).collect()
}

fn with_script() -> Given {
    let yaml =
        "name: org.x/one\nversion: '1.0'\nexecute: [{script: x.sh}]\nartifacts: [{source: lib}]";
    let given = given(yaml).file("x.sh", "#!/bin/sh\n").file("lib/a", "1").file(".git/config", "");
    symlink("a", given.path().join("in/lib/b")).unwrap();
    given.collected()
}

#[test]
fn it_holds_what_is_copied_and_no_more() {
    let given = with_script();
    let out = given.path().join("in/out");
    given.assembled().write(&out, false).unwrap();
    let expected = [
        ".rampkit-context.json",
        "Dockerfile",
        "modules/org.x-one/1.0/lib/a",
        "modules/org.x-one/1.0/lib/b",
        "modules/org.x-one/1.0/x.sh",
    ];
    assert_eq!(files(&out), expected);
    let mode = |path: &str| fs::metadata(out.join(path)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(expected[4]), mode(expected[2])), (0o755, 0o644));
    assert!(out.join(expected[3]).is_symlink());
    let lines = given.own_lines();
    assert!(lines.contains("COPY [\"modules/org.x-one/1.0\", \"/tmp/modules/org.x-one-1.0/\"]"));
    // It lies in what it is made of, and never holds itself.
    given.assembled().write(&out, false).unwrap();
    assert_eq!(files(&out), expected);
    assert_eq!(fs::read_dir(given.path().join("in")).unwrap().count(), 4);
}

#[test]
fn names_of_modules_never_lead_elsewhere() {
    let names = ["../x", "..", "a/b", "A-b", "a b", "/etc"];
    let modules: Vec<String> = names
        .iter()
        .map(|name| format!("{{name: {name:?}, version: '../1', artifacts: [{{source: f, target: '/{name}/'}}]}}"))
        .collect();
    let given = given(&format!("[{}]", modules.join(","))).file("f", "").collected();
    let out = given.path().join("out");
    given.assembled().write(&out, false).unwrap();
    let expected = [
        "modules/A-b-2/1/f",
        "modules/a-b/1/f",
        "modules/a-b-3/1/f",
        "modules/etc/1/f",
        "modules/module/1/f",
        "modules/x/1/f",
    ];
    assert_eq!(files(&out)[2..], expected);
}

#[test]
fn a_folder_is_replaced_where_rampkit_made_it_and_nobody_else_worked_in_it() {
    let given = with_script();
    let out = given.path().join("out");
    let write = |force| given.assembled().write(&out, force);
    fs::create_dir(&out).unwrap();
    write(false).unwrap();
    fs::remove_file(out.join("modules/org.x-one/1.0/lib/a")).unwrap();
    write(false).unwrap();
    let whole = files(&out);
    let change = |path: &str| fs::write(out.join(path), "mine").unwrap();
    for (path, why) in
        [("Dockerfile", "Dockerfile was changed"), ("own", "rampkit did not write own")]
    {
        change(path);
        let error = write(false).unwrap_err();
        assert_eq!(error.exit_code(), 9);
        assert!(error.to_string().ends_with(&format!("/out would be replaced: {why}")), "{error}");
        assert_eq!(fs::read_to_string(out.join(path)).unwrap(), "mine");
        write(true).unwrap();
        assert_eq!(files(&out), whole);
    }
    fs::remove_file(out.join(".rampkit-context.json")).unwrap();
    let error = write(true).unwrap_err();
    assert!(matches!(error, Error::InTheFolder { is_ours: false, .. }), "{error}");
    assert_eq!(files(&out), whole[1..]);
    assert_eq!(fs::read_dir(given.path()).unwrap().count(), 2);
}

#[test]
fn nothing_stays_of_what_cannot_be_written() {
    let given = with_script();
    let assembled = given.assembled();
    fs::remove_dir_all(given.path().join("in/lib")).unwrap();
    let out = given.path().join("out");
    assert!(assembled.write(&out, false).is_err());
    assert!(assembled.write(&given.path().join("no/out"), false).is_err());
    assert_eq!(fs::read_dir(given.path()).unwrap().count(), 1);
}

#[test]
fn links_that_lead_out_are_refused() {
    let given = with_script();
    symlink("../../secret", given.path().join("in/lib/c")).unwrap();
    let refused = given.refused();
    assert!(refused.ends_with("lib/c: it is a link that leads out of the folder"), "{refused}");
}

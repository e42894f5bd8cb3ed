//! `rampkit fetch` from servers that want to harm: none takes much memory or time, and nothing that
//! they give is taken for what was asked for.

use git2::{ObjectType, Oid};
use libtest_mimic::Trial;
use snapbox::str;

use super::forged::{Pack, Said, commit, line, tree};
use super::locked;
use crate::harness::{Run, Sandbox};
use crate::test;

/// More is not needed for any of this: a good server is read with as much.
const MEMORY: &str = "ulimit -v 500000";

pub const GOOD: &[u8] = b"display_name: good\n";

pub fn all() -> Vec<Trial> {
    vec![
        test!(a_good_one_beside_the_others),
        test!(lists_without_an_end),
        test!(packs_that_count_wrong),
        test!(packs_that_are_none),
        test!(objects_nobody_asked_for),
        test!(another_content_than_that_of_the_id),
        test!(a_lie_about_where_a_tag_leads),
        test!(a_lie_about_a_commit_of_a_few_digits),
        test!(a_lie_about_what_an_entry_is),
        test!(words_that_a_terminal_would_obey),
    ]
}

fn sandbox() -> Sandbox {
    let mut sandbox = Sandbox::new();
    // Fetched objects go here, and must not stay.
    std::fs::create_dir(sandbox.path("../tmp")).unwrap();
    let tmp = sandbox.path("../tmp").display().to_string();
    sandbox.env("TMPDIR", tmp);
    sandbox
}

/// Fetches `v1` from a server, and sees that nothing stays if there is an error.
pub fn fetch(said: Said) -> (Sandbox, Run) {
    let mut sandbox = sandbox();
    let server = said.serve(&mut sandbox);
    let fetch = format!("{MEMORY}; rampkit fetch git://127.0.0.1:{}/r v1", server.port);
    let run = sandbox.sh(&fetch);
    assert_eq!(sandbox.list("../tmp"), [""; 0]);
    if run.code != 0 {
        assert_eq!(sandbox.list("."), [""; 0]);
    }
    (sandbox, run)
}

/// A server that sends this pack, and says that `v1` is its good commit.
fn fetch_from(pack: &[u8]) -> Run {
    fetch(Said::new(Pack::new().commit(GOOD), None, pack)).1
}

#[track_caller]
pub fn is_wrong(pack: &[u8], why: &str) {
    is_broken(&fetch_from(pack), why);
}

#[track_caller]
pub fn is_broken(run: &Run, why: &str) {
    let expected = format!(
        "error: git://127.0.0.1:[PORT]/r did not give what it has\ncaused by: {why}\n\
         hint: try again; nothing was written\n"
    );
    snapbox::assert_data_eq!(run.stderr.as_str(), expected);
    assert_eq!(run.code, 4);
}

fn a_good_one_beside_the_others() {
    let mut pack = Pack::new();
    let tip = pack.commit(GOOD);
    let (sandbox, run) = fetch(Said::new(tip, None, &pack.end()));
    run.prints(
        str![[r#"
ramp.yml

"#]],
        str![[r#"
   Fetched ramp.yml at tags/v1 ([HEX]) of git://127.0.0.1:[PORT]/r, 19 bytes

"#]],
    );
    assert_eq!(sandbox.read("ramp.yml").as_bytes(), GOOD);
}

/// Of what it can do, of refs in either version, of talk beside a pack.
fn lists_without_an_end() {
    let id = Oid::ZERO_SHA1;
    let good = || Said::new(id, None, &[]);
    let (ability, old) = (line("x=y\n"), line(format!("{id} refs/tags/x\n")));
    let (progress, shallow) = (line("\x02counting\n"), line(format!("shallow {id}\n")));
    let greeting = [line("version 2\n"), ability.clone()].concat();
    let pack = [line("packfile\n"), progress.clone()].concat();
    let info = [line("shallow-info\n"), shallow.clone()].concat();
    for (said, why) in [
        (
            Said { greeting, endless: Some(ability), ..good() },
            "the list of capabilities is longer than 1048576 bytes",
        ),
        (
            Said { greeting: old.clone(), endless: Some(old.clone()), ..good() },
            "the list of refs has more than 1000000",
        ),
        (
            Said { refs: old.clone(), endless: Some(old), ..good() },
            "the list of refs has more than 1000000",
        ),
        (
            Said { objects: info, endless: Some(shallow), ..good() },
            "what stands before the pack is longer than 67108864 bytes",
        ),
        (
            Said { objects: pack, endless: Some(progress), ..good() },
            "it says more and more that is no part of the pack",
        ),
    ] {
        is_broken(&fetch(said).1, why);
    }
}

fn packs_that_count_wrong() {
    let mut pack = Pack::new();
    pack.commit(GOOD);
    is_wrong(&pack.end_of(2), "it sends a pack with something after its end");
    is_wrong(&pack.end_of(4), "it sends a pack with an object of the unknown kind 0");
    is_wrong(&pack.end_of(u32::MAX), "it sends a pack with 4294967295 objects");
    let more = [pack.end(), b"more".to_vec()].concat();
    is_wrong(&more, "it sends a pack with something after its end");
}

fn packs_that_are_none() {
    let mut pack = Pack::new();
    pack.commit(GOOD);
    let pack = pack.end();
    for length in [0, 3, 11, 12, 40, pack.len() - 1] {
        is_wrong(&pack[..length], "the connection ended too early");
    }
    is_wrong(b"PUCK\0\0\0\x02\0\0\0\0", "what it sends is no pack");
    is_wrong(b"PACK\0\0\0\x07\0\0\0\0", "it sends a pack with the unknown version 7");
    let endless = [b"PACK\0\0\0\x02\0\0\0\x01".to_vec(), vec![0xff; 1 << 20]].concat();
    is_wrong(&endless, "it sends a pack with an object of a size without an end");
}

#[track_caller]
fn is_not_given(run: &Run) {
    assert!(matches!(run.code, 4 | 5), "{}", run.stderr);
    assert!(run.stderr.starts_with("error: "), "{}", run.stderr);
    assert_eq!(run.stdout, "");
}

fn objects_nobody_asked_for() {
    let mut pack = Pack::new();
    pack.commit(b"display_name: evil\n");
    is_not_given(&fetch_from(&pack.end()));
    is_not_given(&fetch_from(&Pack::new().end()));
}

/// Of the commit, of its tree, and of the file.
fn another_content_than_that_of_the_id() {
    let evil = b"display_name: evil\n";
    let blob = Oid::hash_object(ObjectType::Blob, GOOD).unwrap();
    let root = Oid::hash_object(ObjectType::Tree, &tree(blob)).unwrap();
    let mut wrong_commit = Pack::new();
    wrong_commit.whole(ObjectType::Blob, GOOD);
    wrong_commit.whole(ObjectType::Tree, &tree(blob));
    wrong_commit.whole(ObjectType::Commit, &[commit(root), b"more".to_vec()].concat());
    let mut wrong_tree = Pack::new();
    wrong_tree.whole(ObjectType::Commit, &commit(root));
    let other = wrong_tree.whole(ObjectType::Blob, evil);
    wrong_tree.whole(ObjectType::Tree, &tree(other));
    let mut wrong_blob = Pack::new();
    wrong_blob.whole(ObjectType::Commit, &commit(root));
    wrong_blob.whole(ObjectType::Tree, &tree(blob));
    wrong_blob.whole(ObjectType::Blob, evil);
    for pack in [wrong_commit, wrong_tree, wrong_blob] {
        is_not_given(&fetch_from(&pack.end()));
    }
}

/// The server says that it leads to one commit, and the tag says that it leads to another.
fn a_lie_about_where_a_tag_leads() {
    let mut pack = Pack::new();
    let evil = pack.commit(b"display_name: evil\n");
    let good = pack.commit(GOOD);
    let tag = format!("object {good}\ntype commit\ntag v1\ntagger Ann <a@b.c> 1 +0000\n\nof\n");
    let tag = pack.whole(ObjectType::Tag, tag.as_bytes());
    let (sandbox, run) = fetch(Said::new(tag, Some(evil), &pack.end()));
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(sandbox.read("ramp.yml").as_bytes(), GOOD);
    assert_eq!(locked(&sandbox, "commit"), good.to_string());
}

/// It is not of the digits that were typed.
fn a_lie_about_a_commit_of_a_few_digits() {
    let mut pack = Pack::new();
    let other = pack.commit(b"display_name: other\n");
    let tip = pack.commit(GOOD);
    let tag = format!("object {tip}\ntype commit\ntag v1\ntagger Ann <a@b.c> 1 +0000\n\nof\n");
    let tag = pack.whole(ObjectType::Tag, tag.as_bytes());
    let mut sandbox = sandbox();
    let server = Said::new(tag, Some(other), &pack.end()).serve(&mut sandbox);
    let digits = &other.to_string()[..12];
    let fetch = format!("rampkit fetch git://127.0.0.1:{}/r {digits}", server.port);
    sandbox.sh(&fetch).fails(
        5,
        str![[r#"
error: git://127.0.0.1:[PORT]/r has no commit fbac330801bb
hint: check the id, and whether that commit was pushed to this repository

"#]],
    );
    assert_eq!(sandbox.list("."), [""; 0]);
}

/// A folder that is a file, a file that is a folder, a file that is a commit, a link that is a folder.
fn a_lie_about_what_an_entry_is() {
    for mode in ["40000", "100644", "120000"] {
        for (name, kind) in [("pack", ObjectType::Blob), ("ramp.yml", ObjectType::Tree)] {
            let mut pack = Pack::new();
            let inner = pack.commit(GOOD);
            let blob = Oid::hash_object(ObjectType::Blob, GOOD).unwrap();
            let tree_of = Oid::hash_object(ObjectType::Tree, &tree(blob)).unwrap();
            for id in [if kind == ObjectType::Blob { blob } else { tree_of }, inner] {
                let mut pack = pack.clone();
                let entry = [format!("{mode} {name}\0").as_bytes(), id.as_bytes()].concat();
                let root = pack.whole(ObjectType::Tree, &entry);
                let tip = pack.whole(ObjectType::Commit, &commit(root));
                let (_, run) = fetch(Said::new(tip, None, &pack.end()));
                is_not_given(&run);
            }
        }
    }
}

/// As an error of each question, and amid a pack.
fn words_that_a_terminal_would_obey() {
    let wild = "\u{1b}[2Jall is well\r\n\u{7}";
    let (id, error) = (Oid::ZERO_SHA1, line(format!("ERR {wild}")));
    let good = || Said::new(id, None, &[]);
    let band = [line("packfile\n"), line(format!("\x03{wild}"))].concat();
    for said in [
        Said { greeting: error.clone(), ..good() },
        Said { refs: error.clone(), ..good() },
        Said { objects: error, ..good() },
        Said { objects: band, ..good() },
    ] {
        let (_, run) = fetch(said);
        assert!(run.stderr.contains("caused by:  [2Jall is well"), "{:?}", run.stderr);
        assert!(!run.stderr.replace('\n', "").contains(char::is_control), "{:?}", run.stderr);
        assert!(matches!(run.code, 4 | 5), "{}", run.stderr);
    }
}

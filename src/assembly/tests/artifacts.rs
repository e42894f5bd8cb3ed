//! Where artifacts come from, and where they land.

use std::fs;
use std::os::unix::fs::symlink;

use proptest::prelude::*;

use super::super::{Collected, Content};
use super::given;
use crate::digest::Sha256;

#[test]
fn files_of_a_module_without_an_image_come_from_the_context() {
    let module = "name: a\nartifacts: [{source: a.so}, {source: lib, target: /opt/lib}]";
    let given = given(module).file("a.so", "x").file("lib/b", "y");
    let copies = "COPY [\"in/a.so\", \"$REDIS_MODULES/\"]\nCOPY [\"in/lib\", \"/opt/lib\"]";
    assert_eq!(given.own_lines(), copies);
    assert!(given.assembled().collected.is_empty());
}

#[test]
fn what_the_context_has_not_is_refused() {
    let one = |source: &str| {
        let yaml = format!("name: a\nartifacts: [{{source: {source:?}}}]");
        given(&yaml).file("a.so", "x").file("x/[a].so", "y").file("a\\b", "y")
    };
    for (source, why) in [
        ("b.so", "there is no b.so in /in"),
        ("$REDIS_MODULES/a.so", "there is no $REDIS_MODULES/a.so in /in"),
        ("/usr/lib/a.so", "/usr/lib/a.so is not relative to /in"),
        ("../in/a.so", "../in/a.so is no path below /in"),
        ("x/../a.so", "x/../a.so is no path below /in"),
        ("x/[a].so", "x/[a].so has a character"),
        ("a\\b", "a\\b has a character"),
        ("*.txt", "nothing in /in fits *.txt"),
    ] {
        let refused = one(source).refused();
        let expected = format!("in/module.yaml:1: a: {why}");
        assert!(refused.starts_with(&expected), "{source}: {refused}");
    }
    let advice = one("/a").tried().map(|it| it.plan).unwrap_err().hint();
    assert!(advice.unwrap().contains("--module-image NAME IMAGE"));
}

#[test]
fn what_lies_elsewhere_must_be_collected() {
    let yaml = "name: a\nartifacts: [{source: a.so}]";
    let outside = given(yaml).file("a.so", "x").file("context/b", "y").with(|request| {
        let folder = request.origin.folder.clone().unwrap();
        request.context = super::Context::InPlace(folder.join("context"));
    });
    assert_eq!(
        outside.refused(),
        "in/module.yaml:1: a: /in/a.so is not below /in/context, the build context"
    );
    let passing = given(yaml).file("a.so", "x").with(|request| {
        request.modules[0].candidate.origin.is_passing = true;
    });
    assert!(passing.refused().contains("for the time of this run only"));
    let advice = passing.tried().map(|it| it.plan).unwrap_err().hint().unwrap();
    assert!(advice.contains("--context FOLDER"), "{advice}");
    assert_eq!(passing.collected().assembled().collected[0].path, "modules/a/a.so");
    let stdin = given(yaml).with(|request| request.modules[0].candidate.origin.folder = None);
    assert!(stdin.refused().contains("this was read from stdin"));
}

#[test]
fn a_link_is_what_it_leads_to_and_does_not_lead_out() {
    let yaml = "name: a\nartifacts: [{source: a.so}]";
    let with_link = |target: &str| {
        let given = given(yaml).file("a-1.0.so", "x");
        fs::write(given.path().join("secret"), "").unwrap();
        symlink(target, given.path().join("in/a.so")).unwrap();
        given
    };
    let copy = "COPY [\"in/a-1.0.so\", \"$REDIS_MODULES/a.so\"]";
    assert_eq!(with_link("a-1.0.so").own_lines(), copy);
    let copy = "COPY [\"modules/a/a.so\", \"$REDIS_MODULES/\"]";
    assert_eq!(with_link("a-1.0.so").collected().own_lines(), copy);
    for target in ["../secret", "/etc/passwd"] {
        assert!(with_link(target).refused().contains("a.so is a link that leads out of /in"));
    }
}

#[test]
fn a_pattern_is_a_pattern_where_its_author_wrote_one() {
    let yaml = "name: a\nartifacts: [{source: 'm*/*.so', target: /m/}]";
    let given = given(yaml).file("m1/a.so", "x").file("m2/b.so", "y").file("m2/c", "z");
    assert_eq!(given.own_lines(), "COPY [\"in/m*/*.so\", \"/m/\"]");
    let collected = given.collected();
    assert_eq!(collected.own_lines(), "COPY [\"modules/a/m*/*.so\", \"/m/\"]");
    let paths = collected.assembled().collected.into_iter().map(|it| it.path);
    assert_eq!(paths.collect::<Vec<_>>(), ["modules/a/m1/a.so", "modules/a/m2/b.so"]);
    let one = super::given("name: a\nartifacts: [{source: 'm*', target: /m}]");
    let several = one.file("m1", "x").file("m2", "x");
    assert!(several.refused().contains("several files fit m*, and its target /m is one path"));
}

#[test]
fn a_dollar_in_the_name_of_a_file_is_one() {
    let yaml = "name: a\nartifacts: [{source: a$b.so, target: $REDIS_MODULES/a}]";
    let copy = "COPY [\"in/a\\\\$b.so\", \"$REDIS_MODULES/a\"]";
    assert_eq!(given(yaml).file("a$b.so", "x").own_lines(), copy);
}

#[test]
fn a_digest_is_checked_now_and_in_the_image() {
    let yaml = |sha256: Sha256, source: &str, image: &str| {
        format!("name: a\n{image}artifacts: [{{source: '{source}', sha256: '{sha256}'}}]")
    };
    let right = Sha256::of(b"x");
    let given =
        |sha256, source, image| super::given(&yaml(sha256, source, image)).file("d/a.so", "x");
    let lines = given(right, "d/a.so", "").own_lines();
    assert!(lines.contains(&format!("{right} \"$REDIS_MODULES/a.so\"")), "{lines}");
    let wrong = Sha256::of(b"y");
    let refused = given(wrong, "d/a.so", "").refused();
    assert!(refused.ends_with(&format!("d/a.so shall have the sha256 {wrong}, and has {right}")));
    for (source, image) in
        [("d", ""), ("d/*.so", ""), ("/d/*.so", "image: x\n"), ("/d/", "image: x\n")]
    {
        let refused = given(right, source, image).refused();
        assert!(refused.contains("has a sha256"), "{refused}");
    }
}

#[test]
fn a_target_is_a_folder_where_it_says_so_or_is_the_libdir() {
    let yaml = "name: a\nimage: x\nartifacts:\n- source: /a\n- {source: /b, target: $REDIS_MODULES}\n\
                - {source: /c, target: /d/}\n- {source: /e, target: /f}\n";
    let given = given(yaml);
    let targets = |given: &super::Given| {
        let copies = given.assembled().plan.modules[0].copies.clone();
        copies.into_iter().map(|copy| copy.target).collect::<Vec<_>>()
    };
    assert_eq!(targets(&given), ["$REDIS_MODULES/", "$REDIS_MODULES/", "/d/", "/f"]);
    let given = given.with(|request| request.target.libdir = Some("/usr/lib/redis".into()));
    assert_eq!(targets(&given), ["/usr/lib/redis/", "$REDIS_MODULES", "/d/", "/f"]);
    let given = given.with(|request| request.target.libdir = None);
    assert_eq!(given.refused(), "in/module.yaml:1: a: /a has no target, and there is no `libdir`");
}

#[test]
fn two_files_do_not_land_on_one_path() {
    let image = |name: &str, image: &str, artifact: &str| {
        format!("{{name: {name}, image: {image}, artifacts: [{artifact}]}}")
    };
    let a = image("a", "x", "{source: /x/m.so}");
    for (other, collides) in [
        (image("b", "x", "{source: /x/m.so}"), false),
        (image("b", "y", "{source: /x/m.so}"), true),
        (image("b", "x", "{source: /y/m.so}"), true),
        (image("b", "x", "{source: /n.so, target: /opt/redislabs//lib/modules/m.so}"), true),
        (image("b", "x", "{source: /m.so, target: /elsewhere/}"), false),
        (image("b", "x", "{source: '/y/*.so'}"), false),
        (image("b", "x", "{source: /y/m.so, target: $REDIS_MODULES/../modules/n/../}"), true),
        ("{name: b, artifacts: [{source: d, target: $REDIS_MODULES}]}".to_owned(), true),
        ("{name: b, artifacts: [{source: d/e, target: $REDIS_MODULES}]}".to_owned(), false),
    ] {
        let given = given(&format!("[{a}, {other}]")).file("d/m.so", "z").file("d/e/o", "z");
        match collides {
            false => drop(given.assembled()),
            true => {
                let refused = given.refused();
                assert!(
                    refused.starts_with("in/module.yaml:1: b: /x/m.so of in/module.yaml:1: a and ")
                );
                assert!(refused.contains(" both land on "), "{refused}");
            }
        }
    }
}

#[test]
fn a_variable_that_nothing_sets_is_told_once() {
    let warned = |target: &str| {
        let two = format!("[{{source: /a, target: {target}}}, {{source: /b, target: {target}}}]");
        given(&format!("name: a\nimage: x\nenvs: [{{name: M, value: /m}}]\nartifacts: {two}"))
            .warned()
    };
    assert_eq!(warned("$M/"), "");
    assert_eq!(warned("$REDIS_MODULES/"), "");
    let expected = "in/module.yaml:1: a: /a goes to $NONE/, and no instruction before it sets that";
    assert_eq!(warned("$NONE/"), expected);
}

#[test]
fn what_a_dockerignore_hides_is_told() {
    let yaml = "name: a\nartifacts: [{source: a.so}]";
    let given = given(yaml).file("a.so", "x");
    fs::write(given.path().join(".dockerignore"), "*\n!in/*.txt\n").unwrap();
    assert_eq!(given.warned(), "in/module.yaml:1: a: .dockerignore hides in/a.so from the builder");
    fs::write(given.path().join(".dockerignore"), "*\n!in\n").unwrap();
    assert_eq!(given.warned(), "");
}

proptest! {
    #[test]
    fn no_source_leads_out_of_the_context(
        source in r"[a-z./$*?\[\\ -]{1,12}|(\.\./|a/|/|\*|l/){1,5}[a*]?",
    ) {
        let given = given("name: a\nartifacts: [{source: x, target: /t/}]").file("a/a", "x");
        fs::write(given.path().join("a"), "secret").unwrap();
        symlink("..", given.path().join("in/l")).unwrap();
        let given = given.with(|request| {
            let artifacts = request.modules[0].candidate.module.definition.artifacts.as_mut();
            artifacts.unwrap()[0].source = source.clone();
        });
        let folder = given.path().join("in").canonicalize().unwrap();
        if let Ok(assembled) = given.tried() {
            let path = &assembled.plan.modules[0].copies[0].source;
            prop_assert!(path.starts_with("in") && !path.contains(".."), "{source}: {path}");
        }
        let given = given.collected();
        for Collected { path, content } in given.tried().map_or(Vec::new(), |it| it.collected) {
            let parts: Vec<&str> = path.split('/').collect();
            prop_assert!(parts[..2] == ["modules", "a"] && !parts.contains(&".."), "{source}: {path}");
            prop_assert!(matches!(&content, Content::Of(disk) if disk.starts_with(&folder)), "{source}");
        }
    }
}

#[test]
fn two_of_one_module_collide_too() {
    let yaml = "name: a\nimage: x\nartifacts: [{source: /1/m.so}, {source: /2/m.so}]";
    let expected = "in/module.yaml:1: a: /1/m.so of in/module.yaml:1: a and /2/m.so of \
                    in/module.yaml:1: a both land on $REDIS_MODULES/m.so";
    assert_eq!(given(yaml).refused(), expected);
}

#[test]
fn nothing_takes_the_place_of_the_redis_conf() {
    let yaml = "name: a\nartifacts: [{source: a.so, target: /etc/redis/redis.conf}]\n\
                config: {maxmemory: 1gb}";
    let refused = given(yaml).file("a.so", "x").collected().refused();
    let expected = "a.so of in/module.yaml:1: a and the redis.conf of `config` both land on \
                    /etc/redis/redis.conf";
    assert!(refused.ends_with(expected), "{refused}");
}

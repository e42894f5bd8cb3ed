//! What is meant is what is built, by both builders, whatever a value holds.

use std::collections::BTreeSet;

use libtest_mimic::Trial;
use rampkit::assembly::dockerfile::escape::{Escape, literal};
use rampkit::assembly::{Copy, Part, Plan, Stage, check, dockerfile};
use rampkit::descriptor::document::Platform;
use rampkit::digest::Sha256;
use serde_json::Value;

use super::Image;
use crate::harness::Docked;
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(nasty_values_are_built_as_they_are_meant, Docker),
        test!(what_builders_do_not_keep_is_refused),
    ]
}

/// Each is the value of a variable and of a label, a word of the command, a path, and the name and the
/// content of files.
const NASTY: [&str; 24] = [
    "plain",
    " around  all ",
    "tab\there",
    "\"double\"",
    "'single'",
    "it's",
    "\"",
    "back\\slash",
    "end\\",
    "\\\\n",
    "\\\"",
    "\\$A",
    "$HOME",
    "${HOME:-x}",
    "$$ $1 $",
    "$(id) `id`",
    "end`",
    "#hash",
    "ü ☃ 日本",
    "a,b;c&&d|e>f",
    "{{.x}}",
    "<<EOF",
    "--from=x %s\\0",
    "[\"json\"]",
];

/// A file's name with a bracket in it is a pattern.
fn names() -> impl Iterator<Item = &'static str> {
    NASTY.into_iter().filter(|name| !name.contains('['))
}

/// BuildKit does not find a file of the build context with a backslash in its name, nor can it ask for
/// any with a control character; in a stage it finds them.
fn names_in_context() -> impl Iterator<Item = &'static str> {
    names().filter(|name| !name.contains(['\\', '\t']))
}

fn names_in_stage() -> impl Iterator<Item = &'static str> {
    names().filter(|name| name.contains(['\\', '$', '\'', '"', ' ', '\t']))
}

/// Builders take a blank at the end of a volume away, however it is written.
fn volumes() -> impl Iterator<Item = String> {
    NASTY.iter().filter(|name| !name.ends_with(' ')).map(|name| format!("/volumes/{name}"))
}

const WORKDIR: &str = "/place/ a  b /\"c\" 'd' it's/\\$e\\/${f:-g} $(h) `i`/#ü ☃/[j] --k";

fn nasty_values_are_built_as_they_are_meant() {
    let docked = Docked::new();
    for name in names() {
        docked.write(format!("files/{name}"), name);
    }
    let image = Image {
        name: "escaping/files",
        from: "local/debian",
        files: "files/*",
        folder: "/the files/",
        more: "",
    };
    image.build(&docked);
    let plan = plan();
    check(&plan).unwrap();
    docked.write("Dockerfile", dockerfile(&plan));
    for buildkit in [0, 1] {
        let image = format!("escaping/by-{buildkit}");
        docked.ok(&format!("DOCKER_BUILDKIT={buildkit} docker build --tag {image} ."));
        settings_are_as_meant(&docked, &image);
        containers_are_as_meant(&docked, &image);
    }
}

fn plan() -> Plan {
    let path = |text: &str| literal(text, Escape::Backslash);
    let words = || NASTY.map(str::to_owned).to_vec();
    Plan {
        made_of: words(),
        platform: Platform::Linux,
        base: "local/debian".to_owned(),
        base_user: None,
        script: None,
        modules: vec![nasty()],
        target: Part::default(),
        ports: Vec::new(),
        volumes: volumes().map(|volume| path(&volume)).collect(),
        user: None,
        workdir: Some(path(WORKDIR)),
        entrypoint: Some(vec!["printf".to_owned(), "%s\\0".to_owned()]),
        cmd: Some(words()),
    }
}

fn nasty() -> Part {
    let path = |text: &str| literal(text, Escape::Backslash);
    let to_file = |name| copy(name, None, path(&format!("files/{name}")), path(&by_name(name)));
    let to_folder = |name| {
        let source = path(&format!("/the files/{name}"));
        copy(name, Some("files"), source, "${FOLDER}er $'x/".to_owned())
    };
    let folder = ("FOLDER".to_owned(), "/by fold".to_owned());
    let numbered = |(n, value): (usize, &&str)| (format!("N{n}"), (*value).to_owned());
    let values: Vec<(String, String)> = NASTY.iter().enumerate().map(numbered).collect();
    Part {
        name: "nasty".to_owned(),
        notes: NASTY.map(str::to_owned).to_vec(),
        stage: Some(Stage { name: "files".to_owned(), image: "escaping/files".to_owned() }),
        envs: [folder].into_iter().chain(values.clone()).collect(),
        labels: values,
        copies: names_in_context().map(to_file).chain(names_in_stage().map(to_folder)).collect(),
        ..Part::default()
    }
}

fn by_name(name: &str) -> String {
    format!("/by name/{name}")
}

fn copy(content: &str, stage: Option<&str>, source: String, target: String) -> Copy {
    let stage = stage.map(str::to_owned);
    let sha256 = Some(Sha256::of(content.as_bytes()));
    Copy { stage, source, target, user: None, mode: None, sha256 }
}

fn settings_are_as_meant(docked: &Docked, image: &str) {
    let config = docked.ok(&format!("docker inspect --format '{{{{json .Config}}}}' {image}"));
    let config: Value = serde_json::from_str(&config).unwrap();
    let env: Vec<&str> = config["Env"].as_array().unwrap().iter().flat_map(Value::as_str).collect();
    for (n, value) in NASTY.iter().enumerate() {
        assert!(env.contains(&&*format!("N{n}={value}")), "{value}: {env:?}");
        assert_eq!(config["Labels"][format!("N{n}")], *value);
    }
    assert_eq!(config["Cmd"], serde_json::json!(NASTY));
    let found: BTreeSet<String> = config["Volumes"].as_object().unwrap().keys().cloned().collect();
    assert_eq!(found, volumes().collect());
    assert_eq!(config["WorkingDir"], WORKDIR);
}

fn containers_are_as_meant(docked: &Docked, image: &str) {
    let said = docked.ok(&format!("docker run --rm {image}"));
    assert_eq!(said.split_terminator('\0').collect::<Vec<_>>(), NASTY);
    docked.write(
        "list.sh",
        "cd \"$1\" && for file in *; do \
         if [ \"$(cat \"./$file\")\" = \"$file\" ]; then printf '%s\\0' \"$file\"; fi; done",
    );
    let list = |folder| {
        let said = docked.ok(&format!(
            "docker run --rm --volume \"$PWD/list.sh:/list.sh\" --entrypoint sh {image} \
             /list.sh {folder}"
        ));
        said.split_terminator('\0').map(str::to_owned).collect::<BTreeSet<String>>()
    };
    assert_eq!(list("'/by name'"), names_in_context().map(str::to_owned).collect());
    assert_eq!(list("\"/by folder \\$'x\""), names_in_stage().map(str::to_owned).collect());
}

/// Each of these was tried with both builders.
fn what_builders_do_not_keep_is_refused() {
    let refused = |change: fn(&mut Plan)| {
        let mut plan = plan();
        change(&mut plan);
        check(&plan).unwrap_err().to_string()
    };
    for (change, why) in [
        (
            (|plan| plan.volumes.push("/data ".to_owned())) as fn(&mut Plan),
            r#"local/debian: a volume begins or ends with what a builder drops: "/data ""#,
        ),
        (
            |plan| plan.modules[0].copies[0].source = r"a\b".to_owned(),
            r#"nasty: a path of an artifact has a backslash: "a\\b""#,
        ),
        (
            |plan| plan.modules[0].copies[0].source = "a\u{1b}".to_owned(),
            r#"nasty: a path of an artifact has a control character: "a\u{1b}""#,
        ),
    ] {
        assert_eq!(refused(change), why);
    }
}

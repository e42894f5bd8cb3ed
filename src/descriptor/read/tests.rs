//! What is read of a text, and what is said of one that is wrong.

use super::*;
use crate::descriptor::document::{Directive, Manager, Module, Modules, Protocol, Target, Words};

fn entries(text: &str) -> Vec<Entry> {
    let placed = read(text).unwrap_or_else(|fault| panic!("{text}\n{fault:?}"));
    placed.into_iter().map(|placed| placed.entry).collect()
}

fn module(text: &str) -> Module {
    match entries(text).pop() {
        Some(Entry::Module(module)) => *module,
        other => panic!("{other:?}"),
    }
}

fn target(text: &str) -> Target {
    match entries(text).pop() {
        Some(Entry::Target(target)) => *target,
        other => panic!("{other:?}"),
    }
}

/// What is wrong, each with line and column.
fn faults(text: &str) -> Vec<String> {
    let Err(fault) = read(text) else { panic!("nothing is wrong with {text}") };
    assert_eq!(fault.further, 0);
    let said = |fault: &Fault| format!("{} {}", &fault.location.suffix()[1..], fault.what);
    std::iter::once(said(&fault)).chain(fault.others.iter().map(said)).collect()
}

#[test]
fn scalars_stay_as_they_were_typed() {
    let read = module(
        "name: 1.10\nversion: 1.10\ncommand: [--port, 0x10, 4, yes]\n\
         envs: [{name: A, value: 1e3}, {name: B, value: }, {name: C, value: ''}]\n\
         config: {save: [900 1, 5.0], appendonly: yes, dir: ~, include: []}\n\
         ports: [{value: 6380, protocol: udp}]\nimage:\nx-mine: {any: thing}",
    );
    assert_eq!((read.name.as_str(), read.version.as_deref()), ("1.10", Some("1.10")));
    assert_eq!((read.image, read.modules), (None, None));
    let definition = read.definition;
    let words = ["--port", "0x10", "4", "yes"].map(str::to_owned).to_vec();
    assert_eq!(definition.command, Some(Words::List(words)));
    let envs = definition.envs.unwrap();
    let values: Vec<_> = envs.iter().map(|env| env.value.as_deref()).collect();
    assert_eq!(values, [Some("1e3"), None, Some("")]);
    let directive = |name: &str, values: &[&str]| Directive {
        name: name.to_owned(),
        values: values.iter().map(|&value| value.to_owned()).collect(),
    };
    let config = definition.config.unwrap();
    assert_eq!(
        config[..2],
        [directive("save", &["900 1", "5.0"]), directive("appendonly", &["yes"])]
    );
    assert_eq!(config[2..], [directive("dir", &[]), directive("include", &[])]);
    let port = &definition.ports.unwrap()[0];
    assert_eq!((port.value, port.protocol), (6380, Some(Protocol::Udp)));
}

#[test]
fn a_target_has_modules_or_says_where_they_are() {
    let read =
        target("kind: Target\nexpose: 6379\nmodules:\n- {name: a}\n-\n  kind: Module\n  name: b");
    assert_eq!(read.expose, Some(Words::Text("6379".into())));
    let Some(Modules::List(modules)) = read.modules else { panic!("{:?}", read.modules) };
    let places: Vec<_> = modules
        .iter()
        .map(|module| (module.entry.name.as_str(), module.location.suffix()))
        .collect();
    assert_eq!(places, [("a", ":4:3".to_owned()), ("b", ":6:3".to_owned())]);
    let read = target(
        "kind: Target\nbaseuser: 1000:1000\n\
         modules: {repositories: [{path: m}, {git: {url: u, ref: 1.0}}], \
         install: [{name: a, version: 2.10}]}",
    );
    assert_eq!(read.baseuser.as_deref(), Some("1000:1000"));
    let Some(Modules::Found(found)) = read.modules else { panic!("{:?}", read.modules) };
    assert_eq!(found.repositories[1].git.as_ref().unwrap().reference.as_deref(), Some("1.0"));
    assert_eq!(found.install[0].version.as_deref(), Some("2.10"));
    let read = target("kind: Target\nmodules:\nscript: ~");
    assert_eq!((read.modules, read.nulls), (None, ["modules", "script"].into()));
}

#[test]
fn a_module_says_what_else_it_needs() {
    let read = module(
        "name: a\nmodules: {install: [{name: b}, {name: c, version: 1.10}]}\npackages: {manager: microdnf, install: [python3=3.11]}",
    );
    let wants: Vec<_> = read.modules.unwrap().install;
    assert_eq!((wants[1].name.as_str(), wants[1].version.as_deref()), ("c", Some("1.10")));
    assert_eq!(read.definition.packages.unwrap().manager, Some(Manager::Microdnf));
}

#[test]
fn entries_stand_in_documents_and_lists() {
    let text = "\u{feff}# first\r\n- name: a\r\n  x-é: 1\r\n- kind: Target\r\n---\r\n# nothing\r\n---\r\n  name: b\r\n...\r\n";
    let placed = read(text).unwrap();
    let places: Vec<_> = placed.iter().map(|placed| placed.location.suffix()).collect();
    assert_eq!(places, [":2:3", ":4:3", ":8:3"]);
    assert!(placed[0].location.excerpt().contains("2 | - name: a\n"));
    assert!(matches!(placed[1].entry, Entry::Target(_)));
    for nothing in ["", "# c", "---\n...\n", "~", "[]", "\u{feff}"] {
        assert_eq!(entries(nothing), [], "{nothing:?}");
    }
}

#[test]
fn an_alias_is_what_it_stands_for() {
    let text = "- &a {name: a, version: &v 1.5}\n- {name: b, version: *v}\n- {<<: *a, name: c}";
    for (read, name) in entries(text).into_iter().zip(["a", "b", "c"]) {
        let Entry::Module(module) = read else { panic!() };
        assert_eq!((module.name.as_str(), module.version.as_deref()), (name, Some("1.5")));
    }
    let unknown = read("name: &a a\n---\nname: *a\n").unwrap_err();
    assert_eq!(unknown.location.suffix(), ":3:7");
}

#[test]
fn all_that_is_wrong_is_told_in_the_order_of_the_text() {
    let text = "- nam: a\n  artefacts: []\n- name: hello\n  artifacts:\n  - {target: a}\n  - {source: b, usr: c}\n  \
                envs: [{name: A, x-b: c}]\n  ports: 6379\n- kind: Modul\n  name: c\n- text\n";
    assert_eq!(
        faults(text),
        [
            "1:3 unknown key \"nam\" in this module; did you mean \"name\"?",
            "2:3 unknown key \"artefacts\" in this module; did you mean \"artifacts\"?",
            "5:5 artifact 1 of hello has no source",
            "6:17 unknown key \"usr\" in artifact 2 of hello; did you mean \"user\"?",
            "7:20 unknown key \"x-b\" in env 1 of hello; there are name, value and description",
            "8:10 ports of hello: a list is wanted, here is the text \"6379\"",
            "9:9 unknown kind \"Modul\"; did you mean Module?",
            "11:3 an entry: a module or a target is wanted, here is the text \"text\"",
        ]
    );
}

#[test]
fn a_key_twice_is_told_with_both_lines() {
    assert_eq!(
        faults("name: a\nimage: b\nx-a: {b: 1, b: 2}\nimage: c\n"),
        [
            "3:13 \"b\" stands there twice, first in line 3",
            "4:1 \"image\" stands there twice, first in line 2"
        ]
    );
}

#[test]
fn a_key_in_the_wrong_kind_of_entry() {
    let text = "- name: a\n  expose: 1\n  modules: {repositories: [], install: []}\n- kind: Target\n  image: b\n  \
                modules: [{name: b}, {kind: Target}]\n- name: b\n  modules: [c]\n- kind: [Module]\n";
    assert_eq!(
        faults(text),
        [
            "2:3 a: only a target has `expose` (kind: Target)",
            "3:13 modules of a: only a target says where modules are found",
            "5:3 the target: a target begins from its `baseimage`, and has no `image`",
            "6:24 a target cannot stand within a target",
            "8:12 modules of b: a mapping is wanted, here is a list",
            "9:9 kind: Module or Target is wanted, here is a list",
        ]
    );
}

#[test]
fn what_is_missing() {
    let text = "kind: Target\nlabels: [{value: a}]\nports: [{}]\nvolumes: [{path: ~}]\nexecute: [{user: a}]\nmodules:\n  \
                repositories: [{name: a}, {git: {ref: a}}]\n  install: [{version: 1}, ~]\n---\nversion: 1\n";
    assert_eq!(
        faults(text),
        [
            "2:10 label 1 of the target has no name",
            "3:9 port 1 of the target has no value",
            "4:11 volume 1 of the target has no path",
            "5:11 execute 1 of the target has no script",
            "7:18 repository 1 of modules of the target has no path or git",
            "7:35 git of repository 2 of modules of the target has no url",
            "8:13 install 1 of modules of the target has no name",
            "8:27 install 2 of modules of the target: a mapping is wanted, here is nothing",
            "10:1 this module has no name",
        ]
    );
}

#[test]
fn hostile_texts_end_soon() {
    let aliases = |levels: usize| {
        let level = |n: usize| format!("a{n}: &a{n} [{}]\n", format!("*a{},", n - 1).repeat(9));
        format!("a0: &a0 [x]\n{}", (1..levels).map(level).collect::<String>())
    };
    let too_deep = "lists and mappings stand too deep in each other";
    for (text, said) in [
        ("[".repeat(1 << 20), too_deep),
        ("- ".repeat(1 << 19), too_deep),
        ("a: {".repeat(1 << 18), too_deep),
        ("- name: a\n".repeat(800_000), "it has more than 1 MB"),
        (aliases(30), "aliases make too much of this text"),
        ("a: &a {b: *a}".to_owned(), "an alias of what it stands in"),
        ("'".repeat((1 << 20) - 1), "unclosed quote"),
        (format!("{{{}}}", "a,".repeat(1 << 18)), "\"a\" stands there twice, first in line 1"),
        (
            (0..50_000).map(|n| format!("k{n}: 1\n")).collect(),
            "unknown key \"k0\" in this module; ",
        ),
    ] {
        let begin = std::time::Instant::now();
        let fault = read(&text).unwrap_err();
        assert!(fault.what.starts_with(said), "{fault:?}");
        assert!(begin.elapsed() < std::time::Duration::from_secs(10), "{said}");
    }
}

#[test]
fn the_error_of_a_file_shows_the_first_line_and_names_the_others() {
    let error =
        read("name: a\nimag: b\nruns: c\n").unwrap_err().in_file("some/module.yaml".as_ref());
    assert_eq!(
        error.to_string(),
        "some/module.yaml:2:1: unknown key \"imag\" in a; did you mean \"image\"?\n 2 | imag: b\n   | ^\n\
         some/module.yaml:3:1: unknown key \"runs\" in a; did you mean \"run\"?"
    );
    assert_eq!(error.exit_code(), 6);
    let many: String = (0..30).map(|n| format!("k{n}: 1\n")).collect();
    let error = read(&many).unwrap_err().in_file("a".as_ref()).to_string();
    assert!(error.lines().count() == 20 + 2 + 1 && error.ends_with("\nand 11 more"), "{error}");
}

//! Two ways to ask for the same thing give the same bytes: templates and what they are rendered to,
//! definitions wherever they stand, tasks of a project and single packs, `ramp` and `rampkit`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use libtest_mimic::Trial;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use rampkit::bundle;
use rampkit::discovery::Method;
use rampkit::manifest::{Giver, Variables};
use serde_json::Value;

use super::holds;
use super::manifest::manifest;
use super::sessions::plain;
use crate::harness::{Sandbox, read_entry};
use crate::ramp::ours;
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(a_template_is_packed_as_what_it_is_rendered_to),
        test!(definitions_win_by_where_they_stand),
        test!(a_task_is_packed_as_by_itself),
        test!(ramp_packs_as_rampkit),
    ]
}

/// Pieces of the text, anywhere in it, are given as values of variables.
fn a_template_is_packed_as_what_it_is_rendered_to() {
    let sandbox = Sandbox::new();
    sandbox.module("hello");
    sandbox.ok("echo 1 >one.tgz; echo 2 >two; mkdir -p folder/sub; ln -s sub folder/link");
    let commands = include_str!("../../modules/hello/commands.json");
    let discovery = Method::File(sandbox.write("commands.json", commands));
    let pack = |text: &str, variables: Variables| {
        let request = bundle::Request {
            module: sandbox.path("hello.so"),
            manifest: Some(sandbox.write("ramp.yml", text).into()),
            variables,
            discovery: discovery.clone(),
            ..plain(Vec::new())
        };
        let packed = bundle::pack(&request);
        packed.map(|it| it.metadata.to_bytes()).map_err(|error| error.to_string())
    };
    let cut = vec((any::<prop::sample::Index>(), 0..9usize), 1..5);
    holds(150, &(manifest(), cut), |(manifest, cuts)| {
        let text = serde_yaml::to_string(&manifest).unwrap();
        let (template, variables) = with_variables(&text, &cuts);
        let (one, other) = (pack(&text, Variables::default()), pack(&template, variables));
        // An error may show the line, which is another.
        prop_assert_eq!(one.is_ok(), other.is_ok(), "{}\n{:?}", template, other);
        if one.is_ok() {
            prop_assert_eq!(one, other, "{}", template);
        }
        Ok(())
    });
}

fn with_variables(text: &str, cuts: &[(prop::sample::Index, usize)]) -> (String, Variables) {
    let characters: Vec<char> = text.chars().collect();
    let starts: BTreeMap<usize, usize> =
        cuts.iter().map(|(at, length)| (at.index(characters.len()), *length)).collect();
    let (mut template, mut variables, mut done) = (String::new(), Variables::default(), 0);
    for (number, (start, length)) in starts.into_iter().enumerate() {
        let start = start.max(done);
        template.extend(&characters[done..start]);
        let ends_line = |c: &&char| "\n\r\u{85}\u{2028}\u{2029}".contains(**c);
        let piece = characters[start..].iter().take(length).take_while(|c| !ends_line(c));
        let piece: String = piece.collect();
        done = start + piece.chars().count();
        variables.define(&format!("V{number}"), &piece, Giver::Option);
        template += &format!("{{{{V{number}}}}}");
    }
    template.extend(&characters[done..]);
    (template, variables)
}

const NAMES: [&str; 3] = ["A", "B", "C"];

/// Options over files over the environment, and of each kind the later over the earlier.
fn definitions_win_by_where_they_stand() {
    let sandbox = crate::pack::sample();
    sandbox.write("ramp.yml", "author: '{{A}} {{B}} {{C}}'\n");
    let some = || vec((select(NAMES.to_vec()), "[a-z0-9=# \\$]{1,4}[a-z]"), 0..4);
    let places = vec((0..3usize, some()), 0..6);
    holds(15, &(places, any::<u8>()), |(places, how)| {
        let mut expected: BTreeMap<&str, (usize, String)> =
            NAMES.map(|name| (name, (0, name.to_lowercase()))).into();
        let mut words = "--define-env base_".to_owned();
        let mut environment =
            NAMES.map(|name| format!("base_{name}={} ", name.to_lowercase())).concat();
        for (number, (kind, defined)) in places.iter().enumerate() {
            let quoted = |value: &str| format!("'{value}'");
            match kind {
                0 => {
                    words += &format!(" --define-env e{number}_");
                    // Of one name the shell takes the later.
                    let values = defined
                        .iter()
                        .map(|(name, value)| format!("e{number}_{name}={} ", quoted(value)));
                    environment += &values.collect::<String>();
                }
                1 => {
                    let lines = defined.iter().map(|(name, value)| match how % 2 {
                        0 => format!("{name}=\"{value}\"\n"),
                        _ => format!("export {name}=\"{value}\" # c\n"),
                    });
                    sandbox.write(format!("{number}.env"), lines.collect::<String>());
                    words += &format!(" --define-file {number}.env");
                }
                _ => {
                    let option = ["-D ", "-D", "--define ", "--define="][usize::from(how % 4)];
                    let values = defined
                        .iter()
                        .map(|(name, value)| format!(" {option}{name}={}", quoted(value)));
                    words += &values.collect::<String>();
                }
            }
            for (name, value) in defined {
                if *kind >= expected[name].0 {
                    expected.insert(name, (*kind, value.clone()));
                }
            }
        }
        let line = format!(
            "env {environment} {} -q --no-module-yaml -o x.zip {words} 2>&1",
            crate::pack::PACK
        );
        let run = sandbox.sh(&line);
        prop_assert_eq!(run.code, 0, "{}\n{}", line, run.stdout);
        let expected: Vec<String> = expected.into_values().map(|(_, value)| value).collect();
        let expected = expected.join(" ");
        prop_assert_eq!(&metadata(&sandbox, "x.zip")["author"], &Value::from(expected), "{}", line);
        Ok(())
    });
}

fn metadata(sandbox: &Sandbox, bundle: &str) -> Value {
    serde_json::from_slice(&read_entry(&sandbox.path(bundle), "module.json")).unwrap()
}

/// Options as they are typed, and as settings of a project.
const SETTINGS: [(&str, &str); 16] = [
    ("--author='Ann A'", "author: Ann A"),
    ("--author=yes", "author: yes"),
    ("--email=7.10", "email: 7.10"),
    ("--email=0x1F", "email: 0x1F"),
    ("-cr 7.4", "redis-compatible-version: 7.4"),
    (
        "--set min_redis_version=6.0 --set display_name=x",
        "set: {min_redis_version: 6.0, display_name: x}",
    ),
    ("--set license=types,flash", "set: {license: 'types,flash'}"),
    ("-E hello.get,hello.set", "exclude-commands: [hello.get, hello.set]"),
    ("-C types -C flash,asm", "capabilities: [types, 'flash,asm']"),
    ("-D WHO=Bo -D X=1", "define: {WHO: Bo, X: 1}"),
    ("--variant debug", "variant: debug"),
    ("--bigstore-version-2-support", "bigstore-version-2-support: on"),
    ("", "bigstore-version-2-support: no"),
    ("--operating-system jammy --operating-system rhel8", "operating-system: [jammy, rhel8]"),
    ("--level 0", "level: 0"),
    ("--cmdargs '-x  {y}'", "cmdargs: '-x  {y}'"),
];

fn a_task_is_packed_as_by_itself() {
    let sandbox = crate::pack::sample();
    sandbox.write("ramp.yml", "description: by {{WHO}}\n");
    let chosen = subsequence(SETTINGS.to_vec(), 0..9).prop_shuffle();
    holds(10, &vec(chosen, 1..5), |tasks| {
        let (mut project, mut lines) = ("modules:\n".to_owned(), String::new());
        for (number, chosen) in tasks.iter().enumerate() {
            // Of two for one option the project would have one.
            let mut seen = BTreeSet::new();
            let name = |setting: &str| setting.split(':').next().unwrap().to_owned();
            let chosen: Vec<_> = chosen.iter().filter(|(_, it)| seen.insert(name(it))).collect();
            let common = if seen.contains("define") { "" } else { "    define: {WHO: x}\n" };
            project += &format!(
                "  t{number}:\n    module: hello.so\n    commands: ../commands.json\n    \
                 output: 'all-{{name}}{{variant}}.zip'\n{common}"
            );
            project.extend(chosen.iter().map(|(_, setting)| format!("    {setting}\n")));
            let words: Vec<&str> = chosen.iter().map(|(typed, _)| *typed).collect();
            let define = if common.is_empty() { "" } else { "--define WHO=x" };
            lines += &format!(
                "{} -q --no-module-yaml -o 'one-t{number}{{variant}}.zip' {define} {} && ",
                crate::pack::PACK,
                words.join(" ")
            );
        }
        sandbox.write("rampkit.yaml", &project);
        let run = sandbox.sh(&format!("rm -f *.zip; {lines} rampkit pack --all -q 2>&1"));
        prop_assert_eq!(run.code, 0, "{}\n{}", project, run.stdout);
        let named = |prefix: &str| -> Vec<(String, Vec<u8>)> {
            let names = sandbox.list(".").into_iter();
            let names = names.filter_map(|it| it.strip_prefix(prefix).map(str::to_owned));
            names
                .map(|it| (it.clone(), fs::read(sandbox.path(format!("{prefix}{it}"))).unwrap()))
                .collect()
        };
        let (one, all) = (named("one-"), named("all-"));
        prop_assert_eq!(one.len(), tasks.len());
        prop_assert!(one == all, "{project}\n{lines}");
        Ok(())
    });
}

/// Options of `ramp`, and those of `rampkit` where they differ.
const OPTIONS: [(&str, &str); 19] = [
    ("-a Ann", ""),
    ("--author=Bo", ""),
    ("-d 'A B'", ""),
    ("-b -x", ""),
    ("-n other", ""),
    ("-D 'a text'", ""),
    ("-h http://h", "--homepage http://h"),
    ("-cr 7.4", ""),
    ("-cc=A.B", ""),
    ("-C types,flash", ""),
    ("-C asm", ""),
    ("-E hello.get -E HELLO.SET", ""),
    ("-A arm64", ""),
    ("-O Darwin", ""),
    ("-c '-q -m 1'", ""),
    ("--bigstore-version-2-support", ""),
    ("-r 6.0 -R 6.2", ""),
    (
        "--add-command '{\"command_name\": \"a\", \"command_arity\": 1, \"flags\": [], \"first_key\": 0, \"last_key\": 0, \"step\": 0}'",
        "",
    ),
    ("-m m.yml", ""),
];

fn ramp_packs_as_rampkit() {
    let sandbox = ours();
    sandbox.ok("mv ramp.yml m.yml");
    sandbox.write("../commands.json", include_str!("../../modules/hello/commands.json"));
    let chosen = subsequence(OPTIONS.to_vec(), 0..12).prop_shuffle();
    holds(15, &chosen, |chosen| {
        // What is given twice is an error of rampkit's.
        let has = |option: &str| chosen.iter().any(|(it, _)| *it == option);
        prop_assume!(!(has("-a Ann") && has("--author=Bo")));
        let theirs: Vec<&str> = chosen.iter().map(|(ramp, _)| *ramp).collect();
        let own =
            |(ramp, own): &(&'static str, &'static str)| if own.is_empty() { *ramp } else { own };
        let ours: Vec<&str> = chosen.iter().map(own).collect();
        let line = format!(
            "rm -f *.zip; ramp pack -q --commands ../commands.json -o one.zip {} hello.so && \
             rampkit pack -q --no-module-yaml --commands ../commands.json -o two.zip {} hello.so",
            theirs.join(" "),
            ours.join(" ")
        );
        let run = sandbox.sh(&format!("({line}) 2>&1"));
        prop_assert_eq!(run.code, 0, "{}\n{}", line, run.stdout);
        let [one, two] = ["one.zip", "two.zip"].map(|name| fs::read(sandbox.path(name)).unwrap());
        prop_assert!(one == two, "{line}");
        Ok(())
    });
}

//! README is true: each of its commands is run, each of its outputs is real.
//!
//! A ```console block is a session in a folder beside the sample's repository; what differs from
//! machine to machine (digests, the architecture, our folder) is made equal on both sides. A ```sh block is
//! set-up, which `.ci/run` runs.

use std::collections::BTreeSet;

use libtest_mimic::Trial;
use serde_json::Value;

use crate::harness::{Listener, Sandbox, git_daemon, machine_free};
use crate::pack::{PACK, sample};
use crate::test;
use crate::validate::codes;

const README: &str = include_str!("../README.md");

pub fn all() -> Vec<Trial> {
    vec![
        test!(every_session_is_real),
        test!(the_manifest_packs_without_a_warning),
        test!(the_picture_is_what_is_drawn),
        test!(every_set_up_command_is_run_by_ci),
        test!(every_option_is_named),
        test!(every_exit_code_is_named),
        test!(every_finding_is_named),
        test!(every_key_of_a_plan_is_named),
    ]
}

/// The lines of all fenced blocks of `language`.
pub fn blocks(language: &str) -> Vec<&'static str> {
    let fence = format!("```{language}");
    let mut inside = false;
    README
        .lines()
        .filter(|line| {
            let was_inside = inside;
            inside = if was_inside { !line.starts_with("```") } else { *line == fence };
            was_inside && inside
        })
        .collect()
}

fn every_session_is_real() {
    let mut sandbox = Sandbox::new();
    sandbox.module("hello");
    let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/modules/hello");
    sandbox.ok(&format!("cp -r '{sample}' ../hello && git init -q ../hello"));
    sandbox.ok("cd ../hello && git add . && GIT_COMMITTER_DATE=2026-09-01T12:00:00Z git commit -q -m 'hello 1.2.3'");
    sandbox.ok("cd ../hello && git tag v1.2.3");
    let _server = server(&mut sandbox);
    let mut commands = 0;
    let mut lines = blocks("console").into_iter().peekable();
    while let Some(line) = lines.next() {
        let command = line.strip_prefix("$ ").unwrap_or_else(|| panic!("no command: {line}"));
        let mut expected = String::new();
        while let Some(line) = lines.next_if(|line| !line.starts_with("$ ")) {
            expected += line;
            expected += "\n";
        }
        let run = sandbox.sh(&format!("({command}) 2>&1"));
        assert_eq!(alike(&run.stdout), alike(&expected), "{command}");
        commands += 1;
    }
    assert!(commands > 5, "README shows {commands} commands");
}

/// `git.example.com`: the sample's repository, under two names.
fn server(sandbox: &mut Sandbox) -> Listener {
    for name in ["hello", "greeting"] {
        sandbox.ok(&format!("git clone -q --bare ../hello srv/{name}"));
    }
    let daemon = git_daemon(sandbox);
    let url = format!("url.git://127.0.0.1:{}/.insteadOf", daemon.port);
    sandbox.ok(&format!("git config --global '{url}' git://git.example.com/"));
    sandbox.ok("git config --global uploadpack.allowFilter true");
    daemon
}

/// How lines begin that tell a size which compilers decide.
const SIZES: [&str; 2] = ["strippable ", "~ bundle "];
/// How lines begin that compilers decide.
const COMPILERS: [&str; 3] = ["libraries ", "versions ", "built by "];

/// The text without what differs from machine to machine, or from compiler to compiler.
fn alike(text: &str) -> String {
    let text = machine_free(text).replace("[ROOT]", "/build").replace("x86_64", "[ARCH]");
    let is_size = |word: &str| word.chars().all(|c| c.is_ascii_digit());
    let line = |line: &str| match line.trim_start().split_once("  ") {
        _ if line.ends_with(" %") || SIZES.iter().any(|start| line.starts_with(start)) => {
            let words = line.split_whitespace();
            let before: Vec<&str> =
                words.take_while(|word| !word.starts_with(|c: char| c.is_ascii_digit())).collect();
            format!("{} [SIZE]\n", before.join(" "))
        }
        _ if line.trim_start().starts_with("Via ") => {
            let words: Vec<&str> = line.split_whitespace().collect();
            let is_amount = |at: &usize| {
                let unit =
                    words.get(at + 1).is_some_and(|unit| ["bytes", "kB", "ms"].contains(unit));
                unit && words[*at].starts_with(|c: char| c.is_ascii_digit())
            };
            let left = (0..words.len()).filter(|at| !is_amount(at)).map(|at| words[at]);
            format!("{}\n", left.collect::<Vec<&str>>().join(" "))
        }
        _ if line.contains("  packed  ") => {
            let words: Vec<&str> = line.split_whitespace().collect();
            format!("{} [SIZE] {}\n", words[..3].join(" "), words[5..].join(" "))
        }
        _ if COMPILERS.iter().any(|start| line.starts_with(start)) => String::new(),
        Some((size, name)) if is_size(size) => format!("[SIZE]  {name}\n"),
        _ => format!("{line}\n"),
    };
    text.lines().map(short_digests).map(|text| line(&text)).collect()
}

/// The line without the first digits of a digest.
fn short_digests(line: &str) -> String {
    match line.split_once("sha256 ").zip(line.split_once('…')) {
        Some(((before, _), (_, after))) => format!("{before}sha256 [DIGITS]…{after}"),
        None => line.to_owned(),
    }
}

fn the_manifest_packs_without_a_warning() {
    let sandbox = sample();
    sandbox.write("ramp.yml", blocks("yaml").join("\n"));
    sandbox.write("build/plugin/file", "");
    sandbox.ok(&format!("{PACK} --deny-warnings"));
}

fn the_picture_is_what_is_drawn() {
    assert!(README.contains("](modules/hello/shop.svg)"));
    let sandbox = Sandbox::new();
    sandbox.write("shop.yaml", include_str!("../modules/hello/shop.yaml"));
    let drawn = sandbox.ok("rampkit graph shop.yaml --format svg");
    assert_eq!(drawn, include_str!("../modules/hello/shop.svg").trim_end());
}

fn every_set_up_command_is_run_by_ci() {
    let ci = concat!(
        include_str!("../.ci/run"),
        include_str!("../.ci/peers"),
        include_str!("../.ci/portable")
    );
    for line in blocks("sh") {
        let command = line.split('#').next().unwrap().trim();
        assert!(ci.contains(command), "not run by .ci/run: {command}");
    }
}

/// The verbs that the help text lists.
pub fn verbs(sandbox: &Sandbox) -> Vec<String> {
    let help = sandbox.ok("rampkit --help");
    let (_, list) = help.split_once("Commands:\n").unwrap();
    let names = list.lines().take_while(|line| !line.is_empty());
    let names = names.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let mut names: Vec<String> =
        names.filter_map(|line| line.split_whitespace().next().map(str::to_owned)).collect();
    names.retain(|name| name != "help");
    assert!(names.len() > 8, "{names:?}");
    names
}

/// The long names of the options that a help text lists.
pub fn options(help: &str) -> Vec<&str> {
    let lines = help.lines().filter(|line| line.trim_start().starts_with('-'));
    let words = lines.map(|line| line.split([' ', ',', '[']));
    words.filter_map(|mut words| words.find(|word| word.starts_with("--"))).collect()
}

fn every_option_is_named() {
    let sandbox = Sandbox::new();
    for verb in verbs(&sandbox) {
        assert!(README.contains(&format!("\n| `rampkit {verb}")), "{verb}");
        let help = sandbox.ok(&format!("rampkit {verb} --help"));
        for option in options(&help) {
            assert!(README.contains(&format!("`{option}")), "{verb} {option} is not in README");
        }
    }
}

fn every_exit_code_is_named() {
    for code in 0..=12 {
        assert!(README.contains(&format!("\n| {code} |")), "{code}");
    }
}

fn every_finding_is_named() {
    let row = |line: &'static str| line.strip_prefix("| `")?.split_once("` | ");
    let severities = ["error", "warning", "note"];
    let is_severity = |rest: &str| severities.iter().any(|severity| rest.starts_with(severity));
    let rows = README.lines().filter_map(row).filter(|(_, rest)| is_severity(rest));
    let named: Vec<&str> = rows.map(|(code, _)| code).collect();
    for code in codes("") {
        let times = named.iter().filter(|name| **name == code).count();
        assert_eq!(times, 1, "{code} is in README {times} times");
    }
    let sources = crate::architecture::sources();
    for code in named {
        let is_there = |text: &str| text.contains(&format!("\"{code}\""));
        assert!(sources.iter().any(|(_, text)| is_there(text)), "there is no {code}");
    }
}

fn every_key_of_a_plan_is_named() {
    let sandbox = Sandbox::new();
    sandbox.write("x.sh", "");
    let module = "{name: a, image: 'a:1', artifacts: [{source: a}], execute: [{script: x.sh}]}";
    sandbox.write("a.yaml", module);
    let plan = sandbox.ok("rampkit dockerfile a.yaml --dry-run --json");
    let mut keys = BTreeSet::new();
    keys_of(&serde_json::from_str(&plan).unwrap(), &mut keys);
    assert!(keys.len() > 20, "{keys:?}");
    let (_, of_programs) = README.split_once("\n`dockerfile --dry-run` prints").unwrap();
    let (of_plans, _) = of_programs.split_once("\n## ").unwrap();
    keys.retain(|key| !of_plans.contains(&format!("`{key}`")));
    assert_eq!(keys, BTreeSet::new(), "not in README");
}

fn keys_of(value: &Value, keys: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => object.iter().for_each(|(key, value)| {
            keys.insert(key.clone());
            keys_of(value, keys);
        }),
        Value::Array(list) => list.iter().for_each(|value| keys_of(value, keys)),
        _ => {}
    }
}

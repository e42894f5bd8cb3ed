//! The ancestor's cases: each folder in `fixtures/dockerfile` but `shared`, which all have, holds
//!
//! - `args`: the words of the command line, one a line; none for stdin,
//! - `in`: files beside those of `shared`; `stdin.yaml` is what stdin says,
//! - `code` and `Dockerfile`: how the ancestor ends, and what it made, comments apart,
//! - `better.Dockerfile`: the instructions to make where the ancestor fails,
//! - `stderr.txt`: what rampkit says, if anything.

use std::fs;

use libtest_mimic::Trial;
use snapbox::Data;

use super::instructions::{Instruction, instructions};
use super::{fixtures, folders, lay_out, rampkit};
use crate::harness::{Run, Sandbox, machine_free};
use crate::test;
use Verdict::{Better, But, Refused, Same};

/// What rampkit makes of a case, beside what the ancestor makes of it.
#[derive(Clone, Copy)]
enum Verdict {
    /// The same instructions.
    Same,
    /// The same, but for what this changes.
    But(fn(&mut [Instruction])),
    /// Instructions, where the ancestor ends in a traceback or a part of a Dockerfile.
    Better,
    /// An error with this exit code.
    Refused(i32),
}

/// Each case, and why it is not the same.
const CASES: [(&str, Verdict, &str); 23] = [
    ("01-modules-default", Same, ""),
    ("02-full-target", Same, ""),
    ("03-enterprise-readme", Same, ""),
    ("04-two-single-docs", Same, ""),
    ("05-exclude", Same, ""),
    ("07-expose-libdir-base", But(loads_from_libdir), "a module is loaded from where it lands"),
    ("08-target-overrides-cli", But(options_win), "an option wins over a file"),
    ("09-cli-module-image-override", Same, ""),
    ("12-output-flag", Better, "--output writes"),
    ("12b-output-existing", Refused(9), "what somebody else wrote stays"),
    ("14-stdin", Same, ""),
    ("15-user-chown", Same, ""),
    ("17-non-string-command", Better, "a number is the text that was typed"),
    ("19-artifact-no-source", Refused(6), "nothing is written on an error"),
    ("21-list-without-kind", Refused(6), "an unknown kind is an error"),
    ("22-unknown-kind", Refused(6), "an unknown kind is an error"),
    ("26-empty-modules", Better, "no modules are none"),
    ("30-missing-file", Refused(3), "an error names the file"),
    ("31-empty-file", Same, ""),
    ("32-uppercase-alias", But(small_stages), "a stage has small letters"),
    ("33-module-image-unknown", Same, ""),
    ("35-multidoc", Better, "a file may have several documents"),
    ("37-excluded-missing-image", Same, ""),
];

pub fn all() -> Vec<Trial> {
    let trial = |(name, verdict, _): (&'static str, Verdict, &str)| {
        Trial::test(format!("dockerfile::ancestor::{name}"), move || {
            holds(name, verdict);
            Ok(())
        })
    };
    CASES.into_iter().map(trial).chain([test!(each_case_has_a_row)]).collect()
}

fn each_case_has_a_row() {
    let mut names = folders(&fixtures("dockerfile"));
    names.retain(|name| name != "shared");
    assert_eq!(names, CASES.map(|(name, ..)| name));
    for (name, verdict, why) in CASES {
        assert_eq!(matches!(verdict, Same), why.is_empty(), "{name}");
    }
}

/// `CMD [ ]` would take away the base image's.
fn no_empty_command(instructions: &mut Vec<Instruction>) {
    instructions.retain(|it| it.name != "CMD" || !it.words.is_empty());
}

fn loads_from_libdir(instructions: &mut [Instruction]) {
    loads_from(instructions.last_mut().unwrap(), "/usr/lib/redis/modules");
}

fn loads_from(command: &mut Instruction, folder: &str) {
    for module in ["redisgraph.so", "redisgears.so"] {
        let is_it = |it: &&mut String| it.ends_with(module);
        *command.words.iter_mut().find(is_it).unwrap() = format!("{folder}/{module}");
    }
}

fn options_win(instructions: &mut [Instruction]) {
    for it in instructions {
        match it.name.as_str() {
            "FROM" if it.words.len() == 1 => it.words[0] = "cli:1".into(),
            "EXPOSE" => it.words[0] = "7000/tcp".into(),
            "COPY" if it.words[1] == "${REDIS_MODULES}/" => it.words[1] = "/cli/".into(),
            "CMD" => loads_from(it, "/cli"),
            _ => {}
        }
    }
}

fn small_stages(instructions: &mut [Instruction]) {
    for it in instructions {
        let words = if it.name == "FROM" { &mut it.words[1..] } else { &mut it.flags[..] };
        words.iter_mut().for_each(|word| *word = word.replace("RedisGears", "redisgears"));
    }
}

fn holds(name: &str, verdict: Verdict) {
    let run = made_as_expected(name, verdict);
    let said = fixtures("dockerfile").join(name).join("stderr.txt");
    snapbox::assert_data_eq!(machine_free(&run.stderr), Data::read_from(&said, None));
}

fn made_as_expected(name: &str, verdict: Verdict) -> Run {
    let case = fixtures("dockerfile").join(name);
    let read = |file: &str| fs::read_to_string(case.join(file));
    let sandbox = Sandbox::new();
    lay_out(&fixtures("dockerfile/shared"), &sandbox);
    lay_out(&case.join("in"), &sandbox);
    let args: Vec<String> = read("args").unwrap_or_default().lines().map(str::to_owned).collect();
    let output = args.iter().position(|it| it == "--output").map(|at| args[at + 1].clone());
    let before = output.as_ref().map(|file| fs::read(sandbox.path(file)).ok());
    let run = rampkit(&sandbox, &args);
    let fails = read("code").unwrap().trim() != "0";
    let expected = match verdict {
        Same | But(_) if fails => panic!("{name}: the ancestor makes nothing"),
        Refused(code) => {
            assert_eq!((run.code, &*run.stdout), (code, ""), "{name}");
            assert_eq!(output.map(|file| fs::read(sandbox.path(file)).ok()), before);
            return run;
        }
        Better => read("better.Dockerfile"),
        Same | But(_) => read("Dockerfile"),
    };
    assert_eq!(run.code, 0, "{name}: {}", run.stderr);
    let made = output.map_or(run.stdout.clone(), |file| sandbox.read(file));
    let mut expected = instructions(&expected.unwrap());
    no_empty_command(&mut expected);
    if let But(change) = verdict {
        let before = expected.clone();
        change(&mut expected);
        assert_ne!(expected, before, "{name} is the same");
    }
    assert_eq!(instructions(&made), expected, "{name}:\n{made}");
    run
}

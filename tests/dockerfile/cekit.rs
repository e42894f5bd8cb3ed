//! CEKit's cases: each folder in `fixtures/cekit` holds
//!
//! - `in`: its modules, and `target.yaml`: its image.yaml in our words; what it says in other words, and
//!   is not what the case is about, is left out (a port's service and `expose: false`, an env's
//!   example, packages that are removed or installed again); an artifact has a source and a target
//!   instead of a path, a name, a destination and a target; nothing is usual: neither script nor port,
//! - `code` and `Dockerfile`: how CEKit 4.16.0 ends, and what it made; of its comments those that name
//!   a module,
//! - `better.Dockerfile`: what has the right effect where CEKit fails,
//! - `stderr.txt`: what rampkit says, if anything.
//!
//! Same is not the text but the [`Effect`].

use std::fs;

use libtest_mimic::Trial;
use serde_json::Value;
use snapbox::Data;

use super::effect::{Effect, effect};
use super::instructions::instructions;
use super::{fixtures, folders, lay_out, rampkit};
use crate::harness::{History, Run, Sandbox, machine_free};
use crate::test;
use Verdict::{Better, But, Refused, Same};

/// What rampkit makes of a case, beside what CEKit makes of it.
#[derive(Clone, Copy)]
enum Verdict {
    /// The same order and effect.
    Same,
    /// The same, but for what this changes.
    But(fn(&mut Effect)),
    /// An image, where CEKit fails.
    Better,
    /// An error with this exit code.
    Refused(i32),
}

/// Each case, and why it is not the same.
const CASES: [(&str, Verdict, &str); 42] = [
    ("01-nested-order", Same, ""),
    ("05-versions", Refused(12), "a conflict of versions is an error"),
    (
        "05b-default-version",
        But(the_version_of_another),
        "CEKit installs neither 1.9 nor a release",
    ),
    ("05e-float-version", Better, "an unquoted version is the text that was typed"),
    ("05f-non-pep440", Same, ""),
    ("06-merge-redefine", But(all_values), "a value may be empty, 0, false or quoted; udp is udp"),
    ("07-packages-apk", Same, ""),
    ("07-packages-apt-get", Same, ""),
    ("07-packages-dnf", Same, ""),
    ("07-packages-microdnf", Same, ""),
    ("07-packages-none", Refused(12), "CEKit takes yum, whatever the image has"),
    ("07-packages-yum", Same, ""),
    ("07c-manager-flags", Refused(6), "manager_flags and repositories of packages are not ours"),
    ("08-run-merge", But(quoted_words), "CEKit's CMD is no JSON"),
    ("09-artifacts", Same, ""),
    ("09c-artifact-missing", Refused(12), "CEKit refuses it too"),
    ("09d-artifact-plain", Refused(6), "CEKit refuses it too"),
    (
        "09e-artifact-dir",
        But(a_folder),
        "not the file tree/tree: of a folder COPY takes what is in it",
    ),
    ("09g-artifact-numeric-sum", Refused(12), "CEKit refuses its type; it is wrong as well"),
    ("09h-artifact-one-bad-of-two", Refused(6), "md5 is not ours"),
    ("10-multistage", But(|it| it.modules.push("gears 0.4.0".into())), "only modules have images"),
    ("12-git-repo", Same, ""),
    ("12b-git-bad-ref", Refused(5), "CEKit refuses it too"),
    ("12d-nested-repo", Refused(6), "CEKit refuses it too"),
    ("13-scratch", But(|it| it.user = "1".into()), "run.user counts on scratch too"),
    ("14-unknown-key", Refused(6), "CEKit refuses it too"),
    ("14b-no-from", But(|it| it.base = "redis:latest".into()), "CEKit's base image is None"),
    ("14c-bad-type", Refused(6), "CEKit refuses it too"),
    ("14d-no-version", Better, "a target needs no version"),
    ("14e-image-execute", Better, "a target may run scripts"),
    ("15-long-label", Refused(6), "a newline cannot be represented"),
    ("16-args", Refused(6), "args are not ours"),
    ("18-env-novalue-later", Same, ""),
    ("19-execute-user-leak", Refused(6), "CEKit writes a USER of nobody"),
    ("20-scratch-with-execute", Refused(12), "nothing runs a script on scratch"),
    ("21-missing-script", Refused(12), "CEKit does not look"),
    ("24-module-name-slash", Same, ""),
    ("25-stage-unknown", Refused(6), "an artifact has no image of its own"),
    ("27-repo-missing-path", Refused(12), "CEKit refuses it too"),
    ("29b-null-value-env", Same, ""),
    ("30-expand", But(quoted_values), "a value is what was typed"),
    ("32-stages-two-versions", Same, ""),
];

pub fn all() -> Vec<Trial> {
    let trial = |(name, verdict, _): (&'static str, Verdict, &str)| {
        Trial::test(format!("dockerfile::cekit::{name}"), move || {
            holds(name, verdict);
            Ok(())
        })
    };
    CASES.into_iter().map(trial).chain([test!(each_case_has_a_row)]).collect()
}

fn each_case_has_a_row() {
    assert_eq!(folders(&fixtures("cekit")), CASES.map(|(name, ..)| name));
    for (name, verdict, why) in CASES {
        assert_eq!(matches!(verdict, Same), why.is_empty(), "{name}");
    }
}

fn the_version_of_another(effect: &mut Effect) {
    effect.modules[0] = "lib 1.9".into();
    effect.envs.insert("LIBV".into(), "1.9".into());
}

fn all_values(effect: &mut Effect) {
    let right = [("EMPTY", ""), ("ZERO", "0"), ("FALSY", "false"), ("QUOTED", "say \"hi\" $HOME")];
    effect.envs.extend(right.map(|(name, value)| (name.into(), value.into())));
    effect.labels.insert("l.two".into(), "two \"quoted\"".into());
    assert!(effect.ports.remove("6380/tcp"));
    effect.ports.insert("6380/udp".into());
}

fn a_folder(effect: &mut Effect) {
    effect.files = ["/opt/tree".to_owned()].into();
}

fn quoted_words(effect: &mut Effect) {
    let words = ["redis-server", "--loadmodule", "/m o d.so", "a \"b\" c", "back\\slash"];
    effect.cmd = Some(words.map(str::to_owned).to_vec());
}

fn quoted_values(effect: &mut Effect) {
    let right = [("A", "/opt"), ("B", "$A/lib"), ("DQ", "say \"hi\" there"), ("BS", "C:\\redis\\")];
    effect.envs = right.map(|(name, value)| (name.into(), value.into())).into();
    effect.labels.insert("l".into(), "a \"b\" c".into());
}

fn holds(name: &str, verdict: Verdict) {
    let run = made_as_expected(name, verdict);
    let said = fixtures("cekit").join(name).join("stderr.txt");
    snapbox::assert_data_eq!(machine_free(&run.stderr), Data::read_from(&said, None));
}

fn made_as_expected(name: &str, verdict: Verdict) -> Run {
    let case = fixtures("cekit").join(name);
    let read = |file: &str| fs::read_to_string(case.join(file));
    let sandbox = Sandbox::new();
    lay_out(&case.join("in"), &sandbox);
    if name.starts_with("12") {
        repository(&sandbox);
    }
    let run = rampkit(&sandbox, &["target.yaml".into()]);
    let fails = read("code").unwrap().trim() != "0";
    let expected = match verdict {
        Same | But(_) if fails => panic!("{name}: CEKit makes nothing"),
        Refused(code) => {
            assert_eq!((run.code, &*run.stdout), (code, ""), "{name}");
            return run;
        }
        Better => read("better.Dockerfile"),
        Same | But(_) => read("Dockerfile"),
    };
    assert_eq!(run.code, 0, "{name}: {}", run.stderr);
    let mut expected = effect_of_cekits(&expected.unwrap());
    if let But(change) = verdict {
        let before = expected.clone();
        change(&mut expected);
        assert_ne!(expected, before, "{name} is the same");
    }
    let plan = rampkit(&sandbox, &["--dry-run".into(), "--json".into(), "target.yaml".into()]);
    assert_eq!(effect_of_ours(&run.stdout, &plan.stdout), expected, "{name}:\n{}", run.stdout);
    run
}

/// What CEKit made, without what it says of itself and of the description.
pub fn effect_of_cekits(text: &str) -> Effect {
    let mut effect = effect(&instructions(text));
    for own in ["io.cekit.version", "description", "summary"] {
        effect.labels.remove(own);
    }
    effect.rename_scripts("/tmp/scripts/", "");
    let module = |line: &str| {
        let name = line.strip_prefix("###### START module '")?.strip_suffix('\'')?;
        Some(name.replace(':', " "))
    };
    effect.modules = text.lines().filter_map(module).collect();
    effect
}

/// `gitrepo`, whose tag `v1` has another `gm` than its branch.
fn repository(sandbox: &Sandbox) {
    let module = |version: &str, value: &str| {
        format!("name: gm\nversion: \"{version}\"\nenvs:\n  - {{name: GM, value: {value}}}\n")
    };
    let mut history = History::default();
    history.commit("main", &[("gm/module.yaml", module("1.0", "one"))]);
    history.point("refs/tags/v1", "refs/heads/main");
    history.commit("main", &[("gm/module.yaml", module("2.0", "two"))]);
    history.write(sandbox, "gitrepo");
}

/// What we made, each script in the folder of its module, whatever version it has.
fn effect_of_ours(text: &str, plan: &str) -> Effect {
    let mut effect = effect(&instructions(text));
    let plan: Value = serde_json::from_str(plan).unwrap();
    for module in plan["modules"].as_array().unwrap() {
        let [name, version] = ["name", "version"].map(|key| module[key].as_str().unwrap());
        effect.modules.push(format!("{name} {version}"));
        if let Some(folder) = module["execute"]["folder"].as_str() {
            effect.rename_scripts(folder, name);
        }
    }
    let folder = plan["target"]["execute"]["folder"].as_str();
    folder.into_iter().for_each(|folder| effect.rename_scripts(&format!("{folder}/"), ""));
    effect
}

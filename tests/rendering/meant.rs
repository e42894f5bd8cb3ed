//! Which instructions a plan becomes.

use std::process::Command;

use libtest_mimic::Trial;
use rampkit::assembly::dockerfile::instruction::{Instruction, Run};
use rampkit::assembly::{Copy, Packages, Part, Plan, instructions, needs_base_user};
use rampkit::descriptor::document::Manager;
use rampkit::digest::Sha256;

use super::plans::whole;
use crate::harness::Sandbox;
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(users_change_where_something_needs_it),
        test!(digests_are_checked_where_files_land),
        test!(packages_are_what_was_named),
    ]
}

/// A plan with nothing but these modules.
fn bare(modules: Vec<Part>) -> Plan {
    Plan {
        made_of: Vec::new(),
        script: None,
        modules,
        target: Part::default(),
        ports: Vec::new(),
        volumes: Vec::new(),
        workdir: None,
        cmd: None,
        ..whole()
    }
}

fn packages() -> Option<Packages> {
    Some(Packages { manager: Manager::Apk, install: vec!["curl".to_owned()] })
}

fn script(text: &str) -> Part {
    Part { script: Some(text.to_owned()), ..Part::default() }
}

/// The instructions, each by its keyword, users by name.
fn course(plan: &Plan) -> String {
    let blocks = instructions(plan);
    let word = |instruction: &Instruction| match instruction {
        Instruction::From { .. } => "FROM".to_owned(),
        Instruction::User(user) => user.clone(),
        Instruction::Run(Run::Shell(parts)) => parts[0].split(' ').next().unwrap().to_owned(),
        Instruction::Run(Run::Exec(words)) => words.join(" "),
        Instruction::Copy { .. } => "COPY".to_owned(),
        Instruction::Env { name, .. } => name.clone(),
        Instruction::Written(text) => format!("({})", text.replace('\n', "; ")),
        other => format!("{other:?}"),
    };
    let words: Vec<String> = blocks.iter().flat_map(|it| &it.instructions).map(word).collect();
    words.join(" ")
}

fn users_change_where_something_needs_it() {
    let installs = || Part { packages: packages(), ..Part::default() };
    let executes = || Part { execute: whole().modules[1].execute.clone(), ..Part::default() };
    for (base, user, modules, expected, must_know) in [
        ("app", None, vec![], "FROM", false),
        ("app", None, vec![script("ENV A b")], "FROM (ENV A b)", false),
        ("app", None, vec![installs()], "FROM root apk app", true),
        ("0", None, vec![installs(), installs()], "FROM apk apk", true),
        (
            "app",
            None,
            vec![installs(), script("RUN a"), installs()],
            "FROM root apk app (RUN a) root apk app",
            true,
        ),
        (
            "app",
            Some("b"),
            vec![installs(), script("ENV A b"), installs()],
            "FROM root apk (ENV A b) apk b",
            false,
        ),
        (
            "app",
            None,
            vec![script("USER b\nRUN a"), installs()],
            "FROM (USER b; RUN a) root apk b",
            false,
        ),
        (
            "app",
            None,
            vec![installs(), script("USER b\nRUN a")],
            "FROM root apk (USER b; RUN a)",
            false,
        ),
        (
            "app",
            None,
            vec![script("USER \"b\""), installs()],
            "FROM (USER \"b\") root apk (USER \"b\")",
            false,
        ),
        ("app", Some("b"), vec![installs(), script("RUN a")], "FROM root apk app (RUN a) b", true),
        ("app", Some("app"), vec![], "FROM", false),
        ("app", Some("root"), vec![], "FROM root", false),
        ("root", None, vec![executes()], EXECUTED, true),
    ] {
        let mut plan = bare(modules);
        plan.base_user = Some(base.to_owned());
        plan.user = user.map(str::to_owned);
        assert_eq!(course(&plan), expected);
        plan.base_user = None;
        assert_eq!(needs_base_user(&plan), must_know, "{expected}");
    }
}

const EXECUTED: &str = "FROM COPY /tmp/modules/redisgears/install.sh redislabs \
                        sh /tmp/modules/redisgears/set up root rm";

/// By the real `sha256sum`, in a shell as in an image.
fn digests_are_checked_where_files_land() {
    let sandbox = Sandbox::new();
    let names =
        ["plain.so", "a b.so", "it's \"$5\".so", "\\back`tick`.so", "-dash", "<<EOF", "é#!.so"];
    let copy = |name: &&str| Copy {
        stage: None,
        source: format!("from/{}", name.replace('$', "\\$")),
        target: "$FOLDER/".to_owned(),
        user: None,
        mode: None,
        sha256: Some(Sha256::of(name.as_bytes())),
    };
    let mut copies: Vec<Copy> = names.iter().map(copy).collect();
    copies.push(Copy { target: "${FOLDER}_2/$5 other".to_owned(), ..copies[0].clone() });
    let plan = bare(vec![Part { copies, ..Part::default() }]);
    let blocks = instructions(&plan);
    let Some(Instruction::Run(Run::Shell(parts))) = blocks[2].instructions.last() else {
        panic!("{blocks:?}");
    };
    for name in names {
        sandbox.write(format!("modules/{name}"), name);
    }
    sandbox.write("modules_2/$5 other", "plain.so");
    let run = || {
        let mut sh = Command::new("/bin/sh");
        sh.arg("-c").arg(parts.join("     ")).current_dir(sandbox.work());
        sh.env("FOLDER", sandbox.path("modules")).output().unwrap()
    };
    let output = run();
    assert!(output.status.success(), "{parts:?}\n{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8_lossy(&output.stdout).matches(": OK\n").count(), names.len() + 1);
    for name in names {
        sandbox.write(format!("modules/{name}"), "other");
        assert!(!run().status.success(), "{name}");
        sandbox.write(format!("modules/{name}"), name);
    }
}

/// Whoever may not be read is checked by root.
fn packages_are_what_was_named() {
    let mut plan = bare(vec![whole().modules[0].clone()]);
    let copy = &mut plan.modules[0].copies[0];
    (copy.mode, copy.user) = (Some("0640".to_owned()), None);
    plan.modules[0].packages = None;
    assert_eq!(
        course(&plan),
        "FROM FROM A Label { name: \"org.example.graph\", value: \"2.4.1\" } COPY root printf redislabs"
    );
    for (manager, expected) in [
        (
            Manager::AptGet,
            "apt-get update && apt-get install -y --no-install-recommends 'a=1.*' b && rm -rf /var/lib/apt/lists/*",
        ),
        (
            Manager::Apt,
            "apt-get update && apt-get install -y --no-install-recommends 'a=1.*' b && rm -rf /var/lib/apt/lists/*",
        ),
        (Manager::Yum, "yum install -y 'a=1.*' b && yum clean all && rm -rf /var/cache/yum"),
        (
            Manager::Dnf,
            "dnf install -y --setopt=install_weak_deps=False 'a=1.*' b && dnf clean all && rm -rf /var/cache/dnf",
        ),
        (
            Manager::Microdnf,
            "microdnf install -y --setopt=install_weak_deps=0 'a=1.*' b && microdnf clean all",
        ),
        (Manager::Apk, "apk add --no-cache 'a=1.*' b"),
    ] {
        let install = ["a=1.*", "b"].map(str::to_owned).to_vec();
        let packages = Some(Packages { manager, install });
        let plan = bare(vec![Part { packages, ..Part::default() }]);
        let block = &instructions(&plan)[2].instructions;
        let Instruction::Run(Run::Shell(parts)) = &block[1] else { panic!("{block:?}") };
        let words: Vec<&str> = parts.iter().flat_map(|part| part.split_whitespace()).collect();
        assert_eq!(words.join(" "), expected);
    }
}

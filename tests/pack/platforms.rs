//! Which operating systems a bundle is for: options, this machine, and what no node takes.

use std::fs;
use std::process::Command;

use libtest_mimic::Trial;
use serde_json::json;
use snapbox::str;

use super::{BUNDLE, PACK, harmless, metadata, sample};
use crate::harness::{Peer, Run, Sandbox};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(names_that_people_give),
        test!(several_systems_in_one_bundle),
        test!(a_nick_is_for_names_and_alone_a_system_too),
        test!(names_that_nobody_knows),
        test!(systems_that_are_given_twice),
        test!(hosts_beside_ramp_packer, Unshare, RampPacker),
        test!(a_host_that_no_node_runs, Unshare),
        test!(a_host_that_does_not_say, Unshare),
        test!(a_host_that_says_odd_things, Unshare),
        test!(what_a_module_needs_decides_what_is_proposed, Zig),
        test!(systems_of_nodes_of_another_architecture, Zig),
        test!(other_names_of_systems_in_a_manifest),
        test!(systems_of_which_no_node_runs_some),
    ]
}

/// A manifest that says nothing of systems, and all else.
const MANIFEST: &str = "compatible_redis_version: '7.2'\n";
/// A name that tells both.
const BOTH: &str = "-q --no-module-yaml -o '{operating_systems}_{osnick}'";

/// The sample with such a manifest.
fn bare() -> Sandbox {
    let sandbox = sample();
    sandbox.write("ramp.yml", MANIFEST);
    sandbox
}

fn names_that_people_give() {
    let sandbox = bare();
    for (names, expected) in [
        ("rhel8", "rhel8_rhel8"),
        ("jammy", "ubuntu22_ubuntu22.04"),
        ("ubuntu22.04", "ubuntu22_ubuntu22.04"),
        ("'ubuntu:20.04'", "ubuntu20_ubuntu20.04"),
        ("rocky8", "rhel8_rhel8"),
        ("centos7", "rhel7_rhel7"),
        ("AlmaLinux-9.4", "rhel9_rhel9"),
        ("amazonlinux2023", "amzn2023_amzn2023"),
        ("noble,rhel9", "ubuntu24-rhel9_ubuntu24.04"),
        ("rhel8 --operating-system ol8,focal", "rhel8-ubuntu20_rhel8"),
    ] {
        let line = format!("{PACK} {BOTH} --operating-system {names}");
        assert_eq!(sandbox.ok(&line), expected, "{names}");
    }
}

fn several_systems_in_one_bundle() {
    let sandbox = sample();
    sandbox.ok(&format!("{PACK} -q --operating-system rhel9,jammy --deny-warnings"));
    assert_eq!(metadata(&sandbox, BUNDLE)["operating_systems"], json!(["rhel9", "ubuntu22"]));
    sandbox.ok(&format!("rampkit validate {BUNDLE} --target rs-8.2 --deny-warnings"));
}

fn a_nick_is_for_names_and_alone_a_system_too() {
    let sandbox = sample();
    let run = |options: &str| sandbox.ok(&format!("{PACK} {BOTH} {options}"));
    assert_eq!(run("--osnick focal"), "ubuntu20_focal");
    assert_eq!(run("--osnick centos7"), "rhel7_centos7");
    assert_eq!(run("--osnick focal --operating-system rhel8"), "rhel8_focal");
    assert_eq!(run("--osnick our-build_1.0 --operating-system rhel8"), "rhel8_our-build_1.0");
    assert_eq!(run("--osnick our --set operating_systems=rhel8,rhel9"), "rhel8-rhel9_our");
    // A template has the same.
    sandbox.write("ramp.yml", format!("{MANIFEST}author: Ann of {{{{OSNICK}}}}\n"));
    let named = "-q --deny-warnings -o '{author}'";
    assert_eq!(sandbox.ok(&format!("{PACK} {named} --osnick focal")), "Ann of focal");
    assert_eq!(
        sandbox.ok(&format!("{PACK} {named} --operating-system focal")),
        "Ann of ubuntu20.04"
    );
}

fn names_that_nobody_knows() {
    let sandbox = sample();
    let run = |options: &str| harmless(&sandbox, &format!("{PACK} {options}"));
    run("--operating-system rhel").fails(2, str![[r#"
error: invalid value 'rhel' for '--operating-system <NAME>': an operating system is a name and a major version, as rhel8; near are rhel7, rhel8, rhel9, rhel10

For more information, try '--help'.

"#]]);
    run("--operating-system rhel8,jamy").fails(2, str![[r#"
error: invalid value 'jamy' for '--operating-system <NAME>': an operating system is a name and a major version, as rhel8; near are jammy

For more information, try '--help'.

"#]]);
    run("--operating-system ''").fails(2, str![[r#"
error: invalid value '' for '--operating-system <NAME>': an operating system is a name and a major version, as rhel8

For more information, try '--help'.

"#]]);
    run("--operating-system windows").fails(2, str![[r#"
error: invalid value 'windows' for '--operating-system <NAME>': an operating system is a name and a major version, as rhel8

For more information, try '--help'.

"#]]);
    run("--osnick our").fails(2, str![[r#"
error: --osnick our names no operating system that is known; say it with --operating-system, as rhel8

"#]]);
    run("--osnick a/b").fails(2, str![[r#"
error: invalid value 'a/b' for '--osnick <NICK>': it becomes part of a name, and has letters, digits, ., _ and - only

For more information, try '--help'.

"#]]);
}

fn systems_that_are_given_twice() {
    let sandbox = sample();
    let twice = "--operating-system rhel8 --set operating_systems=rhel9";
    harmless(&sandbox, &format!("{PACK} {twice}")).fails(
        2,
        str![[r#"
error: operating_systems is given twice: by --operating-system and by --set operating_systems=…

"#]],
    );
}

/// Runs a command line where the folder `etc` is /etc.
fn elsewhere(sandbox: &Sandbox, line: &str) -> Run {
    sandbox.ok("rm -rf etc && mkdir etc && (cp -r /etc/. etc 2>&1 || true) >/dev/null");
    sandbox.ok("rm -f etc/os-release etc/devcontainer");
    let run = sandbox.sh_alone(&format!("mount --bind etc /etc\n{line}"));
    fs::remove_dir_all(sandbox.path("etc")).unwrap();
    run
}

/// What os-release and devcontainer say, what ramp-packer makes of it, and rampkit.
const HOSTS: [(&str, &str, &str, &str); 16] = [
    ("ID=ubuntu\nID_LIKE=debian\nVERSION_ID=\"22.04\"\n", "", "ubuntu22", "ubuntu22_ubuntu22.04"),
    ("ID=ubuntu\nID_LIKE=debian\nVERSION_ID=\"18.04\"\n", "", "ubuntu18", "ubuntu18_ubuntu18.04"),
    ("ID=\"centos\"\nID_LIKE=\"rhel fedora\"\nVERSION_ID=\"7\"\n", "", "rhel7", "rhel7_rhel7"),
    ("ID=\"centos\"\nVERSION_ID=\"8\"\n", "", "rhel8", "rhel8_rhel8"),
    ("ID=\"rhel\"\nVERSION_ID=\"9.4\"\n", "", "rhel9", "rhel9_rhel9"),
    ("ID='rocky'\nVERSION_ID='8.9'\n", "", "rhel8", "rhel8_rhel8"),
    ("# ours\nID=almalinux # ours\nVERSION_ID=9.3\n", "", "rhel9", "rhel9_rhel9"),
    ("ID=\"ol\"\nVERSION_ID=\"8.9\"\n", "", "rhel8", "rhel8_rhel8"),
    ("ID=\"amzn\"\nVERSION_ID=\"2\"\n", "", "amzn2", "amzn2_amzn2"),
    ("ID=\"amzn\"\nVERSION_ID=\"2023\"\n", "", "amzn2023", "amzn2023_amzn2023"),
    ("ID=debian\nVERSION_ID=\"12\"\n", "DISTRO=jammy\n", "ubuntu22", "ubuntu22_ubuntu22.04"),
    ("ID=debian\nVERSION_ID=\"12\"\n", "", "debian12", "debian12_debian12"),
    // ramp-packer needs a release for each new system.
    ("ID=\"rocky\"\nVERSION_ID=\"10.0\"\n", "", "rocky10", "rhel10_rhel10"),
    ("ID=\"ol\"\nVERSION_ID=\"7.9\"\n", "", "oracle7", "rhel7_rhel7"),
    ("ID=\"eurolinux\"\nID_LIKE=\"rhel\"\nVERSION_ID=\"8.8\"\n", "", "eurolinux8", "rhel8_rhel8"),
    ("ID=debian\nVERSION_ID=\"12\"\n", "DISTRO=bionic\n", "bionic", "ubuntu18_ubuntu18.04"),
];

fn hosts_beside_ramp_packer() {
    let sandbox = bare();
    let python = Peer::RampPacker.found();
    let theirs = "from RAMP.module_metadata import get_curr_os; print(get_curr_os())";
    let mut script = String::new();
    for (index, (os_release, devcontainer, ..)) in HOSTS.iter().enumerate() {
        sandbox.write(format!("hosts/{index}/os-release"), os_release);
        if !devcontainer.is_empty() {
            sandbox.write(format!("hosts/{index}/devcontainer"), devcontainer);
        }
        script += &format!(
            "rm -f /etc/devcontainer; cp hosts/{index}/* /etc/
            '{}' -c '{theirs}'; {PACK} {BOTH} 2>/dev/null || exit\n",
            python.display()
        );
    }
    let expected = HOSTS.iter().flat_map(|(_, _, theirs, ours)| [*theirs, *ours]);
    let seen = elsewhere(&sandbox, &script);
    assert_eq!(
        seen.stdout.lines().collect::<Vec<_>>(),
        expected.collect::<Vec<_>>(),
        "{}",
        seen.stderr
    );
}

fn a_host_that_no_node_runs() {
    let sandbox = bare();
    let line = format!("echo 'ID=debian\nVERSION_ID=12' >/etc/os-release; {PACK}");
    elsewhere(&sandbox, &line).prints(
        str![[r#"
hello.Linux-[ARCH].1.2.3.zip

"#]],
        str![[r#"
      Read ../commands.json
warning: this machine is debian12, which no Redis Enterprise node runs
   hint: say which nodes it is for; by what its file needs it can be --operating-system [..]
    Packed hello 1.2.3: 3 commands

"#]],
    );
    // What it proposes is accepted.
    let hint = "2>&1 | sed -n 's/.* can be //p'";
    let proposed = elsewhere(&sandbox, &format!("{line} {hint}")).stdout;
    assert!(proposed.starts_with("--operating-system rhel"), "{proposed}");
    sandbox.ok(&format!("{PACK} -q {} --deny-warnings", proposed.trim()));
}

fn a_host_that_does_not_say() {
    let sandbox = bare();
    let line = format!("echo 'ID=arch' >/etc/os-release; {PACK} -o x.zip");
    elsewhere(&sandbox, &line).prints(
        str![[r#"
x.zip

"#]],
        str![[r#"
      Read ../commands.json
warning: this machine does not say which operating system it runs
   hint: say which nodes it is for; by what its file needs it can be --operating-system [..]
    Packed hello 1.2.3: 3 commands

"#]],
    );
    assert_eq!(metadata(&sandbox, "x.zip")["operating_systems"], json!([]));
    let line = format!("echo 'ID=arch' >/etc/os-release; {PACK} -o '{{osnick}}.zip'");
    elsewhere(&sandbox, &line).fails(2, str![[r#"
      Read ../commands.json
error: cannot name the bundle "{osnick}.zip": {osnick} is unknown; say it with --osnick
hint: any field of module.json can stand in it, as {semantic_version}, and {stem}, {osnick}, {variant}, {branch}

"#]]);
}

fn a_host_that_says_odd_things() {
    let sandbox = bare();
    let other = "/usr/lib/os-release";
    let mut script = format!("[ ! -e {other} ] || mount --bind /dev/null {other}\n");
    let hosts = [
        ("head -c 10000000 /dev/zero >it", ""),
        ("head -c 10000000 /dev/urandom >it", ""),
        ("yes ID=debian | head -c 10000000 >it", ""),
        (r"{ printf 'ID=debian\nVERSION_ID=12\n'; head -c 10000000 /dev/zero; } >it", "debian12"),
        (r"printf 'ID=debian\0\nVERSION_ID=12' >it", "debian_12"),
        (r"printf 'VERSION_ID=12\nID=debian' >it", "debian12"),
        (r"printf 'ID=../debian\nVERSION_ID=12' >it", "___debian12"),
        (r"printf 'ID=debian\nVERSION_ID=12/..\n' >it", ""),
        ("mkfifo it", ""),
        ("mkdir it", ""),
        ("ln -s it it", ""),
    ];
    for (host, _) in hosts {
        script += &format!("rm -rf it /etc/os-release; {host}; mv it /etc/os-release\n");
        script += &format!("{PACK} -q --no-module-yaml -o 'x{{operating_systems}}' || echo $?\n");
    }
    let expected: String = hosts.iter().map(|(_, system)| format!("x{system}\n")).collect();
    assert_eq!(elsewhere(&sandbox, &script).stdout, expected);
}

/// Builds the sample with a function that glibc has since that version.
fn since_glibc(sandbox: &Sandbox, version: &str, function: &str) {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/modules/hello");
    sandbox
        .write("more.c", format!("void {function}(void);\nvoid more(void) {{ {function}(); }}\n"));
    let mut zig = Command::new(Peer::Zig.found().join("python"));
    zig.args(["-m", "ziglang", "cc", "-fno-builtin", "-shared", "-fPIC", "-o", "hello.so"]);
    zig.arg("-target").arg(format!("{}-linux-gnu.{version}", std::env::consts::ARCH));
    zig.arg(format!("-I{folder}")).arg(format!("{folder}/hello.c")).arg("more.c");
    assert!(zig.current_dir(sandbox.work()).status().unwrap().success());
}

fn what_a_module_needs_decides_what_is_proposed() {
    let sandbox = bare();
    let line = format!("{PACK} -o x.zip --operating-system debian12 >/dev/null");
    since_glibc(&sandbox, "2.34", "__libc_start_main");
    sandbox.sh(&line).prints("", str![[r#"
      Read ../commands.json
warning: no Redis Enterprise node runs "debian12"
   hint: say which nodes it is for; by what its file needs it can be --operating-system rhel9,ubuntu22,amzn2023
    Packed hello 1.2.3: 3 commands

"#]]);
    since_glibc(&sandbox, "2.36", "arc4random");
    sandbox.sh(&line).prints("", str![[r#"
      Read ../commands.json
warning: no Redis Enterprise node runs "debian12"
   hint: build it in an image of the nodes' system: no node would load it, as it needs GLIBC_2.36 (arc4random, arc4random_buf), amzn2023 has 2.34
    Packed hello 1.2.3: 3 commands

"#]]);
}

fn systems_of_nodes_of_another_architecture() {
    let sandbox = bare();
    sandbox.module_for_aarch64("hello");
    let run = |options: &str| sandbox.sh(&format!("{PACK} -o x.zip {options} >/dev/null"));
    run("--operating-system rhel8,ubuntu20").prints("", str![[r#"
      Read ../commands.json
warning: no Redis Enterprise node runs "rhel8" or "ubuntu20" on aarch64
   hint: say which nodes it is for; by what its file needs it can be --operating-system rhel9,ubuntu22,amzn2023
    Packed hello 1.2.3: 3 commands

"#]]);
    run("--operating-system rhel9,ubuntu20").prints(
        "",
        str![[r#"
      Read ../commands.json
    Packed hello 1.2.3: 3 commands

"#]],
    );
}

fn other_names_of_systems_in_a_manifest() {
    let sandbox = sample();
    let run = |systems: &str| {
        sandbox.write("ramp.yml", format!("{MANIFEST}operating_systems: [{systems}]\n"));
        sandbox.sh(&format!("{PACK} -o x.zip >/dev/null"))
    };
    run("ubuntu22.04, centos8").prints(
        "",
        str![[r#"
      Read ../commands.json
warning: no Redis Enterprise node runs "ubuntu22.04" or "centos8"
   hint: write --operating-system ubuntu22,rhel8
    Packed hello 1.2.3: 3 commands

"#]],
    );
    sandbox.ok("rampkit validate x.zip | grep -q 'write ubuntu22' && rampkit validate x.zip | grep -q 'write rhel8'");
    run("debian12, alpine3").prints(
        "",
        str![[r#"
      Read ../commands.json
warning: no Redis Enterprise node runs "debian12" or "alpine3"
   hint: say which nodes it is for; by what its file needs it can be --operating-system [..]
    Packed hello 1.2.3: 3 commands

"#]],
    );
    run("ubuntu22.04, rhel8").prints(
        "",
        str![[r#"
      Read ../commands.json
warning: operating_systems has "ubuntu22.04", and must have a name and a major version, as rhel8
   hint: write ubuntu22
    Packed hello 1.2.3: 3 commands

"#]],
    );
    run("").prints(
        "",
        str![[r#"
      Read ../commands.json
warning: no operating system is named, and so no node takes the bundle
   hint: say which nodes it is for; by what its file needs it can be --operating-system [..]
    Packed hello 1.2.3: 3 commands

"#]],
    );
}

/// It works on the others: validation says the same.
fn systems_of_which_no_node_runs_some() {
    let sandbox = sample();
    let line = format!("{PACK} -o x.zip --operating-system rhel8,debian12,alpine3 >/dev/null");
    let packed = sandbox.sh(&line);
    packed.prints(
        "",
        str![[r#"
      Read ../commands.json
warning: no Redis Enterprise node runs "debian12"
warning: no Redis Enterprise node runs "alpine3"
    Packed hello 1.2.3: 3 commands

"#]],
    );
    let found = sandbox.sh("rampkit validate x.zip").stdout;
    for warning in packed.stderr.lines().filter_map(|line| line.strip_prefix("warning: ")) {
        let finding = format!("warning operating_system_unknown {warning}");
        assert!(found.lines().any(|line| line == finding), "{finding}\n{found}");
    }
}

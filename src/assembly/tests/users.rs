//! Who does what: packages, scripts that are run, and who runs a container.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;

use super::given;

const PACKAGE: &str = "packages: {install: [curl]}";

#[test]
fn a_manager_is_said_once_or_known() {
    let manager = |base: &str, said: &str| {
        let yaml =
            format!("- {{name: a, {PACKAGE}}}\n- {{kind: Target, baseimage: {base}, {said}}}");
        let plan = given(&yaml).assembled().plan;
        plan.modules[0].packages.clone().unwrap().manager.as_ref().to_owned()
    };
    assert_eq!(manager("redis:7", ""), "apt-get");
    assert_eq!(manager("redis:7-alpine", ""), "apk");
    assert_eq!(manager("mine/own", "baseuser: root, packages: {manager: dnf}"), "dnf");
    assert_eq!(manager("redis:7", "packages: {manager: apt}"), "apt-get");
    let unknown =
        given(&format!("- {{name: a, {PACKAGE}}}\n- {{kind: Target, baseimage: mine/own}}"));
    let expected = "in/module.yaml:1: a: it wants the package curl, and it is not known what installs \
                    packages in mine/own";
    assert_eq!(unknown.refused(), expected);
    let two = "- {name: a, packages: {manager: apk, install: [b]}}\n- {name: c, packages: {manager: \
               yum, install: [d]}}";
    let expected = "in/module.yaml:1: c: it wants packages by yum, and in/module.yaml:1: a by apk: an \
                    image has one manager of packages";
    assert_eq!(given(two).refused(), expected);
    let scratch = format!("- {{name: a, {PACKAGE}}}\n- {{kind: Target, baseimage: scratch}}");
    assert!(given(&scratch).refused().contains("there is nothing in scratch"));
}

#[test]
fn scripts_are_there_and_run_as_who_they_say() {
    let yaml =
        "name: a b\nversion: '1.0'\nexecute: [{script: x.sh}, {script: sub/y z.sh, user: 1001}]";
    let given = given(yaml).file("x.sh", "#!/bin/sh\n").file("sub/y z.sh", "echo\n");
    let expected = r#"COPY ["in", "/tmp/modules/a-b-1.0/"]
RUN ["/tmp/modules/a-b-1.0/x.sh"]
USER 1001
RUN ["sh", "/tmp/modules/a-b-1.0/sub/y z.sh"]
USER root
RUN rm -rf /tmp/modules/a-b-1.0"#;
    assert_eq!(given.own_lines(), expected);
    let collected = given.collected().assembled();
    assert_eq!(collected.collected[0].path, "modules/a-b/1.0");
    assert_eq!(collected.plan.modules[0].execute.as_ref().unwrap().source, "modules/a-b/1.0");
}

#[test]
fn a_shell_runs_what_does_not_run_by_itself() {
    for (text, mode, run) in [
        ("#!/bin/sh\n", 0o755, "RUN [\"/tmp/modules/a/x.sh\"]"),
        ("#!/bin/sh\n", 0o644, "RUN [\"sh\", \"/tmp/modules/a/x.sh\"]"),
        ("true\n", 0o755, "RUN [\"sh\", \"/tmp/modules/a/x.sh\"]"),
    ] {
        let given = given("name: a\nexecute: [{script: x.sh}]").file("x.sh", text);
        fs::set_permissions(given.path().join("in/x.sh"), Permissions::from_mode(mode)).unwrap();
        let lines = given.own_lines();
        assert!(lines.lines().any(|line| line == run), "{text:?} {mode:o}: {lines}");
    }
}

#[test]
fn a_script_that_is_not_there_is_an_error_before() {
    for (script, why) in [
        ("none.sh", "there is no none.sh in /in"),
        ("../x.sh", "../x.sh is no path below /in"),
        ("/bin/true", "/bin/true is not relative to /in"),
        ("d", "d is not a file"),
    ] {
        let given = given(&format!("name: a\nexecute: [{{script: {script}}}]")).file("d/x", "");
        assert_eq!(given.refused(), format!("in/module.yaml:1: a: {why}"));
    }
    let scratch = "- {name: a, execute: [{script: x.sh}]}\n- {kind: Target, baseimage: scratch}";
    assert!(given(scratch).file("x.sh", "").refused().contains("nothing in scratch to run it"));
}

#[test]
fn an_owner_whom_the_base_image_does_not_have_is_a_warning() {
    let warnings = |owner: &str, target: &str| {
        let artifact = format!("{{source: x.zip, target: /m/, user: '{owner}'}}");
        let module = format!("- {{name: a, image: 'a:1', artifacts: [{artifact}]}}");
        let given = given(&format!("{module}\n- {{kind: Target, libdir: /m, {target}}}"));
        given.assembled().warnings.into_iter().map(|it| it.message).collect::<Vec<_>>().join("\n")
    };
    let expected = "in/module.yaml:1: a: an artifact shall be of redislabs, and nobody is called so \
                    in redis:7";
    assert_eq!(warnings("redislabs", "baseimage: 'redis:7'"), expected);
    assert!(warnings("redislabs:redislabs", "baseimage: valkey/valkey").contains("valkey/valkey"));
    assert_eq!(warnings("redislabs", "baseimage: redis, script: RUN useradd redislabs"), "");
    assert_eq!(warnings("redislabs", "baseimage: redislabs/redis"), "");
    assert_eq!(warnings("redislabs", "baseimage: me/own"), "");
    assert_eq!(warnings("redis", "baseimage: redis"), "");
}

#[test]
fn the_user_of_the_base_image_is_restored() {
    let users = |target: &str| {
        let yaml = format!(
            "- {{name: a, packages: {{manager: apt-get, install: [curl]}}}}\n- {{kind: Target, {target}}}"
        );
        let lines = given(&yaml).own_lines();
        lines.lines().filter_map(|line| line.strip_prefix("USER ")).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(users("baseimage: redis"), "");
    assert_eq!(users("baseimage: redislabs/redis, script: ''"), "root redislabs");
    assert_eq!(users("baseimage: mine, baseuser: me"), "root me");
    assert_eq!(users("baseimage: mine/own, run: {user: you}"), "root you");
    assert_eq!(users("baseimage: redis, run: {user: redis}"), "redis");
    assert_eq!(users("baseimage: redis, script: USER redis"), "redis root redis");
    let unknown = "- {name: a, packages: {manager: apt-get, install: [curl]}}\n- {kind: Target, \
                   baseimage: mine/own}";
    let given = given(unknown);
    assert!(given.refused().contains("is not known"), "{}", given.refused());
    let hint = given.tried().map(|it| it.plan).unwrap_err().hint().unwrap();
    assert!(hint.contains("baseuser"), "{hint}");
}

#[test]
fn each_key_of_run_is_the_targets_else_the_last_modules() {
    let yaml = "- {name: one, run: {user: redis, workdir: /one, cmd: [redis-server, /etc/one.conf], \
                entrypoint: [/one-entry.sh]}}\n- {name: two, run: {user: 1001, entrypoint: [/two-entry.sh], cmd: \
                [redis-server, 'a \"b\" c', 'back\\slash']}}\n- {name: three, run: {}}\n- {kind: Target, run: {workdir: /data}}";
    let expected = "USER 1001\nENTRYPOINT [\"/two-entry.sh\"]\n\
                    CMD [\"redis-server\", \"a \\\"b\\\" c\", \"back\\\\slash\"]";
    assert_eq!(given(yaml).own_lines(), expected);
}

#[test]
fn nothing_runs_in_scratch() {
    let yaml = format!(
        "- {{name: a, image: x, artifacts: [{{source: /a, sha256: {}}}]}}\n\
         - {{kind: Target, baseimage: scratch}}",
        "0".repeat(64)
    );
    let refused = given(&yaml).refused();
    let expected = "in/module.yaml:1: a: there is nothing in scratch that checks a sha256";
    assert_eq!(refused, expected);
}

//! What a container runs, and where it finds its modules.

use super::given;

fn cmd(yaml: &str) -> Option<Vec<String>> {
    given(yaml).assembled().plan.cmd
}

fn words(text: &str) -> Option<Vec<String>> {
    Some(text.split(' ').map(str::to_owned).collect())
}

#[test]
fn words_are_those_of_a_shell_and_nothing_is_no_command() {
    let a = "name: a\ncommand: --loadmodule /a.so 'b c' \"d\\\"e\" f\\ g";
    let expected = ["--loadmodule", "/a.so", "b c", "d\"e", "f g"];
    assert_eq!(cmd(a).unwrap(), expected);
    assert_eq!(cmd("name: a"), None);
    assert_eq!(cmd("name: a\ncommand: []\nrun: {cmd: []}"), None);
    let refused = given("name: a\ncommand: \"--x 'y\"").refused();
    assert_eq!(refused, "in/module.yaml:1: a: its command ends within quotes: --x 'y");
}

#[test]
fn a_module_is_loaded_where_it_lands() {
    let yaml = |artifacts: &str, path: &str| {
        format!(
            "name: a\nimage: x\nartifacts: [{artifacts}]\ncommand: [--loadmodule, {path}, a.so]"
        )
    };
    let landed = "/opt/redislabs/lib/modules/a.so";
    for (artifacts, path, expected, warnings) in [
        ("{source: /x/a.so}", landed, landed, 0),
        (
            "{source: /x/a.so}",
            "/opt/redislabs/lib//modules/a.so",
            "/opt/redislabs/lib//modules/a.so",
            0,
        ),
        ("{source: /x/a.so}", "/x/a.so", landed, 1),
        ("{source: /x/a.so}", "$REDIS_MODULES/a.so", landed, 0),
        ("{source: /x/a.so, target: /m/}", "a.so", "/m/a.so", 0),
        ("{source: /x/a.so, target: b/a.so}", "a.so", "/data/b/a.so", 0),
        ("{source: /x/a.so, target: $NONE/}", "/x/a.so", "/x/a.so", 2),
        ("{source: /x/a-1.so, target: /m/a.so}", "a.so", "/m/a.so", 0),
        ("{source: /x/b.so}", "/x/a.so", "/x/a.so", 0),
        ("{source: /x/b.so}", "$REDIS_MODULES/a.so", landed, 0),
        ("{source: /x/b.so}", "$NONE/a.so", "$NONE/a.so", 1),
    ] {
        let given = given(&yaml(artifacts, path));
        let assembled = given.assembled();
        let expected = words(&format!("--loadmodule {expected} a.so"));
        assert_eq!(assembled.plan.cmd, expected, "{artifacts} {path}");
        assert_eq!(
            assembled.warnings.len(),
            warnings,
            "{artifacts} {path}: {:?}",
            assembled.warnings
        );
    }
    let moved = given(&yaml("{source: /x/a.so}", "/x/a.so")).warned();
    let expected = "in/module.yaml:1: a: --loadmodule /x/a.so becomes \
                    /opt/redislabs/lib/modules/a.so, where the artifact is copied to";
    assert_eq!(moved, expected);
}

#[test]
fn variables_are_those_at_that_place() {
    let yaml = "- {name: a, image: x, envs: [{name: M, value: /one}], artifacts: [{source: /a.so, \
                target: $M/}], command: --loadmodule a.so}\n- {name: b, image: x, script: \"ENV \
                M=/two\\nWORKDIR /w\", artifacts: [{source: /b.so, target: $M/}, {source: /c.so, target: \
                c/}], command: --loadmodule b.so --loadmodule c.so}";
    let expected = "--loadmodule /one/a.so --loadmodule /two/b.so --loadmodule /w/c/c.so";
    assert_eq!(cmd(yaml), words(expected));
}

#[test]
fn the_target_comes_last_and_knows_all_modules() {
    let yaml = "---\nkind: Target\ncommand: --loadmodule a.so --port 1\nmodules: [{name: a, image: x, \
                artifacts: [{source: /a.so}], command: --one}]";
    let expected = "--one --loadmodule /opt/redislabs/lib/modules/a.so --port 1";
    assert_eq!(cmd(yaml), words(expected));
}

#[test]
fn words_that_nothing_takes_are_told() {
    let warned = |base: &str, run: &str| {
        let yaml = format!(
            "- {{name: a, command: --loadmodule /a.so}}\n- {{kind: Target, baseimage: {base}, run: {run}}}"
        );
        given(&yaml).warned()
    };
    let expected = "in/module.yaml:1: the target: its command begins with --loadmodule, and nothing in \
                    debian:12 takes that";
    assert_eq!(warned("debian:12", "{}"), expected);
    assert_eq!(warned("debian:12", "{cmd: [redis-server]}"), "");
    assert_eq!(warned("debian:12", "{entrypoint: [/x]}"), "");
    assert_eq!(warned("redis:7-alpine", "{}"), "");
    assert_eq!(warned("mine/own", "{}"), "");
}

#[test]
fn a_redis_conf_stands_where_a_server_reads_it() {
    for (run, expected) in [
        ("", "/etc/redis/redis.conf --x"),
        ("[redis-server]", "redis-server /etc/redis/redis.conf --x"),
        ("[redis-server, --port, 1]", "redis-server /etc/redis/redis.conf --port 1 --x"),
        ("[--port, 1]", "/etc/redis/redis.conf --port 1 --x"),
    ] {
        let run = if run.is_empty() { String::new() } else { format!("run: {{cmd: {run}}}\n") };
        let yaml = format!("name: a\n{run}command: --x\nconfig: {{maxmemory: 1gb}}");
        assert_eq!(given(&yaml).collected().assembled().plan.cmd, words(expected));
    }
    for cmd in ["[redis-server, /etc/own.conf]", "[/etc/own.conf]"] {
        let yaml = format!("name: a\nrun: {{cmd: {cmd}}}\nconfig: {{maxmemory: 1gb}}");
        let refused = given(&yaml).collected().refused();
        assert!(refused.contains("a server reads one file"), "{refused}");
    }
}

#[test]
fn a_redis_conf_is_made_of_all() {
    let yaml = "- {name: a, image: x, artifacts: [{source: /x/a.so}], config: {maxmemory: 1gb, \
                loadmodule: /x/a.so ARG, save: ['900 1', '300 10']}}\n- {name: b, config: {maxmemory: \
                2gb}}\n- {kind: Target, config: {save: null}}";
    let given = given(yaml).with(|request| request.redis_conf = Some("# mine\nsave 1 1\n".into()));
    let refused = given.refused();
    assert!(refused.contains("redis.conf is made by rampkit, and must lie in the build context"));
    let given = given.collected();
    let assembled = given.assembled();
    let super::super::Content::Text(text) = &assembled.collected[0].content else { panic!() };
    assert_eq!(assembled.collected[0].path, "redis.conf");
    for line in ["# mine", "maxmemory 2gb", "loadmodule /opt/redislabs/lib/modules/a.so ARG"] {
        assert!(text.lines().any(|it| it == line), "{text}");
    }
    assert!(!text.contains("save"), "{text}");
    assert!(given.lines().contains("COPY [\"redis.conf\", \"/etc/redis/redis.conf\"]"));
    let dangerous = super::given("name: a\nconfig: {protected-mode: 'no', bind: '*'}").collected();
    assert!(!dangerous.warned().is_empty());
    let unread = super::given("name: a\nconfig: {maxmemory: '\"'}").collected();
    assert!(unread.refused().starts_with("in/module.yaml:1: a: config: "));
}

#[test]
fn a_directive_means_artifacts_of_its_own_module_and_the_targets_those_of_all() {
    let conf = |of_b: &str, of_target: &str| {
        let yaml = format!(
            "- {{name: a, image: x, artifacts: [{{source: /x/a.so}}]}}\n\
             - {{name: b, config: {{{of_b}}}}}\n- {{kind: Target, config: {{{of_target}}}}}"
        );
        let collected = given(&yaml).collected().assembled().collected;
        let super::super::Content::Text(text) = &collected[0].content else { panic!() };
        text.lines().last().unwrap().to_owned()
    };
    assert_eq!(conf("loadmodule: /m/a.so", ""), "loadmodule /m/a.so");
    let landed = "loadmodule /opt/redislabs/lib/modules/a.so";
    assert_eq!(conf("", "loadmodule: a.so"), landed);
}

//! Images, variables, ports and volumes.

use super::given;
use crate::assembly::dockerfile;
use crate::descriptor::document::Words;

#[test]
fn references_are_parsed_and_stages_have_names_of_their_own() {
    for (yaml, why) in [
        ("name: a\nimage: 'redis:'", "a: \"redis:\" is no reference of an image: its tag is empty"),
        (
            "name: a\nimage: Redis",
            "a: \"Redis\" is no reference of an image: its name has a capital letter",
        ),
        ("name: a\nimage: scratch", "a: its image is scratch, which has no files"),
        ("kind: Target\nbaseimage: a b", "the target: \"a b\" is no reference of an image"),
        ("kind: Target\nbaseimage: null", "the target: there is no image to begin from"),
    ] {
        let refused = given(yaml).refused();
        assert!(refused.starts_with(&format!("in/module.yaml:1: {why}")), "{refused}");
    }
    let yaml = "- {name: Redis, image: 'x:1'}\n- {name: redis, image: 'x:1'}\n- {name: scratch, image: \
                redis}\n- {name: a b, image: 'x:2'}\n- {name: none}\n- {kind: Target, baseimage: redis}";
    let lines = given(yaml).lines();
    let stages: Vec<&str> = lines.lines().take(5).collect();
    let expected = [
        "FROM x:1 AS redis-2",
        "FROM x:1 AS redis-3",
        "FROM redis AS scratch-2",
        "FROM x:2 AS a-b",
        "FROM redis",
    ];
    assert_eq!(stages, expected);
}

#[test]
fn variables_without_a_value_are_left_to_others() {
    let yaml = "name: a\nenvs: [{name: A}, {name: B, value: ''}, {name: C, value: 0}, {name: D, value: \
                false}]\nlabels: [{name: l, value: null}, {name: m, value: 'say \"hi\" $HOME'}]";
    let expected = "ENV B=\"\"\nENV C=\"0\"\nENV D=\"false\"\nLABEL m=\"say \\\"hi\\\" \\$HOME\"";
    assert_eq!(given(yaml).own_lines(), expected);
    let given = given("name: a\nenvs: [{name: A, value: b}]").with(|request| {
        let envs = request.modules[0].candidate.module.definition.envs.as_mut();
        envs.unwrap()[0].value = Some("b\nc".to_owned());
    });
    let refused = given.refused();
    assert!(
        refused.starts_with("in/module.yaml:1: a: the value of a variable has a line end"),
        "{refused}"
    );
    let refused = super::given("name: a\nscript: RUN x \\").refused();
    assert!(
        refused.starts_with("in/module.yaml:1: a: its script goes on after its last line"),
        "{refused}"
    );
}

#[test]
fn ports_add_up_each_once() {
    let expose = |expose: &str| {
        let yaml = format!(
            "- {{name: a, ports: [{{value: 6379}}, {{value: 6380, protocol: udp}}]}}\n- {{kind: Target, \
             expose: {expose}, ports: [{{value: 1}}, {{value: 6380}}]}}"
        );
        let lines = given(&yaml).lines();
        lines.lines().find_map(|line| line.strip_prefix("EXPOSE ")).unwrap().to_owned()
    };
    assert_eq!(expose("6379"), "6379/tcp 6380/udp 1/tcp 6380/tcp");
    assert_eq!(expose("7000 7001/udp"), "7000/tcp 7001/udp 6379/tcp 6380/udp 1/tcp 6380/tcp");
    assert_eq!(expose("[6380/udp, 6379/tcp]"), "6380/udp 6379/tcp 1/tcp 6380/tcp");
    assert_eq!(expose("null"), "6379/tcp 6380/udp 1/tcp 6380/tcp");
    for wrong in ["0", "65536", "+1", "1/sctp", "1/", "$PORT", "1-2"] {
        let given = given("").with(|request| {
            request.target.expose = Some(Words::Text(wrong.to_owned()));
        });
        let expected = format!("in/module.yaml:1: the target: \"{wrong}\" of `expose` is no port");
        assert_eq!(given.refused(), expected);
    }
}

#[test]
fn volumes_stand_once_and_what_they_hide_is_told() {
    let yaml = "- {name: a, volumes: [{path: /data}, {path: $REDIS_MODULES/sub}], image: x, artifacts: \
                [{source: /a.so}]}\n- {name: b, image: x, script: WORKDIR /data/b, volumes: [{path: \
                /data}], artifacts: [{source: /c, target: $REDIS_MODULES/sub/}]}\n- {name: c, volumes: \
                [{path: /w}], script: WORKDIR /w/x}";
    let given = given(yaml);
    assert!(given.own_lines().contains("VOLUME [\"/data\", \"$REDIS_MODULES/sub\", \"/w\"]"));
    let expected = "in/module.yaml:1: b: /data/b lies below /data, a volume of a: who brings an own \
                    volume does not see it\nin/module.yaml:1: b: /opt/redislabs/lib/modules/sub/c lies \
                    below /opt/redislabs/lib/modules/sub, a volume of a: who brings an own volume does \
                    not see it";
    assert_eq!(given.warned(), expected);
}

#[test]
fn a_description_tells_a_linter_nothing() {
    let given = given("name: a\ndescription: ' hadolint ignore=DL3002'");
    let text = dockerfile(&given.assembled().plan);
    assert!(text.contains("\n# -  hadolint ignore=DL3002\n"), "{text}");
}

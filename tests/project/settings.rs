//! What settings mean: each is an option, the narrower wins.

use libtest_mimic::Trial;
use serde_json::json;

use super::{harmless, hello, metadata};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(the_narrower_wins),
        test!(every_way_to_write_a_value),
        test!(every_option_can_be_set),
        test!(what_belongs_to_the_run_cannot),
        test!(placeholders),
        test!(what_lies_beside_each),
        test!(variables),
        test!(what_is_typed_without_a_name),
    ]
}

/// The layers, from the widest to the narrowest; each gives another author.
const LAYERS: [&str; 5] = [
    "settings: {module: hello.so, set: {author: all, license: all}}",
    "platforms: {p: {set: {author: platform}}}",
    "modules: {hello: {set: {author: module}, platforms: [p]}}",
    "modules: {hello: {set: {author: module}, platforms: {p: {set: {author: both}}}}}",
    " --set author=typed",
];

fn the_narrower_wins() {
    let settings = LAYERS[0];
    for (platforms, modules, typed, author) in [
        ("platforms: [p]", "modules: {hello: }", "", "all"),
        (LAYERS[1], "modules: {hello: }", "", "platform"),
        (LAYERS[1], LAYERS[2], "", "module"),
        (LAYERS[1], LAYERS[3], "", "both"),
        (LAYERS[1], LAYERS[3], LAYERS[4], "typed"),
    ] {
        let sandbox = hello(&[modules, settings, platforms].join("\n"));
        sandbox.ok(&format!("rampkit pack --all -o x.zip{typed}"));
        let metadata = metadata(&sandbox, "x.zip");
        // Mappings are merged.
        assert_eq!((&metadata["author"], &metadata["license"]), (&json!(author), &json!("all")));
    }
}

fn every_way_to_write_a_value() {
    let sandbox = hello("");
    sandbox.write("plugin", "");
    let packed = |settings: &str| {
        let settings = settings.replace('\n', "\n  ");
        let text = format!(
            "settings: {{manifest: ramp.yml, output: o.zip, level: 9}}\nmodules:\n hello:\n  \
             module: hello.so\n  {settings}\n"
        );
        sandbox.write("rampkit.yaml", text);
        sandbox.ok("rm -f *.zip; rampkit pack --all");
        let name = sandbox.list(".").into_iter().find(|name| name.ends_with(".zip")).unwrap();
        (name.clone(), metadata(&sandbox, &name))
    };
    // Texts stay as they were typed.
    for version in ["7.10", "'7.10'", "\"7.10\"", "{compatible_redis_version: 7.10}"] {
        let (_, metadata) = match version.starts_with('{') {
            true => packed(&format!("set: {version}")),
            false => packed(&format!("set: {{compatible_redis_version: {version}}}")),
        };
        assert_eq!(metadata["compatible_redis_version"], "7.10", "{version}");
    }
    // Null takes back what a wider layer says.
    assert_eq!(packed("output: ~").0.split('.').next(), Some("hello"));
    assert_eq!(packed("output:").0.split('.').next(), Some("hello"));
    // A list of NAME=VALUE, a mapping, a list or a mapping in it.
    let (_, metadata) = packed("set: [author=x=y, license=]");
    assert_eq!((&metadata["author"], &metadata["license"]), (&json!("x=y"), &json!("")));
    let (_, metadata) = packed(
        "set:\n  capabilities: [types, 'crdb']\n  exclude_commands: a,b\n  author: ~\n  \
         crdb: {supported_featureset_versions: [1, 2]}\n  bigstore_version_2_support: yes",
    );
    assert_eq!(metadata["capabilities"], json!(["types", "crdb"]));
    assert_eq!(metadata["exclude_commands"], json!(["a", "b"]));
    assert_eq!(metadata["author"], "Ann Author");
    assert_eq!(metadata["crdb"], json!({"supported_featureset_versions": [1, 2]}));
    assert_eq!(metadata["bigstore_version_2_support"], true);
    let dependency = "set: {dependencies: {p: {url: 'http://localhost/p'}}}\ndep: {p: plugin}";
    assert!(packed(dependency).1["dependencies"]["p"]["sha256"].is_string());
    // Flags, what may be left out, JSON.
    packed("verify-discovery: false\nembed-deps: true\nredis-args: {maxmemory: 1gb, port: 1}");
    packed("embed-deps: none\nredis-args: '{}'\nno-module-yaml: true");
    packed("embed-deps: false\nredis-args:");
    // What stands elsewhere in the file.
    let (_, merged) = packed("set: {author: &a A, license: *a}");
    assert_eq!((&merged["author"], &merged["license"]), (&json!("A"), &json!("A")));
    let (_, merged) = packed("set: {<<: {author: A, license: L}, license: M}");
    assert_eq!((&merged["author"], &merged["license"]), (&json!("A"), &json!("M")));
    // What begins with a dash.
    assert_eq!(packed("set: {author: --all}").1["author"], "--all");
}

/// Options that no task can have.
pub const OF_THE_RUN: [&str; 9] = [
    "all",
    "only",
    "jobs",
    "project",
    "json",
    "dry-run",
    "print-filename-only",
    "quiet",
    "deny-warnings",
];

fn every_option_can_be_set() {
    let sandbox = hello("");
    let help = sandbox.ok("rampkit pack --help");
    let mut options: Vec<&str> = crate::readme::options(&help).iter().map(|it| &it[2..]).collect();
    options.retain(|option| !OF_THE_RUN.contains(option) && *option != "help");
    assert!(options.len() > 15 && options.contains(&"output") && options.contains(&"artifact"));
    for option in options {
        // Two that no option takes: a wrong value is told otherwise than an unknown name.
        let text = format!("modules: {{hello: {{module: hello.so, {option}: [{{}}]}}}}");
        sandbox.write("rampkit.yaml", text);
        let run = harmless(&sandbox, "rampkit pack --all --dry-run");
        assert!(!run.stderr.contains("there is no setting"), "{option}: {}", run.stderr);
        assert!(!run.stderr.contains("whole run"), "{option}: {}", run.stderr);
    }
}

fn what_belongs_to_the_run_cannot() {
    for option in OF_THE_RUN {
        let sandbox = hello(&format!("modules: {{hello: {{module: hello.so, {option}: true}}}}"));
        let run = harmless(&sandbox, "rampkit pack --all");
        let said = format!("{option:?} is an option of the whole run, not of a task");
        assert!(run.stderr.contains(&said), "{}", run.stderr);
        assert!(run.stderr.contains(&format!("hint: rampkit pack --all --{option}")));
        assert_eq!(run.code, 6);
    }
}

fn placeholders() {
    let sandbox = hello(
        "settings:\n  module: '{name}.so'\n  output: '{platform}-{stem}.zip'\n  set: {author: '{name} {{name}} \
         {x}', license: '{platform}'}\nmodules: {hello: }\nplatforms: [a-1, b_2.x]",
    );
    sandbox.ok("rampkit pack --all --set 'homepage={name}/{platform}'");
    for platform in ["a-1", "b_2.x"] {
        let metadata = metadata(&sandbox, &format!("{platform}-hello.zip"));
        assert_eq!(metadata["author"], "hello {{name}} {x}");
        assert_eq!(metadata["license"], platform);
        assert_eq!(metadata["homepage"], format!("hello/{platform}"));
    }
}

fn what_lies_beside_each() {
    let sandbox = hello(
        "settings:\n  module: hello.so\n  output: '{platform}.zip'\n  also-as: ['{platform}.{branch}.zip']\n  \
         branch: main/x\n  checksum-files: true\n  result-file: '{platform}.json'\n\
         modules: {hello: }\nplatforms: [a, b]\n",
    );
    sandbox.ok("rampkit pack --all && sha256sum --quiet -c *.sha256");
    let names = ["json", "main_x.zip", "main_x.zip.sha256", "zip", "zip.sha256"];
    let expected =
        ["a", "b"].map(|platform| names.map(|name| format!("{platform}.{name}"))).concat();
    assert_eq!(sandbox.list(".")[..10], expected);
}

/// Those of the file, and those that are typed with `--all`.
fn variables() {
    let sandbox =
        hello("modules: {hello: {module: hello.so, output: x.zip, define: {WHO: Ann, WHAT: it}}}");
    sandbox.ok("echo 'homepage: https://{{WHO}}/{{WHAT}}/{{WHEN}}' >>ramp.yml && sed -i '/example.com.hello/d' ramp.yml");
    sandbox.ok("rampkit pack --all --define WHAT=that -D WHEN=now");
    assert_eq!(metadata(&sandbox, "x.zip")["homepage"], "https://Ann/that/now");
}

/// Where `NAME=VALUE` is usual.
fn what_is_typed_without_a_name() {
    let sandbox = hello("modules: {hello: {module: hello.so, output: x.zip}}");
    sandbox.ok("rampkit pack --all -D 'what it is'");
    assert_eq!(metadata(&sandbox, "x.zip")["description"], "what it is");
    let run = harmless(&sandbox, "rampkit pack --all --set author");
    assert!(run.stderr.contains("cannot set \"author\": there is no = in it"), "{}", run.stderr);
    assert_eq!(run.code, 2);
}

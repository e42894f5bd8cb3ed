//! Module graphs at random, beside CEKit: what their images come to be.

use std::fs;
use std::process::{Command, Stdio};

use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::cekit::effect_of_cekits;
use super::effect::{Effect, effect};
use super::instructions::instructions;
use super::rampkit;
use crate::harness::{Peer, Sandbox};
use crate::install::graph::{Asks, Graph, graphs};
use crate::properties::some;
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![test!(the_same_effect, Cekit)]
}

/// The Dockerfile that CEKit makes of `NUMBER/image.yaml`, for each number of stdin, as JSON in a line.
const SCRIPT: &str = r#"
import json, logging, os, sys
from cekit.config import Config
from cekit.generator.docker import DockerGenerator
logging.disable(logging.CRITICAL)
Config.configure(os.devnull, {"work_dir": "work"})
for number in map(str.strip, sys.stdin):
    generator = DockerGenerator(number + "/image.yaml", "made/" + number, "Dockerfile", [], False)
    generator.init()
    generator.render_image_file()
    with open("made/" + number + "/image/Dockerfile") as made:
        print(json.dumps(made.read()), flush=True)
"#;

/// What CEKit makes of so many folders of the sandbox.
fn by_cekit(sandbox: &Sandbox, count: usize) -> Vec<String> {
    let numbers: String = (0..count).map(|n| format!("{n}\n")).collect();
    sandbox.write("numbers", numbers);
    let mut python = Command::new(Peer::Cekit.found());
    python.args(["-c", SCRIPT]).current_dir(sandbox.work());
    python.stdin(fs::File::open(sandbox.path("numbers")).unwrap()).stderr(Stdio::inherit());
    let output = python.output().unwrap();
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn the_same_effect() {
    let sandbox = Sandbox::new();
    let graphs = some(80, &graphs(6, Asks::Consistent));
    for (n, graph) in graphs.iter().enumerate() {
        let folder = sandbox.path(n.to_string());
        fs::create_dir(&folder).unwrap();
        graph.write(&folder);
    }
    sandbox.write("bare.yaml", "kind: Target\nexpose:\nscript:\n");
    let theirs = by_cekit(&sandbox, graphs.len());
    assert_eq!(theirs.len(), graphs.len());
    let mut made = 0;
    for (n, (graph, theirs)) in graphs.iter().zip(theirs).enumerate() {
        let run = rampkit(&sandbox, &["bare.yaml".into(), format!("{n}/target.yaml")]);
        if run.code == 12 && run.stderr.contains("ask for each other") {
            continue;
        }
        let mut expected = effect_of_cekits(&theirs);
        run_in_install_order(graph, &mut expected);
        expected.modules.clear();
        assert_eq!(effect(&instructions(&run.stdout)), expected, "{graph:?}\n{}", run.stderr);
        made += 1;
    }
    assert!(made > 40, "{made} graphs have no ring");
}

/// CEKit takes `run` of modules in the order in which it comes upon them: what a module needs wins over
/// that module. Else it is the last one that is installed.
fn run_in_install_order(graph: &Graph, effect: &mut Effect) {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let label = |module: &Value| format!("{} {}", text(&module["name"]), text(&module["version"]));
    let of = |wanted: &String| graph.modules.iter().find(|it| label(it) == *wanted).unwrap();
    let installed: Vec<&Value> = effect.modules.iter().map(of).collect();
    let all: Vec<&Value> = installed.iter().copied().chain([&graph.target]).collect();
    let last = |key| all.iter().rev().find_map(|it| it["run"].get(key));
    let words = |key| last(key).map(|it| it.as_array().unwrap().iter().map(text).collect());
    let before = effect.clone();
    effect.user = last("user").map_or("root".to_owned(), text);
    effect.workdir = last("workdir").map(text).unwrap_or_default();
    effect.cmd = words("cmd");
    effect.entrypoint = words("entrypoint");
    let is_flat = installed.iter().all(|it| it["modules"]["install"] == json!([]));
    assert!(!is_flat || *effect == before, "{graph:?}");
}

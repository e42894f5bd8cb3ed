//! Module graphs at random, beside CEKit.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use libtest_mimic::Trial;
use rampkit::error::{AssemblyError, Error};
use serde_json::Value;

use super::graph::{Asks, Graph, graphs};
use super::{installed, labels};
use crate::harness::{Peer, Sandbox};
use crate::properties::some;
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![test!(the_order_of_graphs_at_random, Cekit)]
}

/// What CEKit installs for each `image.yaml` of a line, as a JSON list of lists in one line.
const SCRIPT: &str = r#"
import json, logging, os, sys, tempfile
from cekit.config import Config
from cekit.generator.docker import DockerGenerator
logging.disable(logging.CRITICAL)
with tempfile.TemporaryDirectory() as work:
    Config.configure(os.devnull, {"work_dir": work})
    for n, line in enumerate(sys.stdin):
        generator = DockerGenerator(line.strip(), os.path.join(work, str(n)), "Dockerfile", [], False)
        generator.init()
        registry = generator._module_registry
        found = [registry.get_module(it.name, it.version, True) for it in generator.image.modules.install]
        print(json.dumps([f"{it.name} {it.version}" for it in found]), flush=True)
"#;

/// The order of the modules, for each folder in which a [`Graph`] was written.
fn by_cekit(folders: &[&Path]) -> Vec<Vec<String>> {
    let mut python = Command::new(Peer::Cekit.found());
    python.args(["-c", SCRIPT]).env("HOME", "/nowhere");
    let mut child = python.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let lines: String =
        folders.iter().map(|it| format!("{}\n", it.join("image.yaml").display())).collect();
    let mut input = child.stdin.take().unwrap();
    let writer = thread::spawn(move || std::io::Write::write_all(&mut input, lines.as_bytes()));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn the_order_of_graphs_at_random() {
    let sandbox = Sandbox::new();
    let graphs = some(240, &graphs(9, Asks::Consistent));
    let folders: Vec<_> = (0..graphs.len()).map(|n| sandbox.path(n.to_string())).collect();
    for (graph, folder) in graphs.iter().zip(&folders) {
        fs::create_dir(folder).unwrap();
        graph.write(folder);
    }
    let folders: Vec<&Path> = folders.iter().map(AsRef::as_ref).collect();
    let theirs: Vec<Vec<String>> = thread::scope(|scope| {
        let halves = folders.chunks(folders.len().div_ceil(2));
        let running: Vec<_> = halves.map(|half| scope.spawn(|| by_cekit(half))).collect();
        running.into_iter().flat_map(|it| it.join().unwrap()).collect()
    });
    assert_eq!(theirs.len(), graphs.len());
    let mut rings = 0;
    for ((graph, folder), theirs) in graphs.iter().zip(&folders).zip(theirs) {
        let lists = Lists::new(graph, &theirs);
        match installed(&folder.join("target.yaml")) {
            Ok(ours) => {
                assert_eq!(labels(&ours), theirs, "{}: {graph:?}", folder.display());
                assert!(!lists.has_ring(), "{graph:?}");
            }
            Err(error) => {
                lists.check_ring(&error);
                assert!(lists.has_ring(), "{error}: {graph:?}");
                rings += 1;
            }
        }
    }
    assert!((10..120).contains(&rings), "{rings} graphs have a ring");
}

/// What each installed module asks for, by names: of each name one version is there.
struct Lists<'a>(BTreeMap<&'a str, BTreeSet<&'a str>>);

impl<'a> Lists<'a> {
    fn new(graph: &'a Graph, installed: &[String]) -> Self {
        let text = |value: &'a Value| value.as_str().unwrap();
        let is_there = |module: &&'a Value| {
            let label = format!("{} {}", text(&module["name"]), text(&module["version"]));
            installed.contains(&label)
        };
        let lists = graph.modules.iter().filter(is_there).map(|module| {
            let install = module["modules"]["install"].as_array().unwrap();
            (text(&module["name"]), install.iter().map(|it| text(&it["name"])).collect())
        });
        Self(lists.collect())
    }

    /// Whether something stays when everything is taken away that asks for nothing that is there.
    fn has_ring(&self) -> bool {
        let mut left = self.0.clone();
        loop {
            let is_free = |asks: &BTreeSet<&str>| !asks.iter().any(|name| left.contains_key(name));
            let free: Vec<&str> =
                left.iter().filter(|(_, asks)| is_free(asks)).map(|(name, _)| *name).collect();
            if free.is_empty() {
                return !left.is_empty();
            }
            free.iter().for_each(|name| {
                left.remove(name);
            });
        }
    }

    /// Whether each of the ring asks for the next.
    fn check_ring(&self, error: &Error) {
        let Error::Assembly(AssemblyError::Cycle { ring }) = error else { panic!("{error}") };
        let names: Vec<&str> = ring.iter().map(|it| it.split(' ').next().unwrap()).collect();
        assert!(names.len() > 1 && names.first() == names.last(), "{error}");
        for pair in names.windows(2) {
            assert!(self.0[pair[0]].contains(pair[1]), "{error}: {pair:?}");
        }
    }
}

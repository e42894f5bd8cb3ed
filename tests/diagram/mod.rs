//! Diagrams: each folder in `fixtures/diagrams` holds
//!
//! - `graph.yaml`: the title, the nodes as lists of name, version, detail and order, and the edges,
//! - `graph.svg`, `graph.dot` and `graph.mmd`: what is drawn of it.
//!
//! And what holds for every diagram: nothing is lost, overlaps or is cut off.

mod picture;
mod sessions;

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use libtest_mimic::Trial;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use rampkit::graph::{Graph, Node, dot, mermaid, svg};
use rampkit::wording::tame;
use serde_yaml::Value;
use snapbox::{Data, IntoData};

use self::picture::Picture;
use crate::harness::{Peer, computed};
use crate::properties::holds;
use crate::test;

pub fn all() -> Vec<Trial> {
    let mut all = vec![
        test!(golden_cases),
        test!(any_picture_is_whole),
        test!(graphviz_reads_what_was_meant, Graphviz),
        test!(many_modules_are_drawn_soon),
    ];
    all.extend(sessions::all());
    all
}

fn golden_cases() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/diagrams");
    let mut cases: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|case| case.unwrap().path()).collect();
    cases.sort();
    for case in cases {
        let graph = read(&fs::read_to_string(case.join("graph.yaml")).unwrap());
        let drawn = [("svg", svg(&graph)), ("dot", dot(&graph)), ("mmd", mermaid(&graph))];
        for (extension, text) in drawn {
            let expected = Data::read_from(&case.join("graph").with_extension(extension), None);
            snapbox::assert_data_eq!(text.into_data().raw(), expected.raw());
        }
        check(&graph).unwrap_or_else(|error| panic!("{}: {error}", case.display()));
    }
}

fn read(yaml: &str) -> Graph {
    let says: Value = serde_yaml::from_str(yaml).unwrap();
    let list = |value: &Value| value.as_sequence().cloned().unwrap_or_default();
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
    let number = |value: Option<&Value>| value.and_then(Value::as_u64).map(|it| it as usize);
    let node = |value: &Value| Node {
        name: text(value.get(0)).unwrap(),
        version: text(value.get(1)),
        detail: text(value.get(2)),
        order: number(value.get(3)),
    };
    let edge = |value: &Value| (number(value.get(0)).unwrap(), number(value.get(1)).unwrap());
    Graph {
        title: text(says.get("title")).unwrap_or_default(),
        nodes: list(&says["nodes"]).iter().map(node).collect(),
        edges: list(&says["edges"]).iter().map(edge).collect(),
    }
}

/// Names of all kinds, and what a name should not be.
fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[a-z]{1,12}(-[a-z]{2,9}){0,6}",
        1 => "[ -~]{1,30}",
        1 => "[\\PC]{1,20}",
        1 => "[\"'<>&\\\\\n\t\0é中🦀\u{202e}\u{fffe}]{1,9}",
    ]
}

/// Any graph; a cycle too, as a picture of one may be wanted.
fn graph(most: usize) -> impl Strategy<Value = Graph> {
    let node = (name(), option::of("[0-9.]{1,7}|[ -~]{1,9}"), option::of(name()), any::<bool>());
    let edges = vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0..9u8), 0..30);
    ("|[ -~é]{1,120}", vec(node, 0..most), edges).prop_map(|(title, nodes, edges)| {
        let count = nodes.len();
        let node = |(order, (name, version, detail, target)): (usize, (String, _, _, bool))| Node {
            name,
            version,
            detail,
            order: (!target || order > 0).then_some(order * 7),
        };
        let edge = |(one, other, how): (prop::sample::Index, prop::sample::Index, u8)| {
            let (one, other) = (one.index(count), other.index(count));
            if how == 0 {
                (one.max(other), one.min(other))
            } else {
                (one.min(other), one.max(other))
            }
        };
        let edges = if count == 0 { Vec::new() } else { edges.into_iter().map(edge).collect() };
        Graph { title, nodes: nodes.into_iter().enumerate().map(node).collect(), edges }
    })
}

fn any_picture_is_whole() {
    holds(150, &graph(22), |graph| check(&graph).map_err(TestCaseError::fail));
}

/// The picture has all that the graph has, each at a place of its own.
fn check(graph: &Graph) -> Result<(), String> {
    let text = svg(graph);
    if text != svg(graph) {
        return Err("another picture the second time".to_owned());
    }
    let picture = Picture::read(&text)?;
    let node = |node: &Node| {
        let more = [&node.version, &node.detail].into_iter().flatten().map(|line| tame(line));
        let number = node.order.map(|order| order.to_string()).unwrap_or_default();
        number + &tame(&node.name) + &more.collect::<String>()
    };
    let expected = tame(&graph.title) + &graph.nodes.iter().map(node).collect::<String>();
    if picture.words != expected.replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}") {
        return Err(format!("{:?} is drawn for {expected:?}", picture.words));
    }
    let mut edges: Vec<(usize, usize)> =
        graph.edges.iter().copied().filter(|(from, to)| from != to).collect();
    edges.sort_unstable();
    edges.dedup();
    picture.check(graph.nodes.len(), &edges).map_err(|error| format!("{error}\n{text}"))
}

/// What Graphviz draws has the lines that each label shall have.
fn graphviz_reads_what_was_meant() {
    holds(40, &graph(9), |graph| {
        let mut child = Command::new(Peer::Graphviz.found());
        let mut child =
            child.arg("-Tsvg").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(dot(&graph).as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        prop_assert!(output.status.success(), "{}", dot(&graph));
        let drawn = picture::by_graphviz(&String::from_utf8(output.stdout).unwrap());
        let node = |(number, node): (usize, &Node)| {
            let order = node.order.map(|order| format!("{order}. ")).unwrap_or_default();
            let more = [&node.version, &node.detail].into_iter().flatten().map(|line| tame(line));
            let first = order + &tame(&node.name);
            (format!("n{}", number + 1), std::iter::once(first).chain(more).collect::<String>())
        };
        let expected: Vec<(String, String)> = graph.nodes.iter().enumerate().map(node).collect();
        // It has spaces of its own, and what no XML may have is replaced.
        let plain = |text: &str| text.replace(['\u{a0}', ' '], "").replace('\u{fffe}', "\u{fffd}");
        let plain = |all: &[(String, String)]| -> Vec<(String, String)> {
            all.iter().map(|(name, text)| (name.clone(), plain(text))).collect()
        };
        prop_assert_eq!(plain(&drawn.nodes), plain(&expected), "{}", dot(&graph));
        prop_assert_eq!(drawn.edges, graph.edges.len());
        Ok(())
    });
}

fn many_modules_are_drawn_soon() {
    let node = |order: usize| Node {
        name: format!("module-{order}"),
        order: Some(order),
        ..Node::default()
    };
    let nodes: Vec<Node> = (0..150).map(node).collect();
    let edges = (1..150).flat_map(|to| [(to / 3, to), (to / 7, to)]).collect();
    let start = computed();
    check(&Graph { title: String::new(), nodes, edges }).unwrap();
    let took = computed() - start;
    assert!(took.as_secs() < 60, "{took:?}");
}

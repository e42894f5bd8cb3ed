//! A graph as the text that Graphviz reads.
//!
//! In: a [`Graph`]. Out: a `digraph`. Source: the DOT language, and which escapes a label has.

use std::fmt::Write as _;

use super::{Graph, Node, line};

const STYLE: &str = r##"  graph [labelloc=t, fontname="sans-serif", bgcolor=transparent];
  node [shape=box, style="rounded,filled", fontname="sans-serif", color="#64748b", fillcolor="#f8fafc"];
  edge [color="#64748b"];
"##;

/// What a node has that modules are installed into.
const TARGET: &str = r##", color="#334155", fillcolor="#334155", fontcolor="#ffffff""##;

/// The text that Graphviz reads.
pub fn dot(graph: &Graph) -> String {
    let mut text = format!("digraph modules {{\n{STYLE}");
    if !graph.title.is_empty() {
        let _ = writeln!(text, "  label=\"{}\";", escaped(&graph.title));
    }
    for (number, node) in (1..).zip(&graph.nodes) {
        let style = if node.order.is_none() { TARGET } else { "" };
        let _ = writeln!(text, "  n{number} [label=\"{}\"{style}];", label(node));
    }
    for (from, to) in &graph.edges {
        let _ = writeln!(text, "  n{} -> n{};", from + 1, to + 1);
    }
    text + "}\n"
}

/// `1. redisgears`, and below it what else is known.
fn label(node: &Node) -> String {
    let order = node.order.map(|order| format!("{order}. ")).unwrap_or_default();
    let name = format!("{order}{}", escaped(&node.name));
    node.more().fold(name, |label, line| label + r"\n" + &escaped(line))
}

/// On one line, without an escape sequence or an entity of HTML.
fn escaped(text: &str) -> String {
    line(text).replace('\\', r"\\").replace('"', r#"\""#).replace('&', "&amp;")
}

//! A graph as the text that Mermaid reads.
//!
//! In: a [`Graph`]. Out: a flowchart, as it stands between the fences of a Markdown file.

use std::fmt::Write as _;

use super::{Graph, Node, line};

/// The text that Mermaid reads.
pub fn mermaid(graph: &Graph) -> String {
    let mut text = title(&graph.title) + "flowchart TB\n";
    for (number, node) in (1..).zip(&graph.nodes) {
        let class = if node.order.is_none() { ":::target" } else { "" };
        let _ = writeln!(text, "  n{number}(\"{}\"){class}", label(node));
    }
    for (from, to) in &graph.edges {
        let _ = writeln!(text, "  n{} --> n{}", from + 1, to + 1);
    }
    if graph.nodes.iter().any(|node| node.order.is_none()) {
        text += "  classDef target fill:#334155,stroke:#334155,color:#ffffff\n";
    }
    text
}

/// Its head, in YAML, of which JSON is a part.
fn title(title: &str) -> String {
    if title.is_empty() {
        return String::new();
    }
    format!("---\ntitle: {}\n---\n", serde_json::Value::from(line(title)))
}

/// `1 · redisgears`, and below it what else is known. A `1.` would begin a list in Markdown.
fn label(node: &Node) -> String {
    let order = node.order.map(|order| format!("{order} · ")).unwrap_or_default();
    let name = format!("{order}{}", escaped(&node.name));
    node.more().fold(name, |label, line| label + "<br/>" + &escaped(line))
}

/// Whatever Mermaid, Markdown or HTML could act on is named by its number.
fn escaped(text: &str) -> String {
    let text = line(text);
    let before = [' '].into_iter().chain(text.chars());
    let after = text.chars().skip(1).chain([' ']);
    let each = |((c, before), after)| match is_plain(before, c, after) {
        true => String::from(c),
        false => format!("#{};", u32::from(c)),
    };
    text.chars().zip(before).zip(after).map(each).collect()
}

/// Markdown sees a list in `1. ` and `- `, and a link in `://` and `www.`.
fn is_plain(before: char, c: char, after: char) -> bool {
    match c {
        '-' => after != ' ',
        '.' => after != ' ' && !before.eq_ignore_ascii_case(&'w'),
        ':' => after != '/',
        c => !c.is_ascii() || c.is_ascii_alphanumeric() || " /,".contains(c),
    }
}

//! A change to a YAML text that leaves every other byte as it is.
//!
//! In: a text and a [`Change`]. Out: the new text, or nothing where no such change is known to be
//! possible (beneath an alias, in place of a block scalar). Whether the new text means what it should
//! is not known here: who asked must read it again.

use std::ops::Range;

use granit_parser::ScalarStyle;
use serde_yaml::Value;

use super::intent::{Change, Step};
use super::style;
use super::syntax::{self, Kind, Node};

/// Bytes of a text, and what shall stand in their place.
type Splice = (Range<usize>, String);

/// The text after a change.
pub(super) fn apply(mut text: String, change: &Change) -> Option<String> {
    let root = syntax::parse(&text).ok()?;
    let (range, new) = match change {
        Change::Set { at, value } => set(&text, &root, at, value)?,
        Change::Insert { at, behind, key, value } => {
            insert(&text, root.at(at)?, behind, key, value)?
        }
        Change::Push { at, value } if at.is_empty() => document(&text, &root, value),
        Change::Push { at, value } => push(&text, root.at(at)?, value)?,
        Change::Wrap { at } => wrap(&text, root.at(at)?)?,
    };
    let new = new.replace("\r\n", "\n");
    let new = if text.contains("\r\n") { new.replace('\n', "\r\n") } else { new };
    text.replace_range(range, &new);
    Some(text)
}

/// Puts a value where another scalar, an empty list or nothing stands.
fn set(text: &str, root: &Node, place: &[Step], value: &Value) -> Option<Splice> {
    let node = root.at(place)?;
    let parent = root.at(&place[..place.len() - 1])?;
    let in_flow = root.is_within_flow(place);
    let (slot, space) = slot(text, node)?;
    if value.is_sequence() && matches!(parent.kind, Kind::Mapping { .. }) && !in_flow {
        return Some(set_lines(text, slot, &style::block(value, column(text, parent) + 2)));
    }
    let written = match node.kind {
        _ if value.is_sequence() => style::flow(value),
        Kind::Scalar { style, .. } if in_flow => style::flow_scalar(value, style),
        Kind::Scalar { style, .. } => style::scalar(value, style),
        _ => style::flow_scalar(value, ScalarStyle::Plain),
    };
    Some((slot, format!("{space}{written}")))
}

/// The bytes of a value, and the space to write before it: where there is none, it goes behind the
/// colon of its key. A block scalar's bytes do not hold its header, so that it has no slot; nor has
/// an empty list with a comment in it.
fn slot(text: &str, node: &Node) -> Option<(Range<usize>, &'static str)> {
    match node.kind {
        Kind::Scalar { style: ScalarStyle::Literal | ScalarStyle::Folded, .. } => None,
        Kind::List { .. } if text[node.range.clone()].contains('#') => None,
        _ if !node.range.is_empty() => Some((node.range.clone(), "")),
        _ => {
            let colon = node.range.end + text[node.range.end..].find(':')? + 1;
            Some((colon..colon, " "))
        }
    }
}

/// Puts lines below the line of a slot, whose comment stays.
fn set_lines(text: &str, slot: Range<usize>, lines: &str) -> Splice {
    let end = next_line(text, slot.end);
    let comment = text[slot.end..end].trim_end();
    let start = if comment.is_empty() { text[..slot.start].trim_end().len() } else { slot.start };
    (start..end, format!("{comment}\n{lines}"))
}

fn insert(text: &str, mapping: &Node, behind: &str, key: &str, value: &Value) -> Option<Splice> {
    let Kind::Mapping { flow, pairs } = &mapping.kind else { return None };
    let (_, before) = pairs.iter().find(|(key, _)| key.is_text(behind))?;
    if *flow {
        let at = before.range.end;
        return Some((at..at, format!(", {key}: {}", style::flow(value))));
    }
    let indent = column(text, mapping);
    let pair = style::pair(key, value, indent);
    Some(new_lines(text, before, indent, &format!("{}{pair}", " ".repeat(indent))))
}

/// Adds an item behind the last one of a list that has some.
fn push(text: &str, list: &Node, value: &Value) -> Option<Splice> {
    let Kind::List { flow, items } = &list.kind else { return None };
    let last = items.last()?;
    if *flow {
        let at = last.range.end;
        return Some((at..at, format!(", {}", style::flow(value))));
    }
    let dash = text[..last.range.start].trim_end().strip_suffix('-')?.len();
    let indent = column_at(text, dash);
    Some(new_lines(text, last, indent, &style::item(value, indent)))
}

/// Adds a document; where there is nothing but comments, the first.
fn document(text: &str, root: &Node, value: &Value) -> Splice {
    let first =
        matches!(&root.kind, Kind::List { items, .. } if items.iter().all(Node::is_nothing));
    let separator = if first { "" } else { "---\n" };
    added(text, text.len(), &format!("{separator}{}", style::block(value, 0)))
}

/// Makes what starts a line the only item of a list.
fn wrap(text: &str, node: &Node) -> Option<Splice> {
    if !line_before(text, node.range.start).trim().is_empty() {
        return None;
    }
    let indented =
        |line: &str| if line.trim().is_empty() { line.into() } else { format!("  {line}") };
    let lines: String = text[node.range.clone()].split_inclusive('\n').map(indented).collect();
    Some((node.range.clone(), format!("- {}", lines.trim_start())))
}

/// Lines below a node, and below the comments there that are indented deeper than the new lines,
/// thus belong to the node.
fn new_lines(text: &str, below: &Node, indent: usize, lines: &str) -> Splice {
    let mut end = next_line(text, below.range.end);
    for line in text[end..].split_inclusive('\n') {
        let own = line.trim_start_matches(' ');
        if !own.starts_with('#') || line.len() - own.len() <= indent {
            break;
        }
        end += line.len();
    }
    added(text, end, lines)
}

/// Whole lines at `at`, be it the end of a text whose last line is not ended.
fn added(text: &str, at: usize, lines: &str) -> Splice {
    let ended = at == 0 || text[..at].ends_with('\n');
    (at..at, if ended { lines.to_owned() } else { format!("\n{lines}") })
}

/// Where the line after the one that holds the byte before `at` begins.
fn next_line(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |length| at + length + 1)
}

fn column(text: &str, node: &Node) -> usize {
    column_at(text, node.range.start)
}

fn column_at(text: &str, at: usize) -> usize {
    line_before(text, at).chars().count()
}

/// What stands before `at` in its line; a byte order mark does not count.
fn line_before(text: &str, at: usize) -> &str {
    text[..at].rsplit('\n').next().unwrap_or_default().trim_start_matches('\u{feff}')
}

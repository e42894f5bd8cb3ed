//! Where everything stands in a YAML text.
//!
//! In: text. Out: its documents as values (read by libyaml, as the rest of rampkit reads YAML), and
//! as a tree of [`Node`]s that know their bytes in the text. What they mean is not known here.

use std::ops::Range;
use std::vec::IntoIter;

use granit_parser::{Event, Parser, ScalarStyle, StructureStyle};
use serde::Deserialize as _;
use serde_yaml::Value;

use super::Fault;
use super::intent::Step;
use crate::error::Location;

/// Something that stands in a text. The root is a list of the documents.
#[derive(Debug)]
pub(super) struct Node {
    /// Its bytes. What is in block style ends with its last word, before the comments and blank
    /// lines behind it; a block scalar begins behind its header; where nothing stands it is empty.
    pub range: Range<usize>,
    pub kind: Kind,
}

#[derive(Debug)]
pub(super) enum Kind {
    Scalar { text: String, style: ScalarStyle },
    Alias,
    List { flow: bool, items: Vec<Node> },
    Mapping { flow: bool, pairs: Vec<(Node, Node)> },
}

/// The documents of `text` as values; none where there is nothing but comments.
pub(super) fn values(text: &str) -> Result<Vec<Value>, Fault> {
    // A byte order mark would count as a column here.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let documents: Vec<Value> = serde_yaml::Deserializer::from_str(text)
        .map(|document| Value::deserialize(document).map_err(|error| invalid(text, &error)))
        .collect::<Result<_, _>>()?;
    let nothing = documents.iter().all(Value::is_null);
    Ok(if nothing { Vec::new() } else { documents })
}

fn invalid(text: &str, error: &serde_yaml::Error) -> Fault {
    let (line, column) = error.location().map_or((1, 1), |at| (at.line(), at.column()));
    let location = Location::new(text, line, column);
    let what = location.out_of(&error.to_string());
    Fault::new(location, what)
}

/// The documents of `text` with their places.
pub(super) fn parse(text: &str) -> Result<Node, Fault> {
    let mut events = Vec::new();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| {
            let marker = error.marker();
            let location = Location::new(text, marker.line(), marker.col() + 1);
            Fault::new(location, error.info())
        })?;
        events.push((event, span.byte_range().unwrap_or_default()));
    }
    let (items, _) = nodes(text, &mut events.into_iter());
    Ok(Node { range: 0..text.len(), kind: Kind::List { flow: false, items } })
}

type Events<'text> = IntoIter<(Event<'text>, Range<usize>)>;

/// The nodes up to the end of the collection that they are in, and where that end is.
fn nodes(text: &str, events: &mut Events) -> (Vec<Node>, usize) {
    let mut found = Vec::new();
    while let Some((event, range)) = events.next() {
        found.push(match event {
            Event::SequenceEnd | Event::MappingEnd => return (found, range.end),
            Event::Alias(_) => Node { range, kind: Kind::Alias },
            Event::Scalar(value, style, ..) => scalar(text, range, &value, style),
            Event::SequenceStart(style, ..) => {
                let (items, end) = nodes(text, events);
                let flow = style == StructureStyle::Flow;
                let end = if flow { end } else { items.last().map_or(end, |item| item.range.end) };
                Node { range: range.start..end, kind: Kind::List { flow, items } }
            }
            Event::MappingStart(style, ..) => {
                let (members, end) = nodes(text, events);
                let flow = style == StructureStyle::Flow;
                let end =
                    if flow { end } else { members.last().map_or(end, |last| last.range.end) };
                Node {
                    range: range.start..end,
                    kind: Kind::Mapping { flow, pairs: pairs(members) },
                }
            }
            _ => continue,
        });
    }
    (found, text.len())
}

fn pairs(members: Vec<Node>) -> Vec<(Node, Node)> {
    let mut members = members.into_iter();
    std::iter::from_fn(|| members.next().zip(members.next())).collect()
}

fn scalar(text: &str, mut range: Range<usize>, value: &str, style: ScalarStyle) -> Node {
    let block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
    // Blank lines behind it are its own only where `+` in its header says so.
    if block && !value.ends_with("\n\n") {
        range.end = text[..range.end].trim_end().len().max(range.start);
    }
    Node { range, kind: Kind::Scalar { text: value.to_owned(), style } }
}

impl Node {
    /// The node at a place below this one.
    pub fn at(&self, place: &[Step]) -> Option<&Self> {
        place.iter().try_fold(self, Self::member)
    }

    fn member(&self, step: &Step) -> Option<&Self> {
        match (&self.kind, step) {
            (Kind::List { items, .. }, Step::Index(index)) => items.get(*index),
            (Kind::Mapping { pairs, .. }, Step::Key(name)) => {
                pairs.iter().find(|(key, _)| key.is_text(name)).map(|(_, value)| value)
            }
            _ => None,
        }
    }

    /// Is this a scalar with that text?
    pub fn is_text(&self, wanted: &str) -> bool {
        matches!(&self.kind, Kind::Scalar { text, .. } if text == wanted)
    }

    /// Does what stands at a place stand between `[ ]` or `{ }`?
    pub fn is_within_flow(&self, place: &[Step]) -> bool {
        (0..place.len()).any(|depth| self.at(&place[..depth]).is_some_and(Self::is_flow))
    }

    fn is_flow(&self) -> bool {
        matches!(self.kind, Kind::List { flow: true, .. } | Kind::Mapping { flow: true, .. })
    }

    /// Does nothing stand where this is?
    pub fn is_nothing(&self) -> bool {
        matches!(self.kind, Kind::Scalar { .. }) && self.range.is_empty()
    }

    /// Something that is wrong at a place below this root, or at what is nearest to it.
    pub fn fault(&self, text: &str, place: &[Step], what: &str) -> Fault {
        let nearest = (0..=place.len()).rev().find_map(|depth| self.at(&place[..depth]));
        fault_at(text, nearest.map_or(0, |node| node.range.start), what)
    }
}

/// Something that is wrong at a byte of `text`.
pub(super) fn fault_at(text: &str, at: usize, what: &str) -> Fault {
    Fault::new(Location::of_byte(text, at), what)
}

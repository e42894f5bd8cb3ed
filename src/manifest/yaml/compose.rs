//! From a text to a [`Node`].
//!
//! In: a text. Out: its one document, or nothing where it has none, or all of them; and the places of
//! keys that stand there twice.

use std::collections::BTreeMap;
use std::vec::IntoIter;

use granit_parser::{ErrorKind, Event, Marker, Parser, ScalarStyle, ScanError, Span, Tag};

use super::{Content, Fault, Mark, Node, Resolve, Twice};
use crate::manifest::lines::Reader;

/// How much anchors and aliases may make of a text, as [`weight`] has it: far more than of any manifest
/// of a person.
const MOST: usize = 100_000;

/// How far in people write, in blanks.
const DEEPEST: usize = 64;

/// Reads a `text` of one document; one with nothing but comments and `---` has none.
///
/// # Errors
/// What is wrong, and where.
pub fn compose(text: &str) -> Result<(Option<Node>, Vec<Twice>), Fault> {
    let (documents, twice) = documents(text)?;
    let mut documents = documents.into_iter();
    let document = documents.next();
    match documents.next() {
        Some(second) => {
            Err(Fault::new(Some(second.at), "a second document; there can be one only"))
        }
        None => Ok((document.filter(|node| !node.is_null()), twice)),
    }
}

/// Reads a `text` of several documents, of which some may be null.
///
/// # Errors
/// What is wrong, and where.
pub fn documents(text: &str) -> Result<(Vec<Node>, Vec<Twice>), Fault> {
    let fault = |error: ScanError| match error.kind() {
        ErrorKind::RecursionLimitExceeded => Fault::new(
            Some(mark(error.marker())),
            "lists and mappings stand too deep in each other",
        ),
        _ => Fault::new(Some(mark(error.marker())), error.info()),
    };
    match events(text) {
        // YAML 1.1 lets them begin where they like.
        Err(error) if *error.kind() == ErrorKind::InvalidQuotedScalarIndent => {
            let indented = indented(text);
            composed(events(&indented).map_err(|_| fault(error))?)
        }
        events => composed(events.map_err(fault)?),
    }
}

fn events(text: &str) -> Result<Vec<(Event<'_>, Span)>, ScanError> {
    Parser::new_from_str(text).collect()
}

/// The same text, with blanks that mean nothing before the further lines of what stands in quotes.
fn indented(text: &str) -> String {
    let (mut reader, mut indented) = (Reader::default(), String::new());
    for line in text.split_inclusive('\n') {
        if reader.is_within_quotes() && !line.trim().is_empty() {
            indented.push_str(&" ".repeat(DEEPEST));
        }
        indented.push_str(line);
        reader.comment_of(line);
    }
    indented
}

fn composed(events: Vec<(Event<'_>, Span)>) -> Result<(Vec<Node>, Vec<Twice>), Fault> {
    let mut composer = Composer {
        events: events.into_iter(),
        anchors: BTreeMap::new(),
        weight: 0,
        twice: Vec::new(),
    };
    Ok((composer.members()?, composer.twice))
}

struct Composer<'text> {
    events: IntoIter<(Event<'text>, Span)>,
    /// Each with its weight.
    anchors: BTreeMap<usize, (Node, usize)>,
    weight: usize,
    twice: Vec<Twice>,
}

impl Composer<'_> {
    fn node(&mut self, event: Event, span: Span) -> Result<Node, Fault> {
        let at = mark(&span.start);
        let tag_at = span.tag_start.as_ref().map_or(at, mark);
        let before = self.weight;
        self.weight += weight(&event);
        let (content, anchor) = match event {
            Event::Alias(id) => return self.alias(id, at),
            Event::Scalar(text, style, anchor, tag) => {
                (scalar(text.into_owned(), style, tag.as_deref(), tag_at)?, anchor)
            }
            Event::SequenceStart(_, anchor, tag) => {
                check(tag.as_deref(), "seq", tag_at)?;
                (Content::List(self.members()?), anchor)
            }
            Event::MappingStart(_, anchor, tag) => {
                check(tag.as_deref(), "map", tag_at)?;
                let members = self.members()?;
                (Content::Mapping(self.mapping(members)?), anchor)
            }
            _ => unreachable!("no node"),
        };
        let node = Node { at, content };
        if anchor > 0 {
            let weight = self.weight - before;
            self.grow(weight, at)?;
            self.anchors.insert(anchor, (node.clone(), weight));
        }
        Ok(node)
    }

    fn alias(&mut self, id: usize, at: Mark) -> Result<Node, Fault> {
        let Some((node, weight)) = self.anchors.get(&id) else {
            return Err(Fault::new(Some(at), "an alias of what it stands in"));
        };
        let (node, weight) = (Node { at, ..node.clone() }, *weight);
        self.grow(weight, at)?;
        Ok(node)
    }

    fn grow(&mut self, weight: usize, at: Mark) -> Result<(), Fault> {
        self.weight += weight;
        match self.weight > MOST {
            true => Err(Fault::new(Some(at), "aliases make too much of this text")),
            false => Ok(()),
        }
    }

    /// The nodes up to the end of the collection that they are in.
    fn members(&mut self) -> Result<Vec<Node>, Fault> {
        let mut members = Vec::new();
        while let Some((event, span)) = self.events.next() {
            match event {
                Event::SequenceEnd | Event::MappingEnd => break,
                event if event.is_node() => members.push(self.node(event, span)?),
                _ => {}
            }
        }
        Ok(members)
    }

    /// Keys and values in turn as pairs, with those that merge keys bring; own ones win over these.
    fn mapping(&mut self, members: Vec<Node>) -> Result<Vec<(Node, Node)>, Fault> {
        let mut members = members.into_iter();
        let mut pairs = Pairs::default();
        let mut merged = Vec::new();
        while let Some((key, value)) = members.next().zip(members.next()) {
            match (key.text(), &key.content) {
                (Some("<<"), Content::Scalar { kind: Resolve::ByLook, .. }) => {
                    merged.extend(merge(value)?);
                }
                (Some(name), _) => {
                    if let Some((before, _)) = pairs.of(name) {
                        let (at, before, key) = (key.at, before.at, name.to_owned());
                        self.twice.push(Twice { at, before, key });
                    }
                    pairs.put(key, value, true);
                }
                (None, _) => return Err(Fault::new(Some(key.at), "a key must be a text")),
            }
        }
        merged.into_iter().for_each(|(key, value)| pairs.put(key, value, false));
        Ok(pairs.pairs)
    }
}

/// One for each node, and for each hundred bytes of text.
fn weight(event: &Event) -> usize {
    match event {
        Event::Scalar(text, ..) => 1 + text.len() / 100,
        _ => 1,
    }
}

/// The pairs of a mapping, and where each key is among them.
#[derive(Default)]
struct Pairs {
    pairs: Vec<(Node, Node)>,
    places: BTreeMap<String, usize>,
}

impl Pairs {
    fn of(&self, name: &str) -> Option<&(Node, Node)> {
        self.places.get(name).map(|place| &self.pairs[*place])
    }

    /// Puts a pair behind the others; where its key is there already, in its place or nowhere.
    fn put(&mut self, key: Node, value: Node, wins: bool) {
        let name = key.text().unwrap_or_default().to_owned();
        match self.places.get(&name) {
            Some(place) if wins => self.pairs[*place] = (key, value),
            Some(_) => {}
            None => {
                self.places.insert(name, self.pairs.len());
                self.pairs.push((key, value));
            }
        }
    }
}

/// What stands behind `<<`: a mapping, or a list of them, of which the first wins.
fn merge(value: Node) -> Result<Vec<(Node, Node)>, Fault> {
    match value.content {
        Content::Mapping(pairs) => Ok(pairs),
        Content::List(items)
            if items.iter().all(|item| matches!(item.content, Content::Mapping(_))) =>
        {
            Ok(items.iter().flat_map(|item| item.pairs().to_vec()).collect())
        }
        _ => Err(Fault::new(Some(value.at), "what << merges must be a mapping, or a list of them")),
    }
}

fn scalar(text: String, style: ScalarStyle, tag: Option<&Tag>, at: Mark) -> Result<Content, Fault> {
    let by_look = match tag {
        Some(tag) if tag.original() == "!" => true,
        Some(tag) => match tag.core_suffix() {
            Some("str") => false,
            Some("null" | "bool" | "int" | "float") => true,
            _ => return Err(unknown(tag, at)),
        },
        None => style == ScalarStyle::Plain,
    };
    let kind = if by_look { Resolve::ByLook } else { Resolve::Text };
    Ok(Content::Scalar { text, kind })
}

fn check(tag: Option<&Tag>, wanted: &str, at: Mark) -> Result<(), Fault> {
    match tag {
        Some(tag) if tag.original() != "!" && tag.core_suffix() != Some(wanted) => {
            Err(unknown(tag, at))
        }
        _ => Ok(()),
    }
}

fn unknown(tag: &Tag, at: Mark) -> Fault {
    Fault::new(Some(at), format!("the tag {} means nothing here", tag.original()))
}

fn mark(marker: &Marker) -> Mark {
    (marker.line(), marker.col() + 1)
}

//! module.yaml, read as a whole.
//!
//! In: its text. Out: its entries in their order, whatever documents and lists they stand in, each
//! with its place; or all that is wrong with it. A scalar is the text that was typed: a version of
//! 1.10 stays one. What an entry says is sound by itself; whether files and modules are there that
//! it names is not known here.

mod at;
mod entry;
mod texts;

use super::Fault;
use super::document::Entry;
use crate::error::Location;
use crate::manifest::yaml::{self, Content, Mark, Node, Twice};
use crate::wording::tame;

use at::Faults;
use entry::Reader;

/// Something that stands in a module.yaml.
#[derive(Clone, Debug, PartialEq)]
pub struct Placed<T = Entry> {
    /// What.
    pub entry: T,
    /// Where it begins.
    pub location: Location,
}

/// As much text as a person writes, in bytes.
const LONGEST: usize = 1 << 20;

/// All entries of a module.yaml; none where there is nothing but comments.
///
/// # Errors
/// All that is wrong with it: it is no YAML, a key stands there twice, is unknown or missing, a value
/// is not what its key wants.
pub fn read(text: &str) -> Result<Vec<Placed>, Fault> {
    let text = text.trim_start_matches('\u{feff}');
    if text.len() > LONGEST {
        let what = format!("it has more than {} MB", LONGEST >> 20);
        return Err(Fault::new(Location::new("", 1, 1), what));
    }
    let lines = Lines(text.lines().collect());
    let (documents, twice) = yaml::documents(text)
        .map_err(|fault| lines.fault(fault.at.unwrap_or((1, 1)), &fault.to_string()))?;
    let faults = Faults::default();
    for Twice { at, before, key } in twice {
        faults.note(at, || format!("{key:?} stands there twice, first in line {}", before.0));
    }
    let reader = Reader { lines: &lines, faults: &faults };
    let entries = documents.iter().flat_map(entries_of).filter_map(|node| reader.entry(node));
    let entries = entries.collect();
    let (found, further) = faults.all();
    let mut found = found.into_iter().map(|(at, what)| lines.fault(at, &what));
    match found.next() {
        None => Ok(entries),
        Some(first) => Err(Fault { others: found.collect(), further, ..first }),
    }
}

/// The entries of a document.
fn entries_of(document: &Node) -> &[Node] {
    match &document.content {
        Content::List(items) => items,
        _ if document.is_null() => &[],
        _ => std::slice::from_ref(document),
    }
}

/// The lines of a text.
struct Lines<'text>(Vec<&'text str>);

impl Lines<'_> {
    fn location(&self, (line, column): Mark) -> Location {
        let source = self.0.get(line.saturating_sub(1)).copied().unwrap_or_default();
        Location::of_line(source, line, column)
    }

    fn fault(&self, at: Mark, what: &str) -> Fault {
        Fault::new(self.location(at), tame(what))
    }
}

#[cfg(test)]
mod tests;

//! redis.conf: what a server reads when it starts.
//!
//! In: the text that is there, if any, and [`Changes`] to it. Out: the new text, in which comments,
//! order and whatever was not to be changed stay byte for byte, and warnings about what it would
//! make of a server. Source of what a server reads, and how: `config.c` and `sds.c` of Redis 4.0 to
//! 8.2 and Valkey 8.0 to 9.1. Where the text lies is not known here.

mod changes;
mod danger;
mod directive;
mod fault;
mod words;

use std::fmt;

use crate::error::Location;

pub use changes::Changes;
pub use fault::Fault;
pub use words::typed;

/// What stands above the directives that were not there.
const HEADER: &str = "# Set by rampkit:";

/// A redis.conf.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RedisConf {
    lines: Vec<Line>,
    /// Whether its lines end as on Windows.
    crlf: bool,
}

/// A line with its end.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    text: String,
    /// What it sets, by its newest name, and to which words; nothing by a comment or a blank line.
    sets: Option<(String, Vec<Vec<u8>>)>,
}

impl RedisConf {
    /// A redis.conf from its text.
    ///
    /// # Errors
    /// [`Fault::Line`] where there is a line that no server reads.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let line = |(number, line): (usize, &str)| {
            let fault = |what| Fault::Line { what, location: Location::new(text, number + 1, 1) };
            Line::parse(line).map_err(fault)
        };
        let lines = text.split_inclusive('\n').enumerate().map(line).collect::<Result<_, _>>()?;
        let crlf = text.split_inclusive('\n').next().is_some_and(|line| line.ends_with("\r\n"));
        Ok(Self { lines, crlf })
    }

    /// The same with changes. What is set takes the place of its first occurrence, all others go;
    /// what was not there stands at the end. A module to load takes the place of the same module, or
    /// stands behind the others.
    pub fn with(mut self, changes: &Changes) -> Self {
        let mut new = Vec::new();
        for (name, lines, replaces) in changes.lines() {
            let is_of_it = |line: &Line| line.sets.as_ref().is_some_and(|(it, _)| it == name);
            let lines = lines.into_iter().map(|line| self.line(&line)).collect();
            let (place, lines) = match replaces {
                true => {
                    let place = self.lines.iter().position(is_of_it);
                    self.lines.retain(|line| !is_of_it(line));
                    (place, lines)
                }
                false => {
                    let lines = self.renew(lines);
                    (self.lines.iter().rposition(is_of_it).map(|last| last + 1), lines)
                }
            };
            match place {
                Some(place) => {
                    if place == self.lines.len() && !lines.is_empty() {
                        self.end_last();
                    }
                    self.lines.splice(place..place, lines);
                }
                None => new.extend(lines),
            }
        }
        self.append(new);
        self
    }

    /// Puts lines in the place of those that are about the same; returns the others.
    fn renew(&mut self, lines: Vec<Line>) -> Vec<Line> {
        let mut others = Vec::new();
        for line in lines {
            match self.lines.iter_mut().find(|there| there.subject() == line.subject()) {
                Some(there) if there.sets == line.sets => {}
                Some(there) => *there = line,
                None => others.push(line),
            }
        }
        others
    }

    /// The lines that set `directive`, each as its words.
    fn values(&self, directive: &str) -> impl Iterator<Item = &[Vec<u8>]> {
        let sets = self.lines.iter().filter_map(|line| line.sets.as_ref());
        sets.filter(move |(name, _)| name == directive).map(|(_, words)| words.as_slice())
    }

    fn append(&mut self, new: Vec<Line>) {
        if new.is_empty() {
            return;
        }
        self.end_last();
        if self.lines.iter().all(|line| line.text.trim_end() != HEADER) {
            if self.lines.last().is_some_and(|line| !line.text.trim().is_empty()) {
                self.lines.push(self.line(""));
            }
            self.lines.push(self.line(HEADER));
        }
        self.lines.extend(new);
    }

    /// Ends the last line, so that others can follow.
    fn end_last(&mut self) {
        let end = self.end();
        if let Some(last) = self.lines.last_mut().filter(|line| !line.text.ends_with('\n')) {
            last.text += end;
        }
    }

    /// A line of ours, which is read as any other.
    fn line(&self, text: &str) -> Line {
        let text = format!("{text}{}", self.end());
        Line::parse(&text).expect("changes are checked")
    }

    fn end(&self) -> &'static str {
        if self.crlf { "\r\n" } else { "\n" }
    }
}

impl Line {
    /// The directive with its first word.
    fn subject(&self) -> Option<(&str, Option<&Vec<u8>>)> {
        self.sets.as_ref().map(|(name, words)| (name.as_str(), words.first()))
    }

    /// # Errors
    /// Why no server reads it.
    fn parse(text: &str) -> Result<Self, &'static str> {
        let content = text.trim_matches([' ', '\t', '\r', '\n']);
        let words = match content.starts_with('#') {
            true => Vec::new(),
            false => words::split(content)?,
        };
        let mut words = words.into_iter();
        let name = words.next().map(|name| directive::canonical(&String::from_utf8_lossy(&name)));
        Ok(Self { text: text.to_owned(), sets: name.map(|name| (name, words.collect())) })
    }
}

/// The text.
impl fmt::Display for RedisConf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.lines.iter().try_for_each(|line| f.write_str(&line.text))
    }
}

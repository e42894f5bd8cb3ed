//! What a builder knows of variables and of the working folder at some place of a Dockerfile.
//!
//! In: instructions of authors, and variables with their values. Out: paths in which no variable is
//! left. What the base image sets is not known here.

use std::collections::BTreeMap;

use crate::assembly::dockerfile::escape::{Escape, Piece, pieces};
use crate::assembly::dockerfile::script::Script;

/// The variables that are set, and the working folder.
#[derive(Clone, Debug)]
pub(super) struct Variables {
    escape: Escape,
    values: BTreeMap<String, Option<String>>,
    /// The folder that relative paths are below, where it is known.
    workdir: Option<String>,
}

impl Variables {
    /// Nothing is known yet.
    pub fn new(escape: Escape) -> Self {
        Self { escape, values: BTreeMap::new(), workdir: None }
    }

    /// Gives a variable a value; none where it is not known.
    pub fn set(&mut self, name: &str, value: Option<String>) {
        self.values.insert(name.to_owned(), value);
    }

    /// What an author's instructions set. Returns the working folders that they name.
    pub fn run(&mut self, script: &str) -> Vec<String> {
        let mut folders = Vec::new();
        for (keyword, rest) in Script::read(script, self.escape).instructions {
            match keyword.as_str() {
                "ENV" => self.env(&rest),
                "WORKDIR" => {
                    let folder = self.expand(&unquoted(&rest, self.escape.char()));
                    self.workdir = folder.and_then(|folder| self.absolute(&folder));
                    folders.extend(self.workdir.clone());
                }
                _ => {}
            }
        }
        folders
    }

    /// `NAME=VALUE …`, or `NAME VALUE`. Within one instruction they do not see each other.
    fn env(&mut self, rest: &str) {
        let words = words(rest, self.escape.char());
        let pairs: Vec<(&str, &str)> = match words.first() {
            Some(first) if first.contains('=') => {
                words.iter().filter_map(|word| word.split_once('=')).collect()
            }
            _ => rest.split_once(char::is_whitespace).into_iter().collect(),
        };
        let value = |text: &str| self.expand(&unquoted(text.trim(), self.escape.char()));
        let new: Vec<(&str, Option<String>)> =
            pairs.into_iter().map(|(name, text)| (name, value(text))).collect();
        new.into_iter().for_each(|(name, value)| self.set(name, value));
    }

    /// A path of the image with the values of its variables, from the root on, with no more slashes
    /// than it needs; nothing where that is not known.
    pub fn path(&self, path: &str) -> Option<String> {
        let known = pieces(path, self.escape).into_iter().map(|piece| match piece {
            Piece::Text(text) => Some(text),
            Piece::Variable(name) => self.values.get(&name)?.clone(),
        });
        self.absolute(&known.collect::<Option<String>>()?)
    }

    fn absolute(&self, path: &str) -> Option<String> {
        if path.starts_with('/') || path.get(1..3) == Some(":/") {
            return Some(normal(path));
        }
        self.workdir.as_ref().map(|folder| normal(&format!("{folder}/{path}")))
    }

    /// A word of ENV; nothing where it has a variable that is not known, or one with a default.
    fn expand(&self, word: &[Meant]) -> Option<String> {
        let text: String = word.iter().map(|(c, _)| c).collect();
        let mut path = String::new();
        for (c, is_literal) in word {
            if *c == '$' && *is_literal {
                path.push(self.escape.char());
            }
            path.push(*c);
        }
        if !text.contains('$') {
            return Some(text);
        }
        let known = pieces(&path, self.escape).into_iter().map(|piece| match piece {
            Piece::Text(text) if text.contains("${") => None,
            Piece::Text(text) => Some(text),
            Piece::Variable(name) => self.values.get(&name)?.clone(),
        });
        known.collect()
    }
}

/// A path without needless slashes and dots. Above the root there is the root.
pub(super) fn normal(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop_if(|last| !last.ends_with(':'))),
            part => parts.push(part),
        }
    }
    let parts = parts.join("/");
    if path.starts_with('/') { format!("/{parts}") } else { parts }
}

/// The words of an ENV instruction, with their quotes.
fn words(text: &str, escape: char) -> Vec<String> {
    let (mut words, mut word) = (Vec::new(), String::new());
    let (mut quote, mut is_escaped) = (None, false);
    for c in text.chars() {
        if c.is_whitespace() && quote.is_none() && !is_escaped {
            words.push(std::mem::take(&mut word));
            continue;
        }
        word.push(c);
        match quote {
            _ if is_escaped => is_escaped = false,
            Some(open) if c == open => quote = None,
            Some('\'') => {}
            _ if c == escape => is_escaped = true,
            None if matches!(c, '"' | '\'') => quote = Some(c),
            _ => {}
        }
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

/// A character, and whether it means no more than itself.
type Meant = (char, bool);

/// The characters of a word without quotes and escapes.
fn unquoted(word: &str, escape: char) -> Vec<Meant> {
    let (mut found, mut quote) = (Vec::new(), None);
    let mut chars = word.chars().peekable();
    while let Some(c) = chars.next() {
        match quote {
            Some(open) if c == open => quote = None,
            Some('\'') => found.push((c, true)),
            None if matches!(c, '"' | '\'') => quote = Some(c),
            _ if c == escape => {
                let is_one =
                    |next: &char| quote.is_none() || matches!(next, '"' | '$') || *next == escape;
                found.push((chars.next_if(is_one).unwrap_or(c), true));
            }
            _ => found.push((c, false)),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(script: &str) -> Variables {
        let mut variables = Variables::new(Escape::Backslash);
        variables.run(script);
        variables
    }

    #[test]
    fn variables_have_the_values_that_a_builder_gives_them() {
        let variables = after(
            "ENV REDIS_MODULES /opt/redislabs/lib/modules\n\
             ENV A=\"a b\" B='$A' C=\\$A D=$REDIS_MODULES E=c\\ d\n\
             env F=$A$E G=${REDIS_MODULES}/x H=${NONE:-a}\nENV I one \"two\"\nENV J=$NONE\n",
        );
        for (path, value) in [
            ("$REDIS_MODULES/", Some("/opt/redislabs/lib/modules")),
            ("/$A|$B|$C|$E|$F", Some("/a b|$A|$A|c d|a bc d")),
            ("$D|${G}|$I", Some("/opt/redislabs/lib/modules|/opt/redislabs/lib/modules/x|one two")),
            ("/\\$A/a$", Some("/$A/a$")),
            ("/$H", None),
            ("/$J", None),
            ("/$NONE", None),
            ("/$A_", None),
        ] {
            assert_eq!(variables.path(path).as_deref(), value, "{path}");
        }
    }

    #[test]
    fn paths_go_on_from_the_working_folder() {
        let variables = after("WORKDIR /w\nWORKDIR \"a\"");
        assert_eq!(variables.path("b//./c").as_deref(), Some("/w/a/b/c"));
        assert_eq!(variables.path("../c/./d/..").as_deref(), Some("/w/c"));
        assert_eq!(variables.path("/../b").as_deref(), Some("/b"));
        assert_eq!(variables.path("C:/../b").as_deref(), Some("C:/b"));
        assert_eq!(after("").path("b"), None);
        assert_eq!(after("WORKDIR $NONE").path("b"), None);
    }
}

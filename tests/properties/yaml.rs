//! Documents at random, in every style that YAML has, beside PyYAML's FullLoader.

use std::cell::Cell;
use std::fmt::Write as _;

use libtest_mimic::Trial;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::holds;
use crate::test;
use crate::yaml::{by_pyyaml, by_rampkit};

pub fn all() -> Vec<Trial> {
    vec![test!(documents_of_every_style, RampPacker)]
}

/// Something that stands in a document, with how it is written.
#[derive(Clone, Debug)]
enum Written {
    /// Words without quotes.
    Plain(Vec<&'static str>, How),
    /// Words in quotes of one kind.
    Quoted(char, Vec<&'static str>, How),
    /// Lines behind `|` or `>` with what becomes of the last line ends.
    Block(char, &'static str, Vec<&'static str>, How),
    List(Vec<Self>, How),
    /// Keys are told apart by their number.
    Mapping(Vec<(u8, Self)>, How),
    /// Another name for what has an anchor.
    Alias(u8, How),
    /// A mapping with what others bring.
    Merging(Vec<u8>, Vec<(u8, Self)>, How),
}

/// Chooses among the ways that one thing can be written; each part of it another.
type How = u8;

/// Anchors of mappings that every document has, to be named further down.
const ANCHORS: &str = "redis_args:\n  a: &a0 {k0: one, k1: [1, 2], k7: 7.10}\n  b: &a1\n    k0: 'two'\n    k2: &a2 [x, y]\n  c: &a3 |\n    a text\n";

/// Words that mean nothing without quotes, but for numbers and the like.
const PLAIN: &str = "one two it's a:b x#y 7.10 yes No 0x1F 017 1:30 1_000 -1 +2.5 null ~ é日 👍 a,b [x] {y} \
                     http://h:80/?a=b&c#d -x !? 10% true .5 1e3 3.0e+2 a- -- a--- \\ \"q\" e=mc2 |x >y a|b";
/// Words that need quotes.
const HARD: &str = "- : # ' \" , [ ] { } & * ! | > % @ ` ? a: #b 'c' --- ... << = \\n {{ }} .";

fn words(more: &'static str) -> impl Strategy<Value = Vec<&'static str>> {
    vec(select(PLAIN.split_whitespace().chain(more.split_whitespace()).collect::<Vec<_>>()), 1..5)
}

fn written() -> impl Strategy<Value = Written> {
    let plain = select(
        PLAIN
            .split_whitespace()
            .filter(|it| !it.starts_with(['[', '{', '|', '>', '!', '"', '\\']))
            .collect::<Vec<_>>(),
    );
    let quote = select(vec!['\'', '"']);
    let chomp = select(vec!["", "-", "+"]);
    let lines = select(vec![
        "one",
        "  two",
        "# three",
        "four: five",
        "",
        "",
        "'six",
        "- seven",
        "\"",
        "é日",
        "a  b",
        "{{",
        "---x",
    ]);
    let leaf = prop_oneof![
        4 => (vec(plain, 1..4), any::<How>()).prop_map(|(words, how)| Written::Plain(words, how)),
        4 => (quote, words(HARD), any::<How>())
            .prop_map(|(quote, words, how)| Written::Quoted(quote, words, how)),
        3 => (select(vec!['|', '>']), chomp, vec(lines, 0..7), any::<How>())
            .prop_map(|(kind, chomp, lines, how)| Written::Block(kind, chomp, lines, how)),
        1 => (0..4u8, any::<How>()).prop_map(|(name, how)| Written::Alias(name, how)),
    ];
    leaf.prop_recursive(4, 20, 4, |inner| {
        let pairs = || vec((0..9u8, inner.clone()), 0..4);
        prop_oneof![
            1 => (vec(inner.clone(), 0..4), any::<How>()).prop_map(|(items, how)| Written::List(items, how)),
            2 => (pairs(), any::<How>()).prop_map(|(pairs, how)| Written::Mapping(pairs, how)),
            1 => (vec(0..2u8, 1..3), pairs(), any::<How>())
                .prop_map(|(names, pairs, how)| Written::Merging(names, pairs, how)),
        ]
    })
}

/// Where something is written.
#[derive(Clone, Copy)]
struct At {
    /// How far in its lines stand.
    indent: usize,
    /// Whether it is between brackets.
    flow: bool,
}

impl Written {
    /// Behind `key:` or `-`; with the line end.
    fn write(&self, at: At, to: &mut String) {
        match self {
            Self::List(items, how) if !at.flow && how % 3 > 0 && !items.is_empty() => {
                // Lists may stand as far in as their keys.
                let indent = at.indent + usize::from(how % 4);
                end(*how, to);
                for item in items {
                    let _ = write!(to, "{:indent$}-", "");
                    item.write(At { indent: indent + 1 + usize::from(how % 2), flow: false }, to);
                }
            }
            Self::Mapping(pairs, how) if !at.flow && how % 3 > 0 && !pairs.is_empty() => {
                end(*how, to);
                lines(pairs, *how, at, to);
            }
            Self::Merging(names, pairs, how) if !at.flow && how % 3 > 0 => {
                end(*how, to);
                let indent = at.indent + 1 + usize::from(how % 4);
                let _ = writeln!(to, "{:indent$}<<: {}", "", merged(names));
                lines(pairs, *how, at, to);
            }
            Self::Block(kind, chomp, content, how) if !at.flow => {
                block(*kind, chomp, content, *how, at, to);
            }
            _ => {
                to.push_str(if matches!(self, Self::Alias(_, how) if how % 2 > 0) {
                    "  "
                } else {
                    " "
                });
                self.within(at, to);
                end(self.how(), to);
            }
        }
    }

    fn how(&self) -> How {
        match self {
            Self::Plain(_, how)
            | Self::Quoted(_, _, how)
            | Self::Block(_, _, _, how)
            | Self::List(_, how)
            | Self::Mapping(_, how)
            | Self::Alias(_, how)
            | Self::Merging(_, _, how) => *how,
        }
    }

    /// Without a line end behind it; between brackets, or on the line of its key.
    fn within(&self, at: At, to: &mut String) {
        let inner = At { flow: true, ..at };
        match self {
            Self::Plain(words, how) => {
                let words = words.iter().map(|word| {
                    if at.flow {
                        word.replace([',', '[', ']', '{', '}', '?'], "")
                    } else {
                        (*word).to_owned()
                    }
                });
                to.push_str(&folded(words.collect(), *how, at));
            }
            Self::Quoted(quote, words, how) => quoted(*quote, words, *how, at, to),
            Self::Block(_, _, lines, how) => quoted('"', lines, *how, at, to),
            Self::List(items, how) => {
                let parts = items.iter().map(|item| inner_of(item, inner));
                to.push_str(&between('[', parts.collect(), ']', *how, at));
            }
            Self::Mapping(pairs, how) => {
                to.push_str(&between('{', members(pairs, *how, inner), '}', *how, at))
            }
            Self::Merging(names, pairs, how) => {
                let mut parts = members(pairs, *how, inner);
                parts.insert(
                    usize::from(*how) % (parts.len() + 1),
                    format!("<<: {}", merged(names)),
                );
                to.push_str(&between('{', parts, '}', *how, at));
            }
            Self::Alias(name, _) => {
                let _ = write!(to, "*a{name} ");
            }
        }
    }
}

fn inner_of(item: &Written, at: At) -> String {
    let mut text = String::new();
    item.within(at, &mut text);
    text
}

fn merged(names: &[u8]) -> String {
    match names {
        [name] => format!("*a{name}"),
        names => format!(
            "[{}]",
            names.iter().map(|name| format!("*a{name}")).collect::<Vec<_>>().join(", ")
        ),
    }
}

fn key(number: u8, how: How) -> String {
    match how % 4 {
        0 => format!("\"k{number}\""),
        1 => format!("'k{number}'"),
        _ => format!("k{number}"),
    }
}

fn lines(pairs: &[(u8, Written)], how: How, at: At, to: &mut String) {
    let indent = at.indent + 1 + usize::from(how % 4);
    for (number, value) in pairs {
        let _ = write!(to, "{:indent$}{}:", "", key(*number, how / 3));
        value.write(At { indent, flow: false }, to);
    }
}

fn members(pairs: &[(u8, Written)], how: How, at: At) -> Vec<String> {
    pairs
        .iter()
        .map(|(number, value)| format!("{}: {}", key(*number, how / 3), inner_of(value, at)))
        .collect()
}

/// What ends a line: comments, and empty lines.
fn end(how: How, to: &mut String) {
    to.push_str(match how % 11 {
        0 => " # a 'comment\n",
        1 => "\n\n",
        2 => "\n# \"at the left\n",
        3 => "   \n",
        4 => "\n        # further in: x\n",
        _ => "\n",
    });
}

fn between(open: char, parts: Vec<String>, close: char, how: How, at: At) -> String {
    let pad = " ".repeat(at.indent + 2);
    let inside = match how % 5 {
        0 => parts.join(", "),
        1 => parts.join(&format!(" ,\n{pad}")),
        2 => format!("\n{pad}{}\n{pad}", parts.join(&format!(", # c\n{pad}"))),
        3 if !parts.is_empty() => format!(" {}, ", parts.join(",\n\n   ") + " "),
        _ => format!(" {} ", parts.join(",  ")),
    };
    format!("{open}{inside}{close}")
}

/// Words on one line, or on several.
fn folded(words: Vec<String>, how: How, at: At) -> String {
    let pad = " ".repeat(at.indent + 1 + usize::from(how % 3));
    let mut text = String::new();
    for (index, word) in words.iter().enumerate() {
        if index > 0 {
            match (how >> (index % 4)) % 4 {
                0 => {
                    let _ = write!(text, "\n{pad}");
                }
                1 => {
                    let _ = write!(text, "\n\n \n{pad}");
                }
                2 => text.push_str("  "),
                _ => text.push(' '),
            }
        }
        text.push_str(word);
    }
    text
}

fn quoted(quote: char, words: &[&str], how: How, at: At, to: &mut String) {
    let escaped = |word: &&str| match quote {
        '\'' => word.replace('\'', "''"),
        _ if how.is_multiple_of(3) => word
            .chars()
            .map(|c| match u32::from(c) {
                c @ ..=0xff => format!("\\x{c:02x}"),
                c @ ..=0xffff => format!("\\u{c:04x}"),
                c => format!("\\U{c:08X}"),
            })
            .collect(),
        _ => word.replace('\\', "\\\\").replace('"', "\\\""),
    };
    let mut text = folded(words.iter().map(escaped).collect(), how / 2, at);
    if quote == '"' && how.is_multiple_of(7) {
        text.push_str("\\n\\t\\\n   \\  \\e\\0\\/");
    }
    let _ = write!(to, "{quote}{text}{quote}");
}

fn block(kind: char, chomp: &str, content: &[&str], how: How, at: At, to: &mut String) {
    let further = 1 + usize::from(how % 4);
    let indent = at.indent + further;
    let begins_further_in = content
        .iter()
        .find(|line| !line.trim().is_empty())
        .is_some_and(|line| line.starts_with(' '));
    let _ = match (begins_further_in || how.is_multiple_of(5), how % 2) {
        (false, _) => write!(to, " {kind}{chomp}"),
        (true, 0) => write!(to, " {kind}{chomp}{further}"),
        (true, _) => write!(to, " {kind}{further}{chomp}"),
    };
    to.push_str(if how.is_multiple_of(7) { " # c\n" } else { "\n" });
    for line in content {
        let _ = if line.is_empty() { writeln!(to) } else { writeln!(to, "{:indent$}{line}", "") };
    }
}

/// A document about `crdb`, where values are what they look like.
fn document((written, how): &(Written, How)) -> String {
    let mut text = if how.is_multiple_of(5) { "--- # c\n".to_owned() } else { String::new() };
    text.push_str(ANCHORS);
    text.push_str("crdb:");
    Written::Mapping(vec![(0, written.clone())], how % 3 + 1)
        .write(At { indent: 0, flow: false }, &mut text);
    text.push_str("author: Ann\n");
    if how.is_multiple_of(7) { text.replace('\n', "\r\n") } else { text }
}

const DOCUMENTS: usize = 400;

fn documents_of_every_style() {
    let (read, all) = (Cell::new(0), Cell::new(0));
    let many = vec((written(), any::<How>()), 1..=DOCUMENTS);
    holds(3, &many, |many| {
        let documents: Vec<String> = many.iter().map(document).collect();
        for (document, theirs) in documents.iter().zip(by_pyyaml(&documents)) {
            all.set(all.get() + 1);
            let ours = by_rampkit(document, "crdb").map(|(value, _)| value.unwrap_or_default());
            match (ours, theirs.get("value")) {
                (Ok(ours), Some(theirs)) => {
                    read.set(read.get() + 1);
                    prop_assert_eq!(&ours, &theirs["crdb"], "{}", document);
                }
                (Err(_), None) => {}
                (ours, _) => prop_assert!(false, "{document}\n{ours:?}\nPyYAML: {theirs}"),
            }
        }
        Ok(())
    });
    assert!(read.get() > all.get() * 3 / 4, "only {} of {} could be read", read.get(), all.get());
}

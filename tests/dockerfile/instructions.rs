//! A reader of Dockerfiles of the tests' own.
//!
//! In: the text of one whose escape character is a backslash. Out: its [`Instruction`]s. In a word
//! that a builder expands, a variable is `${NAME}`, and each dollar that stands for itself `$$`.

use std::iter::Peekable;
use std::str::Chars;

/// An instruction with its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instruction {
    /// In capitals.
    pub name: String,
    /// `--from=…` and so on.
    pub flags: Vec<String>,
    /// Of FROM the image and the stage; of ENV and LABEL each name and its value; of EXPOSE each port
    /// with its protocol; of CMD, ENTRYPOINT and RUN what is run.
    pub words: Vec<String>,
}

/// The instructions of a Dockerfile.
pub fn instructions(text: &str) -> Vec<Instruction> {
    let is_code = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
    let mut found = Vec::new();
    let mut sofar = String::new();
    for line in text.lines().filter(is_code) {
        match line.trim_end().strip_suffix('\\') {
            Some(start) => sofar += start,
            None => found.push(instruction(&(std::mem::take(&mut sofar) + line))),
        }
    }
    assert!(sofar.is_empty(), "the last line goes on: {sofar}");
    found
}

fn instruction(line: &str) -> Instruction {
    let (name, mut rest) = line.trim().split_once(char::is_whitespace).unwrap_or((line, ""));
    let mut flags = Vec::new();
    rest = rest.trim_start();
    while rest.starts_with("--") {
        let (flag, behind) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        flags.push(flag.to_owned());
        rest = behind.trim_start();
    }
    let name = name.to_uppercase();
    let json: Option<Vec<String>> = serde_json::from_str(rest).ok();
    let words = match (name.as_str(), json) {
        ("FROM", _) => {
            split(rest).into_iter().filter(|it| !it.eq_ignore_ascii_case("as")).collect()
        }
        ("ENV" | "LABEL", _) => settings(rest),
        ("EXPOSE", _) => split(rest).iter().map(|port| with_protocol(port)).collect(),
        ("CMD" | "ENTRYPOINT" | "RUN" | "SHELL", Some(words)) => words,
        ("CMD" | "ENTRYPOINT" | "RUN", None) => vec!["/bin/sh".into(), "-c".into(), rest.into()],
        (_, Some(words)) => words.iter().map(|it| word(it)).collect(),
        ("COPY" | "VOLUME", None) => split(rest).iter().map(|it| word(it)).collect(),
        ("USER" | "WORKDIR" | "ARG", None) => vec![word(rest)],
        _ => panic!("{line}"),
    };
    Instruction { name, flags, words }
}

/// `A=b C="d e"`, or `A b c` as long ago.
fn settings(text: &str) -> Vec<String> {
    let words = split(text);
    if !words.first().is_some_and(|first| first.contains('=')) {
        let (name, value) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        return vec![name.to_owned(), word(value.trim())];
    }
    let pair = |it: &String| {
        let (name, value) = it.split_once('=').unwrap_or((it, ""));
        [word(name), word(value)]
    };
    words.iter().flat_map(pair).collect()
}

fn with_protocol(port: &str) -> String {
    if port.contains('/') { port.to_owned() } else { format!("{port}/tcp") }
}

/// The words of a line, as they are typed.
fn split(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if quote.is_none() && c.is_whitespace() {
            words.push(String::new());
            continue;
        }
        let last = words.last_mut().unwrap();
        last.push(c);
        match (quote, c) {
            (Some('\''), '\\') => {}
            (_, '\\') => last.extend(chars.next()),
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), _) if open == c => quote = None,
            _ => {}
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// What a word stands for.
fn word(typed: &str) -> String {
    let mut out = String::new();
    let mut quote = None;
    let mut chars = typed.chars().peekable();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (Some('\''), '\'') | (Some('"'), '"') => quote = None,
            (None, '\'' | '"') => quote = Some(c),
            (Some('"'), '\\') if !matches!(chars.peek(), Some('"' | '$' | '\\')) => out.push(c),
            (None | Some('"'), '\\') => chars.next().into_iter().for_each(|c| literal(c, &mut out)),
            (None | Some('"'), '$') => out += &variable(&mut chars),
            _ => literal(c, &mut out),
        }
    }
    out
}

fn literal(c: char, out: &mut String) {
    out.push(c);
    if c == '$' {
        out.push('$');
    }
}

/// The name behind a dollar.
fn variable(chars: &mut Peekable<Chars>) -> String {
    let is_braced = chars.next_if_eq(&'{').is_some();
    let mut name = String::new();
    while let Some(c) = chars.next_if(|c| c.is_ascii_alphanumeric() || *c == '_') {
        name.push(c);
    }
    if is_braced {
        assert_eq!(chars.next(), Some('}'), "${{{name}");
    }
    if name.is_empty() { "$$".to_owned() } else { format!("${{{name}}}") }
}

//! A file that gives variables of a template their values.
//!
//! In: lines `NAME=VALUE` as a shell reads them (`export`, quotes, comments), or a mapping in YAML or
//! JSON. Out: names and values, in their order. Nothing is expanded in a value.

use std::path::Path;

use super::template::is_name;
use super::yaml::{self, Fault};
use crate::error::Error;

/// What the `text` of the file at `path` defines: a mapping where it is called so (`.yml`, `.yaml`,
/// `.json`) or begins like none of lines.
///
/// # Errors
/// [`Error::BadText`].
pub fn read(text: &str, path: &Path) -> Result<Vec<(String, String)>, Error> {
    let extension = path.extension().and_then(|it| it.to_str()).unwrap_or_default();
    let is_mapping = match extension.to_ascii_lowercase().as_str() {
        "yml" | "yaml" | "json" => true,
        "env" => false,
        _ => {
            text.lines().find(|line| !is_silent(line)).is_some_and(|line| definition(line).is_err())
        }
    };
    let read = if is_mapping { mapping(text) } else { lines(text) };
    read.map_err(|fault| fault.in_file(text, path))
}

fn mapping(text: &str) -> Result<Vec<(String, String)>, Fault> {
    let (document, _) = yaml::compose(text)?;
    let Some(document) = document else { return Ok(Vec::new()) };
    if !matches!(document.content, yaml::Content::Mapping(_)) {
        let what = "neither lines NAME=VALUE nor a mapping of names and values";
        return Err(Fault::new(Some(document.at), what));
    }
    document
        .pairs()
        .iter()
        .map(|(key, value)| {
            let name = key.text().filter(|name| is_name(name));
            let name = name.ok_or_else(|| Fault::new(Some(key.at), NO_NAME))?;
            let what = "a variable has a text or a number, and no list or mapping";
            let text = value.text().ok_or_else(|| Fault::new(Some(value.at), what))?;
            let is_null = value.is_null();
            Ok((name.to_owned(), if is_null { String::new() } else { text.to_owned() }))
        })
        .collect()
}

const NO_NAME: &str = "the name of a variable has letters, digits and _, and no digit in front";

fn lines(text: &str) -> Result<Vec<(String, String)>, Fault> {
    let said = text.lines().enumerate().filter(|(_, line)| !is_silent(line));
    said.map(|(number, line)| {
        definition(line).map_err(|(column, what)| Fault::new(Some((number + 1, column)), what))
    })
    .collect()
}

fn is_silent(line: &str) -> bool {
    line.trim().is_empty() || line.trim_start().starts_with('#')
}

/// The name and the value of a line; else the column of what is wrong, and what.
fn definition(line: &str) -> Result<(String, String), (usize, &'static str)> {
    let column = |rest: &str| line[..line.len() - rest.len()].chars().count() + 1;
    let said = line.trim_start();
    let said = said.strip_prefix("export ").map_or(said, str::trim_start);
    let (name, value) = said.split_once('=').ok_or((column(said), "there is no = in it"))?;
    if !is_name(name) {
        return Err((column(said), NO_NAME));
    }
    let (value, rest) = match value.chars().next() {
        Some(quote @ ('"' | '\'')) => {
            quoted(&value[1..], quote).ok_or((column(value), "its quote is not closed"))?
        }
        _ => {
            let begins = |at: &usize| *at == 0 || value[..*at].ends_with([' ', '\t']);
            let end = value.match_indices('#').map(|(at, _)| at).find(begins);
            let (value, rest) = value.split_at(end.unwrap_or(value.len()));
            (value.trim().to_owned(), rest)
        }
    };
    match is_silent(rest) {
        true => Ok((name.to_owned(), value)),
        false => Err((column(rest), "something stands behind the quote")),
    }
}

/// What stands before the closing `quote`, and what behind it.
fn quoted(text: &str, quote: char) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut characters = text.char_indices();
    while let Some((at, c)) = characters.next() {
        match c {
            _ if c == quote => return Some((value, &text[at + 1..])),
            '\\' if quote == '"' => {
                let (_, escaped) = characters.next()?;
                if !matches!(escaped, '"' | '\\' | '$' | '`') {
                    value.push(c);
                }
                value.push(escaped);
            }
            _ => value.push(c),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(line: &str) -> Option<String> {
        definition(line).ok().map(|(name, value)| format!("{name}={value}"))
    }

    #[test]
    fn lines_are_as_a_shell_has_them() {
        for (line, expected) in [
            ("A=1", Some("A=1")),
            ("  export A=b c # d", Some("A=b c")),
            ("A='b # c' # d", Some("A=b # c")),
            ("A=\"b \\\" \\$c \\n\"", Some("A=b \" $c \\n")),
            ("A=", Some("A=")),
            ("A= # nothing", Some("A=")),
            ("A=b#c\t# d", Some("A=b#c")),
            ("A=b=c", Some("A=b=c")),
            ("1=2", None),
            ("A = 1", None),
            ("A", None),
            ("A='b", None),
            ("A='b'c", None),
        ] {
            assert_eq!(one(line).as_deref(), expected, "{line}");
        }
    }

    #[test]
    fn columns_count_characters() {
        let what = "something stands behind the quote";
        assert_eq!(definition("A='é'b"), Err((6, what)));
    }
}

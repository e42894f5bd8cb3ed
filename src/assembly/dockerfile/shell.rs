//! Paths of an image as words of the shells in it.
//!
//! In: a path, in which variables may stand. Out: one word of sh, or of PowerShell.

use super::escape::{Escape, Piece, pieces, variable};
use crate::wording::typed;

/// One word for sh: the path with the values of its variables.
pub fn sh(path: &str) -> String {
    let pieces = pieces(path, Escape::Backslash);
    if let [Piece::Text(text)] = &pieces[..] {
        return typed(text);
    }
    let mut word = String::from('"');
    for (n, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Text(text) => word += &in_double_quotes(text),
            Piece::Variable(name) => word += &variable(name, pieces.get(n + 1)),
        }
    }
    word + "\""
}

fn in_double_quotes(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '"' | '$' | '`' | '\\') {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted
}

/// One value for PowerShell, without a double quote: the command line would lose it.
pub fn power_shell(path: &str) -> String {
    let of = |piece: &Piece| match piece {
        Piece::Text(text) => in_single_quotes(text),
        Piece::Variable(name) => format!("$env:{name}"),
    };
    let values: Vec<String> = pieces(path, Escape::Backtick).iter().map(of).collect();
    match &values[..] {
        [value] => value.clone(),
        values => format!("({})", values.join(" + ")),
    }
}

/// PowerShell takes each of these for a single quote; two of them are one.
fn in_single_quotes(text: &str) -> String {
    let is_quote = |c| matches!(c, '\'' | '\u{2018}'..='\u{201b}');
    let doubled = |c| std::iter::repeat_n(c, if is_quote(c) { 2 } else { 1 });
    format!("'{}'", text.chars().flat_map(doubled).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_one_word() {
        assert_eq!(sh("/a/b.so"), "/a/b.so");
        assert_eq!(sh("/it's"), r"'/it'\''s'");
        assert_eq!(sh(r#"$A/${B}c "`\$\"#), r#""$A/${B}c \"\`\$\\""#);
        assert_eq!(power_shell(r"C:\a\it's ’"), "'C:/a/it''s ’’'");
        assert_eq!(power_shell("$A/b${C}"), "($env:A + '/b' + $env:C)");
    }
}

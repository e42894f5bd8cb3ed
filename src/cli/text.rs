//! Texts as wide as a terminal, tables, JSON.

use serde::Serialize;

use crate::wording::is_wild;

/// How wide what is shown shall be.
pub const WIDTH: usize = 96;

/// Indented JSON. What a terminal would obey is escaped; in JSON it stands in texts only.
pub fn json(value: &impl Serialize) -> String {
    let json = serde_json::to_string_pretty(value).expect("text and numbers");
    let mut tame = String::with_capacity(json.len());
    for c in json.chars() {
        match is_wild(c) && c != '\n' {
            true => {
                tame.extend(c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")))
            }
            false => tame.push(c),
        }
    }
    tame
}

/// The words on as many lines as they need, parted by `separator` and a space.
pub fn wrapped(words: &[String], separator: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for (index, word) in words.iter().enumerate() {
        let end = if index + 1 < words.len() { separator } else { "" };
        let length = word.chars().count() + end.len();
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + length <= width => {
                line.extend([" ", word, end]);
            }
            _ => lines.push(format!("{word}{end}")),
        }
    }
    lines
}

/// Where the texts of a column stand.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Align {
    Left,
    Right,
}

/// The rows as lines, each column as wide as its widest text; nothing behind the last one.
pub fn table<const N: usize>(columns: [Align; N], rows: &[[String; N]]) -> Vec<String> {
    let width = |text: &String| text.chars().count();
    let widths: [usize; N] =
        std::array::from_fn(|n| rows.iter().map(|row| width(&row[n])).max().unwrap_or_default());
    let line = |row: &[String; N]| {
        let mut line = String::new();
        for (n, text) in row.iter().enumerate() {
            let space = " ".repeat(widths[n] - width(text));
            let gap = if n == 0 { "" } else { "  " };
            match columns[n] {
                Align::Left => line.extend([gap, text, &space]),
                Align::Right => line.extend([gap, &space, text]),
            }
        }
        line.truncate(line.trim_end().len());
        line
    };
    rows.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_has_nothing_wild() {
        let text = "\x1b\x7f\u{9b}\u{202e}\u{e0041}\n";
        let shown = json(&[text]);
        assert!(!shown.chars().any(|c| is_wild(c) && c != '\n'), "{shown}");
        assert_eq!(serde_json::from_str::<[String; 1]>(&shown).unwrap(), [text]);
    }

    #[test]
    fn words_on_lines() {
        let words = ["a", "bb", "ccc"].map(str::to_owned);
        assert_eq!(wrapped(&words, ",", 6), ["a, bb,", "ccc"]);
    }
}

//! Texts for a terminal: what strangers wrote, lists, sizes, tables, JSON.

use serde::Serialize;

/// How wide what is shown shall be.
pub const WIDTH: usize = 96;

/// A stranger's text on one line, in which nothing is left that a terminal would obey or not show.
pub fn tame(text: &str) -> String {
    let mut tame = String::with_capacity(text.len());
    for c in text.chars() {
        match is_wild(c) {
            true => tame.extend(c.escape_default()),
            false => tame.push(c),
        }
    }
    tame
}

/// Whether a terminal acts on it, turns the direction of writing, or shows nothing.
fn is_wild(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

/// The text, or as much of its start as `most` characters hold, and a sign that there is more.
pub fn short(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some(_) => text.chars().take(most - 1).chain(['…']).collect(),
    }
}

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

/// "2040 bytes", "15.5 kB", "154 MB": in powers of 1000.
pub fn size(bytes: u64) -> String {
    const UNITS: [&str; 6] = ["kB", "MB", "GB", "TB", "PB", "EB"];
    if bytes < 10_000 {
        return format!("{bytes} byte{}", if bytes == 1 { "" } else { "s" });
    }
    let mut value = bytes as f64 / 1000.0;
    let mut unit = 0;
    while value >= 999.5 {
        value /= 1000.0;
        unit += 1;
    }
    let digits = if value < 99.95 { 1 } else { 0 };
    format!("{value:.digits$} {}", UNITS[unit])
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
    fn nothing_wild_is_left() {
        assert_eq!(tame("a\x1b[31m\nb\u{9b}2J\u{202e}é中"), r"a\u{1b}[31m\nb\u{9b}2J\u{202e}é中");
        let text = "\x1b\x7f\u{9b}\u{202e}\u{e0041}\n";
        let shown = json(&[text]);
        assert!(!shown.chars().any(|c| is_wild(c) && c != '\n'), "{shown}");
        assert_eq!(serde_json::from_str::<[String; 1]>(&shown).unwrap(), [text]);
    }

    #[test]
    fn sizes_and_lists() {
        let sizes = [0, 9_999, 10_000, 15_456, 99_949, 99_950, 999_499, 999_500, u64::MAX];
        let shown: Vec<String> = sizes.into_iter().map(size).collect();
        let expected = ["0 bytes", "9999 bytes", "10.0 kB", "15.5 kB", "99.9 kB"];
        assert_eq!(shown[..5], expected);
        assert_eq!(shown[5..], ["100 kB", "999 kB", "1.0 MB", "18.4 EB"]);
        let words = ["a", "bb", "ccc"].map(str::to_owned);
        assert_eq!(wrapped(&words, ",", 6), ["a, bb,", "ccc"]);
        assert_eq!(short("abcdef", 4), "abc…");
    }
}

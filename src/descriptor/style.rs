//! Values as YAML text.
//!
//! In: a value made of strings, lists and mappings. Out: its text in block style (as a person would
//! write it), in flow style, or as a scalar in the style of the one it replaces. YAML 1.1 readers
//! such as PyYAML must see strings too, so more is quoted than YAML 1.2 asks for.

use granit_parser::ScalarStyle;
use serde_yaml::Value;

/// A text as a scalar of block style, quoted where a reader might take it for something else.
pub fn yaml_text(text: &str) -> String {
    scalar(&text.into(), ScalarStyle::Plain)
}

/// The lines of a value, each ended and indented by `indent`; a list stands two deeper than its key.
pub(super) fn block(value: &Value, indent: usize) -> String {
    let margin = " ".repeat(indent);
    match value {
        Value::Mapping(pairs) => pairs
            .iter()
            .map(|(key, value)| format!("{margin}{}", pair(&text(key), value, indent)))
            .collect(),
        Value::Sequence(items) => items.iter().map(|each| item(each, indent)).collect(),
        _ => format!("{margin}{}\n", scalar(value, ScalarStyle::Plain)),
    }
}

/// A key with its value; the first line is not indented.
pub(super) fn pair(key: &str, value: &Value, indent: usize) -> String {
    match value {
        Value::Mapping(_) | Value::Sequence(_) => format!("{key}:\n{}", block(value, indent + 2)),
        _ => format!("{key}: {}\n", scalar(value, ScalarStyle::Plain)),
    }
}

/// An item of a list.
pub(super) fn item(value: &Value, indent: usize) -> String {
    let lines = block(value, indent + 2);
    format!("{}- {}", " ".repeat(indent), lines.trim_start())
}

/// A value in one line, for a place within `[ ]` or `{ }`.
pub(super) fn flow(value: &Value) -> String {
    let list = |items: Vec<String>| items.join(", ");
    match value {
        Value::Mapping(pairs) => {
            let pairs = pairs.iter().map(|(key, value)| format!("{}: {}", text(key), flow(value)));
            format!("{{{}}}", list(pairs.collect()))
        }
        Value::Sequence(items) => format!("[{}]", list(items.iter().map(flow).collect())),
        _ => flow_scalar(value, ScalarStyle::Plain),
    }
}

/// A scalar, quoted as the one it replaces, or where it needs to be.
pub(super) fn scalar(value: &Value, like: ScalarStyle) -> String {
    let text = text(value);
    let simple = !text.contains(is_special);
    match like {
        ScalarStyle::DoubleQuoted => double_quoted(&text),
        ScalarStyle::SingleQuoted if simple => format!("'{}'", text.replace('\'', "''")),
        _ if !simple => double_quoted(&text),
        _ if is_ambiguous(&text) => format!("'{text}'"),
        _ => plain(&text),
    }
}

/// A scalar for a place within `[ ]` or `{ }`.
pub(super) fn flow_scalar(value: &Value, like: ScalarStyle) -> String {
    let written = scalar(value, like);
    match written.starts_with(['"', '\'']) || !written.contains([',', '[', ']', '{', '}']) {
        true => written,
        false => double_quoted(&text(value)),
    }
}

/// The text of a string.
fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn double_quoted(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    let escaped = |c: char| format!("\\U{:08x}", u32::from(c));
    quoted.chars().map(|c| if is_special(c) { escaped(c) } else { c.to_string() }).collect()
}

/// What YAML does not take as it is, or YAML 1.1 ends a line at.
fn is_special(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// As serde_yaml writes it: quoted where YAML 1.2 would not read a string.
fn plain(text: &str) -> String {
    serde_yaml::to_string(text).map_or_else(|_| double_quoted(text), |line| line.trim_end().into())
}

/// Does YAML 1.1 read something other than a string here? `1000:50` is a number in base 60 there,
/// and `yes` is a truth.
fn is_ambiguous(text: &str) -> bool {
    const WORDS: [&str; 8] = ["y", "n", "yes", "no", "on", "off", "=", "<<"];
    let is_digit = |c: char| c.is_ascii_digit() || matches!(c, ':' | '_' | '-' | '+' | '.');
    WORDS.contains(&text.to_ascii_lowercase().as_str())
        || text.contains([':', '_', '-', '+']) && text.chars().all(is_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_string_is_read_back_as_itself() {
        let strings = [
            "",
            " ",
            "a b",
            " a",
            "a ",
            "a: b",
            "a #b",
            "#a",
            "@a",
            "%a",
            "&a",
            "*a",
            "!a",
            "- a",
            "-",
            "?",
            "yes",
            "No",
            "null",
            "~",
            "1.10",
            "1e5",
            "0x1f",
            "012",
            "1_000",
            "1000:50",
            "2024-01-02",
            ".5",
            "$REDIS_MODULES/x.zip",
            "redislabs:redislabs",
            "ä/ö ü.zip",
            "a\"b",
            "it's",
            "a\\b",
            "a,b",
            "[a]",
            "{a}",
            "a\nb",
            "a\tb",
            "\u{1}",
            "\u{7f}\u{85}",
            "\u{2028}a",
            "\u{feff}",
            "\u{ffff}",
            "<<",
            "=",
            "---",
            "| a",
            "> a",
            "`a",
            "a:",
        ];
        for string in strings {
            let value = Value::from(string);
            for style in [ScalarStyle::Plain, ScalarStyle::SingleQuoted, ScalarStyle::DoubleQuoted]
            {
                let block = format!("k: {}\n", scalar(&value, style));
                let flow = format!("[{}, {{k: {}}}]", flow(&value), flow_scalar(&value, style));
                let read = |text: &str| serde_yaml::from_str::<Value>(text).expect(text);
                assert_eq!(read(&block)["k"], value, "{block}");
                assert_eq!((&read(&flow)[0], &read(&flow)[1]["k"]), (&value, &value), "{flow}");
            }
        }
    }

    #[test]
    fn quoted_only_where_needed() {
        for (string, written) in [
            ("1.2.3", "1.2.3"),
            ("1.10", "'1.10'"),
            ("yes", "'yes'"),
            ("1000:50", "'1000:50'"),
            (
                "$REDIS_MODULES/hello.Linux-x86_64.1.2.3.zip",
                "$REDIS_MODULES/hello.Linux-x86_64.1.2.3.zip",
            ),
            ("redislabs:redislabs", "redislabs:redislabs"),
        ] {
            assert_eq!(scalar(&string.into(), ScalarStyle::Plain), written);
        }
    }
}

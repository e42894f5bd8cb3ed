//! Files of assignments: os-release, and what is written like it.
//!
//! In: the text. Out: what is assigned, without quotes and escapes, as os-release(5) and so a shell
//! reads it; the later of two counts. A line that is no assignment is passed over.

use std::collections::BTreeMap;

/// What each name stands for.
pub fn assignments(text: &str) -> BTreeMap<&str, String> {
    text.lines().filter_map(assignment).collect()
}

fn assignment(line: &str) -> Option<(&str, String)> {
    let (name, text) = line.trim_start().split_once('=')?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    (!name.is_empty() && name.chars().all(is_name)).then_some((name, value(text)?))
}

/// The first word of a shell's; nothing where a quote has no end.
fn value(text: &str) -> Option<String> {
    let mut value = String::new();
    let mut quote = None;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (None, '"' | '\'') => quote = Some(c),
            (None, '\\') => value.push(chars.next()?),
            (None, c) if c.is_whitespace() => break,
            (Some('"'), '\\') => {
                let escaped = chars.next()?;
                let kept = if "$`\"\\".contains(escaped) { "" } else { "\\" };
                value.extend(kept.chars().chain([escaped]));
            }
            (Some(end), c) if c == end => quote = None,
            (_, c) => value.push(c),
        }
    }
    quote.is_none().then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_as_a_shell_does() {
        for (text, expected) in [
            ("22.04", Some("22.04")),
            ("\"22.04\"", Some("22.04")),
            ("'22.04'", Some("22.04")),
            ("22.04 # LTS", Some("22.04")),
            ("22.04\r", Some("22.04")),
            ("", Some("")),
            ("\"\"", Some("")),
            ("22\".\"0'4'", Some("22.04")),
            (r"A\ B", Some("A B")),
            (r#""\"A\" \$1 \\ \n""#, Some(r#""A" $1 \ \n"#)),
            (r"'A\'", Some(r"A\")),
            ("\"A", None),
            ("'A\"", None),
            ("A\\", None),
        ] {
            assert_eq!(value(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn the_later_counts_and_what_is_no_assignment_does_not() {
        let text = "\u{feff}ID=bad\n# ID=comment\n\n  ID=first\nID=ubuntu\nexport ID=no\nID = no\nID\n=x\n\
                    NAME=\"open\nVERSION_ID=\"22.04\"";
        let said = assignments(text);
        assert_eq!(said.get("ID").map(String::as_str), Some("ubuntu"));
        assert_eq!(said.keys().copied().collect::<Vec<_>>(), ["ID", "VERSION_ID"]);
    }
}

//! `{{NAME}}` in a manifest: values are put in before it is read as YAML.
//!
//! In: a text, and the values of names. Out: the text with them in it, or all places of what is not
//! defined. Nothing but names stands between the braces; other braces stay as they are. What is not
//! defined and stands in a comment stays too: it says nothing.

use std::ops::Range;

use super::lines::Reader;

/// A place where a value shall stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placeholder<'text> {
    /// The name of the value.
    pub name: &'text str,
    /// The bytes of the text, with the braces.
    pub range: Range<usize>,
    /// Whether it stands in a comment.
    pub in_comment: bool,
}

/// Whether `text` can be the name of a variable: letters, digits, `_`, no digit in front.
pub fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| is_of_name(c) && !c.is_ascii_digit()) && text.chars().all(is_of_name)
}

/// Whether the name of a variable can have it.
pub(super) fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// What may stand around a name.
const BLANK: [char; 2] = [' ', '\t'];

/// All placeholders of `text`, in their order.
pub fn placeholders(text: &str) -> Vec<Placeholder<'_>> {
    let mut found = Vec::new();
    let mut reader = Reader::default();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let comment = reader.comment_of(line);
        let mut at = 0;
        while let Some(brace) = line[at..].find("{{").map(|brace| at + brace) {
            at = brace + 1;
            let inner = line[brace + 2..].trim_start_matches(BLANK);
            let (name, behind) =
                inner.split_at(inner.find(|c| !is_of_name(c)).unwrap_or(inner.len()));
            if is_name(name)
                && let Some(rest) = behind.trim_start_matches(BLANK).strip_prefix("}}")
            {
                at = line.len() - rest.len();
                let range = start + brace..start + at;
                found.push(Placeholder { name, range, in_comment: brace > comment });
            }
        }
        start += line.len();
    }
    found
}

/// `text` with the values in it.
///
/// # Errors
/// All placeholders without a value that stand in no comment.
pub fn render<'text, 'value>(
    text: &'text str,
    value: impl Fn(&str) -> Option<&'value str>,
) -> Result<String, Vec<Placeholder<'text>>> {
    let (mut rendered, mut done) = (String::new(), 0);
    let mut undefined = Vec::new();
    for placeholder in placeholders(text) {
        match value(placeholder.name) {
            Some(value) => {
                rendered.push_str(&text[done..placeholder.range.start]);
                rendered.push_str(value);
                done = placeholder.range.end;
            }
            None if placeholder.in_comment => {}
            None => undefined.push(placeholder),
        }
    }
    match undefined.is_empty() {
        true => Ok(rendered + &text[done..]),
        false => Err(undefined),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rendered(text: &str) -> Result<String, Vec<&str>> {
        let value = |name: &str| match name {
            "A" => Some("1"),
            "B_2" => Some("two"),
            _ => None,
        };
        render(text, value).map_err(|undefined| undefined.iter().map(|it| it.name).collect())
    }

    #[test]
    fn values_stand_anywhere_and_other_braces_stay() {
        for (text, expected) in [
            ("{{A}}: '{{ B_2 }}'", "1: 'two'"),
            ("{{{A}}}{{A}}{{\tA}}", "{1}11"),
            (
                "{{}} {{1}} {{A.b}} {{A|x}} {{ A {A} }}A{{",
                "{{}} {{1}} {{A.b}} {{A|x}} {{ A {A} }}A{{",
            ),
            ("{{\nA}}", "{{\nA}}"),
            ("x # {{A}} {{C}}", "x # 1 {{C}}"),
        ] {
            assert_eq!(rendered(text).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn only_comments_may_name_what_is_not_defined() {
        for comment in
            ["# {{C}}", "  # {{C}}", "a: 'b' # {{C}}", "a: it's # {{C}}", "a: 'it''s' # {{C}}"]
        {
            assert_eq!(rendered(comment).as_deref(), Ok(comment));
        }
        let texts = [
            "a: '# {{C}}'",
            "a: !!str &b \"# {{C}}\"",
            "a: \"\\\" # {{C}}\"",
            "a#{{C}}",
            "a: 'one\n  # {{C}}'",
            "a: |\n  # {{C}}\n",
            "a: |\n\n  # {{C}}\n",
            "- >-\n # {{C}}\n",
        ];
        for text in texts {
            assert_eq!(rendered(text), Err(vec!["C"]), "{text}");
        }
        assert!(rendered("a: |\n  b\n# {{C}}\n").is_ok());
    }
}

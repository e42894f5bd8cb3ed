//! `{os.getenv('NAME')}` and `{os.environ['NAME']}` in a text: exactly these.
//!
//! The reference packer evaluates a few texts of a manifest as Python, so that any manifest can run
//! code; these two are all that real manifests use it for. Other braces stay as they are, and
//! nothing is ever evaluated.

use super::template::is_of_name;

const FORMS: [(&str, &str); 2] = [("{os.getenv(", ")}"), ("{os.environ[", "]}")];

/// `text` with the values of the environment's variables in it.
///
/// # Errors
/// The name of a variable that is not set.
pub fn expand(text: &str) -> Result<String, String> {
    expand_with(text, |name| std::env::var(name).ok())
}

fn expand_with(text: &str, value: impl Fn(&str) -> Option<String>) -> Result<String, String> {
    let mut expanded = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('{') {
        expanded.push_str(&rest[..at]);
        rest = &rest[at..];
        match variable(rest) {
            Some((name, behind)) => {
                expanded.push_str(&value(name).ok_or_else(|| name.to_owned())?);
                rest = behind;
            }
            None => {
                expanded.push('{');
                rest = &rest[1..];
            }
        }
    }
    Ok(expanded + rest)
}

/// The name of the variable that `text` begins with, and what stands behind it.
fn variable(text: &str) -> Option<(&str, &str)> {
    FORMS.iter().find_map(|(open, close)| {
        let inner = text.strip_prefix(open)?.trim_start();
        let quote = inner.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
        let inner = &inner[1..];
        let (name, behind) = inner.split_at(inner.find(|c| !is_of_name(c))?);
        let behind = behind.strip_prefix(quote)?.trim_start().strip_prefix(close)?;
        (!name.is_empty()).then_some((name, behind))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exactly_two_forms_are_expanded() {
        let value = |name: &str| (name == "A").then(|| "1".to_owned());
        for (text, expected) in [
            ("x {os.getenv('A')} {os.environ[\"A\"]}y", Ok("x 1 1y")),
            ("{os.getenv( 'A' )}{os.getenv('A", Ok("1{os.getenv('A")),
            ("{os.getenv('')}{os.getenv('A\")}", Ok("{os.getenv('')}{os.getenv('A\")}")),
            (
                "{os.getenv('A', 'b')} {os.system('A')} {} {{ {",
                Ok("{os.getenv('A', 'b')} {os.system('A')} {} {{ {"),
            ),
            ("{os.getenv('B')}", Err("B")),
            ("{os.getenv('A') + open('x')}", Ok("{os.getenv('A') + open('x')}")),
        ] {
            let expected = expected.map(str::to_owned).map_err(str::to_owned);
            assert_eq!(expand_with(text, value), expected, "{text}");
        }
    }

    #[test]
    fn what_is_not_closed_is_read_once() {
        let open = "{os.getenv(".repeat(100_000);
        assert_eq!(expand_with(&open, |_| None).as_ref(), Ok(&open));
    }
}

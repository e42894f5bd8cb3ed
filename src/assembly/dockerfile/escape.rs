//! How a text is written in a Dockerfile, so that a builder reads what was meant.
//!
//! In: texts and paths. Out: values of ENV, LABEL and ARG; words, for what is a path; and paths in
//! pieces, for who writes them otherwise. Tried with docker 20.10 and 28.5, by the old builder and
//! BuildKit, with both escape characters. What no writing can represent is refused by
//! [`check`](super::check()).

use crate::descriptor::document::Platform;

/// The character by which a Dockerfile takes the meaning from the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Escape {
    /// As everywhere.
    Backslash,
    /// Where a backslash parts folders.
    Backtick,
}

/// A part of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// As it is.
    Text(String),
    /// The value of this variable of the image.
    Variable(String),
}

impl Escape {
    /// That of a Dockerfile for such containers.
    pub fn of(platform: Platform) -> Self {
        match platform {
            Platform::Linux => Self::Backslash,
            Platform::Windows => Self::Backtick,
        }
    }

    /// The character.
    pub fn char(self) -> char {
        match self {
            Self::Backslash => '\\',
            Self::Backtick => '`',
        }
    }

    /// The value of ENV, LABEL and ARG: in quotes, with an escape before each quote, dollar and escape.
    pub fn quoted(self, text: &str) -> String {
        format!("\"{}\"", self.escaped(text, &['"', '$']))
    }

    /// A path as COPY, VOLUME and WORKDIR expand it. Its variables stay.
    pub fn word(self, path: &str) -> String {
        let pieces = pieces(path, self);
        let mut word = String::new();
        for (n, piece) in pieces.iter().enumerate() {
            match piece {
                Piece::Text(text) => word += &self.escaped(text, &['"', '\'', '$']),
                Piece::Variable(name) => word += &variable(name, pieces.get(n + 1)),
            }
        }
        word
    }

    fn escaped(self, text: &str, special: &[char]) -> String {
        let mut escaped = String::with_capacity(text.len());
        for c in text.chars() {
            if special.contains(&c) || c == self.char() {
                escaped.push(self.char());
            }
            escaped.push(c);
        }
        escaped
    }
}

/// A variable for builders and shells; in braces where its name would go on.
pub(super) fn variable(name: &str, next: Option<&Piece>) -> String {
    let goes_on = |text: &String| text.starts_with(|c: char| c.is_alphanumeric() || c == '_');
    match next {
        Some(Piece::Text(text)) if goes_on(text) => format!("${{{name}}}"),
        _ => format!("${name}"),
    }
}

/// The pieces of a path of an image: `$NAME` and `${NAME}` are variables, a dollar after an escape is
/// one, and so is any other; for Windows each backslash is a slash.
pub fn pieces(path: &str, escape: Escape) -> Vec<Piece> {
    let (mut pieces, mut text, mut rest) = (Vec::new(), String::new(), path);
    let dollar = [escape.char(), '$'].iter().collect::<String>();
    while let Some(c) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix(&dollar) {
            (text, rest) = (text + "$", after);
        } else if let Some((name, after)) = variable_of(rest) {
            pieces.extend((!text.is_empty()).then(|| Piece::Text(std::mem::take(&mut text))));
            pieces.push(Piece::Variable(name.to_owned()));
            rest = after;
        } else {
            text.push(if c == '\\' && escape == Escape::Backtick { '/' } else { c });
            rest = &rest[c.len_utf8()..];
        }
    }
    pieces.extend((!text.is_empty()).then_some(Piece::Text(text)));
    pieces
}

/// The variable that a text begins with, and what follows.
fn variable_of(text: &str) -> Option<(&str, &str)> {
    let text = text.strip_prefix('$')?;
    let (name, after) = match text.strip_prefix('{') {
        Some(braced) => braced.split_once('}')?,
        None => text.split_at(text.find(|c| !is_of_name(c)).unwrap_or(text.len())),
    };
    let is_name = name.starts_with(|c: char| !c.is_ascii_digit()) && name.chars().all(is_of_name);
    is_name.then_some((name, after))
}

fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// The path of a file that is called so, whatever its name holds: [`pieces`] gives it back.
pub fn literal(path: &str, escape: Escape) -> String {
    path.replace('$', &[escape.char(), '$'].iter().collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_builder_would_expand_is_escaped() {
        let text = r#"/a b/$HOME"\'`.so"#;
        assert_eq!(Escape::Backslash.quoted(text), r#""/a b/\$HOME\"\\'`.so""#);
        assert_eq!(Escape::Backtick.quoted(text), r#""/a b/`$HOME`"\'``.so""#);
    }

    #[test]
    fn variables_stay_and_other_dollars_do_not() {
        for (path, word) in [
            ("$REDIS_MODULES/a.so", "$REDIS_MODULES/a.so"),
            ("${A}b${C}é$D/", "${A}b${C}é$D/"),
            (r"/a\$b\\$c$", r"/a\$b\\\$c\$"),
            (r#"$1"$${"'\x"#, r#"\$1\"\$\${\"\'\\x"#),
        ] {
            assert_eq!(Escape::Backslash.word(path), word);
        }
        assert_eq!(Escape::Backtick.word(r"C:\$A\`$b``"), "C:/$A/`$b````");
    }

    #[test]
    fn a_literal_path_has_no_variables() {
        for path in ["/a$b", r"/\$b\\$", "${A}", "$", ""] {
            for escape in [Escape::Backslash, Escape::Backtick] {
                let whole = (!path.is_empty()).then(|| Piece::Text(path.to_owned()));
                let expected: Vec<Piece> = whole.into_iter().collect();
                if escape == Escape::Backslash || !path.contains('\\') {
                    assert_eq!(pieces(&literal(path, escape), escape), expected);
                }
            }
        }
    }
}

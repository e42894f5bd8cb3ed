//! Why a redis.conf cannot be made.

use crate::error::Location;
use crate::wording::{listed, plural, tame};

use super::directive::REPEATED;
use super::words::NUL;

/// Why a redis.conf cannot be made. A text says which directive it is about.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The text that is there has a line that no server reads.
    #[error("no server reads this line: {what}")]
    Line {
        /// Why not.
        what: &'static str,
        /// Where it is.
        location: Location,
    },
    /// It cannot be the name of a directive.
    #[error("{directive:?} is no name of a directive")]
    Name {
        /// What was written.
        directive: String,
    },
    /// Two names of one directive are given values.
    #[error("{0} and {1} are the same directive", tame(&directives[0]), tame(&directives[1]))]
    Twice {
        /// The names.
        directives: [String; 2],
    },
    /// A value that no server reads.
    #[error("the value of {} is not readable by a server: {what}", tame(directive))]
    Unreadable {
        /// The directive.
        directive: String,
        /// Why not.
        what: &'static str,
    },
    /// A value with too many words, or too few.
    #[error("{} takes {}, not {found}", tame(directive), plural(*expected, "value", "values"))]
    Words {
        /// The directive.
        directive: String,
        /// How many it takes.
        expected: usize,
        /// How many there are.
        found: usize,
    },
    /// A list for a directive of which a server heeds the last line alone.
    #[error("{} may stand once in a redis.conf, not {found} times", tame(directive))]
    Several {
        /// The directive.
        directive: String,
        /// How many there are.
        found: usize,
    },
}

impl Fault {
    /// What the person who sees this can do.
    pub fn hint(&self) -> String {
        match self {
            Self::Line { .. } => "mend that line".to_owned(),
            Self::Name { .. } => "a name is one word, without quotes and `#`".to_owned(),
            Self::Twice { .. } => "keep one of them".to_owned(),
            Self::Unreadable { what: NUL, .. } => "leave it out".to_owned(),
            Self::Unreadable { .. } => {
                r#"put the value in double quotes within quotes of YAML: '"…"'; there \" is a quote, \\ a backslash, \n a line end"#.to_owned()
            }
            Self::Words { expected, found, .. } if found < expected => {
                "write them behind each other, with spaces between them".to_owned()
            }
            Self::Words { .. } => {
                r#"put a value with spaces in double quotes within quotes of YAML: '"a b"'"#
                    .to_owned()
            }
            Self::Several { .. } => {
                format!("give it one value; several have {}", listed(&REPEATED, "and"))
            }
        }
    }

    /// Where it is, if it is in the text that is there.
    pub fn location(&self) -> Option<&Location> {
        match self {
            Self::Line { location, .. } => Some(location),
            _ => None,
        }
    }
}

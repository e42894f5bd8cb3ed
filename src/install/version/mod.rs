//! The order of versions, however they are typed.
//!
//! In: the text of a version. Out: a [`Version`], which has a place among all others. Any text is one.
//! What PEP 440 allows is ordered as PEP 440 says, and what semver.org has as examples as it says;
//! a suffix of a distribution (`1.0-rh3`, `1.0-4.el8`, `1.0+deb12u1`) stands above what it is added
//! to, one with a word of a pre-release below (`1.0-rc1`, `2.0.dev1`, `1.0-SNAPSHOT`, `1.0~x`). Case
//! and the separators `.`, `-` and `_` do not count, nor do zeros at the end: 1.0 and 1.0.0 are one.

mod pieces;

#[cfg(test)]
mod tests;

use std::iter::Peekable;

use pieces::{Piece, Pieces};

/// The place of a version in the order of all.
///
/// A text in which there is no digit (`latest`) comes before all others.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    has_number: bool,
    epoch: Number,
    release: Vec<Number>,
    suffix: Vec<Token>,
    local: Vec<Segment>,
}

/// Digits without zeros before them; a longer number is a higher one.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Number(usize, String);

/// A part of what follows the release. The end stands among them: what sorts before it makes a
/// version lower than the same without it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Token {
    /// Debian's `~`.
    Tilde,
    Development,
    Alpha,
    Beta,
    Milestone,
    Candidate,
    End,
    Number(Number),
    Word(String),
}

/// A part of what stands behind a `+`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Segment {
    Word(String),
    Number(Number),
}

impl Version {
    /// The place of a text.
    pub fn new(text: &str) -> Self {
        let text = text.trim().to_lowercase();
        let (public, local) = text.split_once('+').unwrap_or((&text, ""));
        let public = public.strip_prefix('v').filter(|it| starts_with_digit(it)).unwrap_or(public);
        let (epoch, public) = match public.split_once('!') {
            Some((epoch, rest)) if is_number(epoch) => (Number::new(epoch), rest),
            _ => (Number::default(), public),
        };
        let mut pieces = Pieces::of(public).peekable();
        Self {
            has_number: text.contains(|c: char| c.is_ascii_digit()),
            epoch,
            release: release(&mut pieces),
            suffix: suffix(pieces),
            local: segments(local),
        }
    }

    /// Whether it comes before a release that is not there yet, or names none.
    pub fn is_prerelease(&self) -> bool {
        !self.has_number || self.suffix.iter().any(|token| *token < Token::End)
    }
}

impl Number {
    fn new(digits: &str) -> Self {
        let digits = digits.trim_start_matches('0');
        Self(digits.len(), digits.to_owned())
    }

    fn is_zero(&self) -> bool {
        self.0 == 0
    }
}

impl Token {
    /// What a word says of what follows a release.
    fn new(word: String) -> Self {
        match word.as_str() {
            "dev" | "snapshot" | "nightly" => Self::Development,
            "a" | "alpha" => Self::Alpha,
            "b" | "beta" => Self::Beta,
            "m" | "milestone" => Self::Milestone,
            "c" | "rc" | "cr" | "pre" | "preview" => Self::Candidate,
            "r" | "rev" => Self::post(),
            _ => Self::Word(word),
        }
    }

    /// The same behind a word of a pre-release, where it goes on and `1.0-alpha.beta` is above
    /// `1.0-alpha.1`.
    fn within_prerelease(self) -> Self {
        let word = match self {
            Self::Alpha => "alpha",
            Self::Beta => "beta",
            Self::Milestone => "milestone",
            Self::Candidate => "rc",
            other => return other,
        };
        Self::Word(word.to_owned())
    }

    fn post() -> Self {
        Self::Word("post".to_owned())
    }

    /// Whether it has the number 0 where it has none: `1.0a` is `1.0a0` (PEP 440).
    fn is_numbered(&self) -> bool {
        (Self::Development..Self::End).contains(self) || *self == Self::post()
    }
}

/// The numbers at the start, parted by dots.
fn release(pieces: &mut Peekable<Pieces<'_>>) -> Vec<Number> {
    let mut release = Vec::new();
    while let Some(Piece::Number(number)) = pieces.next_if(|it| matches!(it, Piece::Number(_))) {
        release.push(number);
        pieces.next_if(|it| matches!(it, Piece::Separator('.')));
    }
    while release.last().is_some_and(Number::is_zero) {
        release.pop();
    }
    release
}

/// All that follows; it ends with [`Token::End`].
fn suffix(pieces: Peekable<Pieces<'_>>) -> Vec<Token> {
    let mut suffix = Vec::new();
    let (mut is_pre, mut after_dash, mut after_number) = (false, false, true);
    for piece in pieces {
        let token = match piece {
            Piece::Separator('~') => Token::Tilde,
            Piece::Separator(separator) => {
                after_dash = separator == '-';
                continue;
            }
            Piece::Number(number) => Token::Number(number),
            Piece::Word(word) => Token::new(word),
        };
        // `1.0-1` is `1.0.post1` (PEP 440).
        let is_number = matches!(token, Token::Number(_));
        if is_number && after_number && (after_dash || suffix.is_empty()) {
            suffix.push(Token::post());
        }
        let token = if is_pre { token.within_prerelease() } else { token };
        close(&mut suffix, &token);
        is_pre |= token < Token::End;
        (after_dash, after_number) = (false, is_number);
        suffix.push(token);
    }
    close(&mut suffix, &Token::End);
    suffix.push(Token::End);
    suffix
}

/// Gives the last word its number before `next`, where it wants one.
fn close(suffix: &mut Vec<Token>, next: &Token) {
    let ends = matches!(next, Token::End | Token::Development) || *next == Token::post();
    if ends && suffix.last().is_some_and(Token::is_numbered) {
        suffix.push(Token::Number(Number::default()));
    }
}

fn segments(local: &str) -> Vec<Segment> {
    let segments = local.split(['.', '-', '_']).filter(|segment| !segment.is_empty());
    segments
        .map(|segment| match is_number(segment) {
            true => Segment::Number(Number::new(segment)),
            false => Segment::Word(segment.to_owned()),
        })
        .collect()
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn starts_with_digit(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}

//! What the text of a version is made of.
//!
//! In: a text. Out: its numbers, its words, and what parts them.

use std::iter::Peekable;
use std::str::Chars;

use super::Number;

/// What a text is made of.
pub(super) enum Piece {
    Number(Number),
    Word(String),
    Separator(char),
}

/// The pieces of a text.
pub(super) struct Pieces<'text>(Peekable<Chars<'text>>);

impl<'text> Pieces<'text> {
    pub fn of(text: &'text str) -> Self {
        Self(text.chars().peekable())
    }
}

impl Pieces<'_> {
    fn while_(&mut self, first: char, is_more: fn(char) -> bool) -> String {
        let more = std::iter::from_fn(|| self.0.next_if(|c| is_more(*c)));
        std::iter::once(first).chain(more).collect()
    }
}

impl Iterator for Pieces<'_> {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        Some(match self.0.next()? {
            c if c.is_ascii_digit() => {
                Piece::Number(Number::new(&self.while_(c, |c| c.is_ascii_digit())))
            }
            c if is_separator(c) => Piece::Separator(c),
            c => Piece::Word(self.while_(c, |c| !c.is_ascii_digit() && !is_separator(c))),
        })
    }
}

fn is_separator(c: char) -> bool {
    matches!(c, '.' | '-' | '_' | '~')
}

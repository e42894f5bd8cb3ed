//! The words of a line, as a server reads them.
//!
//! In: a line, or words. Out: its words, which are bytes; the line that is read as these words.
//! Source: `sdssplitargs` in `sds.c`, the same in every version.

use std::fmt::Write as _;
use std::iter::Peekable;
use std::slice::Iter;

const UNBALANCED: &str = "its quotes do not pair, or something follows a closing one";
pub(super) const NUL: &str = "it holds a NUL, where a server stops reading";

/// The words of a line.
///
/// # Errors
/// Why a server reads none.
pub(super) fn split(line: &str) -> Result<Vec<Vec<u8>>, &'static str> {
    if line.contains('\0') {
        return Err(NUL);
    }
    let mut bytes = line.as_bytes().iter().peekable();
    let mut words = Vec::new();
    loop {
        while bytes.next_if(|byte| is_space(**byte)).is_some() {}
        if bytes.peek().is_none() {
            return Ok(words);
        }
        words.push(word(&mut bytes)?);
    }
}

/// As C's `isspace`.
fn is_space(byte: u8) -> bool {
    byte.is_ascii_whitespace() || byte == b'\x0b'
}

type Bytes<'text> = Peekable<Iter<'text, u8>>;

/// A word may have quoted parts; a closing quote ends it.
fn word(bytes: &mut Bytes) -> Result<Vec<u8>, &'static str> {
    let mut word = Vec::new();
    while let Some(byte) = bytes.next_if(|byte| !b" \n\r\t".contains(byte)) {
        match byte {
            b'"' | b'\'' => {
                quoted(bytes, *byte, &mut word)?;
                return match bytes.peek() {
                    Some(next) if !is_space(**next) => Err(UNBALANCED),
                    _ => Ok(word),
                };
            }
            byte => word.push(*byte),
        }
    }
    Ok(word)
}

/// What stands before the closing `quote`.
fn quoted(bytes: &mut Bytes, quote: u8, word: &mut Vec<u8>) -> Result<(), &'static str> {
    loop {
        match *bytes.next().ok_or(UNBALANCED)? {
            byte if byte == quote => return Ok(()),
            b'\\' if quote == b'"' => word.push(escape(bytes)?),
            b'\\' if bytes.next_if_eq(&&b'\'').is_some() => word.push(b'\''),
            byte => word.push(byte),
        }
    }
}

/// What stands behind a backslash in double quotes.
fn escape(bytes: &mut Bytes) -> Result<u8, &'static str> {
    Ok(match *bytes.next().ok_or(UNBALANCED)? {
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'b' => 8,
        b'a' => 7,
        b'x' => hexadecimal(bytes).unwrap_or(b'x'),
        byte => byte,
    })
}

/// Two digits, or nothing is taken.
fn hexadecimal(bytes: &mut Bytes) -> Option<u8> {
    let mut ahead = bytes.clone();
    let mut digit = || char::from(*ahead.next()?).to_digit(16);
    let byte = u8::try_from(16 * digit()? + digit()?).ok()?;
    *bytes = ahead;
    Some(byte)
}

/// The text that is read as these words, as a person types it behind a directive.
pub fn typed<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    words.into_iter().map(quote).collect::<Vec<_>>().join(" ")
}

fn quote(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_graphic() && c != '"' && c != '\'';
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    let mut quoted = String::from('"');
    for c in word.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted += r"\n",
            '\r' => quoted += r"\r",
            '\t' => quoted += r"\t",
            c if c.is_ascii_control() => {
                let _ = write!(quoted, r"\x{:02x}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted + "\""
}

//! What is wrong with the name of an entry.
//!
//! In: its bytes. Out: findings. A name is good where it leads to the same place below a folder on
//! every system that a bundle is looked at, and to no other.

use super::findings::shown;
use crate::finding::Finding;

/// As long as a path may be on Linux, in bytes.
const LONGEST: usize = 4095;
/// As long as the name of a file may be on Linux, in bytes.
const LONGEST_PART: usize = 255;

/// All that is wrong with `name`; `is_utf8` where its header says that it is UTF-8.
pub fn judge(name: &[u8], is_utf8: bool) -> Vec<Finding> {
    let wrong = |(code, what): &(&'static str, String)| {
        Finding::error(code, format!("the name {} {what}", shown(name)))
    };
    let mut findings: Vec<Finding> = faults(name).iter().map(wrong).collect();
    if !is_utf8 && !name.is_ascii() && std::str::from_utf8(name).is_ok() {
        let name = shown(name);
        let text = format!("the name {name} is not marked as UTF-8, and read otherwise elsewhere");
        findings.push(Finding::warning("name_unmarked", text));
    }
    findings
}

/// Whether nothing is wrong with `name`.
pub fn is_sound(name: &str) -> bool {
    judge(name.as_bytes(), true).is_empty()
}

/// A name from `/` to `/`.
pub fn parts(name: &[u8]) -> impl Iterator<Item = &[u8]> {
    name.split(|byte| *byte == b'/')
}

fn faults(name: &[u8]) -> Vec<(&'static str, String)> {
    let mut faults = Vec::new();
    let mut fault = |is_one: bool, code, what: &str| {
        if is_one {
            faults.push((code, what.to_owned()));
        }
    };
    let body = name.strip_suffix(b"/").unwrap_or(name);
    let parts = || parts(body);
    let has = |unwanted: fn(char) -> bool| String::from_utf8_lossy(name).contains(unwanted);
    fault(name.is_empty(), "name_empty", "is empty");
    fault(name.starts_with(b"/"), "name_absolute", "is absolute");
    fault(parts().any(|part| part == b".."), "name_escapes", "has the part \"..\"");
    let blank = !name.is_empty() && parts().any(|part| matches!(part, b"" | b"."));
    fault(blank, "name_blank_part", "has a part that is empty or \".\"");
    fault(name.contains(&b'\\'), "name_backslash", "has a backslash, which parts names elsewhere");
    fault(has(is_control), "name_control", "has control characters");
    fault(std::str::from_utf8(name).is_err(), "name_not_utf8", "is not UTF-8");
    fault(has_drive(name), "name_drive", "begins with the letter of a drive");
    let long = name.len() > LONGEST || parts().any(|part| part.len() > LONGEST_PART);
    fault(long, "name_too_long", "is longer than a file system takes");
    faults
}

/// What does not show itself, or turns the direction of what follows.
fn is_control(c: char) -> bool {
    let is_format =
        matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}');
    c.is_control() || is_format || c == '\u{feff}'
}

fn has_drive(name: &[u8]) -> bool {
    matches!(name, [letter, b':', ..] if letter.is_ascii_alphabetic())
}

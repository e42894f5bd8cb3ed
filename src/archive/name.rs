//! What is wrong with a name in an archive.
//!
//! In: its bytes. Out: what is wrong. A name is good where it leads to the same place below a folder
//! on every system that an archive is looked at, and to no other.

use crate::wording::is_wild;

/// As long as a path may be on Linux, in bytes.
pub const LONGEST: usize = 4095;
/// As long as the name of a file may be on Linux, in bytes.
const LONGEST_PART: usize = 255;

/// A name from `/` to `/`.
pub fn parts(name: &[u8]) -> impl Iterator<Item = &[u8]> {
    name.split(|byte| *byte == b'/')
}

/// Codes of all that is wrong with it, and what to say after the name.
pub fn faults(name: &[u8]) -> Vec<(&'static str, String)> {
    let mut faults = Vec::new();
    let mut fault = |is_one: bool, code, what: &str| {
        if is_one {
            faults.push((code, what.to_owned()));
        }
    };
    // The slash that makes a name absolute is told as that alone.
    let relative = name.strip_prefix(b"/").unwrap_or(name);
    let parts = || parts(relative.strip_suffix(b"/").unwrap_or(relative));
    let has = |unwanted: fn(char) -> bool| String::from_utf8_lossy(name).contains(unwanted);
    fault(name.is_empty(), "name_empty", "is empty");
    fault(name.starts_with(b"/"), "name_absolute", "is absolute");
    fault(parts().any(|part| part == b".."), "name_escapes", "has the part \"..\"");
    let blank = !relative.is_empty() && parts().any(|part| matches!(part, b"" | b"."));
    fault(blank, "name_blank_part", "has a part that is empty or \".\"");
    fault(name.contains(&b'\\'), "name_backslash", "has a backslash, which parts names elsewhere");
    fault(has(is_wild), "name_control", "has control characters");
    fault(std::str::from_utf8(name).is_err(), "name_not_utf8", "is not UTF-8");
    fault(has_drive(name), "name_drive", "begins with the letter of a drive");
    let long = name.len() > LONGEST || parts().any(|part| part.len() > LONGEST_PART);
    fault(long, "name_too_long", "is longer than a file system takes");
    faults
}

fn has_drive(name: &[u8]) -> bool {
    matches!(name, [letter, b':', ..] if letter.is_ascii_alphabetic())
}

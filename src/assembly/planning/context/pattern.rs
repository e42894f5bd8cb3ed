//! Patterns of paths, as COPY has them.
//!
//! In: a pattern and a folder. Out: what it means there. Source of what it means: `filepath.Match` of
//! Go, which builders use: `*`, `?` and `[…]` never stand for a slash, and a dot in front is a
//! character as any other.

use std::fs;
use std::path::{Path, PathBuf};

/// Whether builders read the path as a pattern.
pub(in crate::assembly::planning) fn is_pattern(path: &str) -> bool {
    path.contains(['*', '?', '['])
}

/// The files and folders below `folder` that fit the pattern, each by its path from there; in the order
/// of names.
pub(super) fn matches(folder: &Path, pattern: &str) -> Vec<PathBuf> {
    let mut found = vec![PathBuf::new()];
    for part in pattern.split('/').filter(|part| !matches!(*part, "" | ".")) {
        found = found.into_iter().flat_map(|below| step(folder, below, part)).collect();
    }
    found
}

fn step(folder: &Path, below: PathBuf, part: &str) -> Vec<PathBuf> {
    if !is_pattern(part) {
        let next = below.join(part);
        return if folder.join(&next).exists() { vec![next] } else { Vec::new() };
    }
    let entries = fs::read_dir(folder.join(&below)).into_iter().flatten().flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    let mut names: Vec<String> = names.filter(|name| fits(name, part)).collect();
    names.sort();
    names.into_iter().map(|name| below.join(name)).collect()
}

/// Whether a name fits a pattern.
pub(super) fn fits(name: &str, pattern: &str) -> bool {
    let (name, pattern): (Vec<char>, Vec<char>) =
        (name.chars().collect(), pattern.chars().collect());
    is_fit(&name, &pattern)
}

/// Of several stars the last alone may have to take more: there is no name that takes long.
fn is_fit(name: &[char], pattern: &[char]) -> bool {
    let (mut name, mut pattern, mut star) = (name, pattern, None);
    while let [c, after @ ..] = name {
        if let ['*', rest @ ..] = pattern {
            (pattern, star) = (rest, Some((rest, name)));
        } else if let Some(rest) = one(*c, pattern) {
            (name, pattern) = (after, rest);
        } else if let Some((rest, [_, less @ ..])) = star {
            (name, pattern, star) = (less, rest, Some((rest, less)));
        } else {
            return false;
        }
    }
    pattern.iter().all(|c| *c == '*')
}

/// What stands behind that in the pattern which the character fits.
fn one(c: char, pattern: &[char]) -> Option<&[char]> {
    match pattern {
        ['?', rest @ ..] => Some(rest),
        ['[', rest @ ..] => class(c, rest),
        [same, rest @ ..] if *same == c => Some(rest),
        _ => None,
    }
}

/// What stands behind a class that has the character.
fn class(c: char, pattern: &[char]) -> Option<&[char]> {
    let (is_negated, pattern) = match pattern {
        ['^', rest @ ..] => (true, rest),
        _ => (false, pattern),
    };
    let end = pattern.iter().position(|it| *it == ']').filter(|end| *end > 0)?;
    let (mut class, mut is_in) = (&pattern[..end], false);
    while let [first, rest @ ..] = class {
        class = match rest {
            ['-', last, rest @ ..] => {
                is_in |= (*first..=*last).contains(&c);
                rest
            }
            _ => {
                is_in |= *first == c;
                rest
            }
        };
    }
    (is_in != is_negated).then_some(&pattern[end + 1..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fit_as_builders_say() {
        for (name, pattern, is_fit) in [
            ("a.so", "*.so", true),
            ("a.so", "*", true),
            (".a", "*", true),
            ("a.so", "?.so", true),
            ("ab.so", "?.so", false),
            ("b.so", "[a-c].so", true),
            ("b.so", "[^a-c].so", false),
            ("-.so", "[+-].so", true),
            ("a", "[a", false),
            ("]", "[]a]", false),
            ("aXbXc", "a*b*c", true),
            ("aXbX", "a*b*c", false),
            ("", "*", true),
            ("aab", "*ab", true),
        ] {
            assert_eq!(fits(name, pattern), is_fit, "{name} {pattern}");
        }
    }

    #[test]
    fn no_pattern_takes_long() {
        assert!(!fits(&"a".repeat(255), &("*a".repeat(100) + "b")));
    }

    #[test]
    fn folders_are_followed_part_by_part() {
        let folder = tempfile::tempdir().unwrap();
        for file in ["m1/a.so", "m2/b.so", "m2/c.txt", "x/a.so"] {
            fs::create_dir_all(folder.path().join(file).parent().unwrap()).unwrap();
            fs::write(folder.path().join(file), "").unwrap();
        }
        let found = |pattern| -> Vec<String> {
            matches(folder.path(), pattern).iter().map(|it| it.display().to_string()).collect()
        };
        assert_eq!(found("m*/*.so"), ["m1/a.so", "m2/b.so"]);
        assert_eq!(found("./x//a.?o"), ["x/a.so"]);
        assert!(found("y/*").is_empty());
    }
}

//! What a .dockerignore keeps from the builder.
//!
//! In: its text, and paths of the context. Out: whether a builder sees them. Source of the rules: the
//! reference of Dockerfiles; the last line that fits counts, and what is below a hidden folder is
//! hidden.

use std::path::Path;

use super::pattern::fits;

/// The text of the .dockerignore of a folder, if it has one.
pub(super) fn read(root: &Path) -> Option<String> {
    std::fs::read_to_string(root.join(".dockerignore")).ok()
}

/// Whether a builder does not see the path.
pub(super) fn hides(ignored: &str, path: &str) -> bool {
    let path: Vec<&str> = path.split('/').collect();
    let mut is_hidden = false;
    for line in ignored.lines().map(str::trim).filter(|line| !line.starts_with('#')) {
        let (pattern, hides) = match line.strip_prefix('!') {
            Some(pattern) => (pattern.trim(), false),
            None => (line, true),
        };
        let parts: Vec<&str> =
            pattern.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
        let is_meant = |length| is_fit(&path[..length], &parts);
        if !parts.is_empty() && (1..=path.len()).any(is_meant) {
            is_hidden = hides;
        }
    }
    is_hidden
}

fn is_fit(path: &[&str], pattern: &[&str]) -> bool {
    match (pattern, path) {
        ([], _) => path.is_empty(),
        (["**", rest @ ..], _) => (0..=path.len()).any(|taken| is_fit(&path[taken..], rest)),
        ([one, rest @ ..], [part, below @ ..]) => fits(part, one) && is_fit(below, rest),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::hides;

    #[test]
    fn the_last_line_that_fits_counts() {
        for (ignored, path, is_hidden) in [
            ("", "a", false),
            ("*", "m/a.so", true),
            ("# *", "a", false),
            ("m", "m/a.so", true),
            ("/m/", "m/a.so", true),
            ("a.so", "m/a.so", false),
            ("**/*.so", "m/n/a.so", true),
            ("**/*.so", "a.so", true),
            ("m/**", "m/n/a.so", true),
            ("*\n!m", "m/a.so", false),
            ("*\n!m/*.so\n", "m/a.so", false),
            ("*\n!m\n**/a.so", "m/a.so", true),
            ("./m", "m", true),
        ] {
            assert_eq!(hides(ignored, path), is_hidden, "{ignored:?} {path}");
        }
    }
}

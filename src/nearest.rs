//! The nearest of some known names to one a person typed.

/// What is longer in bytes is no slip of a person's, and would take long to compare.
const LONGEST: usize = 200;

/// Up to `most` of `known` that look like `typed`, the nearest first. The order does not depend on
/// the order of `known`.
pub fn nearest<'a>(
    typed: &str,
    known: impl IntoIterator<Item = &'a str>,
    most: usize,
) -> Vec<&'a str> {
    if typed.len() > LONGEST {
        return Vec::new();
    }
    let typed = typed.to_lowercase();
    let mut scored: Vec<(f64, &str)> = known
        .into_iter()
        .map(|name| (strsim::jaro_winkler(&typed, &name.to_lowercase()), name))
        .filter(|(score, _)| *score > 0.8)
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    scored.into_iter().take(most).map(|(_, name)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn the_nearest_comes_first() {
        assert_eq!(nearest("v1.99.7", ["v1.2.2", "v1.99.1", "zzz"], 1), ["v1.99.1"]);
        assert_eq!(nearest("capabilites", ["commands", "capabilities"], 1), ["capabilities"]);
        assert!(nearest(&"capabilities".repeat(100_000), ["capabilities"], 1).is_empty());
        assert!(nearest("xyzzy", ["author", "email"], 3).is_empty());
    }
}

//! Git's `url.<base>.insteadOf`: other addresses for the same repositories.
//!
//! In: an address and the user's git configuration. Out: the address to go to. CI jobs bring their
//! logins in this way, so what comes out may hold a secret and is never shown.

/// The rewritten form of `address`, by the configuration of the user and the machine.
pub(super) fn by_configuration(address: &str) -> String {
    rewrite(address, &rules().unwrap_or_default())
}

/// Pairs of what is replaced, and by what.
fn rules() -> Result<Vec<(String, String)>, git2::Error> {
    let mut rules = Vec::new();
    let configuration = git2::Config::open_default()?.snapshot()?;
    let mut entries = configuration.entries(Some(r"^url\..*\.insteadof$"))?;
    while let Some(entry) = entries.next() {
        let entry = entry?;
        let base = entry
            .name()
            .ok()
            .and_then(|name| name.strip_prefix("url.")?.strip_suffix(".insteadof"));
        if let (Some(base), Ok(replaced)) = (base, entry.value()) {
            rules.push((replaced.to_owned(), base.to_owned()));
        }
    }
    Ok(rules)
}

/// The longest prefix wins (git-config(1)).
fn rewrite(address: &str, rules: &[(String, String)]) -> String {
    let fitting = rules.iter().filter(|(replaced, _)| address.starts_with(replaced.as_str()));
    match fitting.max_by_key(|(replaced, _)| replaced.len()) {
        Some((replaced, base)) => format!("{base}{}", &address[replaced.len()..]),
        None => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::rewrite;

    #[test]
    fn the_longest_prefix_wins() {
        let rules = [("gh:", "https://h/"), ("gh:own/", "ssh://h/own/"), ("https://a/", "gh:")]
            .map(|(replaced, base)| (replaced.to_owned(), base.to_owned()));
        for (address, expected) in [
            ("gh:x/y", "https://h/x/y"),
            ("gh:own/y", "ssh://h/own/y"),
            ("https://a/b", "gh:b"),
            ("git://z/", "git://z/"),
        ] {
            assert_eq!(rewrite(address, &rules), expected);
        }
    }
}

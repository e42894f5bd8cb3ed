//! The names of dependencies' entries.

use crate::archive::zip;
use crate::manifest::Dependency;

/// Where the dependency's file lies in a bundle.
///
/// # Errors
/// Why it can have no name.
pub fn entry_path(name: &str, dependency: &Dependency) -> Result<String, String> {
    let file = match &dependency.url {
        Some(url) => {
            let path = url.split(['?', '#']).next().unwrap_or_default();
            path.rsplit('/').next().unwrap_or_default().to_owned()
        }
        None => format!("{name}.tgz"),
    };
    let path = format!("deps/{file}");
    if file.is_empty() || file.contains('/') || !zip::is_sound(&path) {
        let of = if dependency.url.is_some() { "the last part of its url" } else { "its file" };
        return Err(format!("{file:?}, {of}, cannot be the name of its entry"));
    }
    Ok(path)
}

/// Where a bundle that anybody made can have a dependency's file: as [`entry_path`] names it, else as
/// the reference packer does.
pub fn entry_paths(name: &str, url: Option<&str>) -> impl Iterator<Item = String> {
    let named = |url: Option<&str>| {
        let url = url.map(str::to_owned);
        entry_path(name, &Dependency { url, ..Dependency::default() }).ok()
    };
    [named(url), named(None)].into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_named_as_the_file_of_its_url() {
        let path = |url: Option<&str>| {
            let url = url.map(str::to_owned);
            entry_path("gears_v8", &Dependency { url, ..Dependency::default() })
        };
        assert_eq!(path(None).unwrap(), "deps/gears_v8.tgz");
        assert_eq!(path(Some("https://h/a/plugin.1.2.tgz?x=1#y")).unwrap(), "deps/plugin.1.2.tgz");
        for bad in [
            "https://h/a/",
            "https://h/a/..",
            "https://h/a\\b",
            "https://h/a\nb",
            "https://h/\u{200b}",
        ] {
            assert!(path(Some(bad)).is_err(), "{bad}");
        }
    }
}

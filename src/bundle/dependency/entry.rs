//! The urls of dependencies, and the names of their entries.

use reqwest::Url;

use crate::archive::zip;
use crate::manifest::Dependency;

/// A url that a dependency may have: Redis Enterprise can download it, and knows its entry by it.
///
/// # Errors
/// What is wrong with it; never shows a login.
pub fn sound_url(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| error.to_string())?;
    let named = Dependency { url: Some(text.to_owned()), ..Dependency::default() };
    let why = if !["http", "https"].contains(&url.scheme()) {
        "it must be http or https"
    } else if text.contains(['{', '}']) {
        "braces in it stand for nothing"
    } else if url.path().ends_with('/') || entry_path("", &named).is_err() {
        "it does not end with the name of a file"
    } else {
        return Ok(url);
    };
    Err(why.to_owned())
}

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
        return Err(format!("{file:?}, its file, cannot be the name of its entry"));
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

//! Names of stages, and of other things that must be told apart by their name alone.
//!
//! In: names as people give them. Out: names that a builder, or any file system, takes; no two of them
//! alike where capital letters do not count.

use std::collections::BTreeSet;

/// What stages cannot be called.
const RESERVED: [&str; 2] = ["context", "scratch"];

/// Names that are taken.
#[derive(Debug, Default)]
pub(super) struct Taken(BTreeSet<String>);

impl Taken {
    /// Names that no stage may have: reserved words, and each image that is named.
    pub fn by_images<'a>(images: impl IntoIterator<Item = &'a str>) -> Self {
        Self(images.into_iter().chain(RESERVED).map(str::to_lowercase).collect())
    }

    /// The name, or with the lowest number that makes it another one.
    pub fn unique(&mut self, name: String) -> String {
        let numbered = (2..).map(|number| format!("{name}-{number}"));
        let mut names = std::iter::once(name.clone()).chain(numbered);
        let free = names.find(|name| self.0.insert(name.to_lowercase()));
        free.unwrap_or(name)
    }
}

/// What a stage with the files of that module is called: `[a-z][a-z0-9_.-]*`.
pub(super) fn stage_name(module: &str) -> String {
    let name = plain(&module.to_lowercase());
    let is_name = name.starts_with(|c: char| c.is_ascii_lowercase());
    match (is_name, name.is_empty()) {
        (true, _) => name,
        (_, true) => "module".to_owned(),
        (_, false) => format!("module-{name}"),
    }
}

/// What a folder for that module is called: no more than ASCII letters and digits, `_`, `.`, `+` and
/// `-`, and no dot in front.
pub(super) fn folder_name(module: &str) -> String {
    let name = plain(module);
    if name.is_empty() { "module".to_owned() } else { name }
}

fn plain(name: &str) -> String {
    /// So that with a number it is still one that every file system takes.
    const LONGEST: usize = 100;
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    let plain: String =
        name.chars().map(|c| if is_plain(c) { c } else { '-' }).take(LONGEST).collect();
    plain.trim_matches(['-', '.']).to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_are_derived() {
        for (module, stage, folder) in [
            ("redisgraph", "redisgraph", "redisgraph"),
            ("RedisGears", "redisgears", "RedisGears"),
            ("org.x/one", "org.x-one", "org.x-one"),
            ("..", "module", "module"),
            (".git", "git", "git"),
            ("1.10", "module-1.10", "1.10"),
            ("_a b", "module-_a-b", "_a-b"),
            ("été", "t", "t"),
            ("", "module", "module"),
        ] {
            assert_eq!(
                (stage_name(module).as_str(), folder_name(module).as_str()),
                (stage, folder)
            );
        }
    }

    #[test]
    fn no_name_is_given_twice() {
        let mut taken = Taken::by_images(["redis", "a-2"]);
        let given =
            ["redis", "a", "A", "scratch", "Context"].map(|name| taken.unique(name.to_owned()));
        assert_eq!(given, ["redis-2", "a", "A-3", "scratch-2", "Context-2"]);
    }

    proptest! {
        #[test]
        fn stages_are_apart_and_names(modules in prop::collection::vec(".{0,9}|[aA.-]{0,3}", 0..9)) {
            let images = ["a", "redis", "module"];
            let mut taken = Taken::by_images(images);
            let mut seen = BTreeSet::new();
            for module in modules {
                let stage = taken.unique(stage_name(&module));
                let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_.-".contains(c);
                prop_assert!(stage.starts_with(|c: char| c.is_ascii_lowercase()), "{stage}");
                prop_assert!(stage.chars().all(inner), "{stage}");
                prop_assert!(!images.contains(&stage.as_str()) && !RESERVED.contains(&stage.as_str()));
                prop_assert!(seen.insert(stage));
            }
        }

        #[test]
        fn folders_stay_where_they_are(modules in prop::collection::vec("\\PC{0,9}|[aA./\\\\-]{0,4}", 0..9)) {
            let (mut taken, mut seen) = (Taken::default(), BTreeSet::new());
            for module in modules {
                let folder = taken.unique(folder_name(&module));
                prop_assert!(!folder.starts_with('.') && !folder.is_empty());
                prop_assert!(!folder.contains(['/', '\\', ' ', '*', '[', '$', ':']));
                prop_assert!(seen.insert(folder.to_lowercase()));
            }
        }
    }
}

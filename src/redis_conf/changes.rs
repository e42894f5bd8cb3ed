//! Changes to a redis.conf.
//!
//! In: directives and what shall stand behind them, of one `config` after another. Out: checked
//! [`Changes`]. A value is kept as it was typed, and what is set in the order in which it was.

use super::{Fault, directive, words};

/// What is to be changed, each directive once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes(Vec<Change>);

/// A change of one directive.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Change {
    /// The newest name of the directive.
    key: String,
    /// As it was written, but for capitals.
    name: String,
    /// What stands behind it on each of its lines.
    lines: Vec<String>,
    /// Whether the lines that are there go.
    replaces: bool,
}

/// The directive whose lines are added to those that are there.
const ADDED: &str = "loadmodule";

impl Changes {
    /// Sets a directive: `lines` are what stands behind it, each time; see [`typed`](super::typed).
    /// An empty text is the empty value. Without any line it is taken away. A module to load is one
    /// more beside those that are there.
    ///
    /// # Errors
    /// A [`Fault`] where a server would not start with that, or it is in these changes already.
    pub fn set(&mut self, name: &str, lines: &[String]) -> Result<(), Fault> {
        let is_plain = |c: char| c.is_ascii_graphic() && c != '"' && c != '\'';
        if name.is_empty() || name.starts_with('#') || !name.chars().all(is_plain) {
            return Err(Fault::Name { directive: name.to_owned() });
        }
        let key = directive::canonical(name);
        if lines.len() > 1 && !directive::REPEATED.contains(&key.as_str()) {
            return Err(Fault::Several { directive: name.to_owned(), found: lines.len() });
        }
        if let Some(before) = self.0.iter().find(|change| change.key == key) {
            return Err(Fault::Twice { directives: [before.name.clone(), name.to_owned()] });
        }
        let replaces = key != ADDED || lines.is_empty();
        let lines = lines.iter().map(|line| checked(name, line)).collect::<Result<_, _>>()?;
        self.0.push(Change { key, name: name.to_ascii_lowercase(), lines, replaces });
        Ok(())
    }

    /// These, and `later` ones that win, except that modules to load add up, each once.
    pub fn then(mut self, later: Self) -> Self {
        for change in later.0 {
            match self.0.iter_mut().find(|before| before.key == change.key) {
                Some(before) if !change.replaces => before.add(change.lines),
                Some(before) => *before = change,
                None => self.0.push(change),
            }
        }
        self
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each directive by its newest name, its new lines, and whether the others go.
    pub(super) fn lines(&self) -> impl Iterator<Item = (&str, Vec<String>, bool)> {
        self.0.iter().map(|Change { key, name, lines, replaces }| {
            (key.as_str(), lines.iter().map(|line| format!("{name} {line}")).collect(), *replaces)
        })
    }
}

impl Change {
    /// Adds lines; one takes the place of that with the same first word.
    fn add(&mut self, lines: Vec<String>) {
        let subject =
            |line: &str| words::split(line).ok().and_then(|words| words.into_iter().next());
        for line in lines {
            match self.lines.iter_mut().find(|there| subject(there) == subject(&line)) {
                Some(there) => *there = line,
                None => self.lines.push(line),
            }
        }
    }
}

/// A line as it was typed, which a server would read.
fn checked(name: &str, line: &str) -> Result<String, Fault> {
    let unreadable = |what| Fault::Unreadable { directive: name.to_owned(), what };
    let line = line.trim_matches([' ', '\t']);
    if line.contains(|c: char| c != '\t' && c.is_ascii_control()) {
        return Err(unreadable("it has a line end or another control character"));
    }
    let line = if line.is_empty() { r#""""# } else { line };
    let words = words::split(line).map_err(unreadable)?;
    if words.iter().any(|word| word.contains(&0)) {
        return Err(unreadable(words::NUL));
    }
    directive::check_count(name, words.len())?;
    Ok(line.to_owned())
}

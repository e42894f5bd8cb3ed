//! `rampkit fetch --list`: the tags of a repository.

use serde::Serialize;

use super::Fetch;
use super::order::via;
use crate::calendar::Utc;
use crate::cli::Talk;
use crate::cli::text::{Align, json, table};
use crate::error::Error;
use crate::source::{self, Tag, Tags};
use crate::wording::{plural, tame};

/// What `--json` prints.
#[derive(Serialize)]
struct Document<'a> {
    /// Of its form: greater where a name was taken away or means something else.
    version: u32,
    repository: &'a str,
    tags: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    tag: &'a str,
    commit: Option<String>,
    date: Option<String>,
    annotated: bool,
}

impl Fetch {
    /// Prints the tags of the only repository.
    ///
    /// # Errors
    /// [`Error::Usage`]; those of [`source::tags`].
    pub(super) fn list(&self, talk: &Talk) -> Result<(), Error> {
        let address = self.listed()?;
        let Tags { list, warnings, route } = source::tags(&address, &self.access.access()?)?;
        talk.warn(&warnings)?;
        let repository = &address.to_string();
        if self.json {
            let tags = list.iter().map(entry).collect();
            talk.line(&json(&Document { version: 1, repository, tags }))?;
        } else {
            let rows: Vec<[String; 3]> = list.iter().map(row).collect();
            let lines = table([Align::Left; 3], &rows).into_iter().map(|line| line + "\n");
            talk.product(lines.collect::<String>().as_bytes())?;
        }
        let count = plural(list.len(), "tag", "tags");
        talk.report.done("Listed", format!("{count} of {repository}"));
        if self.verbose {
            via(route.as_ref(), talk);
        }
        Ok(())
    }
}

fn entry(tag: &Tag) -> Entry<'_> {
    Entry {
        tag: &tag.name,
        commit: tag.commit.map(|commit| commit.to_string()),
        date: date(tag).map(|date| date.to_string()),
        annotated: tag.annotated,
    }
}

fn row(tag: &Tag) -> [String; 3] {
    let or_dash = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
    let commit = tag.commit.map(|commit| commit.to_string()[..7].to_owned());
    [tame(&tag.name), or_dash(date(tag).map(Utc::date)), or_dash(commit)]
}

/// The date, where it is one that has four digits for the year.
fn date(tag: &Tag) -> Option<Utc> {
    tag.date.map(Utc::at).filter(|date| (0..=9999).contains(&date.year))
}

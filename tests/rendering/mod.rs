//! A plan as a Dockerfile, as a list for people and as JSON; and what readers of Dockerfiles make of it.

pub mod linter;
mod meant;
mod plans;
mod reader;
mod refused;
mod text;

use libtest_mimic::Trial;

pub fn all() -> Vec<Trial> {
    [linter::all(), meant::all(), reader::all(), refused::all(), text::all()]
        .into_iter()
        .flatten()
        .collect()
}

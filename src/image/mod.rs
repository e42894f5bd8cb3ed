//! Images: how they are referred to, and what is known of those that others begin from.
//!
//! In: a text. Out: a [`Reference`], and [`known`]: facts of a table. No registry is asked.

mod known;
mod reference;

pub use known::{Base, known};
pub use reference::{HUB, Reference};

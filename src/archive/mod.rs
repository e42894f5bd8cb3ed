//! Archives: a zip and a .tgz with the same bytes for the same [`Tree`](crate::tree::Tree), on any
//! machine, at any time and by any number of threads.
//!
//! In: a tree. Out: an archive, and the digest of each entry's bytes as they were written. All times
//! are that of the [`Settings`], owners are 0, modes 0644 and 0755.

mod deflate;
mod exactly;
mod findings;
mod limits;
mod name;
mod settings;
pub mod tgz;
pub mod zip;

pub use deflate::Deflated;
pub use settings::{MOST_THREADS, Settings};

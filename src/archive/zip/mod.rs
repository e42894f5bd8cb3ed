//! A zip archive.

mod header;
mod read;
mod write;

pub use read::{Archive, Kind, ReadError, Record, Source, is_sound, shown};
pub use write::{Sealed, write};

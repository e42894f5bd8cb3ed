//! A tar archive, compressed with gzip.

mod read;
mod write;

pub use read::{Contents, Kind, Member, Reader};
pub use write::write;

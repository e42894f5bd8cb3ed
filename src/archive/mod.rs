//! Archives: a zip and a .tgz with the same bytes for the same [`Tree`](crate::tree::Tree), on any
//! machine and at any time.
//!
//! In: a tree. Out: an archive, and the digest of each entry's bytes as they were written. Times are
//! 1980-01-01, owners are 0, modes 0644 and 0755.

mod blocks;
pub mod tgz;
pub mod zip;

//! How much an archive that anybody may have made is unpacked to.

/// Libraries unpack to 2 to 10 times their size, DEFLATE's most is 1032 times. What is ten times as
/// good as the best library has nothing in it…
pub const RATIO: u64 = 100;
/// … and below this size, in bytes, it does no harm.
pub const HARMLESS: u64 = 64 << 20;
/// All entries together: eight times what Redis Enterprise takes as a module, in bytes.
pub const TOTAL: u64 = 4 << 30;

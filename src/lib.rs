//! rampkit: from a tag to a RAMP bundle.
//!
//! The modules stand in the order in which a value flows through them; each uses only what stands
//! above it. The library is silent: only [`cli`] and [`report`] print.

// Ground: knows nothing of Redis.
pub mod digest;
pub mod error;
pub mod http;
pub mod nearest;
pub mod process;
pub mod staged;
pub mod warning;

// Learn: what the author says, what the file is, what the module registers.
pub mod discovery;
pub mod source;

// Assemble: what a Dockerfile shall copy.
pub mod descriptor;

// Speak.
pub mod cli;
pub mod report;

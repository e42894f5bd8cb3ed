//! rampkit: from a tag to a RAMP bundle.
//!
//! The modules stand in the order in which a value flows through them; each uses only what stands
//! above it. The library is silent: only [`cli`] and [`report`] print.

// Ground: knows nothing of Redis but what can go wrong with it.
pub mod calendar;
pub mod digest;
pub mod finding;
pub mod nearest;
pub mod progress;
pub mod warning;
pub mod wording;

pub mod error;

pub mod input;

pub mod scratch;

pub mod staged;

pub mod http;

pub mod download;

pub mod cache;
pub mod process;
pub mod tree;

pub mod archive;

// Learn: where it comes from, what the file is, what it registers, what its author says.
pub mod source;

pub mod platform;

pub mod elf;

pub mod discovery;

pub mod manifest;

// Bundle: what Redis Enterprise loads.
pub mod metadata;

pub mod bundle;

// Describe: what a Dockerfile shall copy, and images by their names.
pub mod descriptor;

pub mod image;

// One run: what is written beside each other.
pub mod packages;

// Install: which modules an image gets, and in which order.
pub mod install;

// Draw: what asks for what.
pub mod graph;

// Assemble: what the image holds, its redis.conf, and its Dockerfile.
pub mod redis_conf;

pub mod assembly;

// The first minute: what a module's author begins with.
pub mod starter;

// Many runs: which, and how each is to be.
pub mod project;

// What editors want to know of the files that people write.
pub mod schema;

// Speak.
pub mod report;

pub mod cli;

//! The hidden verbs by which rampkit runs itself: between it and another program, or to load a module.
//!
//! They take what [`crate::process`] and [`crate::discovery::host`] give them; nobody else calls them.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;

use crate::discovery::host;
use crate::error::Error;
use crate::process::supervisor;

/// Run a program in a folder of its own until stdin ends
#[derive(Args)]
pub struct Supervise {
    folder: PathBuf,
    #[arg(last = true, required = true)]
    program: Vec<OsString>,
}

/// Load a module in a folder of its own until stdin ends
#[derive(Args)]
pub struct Host {
    folder: PathBuf,
    #[arg(last = true, required = true)]
    words: Vec<OsString>,
}

/// Become a program that dies with its parent
#[derive(Args)]
pub struct Guard {
    parent: i32,
    #[arg(last = true, required = true)]
    program: Vec<OsString>,
}

impl Supervise {
    pub fn run(self) -> Result<(), Error> {
        let (program, arguments) = self.program.split_first().expect("required");
        let start = |output| supervisor::start_program(program.as_ref(), arguments, output);
        supervisor::supervise(&self.folder, start);
        Ok(())
    }
}

impl Host {
    pub fn run(self) -> Result<(), Error> {
        let start = |output| host::start(&self.folder, &self.words, output);
        supervisor::supervise(&self.folder, start);
        Ok(())
    }
}

impl Guard {
    pub fn run(self) -> Result<(), Error> {
        let (program, arguments) = self.program.split_first().expect("required");
        supervisor::guard(self.parent, program.as_ref(), arguments).map(|never| match never {})
    }
}

//! The binary: parse, run, show the error, choose the exit code.

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let cli = rampkit::cli::Cli::parse();
    let quiet = cli.quiet;
    match cli.run() {
        Ok(exit) => exit.into(),
        Err(error) => {
            rampkit::report::Report::new(quiet).error(&error);
            rampkit::cli::Exit::from(&error).into()
        }
    }
}

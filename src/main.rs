//! The binary: parse, run, show the error, choose the exit code.

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let cli = rampkit::cli::Cli::parse();
    let quiet = cli.quiet;
    match cli.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            rampkit::report::Report::new(quiet).error(&error);
            ExitCode::from(error.exit_code())
        }
    }
}

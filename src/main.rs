//! The binary: parse, run, show the error, choose the exit code.

use std::process::ExitCode;

use rampkit::cli::{Called, Exit};

fn main() -> ExitCode {
    let called = Called::parse(std::env::args_os());
    let report = called.report();
    match called.run() {
        Ok(exit) => exit.into(),
        Err(error) => {
            report.error(&error);
            Exit::from(&error).into()
        }
    }
}

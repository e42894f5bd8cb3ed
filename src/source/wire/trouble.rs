//! What the faults of a conversation mean to a person.

use std::io::ErrorKind;

use super::exchange::{Failure, is_of_the_system};
use super::packet::Fault;
use crate::error::{Error, Said, SourceError};
use crate::http;

/// What it means that a request was not answered.
pub(super) fn failed(failure: Failure, shown: &str) -> Error {
    let place = shown.to_owned();
    match failure {
        Failure::Silent(error) => error,
        Failure::Talk(fault) => broken(fault, shown),
        Failure::Store(error) if is_of_the_system(&error) => {
            let action = "store what was fetched from";
            Error::from(SourceError::Git { action, place, source: error.into() })
        }
        Failure::Store(error) => Error::from(SourceError::Broken { place, source: error.into() }),
    }
}

/// What it means that a place did not greet us.
pub(super) fn unanswered(fault: Fault, shown: &str) -> Error {
    match fault {
        Fault::Said(source) => {
            let advice = "check the path, and whether the server exports that repository";
            Error::from(SourceError::NotARepository {
                place: shown.to_owned(),
                source,
                advice: advice.to_owned(),
            })
        }
        fault => broken(fault, shown),
    }
}

/// What it means that a conversation broke off.
pub(super) fn broken(fault: Fault, shown: &str) -> Error {
    let place = shown.to_owned();
    match fault {
        Fault::Said(source) => Error::from(SourceError::Broken { place, source }),
        slow @ Fault::Slow { .. } => {
            Error::from(SourceError::Unreachable { place, source: Said::new(slow.to_string()) })
        }
        Fault::Io(error) => match error.kind() {
            ErrorKind::UnexpectedEof => Error::from(SourceError::Broken {
                place,
                source: Said::new("the connection ended too early"),
            }),
            ErrorKind::TimedOut | ErrorKind::WouldBlock => {
                let silence = http::IDLE_TIMEOUT.as_secs();
                let source = Said::new(format!("it said nothing for {silence} seconds"));
                Error::from(SourceError::Unreachable { place, source })
            }
            _ => Error::from(SourceError::Broken { place, source: http::body_failure(&error) }),
        },
    }
}

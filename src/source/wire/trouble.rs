//! What the faults of a conversation mean to a person.

use std::io::ErrorKind;

use super::exchange::Failure;
use super::packet::Fault;
use crate::error::{Error, Said, SourceError};
use crate::http;
use crate::wording::size;

/// What it means that a request was not answered.
pub(super) fn failed(failure: Failure, shown: &str) -> Error {
    match failure {
        Failure::Silent(error) => error,
        Failure::Talk(fault) => broken(fault, shown),
        Failure::TooLarge { size: bytes } => {
            broken(Fault::nonsense(format!("it sends a file of {}", size(bytes))), shown)
        }
        Failure::Write(error) => unstored(Said::new(error.to_string()), shown),
        Failure::Store(source) => unstored(source, shown),
    }
}

fn unstored(source: Said, shown: &str) -> Error {
    let action = "store what was fetched from";
    Error::from(SourceError::Git { action, place: shown.to_owned(), source })
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
        Fault::Said(source) | Fault::TooMuch(source) => {
            Error::from(SourceError::Broken { place, source })
        }
        Fault::Sha256 => Error::from(SourceError::Sha256Ids { place }),
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

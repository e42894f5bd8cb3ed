//! Findings as values: what is wrong, or worth knowing, in something that was examined.
//!
//! Unlike an error a finding does not end the examination: all of them are returned. Unlike a warning
//! it has a code by which a program tells it from others.

use std::fmt;

use serde::Serialize;

/// How bad a finding is; a worse one is less.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// It will be refused, or must not be trusted.
    Error,
    /// It works in places, or not as its author means.
    Warning,
    /// Good to know.
    Note,
}

/// Something found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// What it is, for programs: words joined by `_`; the reference packer's where it has one.
    pub code: &'static str,
    /// What was found, where, and what was expected; one sentence without a full stop.
    pub message: String,
    /// What to do about it; one sentence without a full stop.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice: Option<String>,
}

impl Finding {
    /// What will be refused, or must not be trusted.
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self { severity: Severity::Error, code, message: message.into(), advice: None }
    }

    /// What works in places, or not as its author means.
    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, message) }
    }

    /// What is good to know.
    pub fn note(code: &'static str, message: impl Into<String>) -> Self {
        Self { severity: Severity::Note, ..Self::error(code, message) }
    }

    /// The same finding with advice.
    pub fn advise(mut self, advice: impl Into<String>) -> Self {
        self.advice = Some(advice.into());
        self
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        })
    }
}

/// `severity code message`
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.severity, self.code, self.message)
    }
}

//! `rampkit validate`: everything that is wrong with bundles, or worth knowing of them.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use serde_json::{Value, json};

use super::{Exit, Talk, text};
use crate::bundle::{Opened, Rules, Target, validate};
use crate::digest::Sha256;
use crate::error::Error;
use crate::finding::{Finding, Severity};
use crate::wording::{plural, tame};

/// Say everything that is wrong with bundles, or worth knowing of them
#[derive(Args)]
pub struct Validate {
    /// The bundles
    #[arg(value_name = "BUNDLE", required = true)]
    bundles: Vec<PathBuf>,

    /// Ask what all readers of bundles together ask, not what each of them asks
    #[arg(long)]
    strict: bool,

    /// Where the bundle shall run; without it, what only some places refuse is a warning
    #[arg(long, value_parser = target())]
    target: Option<Target>,

    /// Print the findings as JSON
    #[arg(long)]
    json: bool,
}

/// A bundle that was examined.
struct Examined<'a> {
    path: &'a Path,
    sha256: Sha256,
    findings: Vec<Finding>,
}

impl Validate {
    /// Examines every bundle; one that cannot be read does not keep it from the others.
    pub fn run(&self, talk: &Talk) -> Result<Exit, Error> {
        let rules = Rules { strict: self.strict, target: self.target };
        let (mut exit, mut has_warnings) = (Exit::DONE, false);
        let mut objects = Vec::new();
        for path in &self.bundles {
            let opened = match Opened::read(path) {
                Ok(opened) => opened,
                Err(error) => {
                    talk.report.error(&error);
                    exit = exit.max(Exit::from(&error));
                    objects
                        .push(json!({"path": path.to_string_lossy(), "error": error.to_string()}));
                    continue;
                }
            };
            let findings = validate(&opened, rules);
            let examined = Examined { path, sha256: opened.sha256, findings };
            if self.json {
                objects.push(examined.json());
            } else {
                talk.product(examined.lines(self.bundles.len() > 1).as_bytes())?;
            }
            talk.report.done("Validated", examined.summary());
            exit = exit.max(if examined.is_valid() { Exit::DONE } else { Exit::NO });
            has_warnings |= examined.count(Severity::Warning) > 0;
        }
        if self.json {
            talk.line(&text::json(&json!({"version": 1, "bundles": objects})))?;
        }
        match exit {
            Exit::DONE if has_warnings && talk.deny_warnings => Err(Error::DeniedWarnings),
            exit => Ok(exit),
        }
    }
}

impl Examined<'_> {
    fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }

    fn is_valid(&self) -> bool {
        self.count(Severity::Error) == 0
    }

    /// Its path on one line, whatever whoever named it had in mind.
    fn name(&self) -> String {
        tame(&self.path.to_string_lossy())
    }

    /// A line for each finding, with the path before it where there are other bundles; what to do
    /// about it is indented below.
    fn lines(&self, are_several: bool) -> String {
        let path = self.name();
        let mut lines = String::new();
        for finding in &self.findings {
            let _ = match are_several {
                true => writeln!(lines, "{path}: {finding}"),
                false => writeln!(lines, "{finding}"),
            };
            if let Some(advice) = &finding.advice {
                let _ = writeln!(lines, "  {advice}");
            }
        }
        lines
    }

    /// "hello.zip: 0 errors, 2 warnings"
    fn summary(&self) -> String {
        let errors = plural(self.count(Severity::Error), "error", "errors");
        let warnings = plural(self.count(Severity::Warning), "warning", "warnings");
        let mut summary = format!("{}: {errors}, {warnings}", self.name());
        match self.count(Severity::Note) {
            0 => {}
            notes => summary += &format!(", {}", plural(notes, "note", "notes")),
        }
        summary
    }

    fn json(&self) -> Value {
        json!({
            "path": self.path.to_string_lossy(),
            "sha256": self.sha256,
            "valid": self.is_valid(),
            "findings": self.findings,
        })
    }
}

fn target() -> impl clap::builder::TypedValueParser<Value = Target> {
    PossibleValuesParser::new(Target::ALL.map(Target::name))
        .map(|name| name.parse().expect("one of the names"))
}

//! A bundle as `pack` shows it: in one line, as a plan, as JSON.

use std::fmt::Write as _;

use reqwest::Url;
use serde_json::{Value, json};

use super::commands::lines;
use super::text;
use crate::bundle::{Bundle, Known};
use crate::discovery::{Discovered, Source};
use crate::error::Error;
use crate::http::{login_of, without_login};
use crate::metadata::Origin;
use crate::packages::{MODULE_YAML, Order, Outcome, Renewed};
use crate::wording::plural;

/// What `pack` has made, or would make.
pub struct Packed<'a> {
    pub order: &'a Order,
    pub bundle: &'a Bundle,
    pub outcome: Outcome,
    pub module_yaml: Option<Renewed>,
}

impl Packed<'_> {
    /// All of the metadata below a heading, as the reference packer shows it.
    pub fn metadata(&self) -> String {
        format!("Module Metadata:\n{}", text::json(&self.bundle.metadata.to_value()))
    }

    /// The module, what it registers, and how many files go with it.
    pub fn summary(&self) -> String {
        let metadata = &self.bundle.metadata;
        let text = |name| metadata.text(name).unwrap_or_default();
        let count = metadata.get("commands").and_then(Value::as_array).map_or(0, Vec::len);
        let entries = &self.bundle.tree.entries;
        let deps = entries.iter().filter(|entry| entry.path.starts_with("deps/")).count();
        let deps = deps + self.bundle.awaited.len();
        let mut line = format!("{} {}", text("module_name"), text("semantic_version"));
        if let Some(commit) = metadata.text("git_sha").and_then(|commit| commit.get(..7)) {
            let _ = write!(line, " ({commit})");
        }
        let _ = write!(line, ": {}", plural(count, "command", "commands"));
        if deps > 0 {
            let _ = write!(line, ", {}", plural(deps, "dependency", "dependencies"));
        }
        line
    }

    /// The paths of all packages, the bundle's first.
    pub fn paths(&self) -> String {
        let paths = self.outcome.packages.iter().map(|package| package.path.display().to_string());
        paths.collect::<Vec<_>>().join("\n")
    }

    /// Entries, further files, fields with who said each, and the module.yaml.
    pub fn plan(&self) -> Result<String, Error> {
        let mut plan = format!("{}\n", self.outcome.packages[0].path.display());
        for entry in &self.bundle.tree.entries {
            let _ = writeln!(plan, "{:>12}  {}", entry.size()?, entry.path);
        }
        for awaited in &self.bundle.awaited {
            let _ = writeln!(plan, "{:>12}  {}  from {}", "download", awaited.path, awaited.url);
        }
        let beside = self.beside();
        if !beside.is_empty() {
            let _ = writeln!(plan, "\nbeside it\n{}", beside.join("\n"));
        }
        let _ = writeln!(plan, "\nmodule.json");
        let (default, given): (Vec<_>, Vec<_>) =
            self.bundle.metadata.written().partition(|(_, origin, _)| *origin == Origin::Default);
        for (name, origin, value) in given {
            let row = format!("  {name:27}{:14}{}", origin.to_string(), brief(name, value));
            let _ = writeln!(plan, "{}", row.trim_end());
        }
        let names: Vec<&str> = default.iter().map(|(name, ..)| *name).collect();
        let _ = writeln!(plan, "  and with their defaults: {}", names.join(", "));
        if let Some(yaml) = &self.module_yaml {
            let _ = write!(plan, "\n{}\n", yaml.path.display());
            yaml.rendered.text.lines().for_each(|line| {
                let _ = writeln!(plan, "  {line}");
            });
        }
        if !self.bundle.is_complete() {
            let _ = writeln!(
                plan,
                "\nthe bundle's sha256, and so module.yaml, are known when it has all of it"
            );
        }
        plan.truncate(plan.trim_end().len());
        Ok(plan)
    }

    /// The files that are made beside the bundle and its module.yaml.
    fn beside(&self) -> Vec<String> {
        let files = self.order.outputs(&self.outcome.packages).into_iter().skip(1);
        let files = files.filter(|(kind, _)| *kind != MODULE_YAML);
        files.map(|(kind, path)| format!("  {kind:15}{}", path.display())).collect()
    }

    /// Everything for a program.
    pub fn json(&self) -> Value {
        let bundle = &self.outcome.packages[0];
        let mut all = serde_json::to_value(&self.outcome).expect("texts and numbers");
        all["bundle"] = json!(bundle.path.to_string_lossy());
        all["sha256"] = json!(bundle.sha256);
        all
    }
}

/// How a module came to be known: what it was loaded with, what it wrote, what it registers.
pub fn known(known: &Known) -> String {
    let arguments = match (&known.source, known.arguments.as_slice()) {
        (Source::File(path), _) => format!("it is not loaded: {} tells", path.display()),
        (_, []) => "it is loaded without arguments".to_owned(),
        (_, words) => format!("it is loaded with {}", words.join(" ")),
    };
    let log: String = known.log.iter().map(|line| format!("  | {line}\n")).collect();
    let Discovered { name, version, .. } = &known.registered;
    format!("{arguments}\n{log}it is {name} {version}\n{}", lines(&known.registered))
}

/// A value on one line; commands as their names.
fn brief(name: &str, value: &Value) -> String {
    let names = |commands: &Vec<Value>| {
        let names: Vec<&str> =
            commands.iter().filter_map(|command| command["command_name"].as_str()).collect();
        names.join(" ")
    };
    match value {
        Value::String(text) => text.clone(),
        Value::Array(commands) if name == "commands" => names(commands),
        Value::Object(_) if name.ends_with("dependencies") => without_logins(value).to_string(),
        other => other.to_string(),
    }
}

/// The dependencies without the logins that their urls may hold.
fn without_logins(dependencies: &Value) -> Value {
    let mut shown = dependencies.clone();
    for dependency in shown.as_object_mut().into_iter().flat_map(|all| all.values_mut()) {
        let url = dependency["url"].as_str().and_then(|url| Url::parse(url).ok());
        if let Some(url) = url.filter(|url| login_of(url).is_some()) {
            dependency["url"] = without_login(&url).as_str().into();
        }
    }
    shown
}

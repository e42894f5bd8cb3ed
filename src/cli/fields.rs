//! Options that give a field of `module.json` its value: one table.
//!
//! In: the words behind them. Out: a [`Layer`]. Their names, short forms and ways of repeating are
//! those of the reference packer.

use std::collections::BTreeMap;

use clap::builder::{StringValueParser, TypedValueParser as _, ValueParser};
use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches};
use serde::de::IgnoredAny;
use serde_json::Value;

use crate::error::{Error, Location};
use crate::manifest::Layer;
use crate::manifest::fields;
use crate::platform::Architecture;

/// An option that gives a field its value.
struct Named {
    /// The field's name; the option's id as well.
    field: &'static str,
    long: &'static str,
    short: Option<char>,
    form: Form,
    help: &'static str,
}

/// What stands behind an option.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// A text, as it is.
    Text,
    /// A version, as it is.
    Version,
    /// The arguments that something is called with, as they are.
    Arguments,
    /// An architecture, by any of its names.
    Architecture,
    /// Nothing: it is there or not.
    Flag,
    /// Words parted by commas; all of them, however often it is given.
    Words,
    /// A command in JSON each time.
    Commands,
    /// Anything in JSON.
    Json,
}

const fn named(
    field: &'static str,
    long: &'static str,
    short: Option<char>,
    form: Form,
    help: &'static str,
) -> Named {
    Named { field, long, short, form, help }
}

/// Each with the field that it gives. `-cr` and `-cc` are [`spelling`](super::spelling)'s.
static NAMED: [Named; 23] = [
    named("module_name", "module-name", Some('n'), Form::Text, "The name of the module"),
    named("display_name", "display-name", Some('d'), Form::Text, "Its name where people read it"),
    named("capability_name", "capability-name", Some('b'), Form::Text, "The label of what it does"),
    named("description", "description", None, Form::Text, "What it is for, in short"),
    named("author", "author", Some('a'), Form::Text, "Who made it"),
    named("email", "email", Some('e'), Form::Text, "Where to write to them"),
    named("homepage", "homepage", None, Form::Text, "Where to read more"),
    named("license", "license", Some('l'), Form::Text, "Its licence"),
    named("architecture", "architecture", Some('A'), Form::Architecture, ARCHITECTURE),
    named("os", "os", Some('O'), Form::Text, "The kernel it was built for: Linux"),
    named("command_line_args", "cmdargs", Some('c'), Form::Arguments, COMMAND_LINE_ARGS),
    named(RUN_ARGS, "run-args", None, Form::Arguments, RUN_COMMAND_LINE_ARGS),
    named("min_redis_version", "redis-min-version", Some('r'), Form::Version, "The lowest Redis"),
    named("min_redis_pack_version", PACK_VERSION, Some('R'), Form::Version, MIN_REDIS_PACK_VERSION),
    named("compatible_redis_version", COMPATIBLE, None, Form::Version, COMPATIBLE_REDIS_VERSION),
    named(
        "bigstore_version_2_support",
        BIGSTORE,
        None,
        Form::Flag,
        "It works with Auto Tiering v2",
    ),
    named("config_command", "config-command", None, Form::Text, CONFIG_COMMAND),
    named("capabilities", "capabilities", Some('C'), Form::Words, CAPABILITIES),
    named("exclude_commands", "exclude-commands", Some('E'), Form::Words, EXCLUDE_COMMANDS),
    named("overide_command", "overide-command", None, Form::Commands, OVERIDE_COMMAND),
    named("add_command", "add-command", None, Form::Commands, "One command more; repeatable"),
    named("dependencies", "dependencies", None, Form::Json, "Files it needs: a mapping or a list"),
    named(OPTIONAL, OPTIONAL, None, Form::Json, "Files it can use, likewise"),
];

/// What stands above them in the help.
pub const HEADING: &str = "Fields of module.json, whatever the manifest says";
/// The option for what the module is loaded with, by its id.
pub const RUN_ARGS: &str = "run_command_line_args";
const PACK_VERSION: &str = "redis-pack-min-version";
const COMPATIBLE: &str = "redis-compatible-version";
const BIGSTORE: &str = "bigstore-version-2-support";
const OPTIONAL: &str = "optional-dependencies";

const ARCHITECTURE: &str = "x86_64 or aarch64, if the module's file is not to be believed";
const COMMAND_LINE_ARGS: &str = "What a database passes to the module";
const RUN_COMMAND_LINE_ARGS: &str =
    "Load the module with these arguments, instead of the manifest's";
const MIN_REDIS_PACK_VERSION: &str = "The lowest Redis Enterprise";
const COMPATIBLE_REDIS_VERSION: &str = "The Redis of the databases it is for, as 7.4; also -cr";
const CONFIG_COMMAND: &str = "The command that configures it while it runs; also -cc";
const CAPABILITIES: &str = "What a database with it may do: a,b; repeatable";
const EXCLUDE_COMMANDS: &str = "Commands that the bundle shall not name: a,b; repeatable";
const OVERIDE_COMMAND: &str = "What a command shall have otherwise; repeatable";

/// The options that were given, each with all that stands behind it.
#[derive(Default)]
pub struct FieldOptions(Vec<(&'static Named, Vec<String>)>);

impl FieldOptions {
    /// What they say.
    ///
    /// # Errors
    /// [`Error::Usage`] for JSON that says something else than its field.
    pub fn layer(&self) -> Result<Layer, Error> {
        let mut layer = Layer::default();
        for (named, texts) in &self.0 {
            layer.put(named.field, named.value(texts)?);
        }
        Ok(layer)
    }

    /// By the fields that they give, as they are typed.
    pub fn givers(&self) -> BTreeMap<&'static str, String> {
        self.0.iter().map(|(named, _)| (named.field, format!("--{}", named.long))).collect()
    }
}

impl Named {
    fn value(&self, texts: &[String]) -> Result<Value, Error> {
        let last = || texts.last().map(String::as_str).unwrap_or_default();
        match self.form {
            Form::Flag => Ok(true.into()),
            Form::Words => Ok(words(texts).into()),
            Form::Commands => {
                let lists = texts.iter().map(|text| self.list_of(text));
                let lists = lists.collect::<Result<Vec<_>, _>>()?;
                Ok(lists.iter().filter_map(Value::as_array).flatten().cloned().collect())
            }
            Form::Json => self.json(last()).map_err(|error| self.bad(last(), &error, 0)),
            Form::Text | Form::Version | Form::Arguments | Form::Architecture => Ok(last().into()),
        }
    }

    /// The list of one that a single value of JSON stands for.
    fn list_of(&self, text: &str) -> Result<Value, Error> {
        serde_json::from_str::<IgnoredAny>(text).map_err(|error| self.bad(text, &error, 0))?;
        self.json(&format!("[{text}]")).map_err(|error| self.bad(text, &error, 1))
    }

    fn json(&self, text: &str) -> Result<Value, serde_json::Error> {
        fields::find(self.field).expect("a field of the table").kind.read_json(text)
    }

    /// What is wrong with `text`, of which the reader had `before` in front of its first line.
    fn bad(&self, text: &str, error: &serde_json::Error, before: usize) -> Error {
        let (line, column) = (error.line(), error.column());
        let before = if line > 1 { 0 } else { before };
        Error::BadArgument {
            option: format!("--{}", self.long),
            what: Location::new("", line, column).out_of(&error.to_string()),
            location: Location::new(text, line, column.saturating_sub(before).max(1)),
        }
    }

    fn argument(&self) -> Arg {
        let argument = Arg::new(self.field).long(self.long).help(self.help);
        let argument = match self.field {
            RUN_ARGS => argument.visible_alias("runcmdargs"),
            _ => argument,
        };
        let argument = self.short.into_iter().fold(argument, Arg::short);
        match self.form {
            Form::Flag => argument.action(ArgAction::SetTrue),
            form => argument
                .action(form.action())
                .value_name(form.value_name())
                .value_parser(form.parser())
                .allow_hyphen_values(true),
        }
    }

    /// What stands behind it, if it was given.
    fn given(&self, matches: &mut ArgMatches) -> Option<Vec<String>> {
        match self.form {
            Form::Flag => matches.get_flag(self.field).then(Vec::new),
            _ => Some(matches.remove_many(self.field)?.collect()),
        }
    }
}

impl Form {
    fn action(self) -> ArgAction {
        match self {
            Self::Words | Self::Commands => ArgAction::Append,
            _ => ArgAction::Set,
        }
    }

    fn value_name(self) -> &'static str {
        match self {
            Self::Version => "VERSION",
            Self::Arguments => "ARGS",
            Self::Architecture => "ARCH",
            Self::Words => "LIST",
            Self::Commands | Self::Json => "JSON",
            Self::Text | Self::Flag => "TEXT",
        }
    }

    fn parser(self) -> ValueParser {
        let text = StringValueParser::new();
        match self {
            Self::Architecture => {
                text.try_map(|text| text.parse().map(|it: Architecture| it.to_string())).into()
            }
            _ => text.into(),
        }
    }
}

/// Words of texts in which commas part them, each once.
fn words(texts: &[String]) -> Vec<&str> {
    let mut words = Vec::new();
    for word in texts.iter().flat_map(|text| text.split(',')).map(str::trim) {
        if !word.is_empty() && !words.contains(&word) {
            words.push(word);
        }
    }
    words
}

impl Args for FieldOptions {
    fn augment_args(command: Command) -> Command {
        let command = command.next_help_heading(HEADING);
        command.args(NAMED.iter().map(Named::argument)).next_help_heading(None)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for FieldOptions {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        Self::from_arg_matches_mut(&mut matches.clone())
    }

    fn from_arg_matches_mut(matches: &mut ArgMatches) -> Result<Self, clap::Error> {
        let given = NAMED.iter().filter_map(|named| Some((named, named.given(matches)?)));
        Ok(Self(given.collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

//! The options of `rampkit pack` as settings of a project.
//!
//! In: a setting's name and value. Out: the words that a person would type for it. What options there
//! are, and what each takes, is asked of clap: there is no second list of them.

use clap::error::{ContextKind, ContextValue};
use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Args, Command, CommandFactory as _, FromArgMatches};

use super::Cli;
use super::many::ManyOptions;
use super::pack::Pack;
use crate::error::Error;
use crate::nearest::nearest;
use crate::project::{Project, Setting, Settings, Task, Value};
use crate::schema::Shape;

/// Options of `pack` that say what one run prints and does: those of the one run that packs all.
const OF_THE_RUN: [&str; 3] = ["json", "dry-run", "print-filename-only"];

/// The options that a task can have.
pub struct Options {
    pack: Command,
    /// The names of those that no task can have.
    of_the_run: Vec<String>,
}

impl Options {
    /// Those of `rampkit pack`.
    pub fn of_pack() -> Self {
        let pack = Command::new("rampkit pack").no_binary_name(true).args_override_self(true);
        let run = [ManyOptions::augment_args(Command::new("")), Cli::command()];
        let names = run.iter().flat_map(Command::get_arguments).map(name_of);
        let of_the_run = names.chain(OF_THE_RUN.map(str::to_owned)).collect();
        Self { pack: Pack::augment_args(pack), of_the_run }
    }

    /// Each of them.
    pub fn each(&self) -> impl Iterator<Item = &Arg> {
        self.pack.get_arguments().filter(|arg| !self.is_of_the_run(&name_of(arg)))
    }

    fn is_of_the_run(&self, name: &str) -> bool {
        self.of_the_run.iter().any(|known| known == name)
    }

    fn find(&self, name: &str) -> Option<&Arg> {
        self.each().find(|arg| name_of(arg) == name)
    }

    /// Every setting in the file is an option.
    ///
    /// # Errors
    /// [`Error::Project`] with the nearest one.
    pub fn check(&self, project: &Project) -> Result<(), Error> {
        let Some(setting) = project.settings().find(|it| self.find(&it.name).is_none()) else {
            return Ok(());
        };
        let name = &setting.name;
        let (what, advice) = match self.nearest(name) {
            _ if self.is_of_the_run(name) => {
                let what = format!("{name:?} is an option of the whole run, not of a task");
                (what, format!("rampkit pack --all --{name}"))
            }
            Some(near) => {
                (format!("there is no setting {name:?}"), format!("did you mean {near:?}?"))
            }
            None => {
                let advice = "rampkit pack --help names the options that can be set".to_owned();
                (format!("there is no setting {name:?}"), advice)
            }
        };
        Err(project.fault(setting.at, what, Some(advice)))
    }

    fn nearest(&self, name: &str) -> Option<String> {
        let names: Vec<String> = self.each().map(name_of).collect();
        nearest(name, names.iter().map(String::as_str), 1).first().map(|near| (*near).to_owned())
    }

    /// What `rampkit pack` is asked for by a task; `before` are words that its settings win over.
    ///
    /// # Errors
    /// [`Error::Project`]: which setting of which task, and why.
    pub fn pack(&self, project: &Project, task: &Task, before: &[String]) -> Result<Pack, Error> {
        let (mut words, mut operands) = (before.to_vec(), vec!["--".to_owned()]);
        for setting in task.settings.iter() {
            let Some(option) = self.find(&setting.name) else { continue };
            let typed = typed(option, &setting.value).map_err(|why| {
                let what = format!("{}: {} {why}", task.label(), setting.name);
                project.fault(setting.at, what, None)
            })?;
            if option.is_positional() { &mut operands } else { &mut words }.extend(typed);
        }
        if operands.len() == 1 {
            let what = format!("{}: nothing says which module to pack", task.label());
            let advice = "name its file: `module: build/it.so`, or one with {name} in `settings`";
            return Err(project.fault(Some(task.at), what, Some(advice.to_owned())));
        }
        let matches = self.pack.clone().try_get_matches_from(words.into_iter().chain(operands));
        matches
            .and_then(|matches| Pack::from_arg_matches(&matches))
            .map_err(|error| refused(project, task, &error))
    }
}

/// What clap says about the words of a task.
fn refused(project: &Project, task: &Task, error: &clap::Error) -> Error {
    let rendered = error.render().to_string();
    let said = rendered.trim_start_matches("error: ").split("\n\n").next().unwrap_or_default();
    let argument = match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(argument)) => argument.as_str(),
        _ => "",
    };
    let name = argument.trim_start_matches("--").split([' ', '=', '[']).next().unwrap_or_default();
    let at = task.settings.get(name).and_then(|setting| setting.at);
    let said = said.lines().map(str::trim).collect::<Vec<_>>().join(" ");
    project.fault(at, format!("{}: {said}", task.label()), None)
}

/// The long name of an option, else its letter; an operand has that of its place.
pub fn name_of(arg: &Arg) -> String {
    let letter = || arg.get_short().map(String::from);
    let long = arg.get_long().map(str::to_owned);
    long.or_else(letter).unwrap_or_else(|| arg.get_id().to_string())
}

/// What an option takes.
pub fn shape(option: &Arg) -> Shape {
    let words = option.get_possible_values();
    let has = |what: &str| {
        option.get_value_names().unwrap_or_default().iter().any(|name| name.contains(what))
    };
    let may_be_bare = option.get_num_args().is_some_and(|count| count.min_values() == 0);
    match option.get_action() {
        action if !action.takes_values() => Shape::Truth,
        _ if may_be_bare => Shape::TextOrTruth,
        _ if !words.is_empty() => {
            Shape::Choice(words.iter().map(|word| word.get_name().to_owned()).collect())
        }
        _ if has("=") => Shape::Pairs,
        _ if has("JSON") => Shape::Json,
        _ => Shape::Text,
    }
}

/// Whether an option can be given several times.
pub fn is_list(option: &Arg) -> bool {
    matches!(option.get_action(), ArgAction::Append)
}

/// The words for an option with a value; why there are none.
fn typed(option: &Arg, value: &Value) -> Result<Vec<String>, &'static str> {
    let name = name_of(option);
    let (dashed, between) = match option.get_long() {
        Some(_) => (format!("--{name}"), "="),
        None => (format!("-{name}"), ""),
    };
    let word = |text: String| match option.is_positional() {
        true => text,
        false => format!("{dashed}{between}{text}"),
    };
    let flag = |is_on| if is_on { vec![dashed.clone()] } else { Vec::new() };
    Ok(match (shape(option), value) {
        (_, Value::Nothing) => Vec::new(),
        (Shape::Truth, value) => flag(value.truth().ok_or("is true or false")?),
        (Shape::TextOrTruth, value) if value.truth().is_some() => flag(value.truth() == Some(true)),
        (Shape::Pairs, Value::Mapping(pairs)) => {
            let given = pairs.iter().filter(|(_, value)| *value != Value::Nothing);
            given.map(|(name, value)| word(format!("{name}={}", text(value)))).collect()
        }
        (_, Value::List(items)) if is_list(option) => {
            items.iter().map(|item| word(text(item))).collect()
        }
        (Shape::Json, value) | (_, value @ Value::Text { .. }) => vec![word(text(value))],
        _ if is_list(option) => return Err("takes a list"),
        _ => return Err("takes one value"),
    })
}

/// As it is typed; collections as JSON.
fn text(value: &Value) -> String {
    match value {
        Value::Text { text, .. } => text.clone(),
        other => other.to_json().to_string(),
    }
}

/// What else stands on the command line beside `--all`: settings of every task.
pub struct Typed(pub Settings);

impl FromArgMatches for Typed {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        if !matches.get_flag("all") {
            return Ok(Self(Settings::default()));
        }
        let options = Options::of_pack();
        let typed = options.each().filter_map(|arg| {
            let id = arg.get_id().as_str();
            let is_typed = matches.value_source(id) == Some(ValueSource::CommandLine);
            is_typed.then(|| Setting { name: name_of(arg), value: said(arg, matches), at: None })
        });
        Ok(Self(Settings::new(typed)))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Args for Typed {
    fn augment_args(command: Command) -> Command {
        command
    }

    fn augment_args_for_update(command: Command) -> Command {
        command
    }
}

fn said(arg: &Arg, matches: &ArgMatches) -> Value {
    let raw = matches.get_raw(arg.get_id().as_str()).into_iter().flatten();
    let mut texts = raw.map(|text| text.to_string_lossy().into_owned());
    let value = |text| Value::Text { text, quoted: true };
    match shape(arg) {
        Shape::Truth => Value::plain("true"),
        Shape::Pairs => pairs(texts.collect()),
        _ if is_list(arg) => Value::List(texts.map(value).collect()),
        _ => texts.next().map_or(Value::Nothing, value),
    }
}

/// A mapping, if all of the texts are `NAME=VALUE`; else they stay as they are.
fn pairs(texts: Vec<String>) -> Value {
    let value = |text: &str| Value::Text { text: text.to_owned(), quoted: true };
    let pair = |text: &String| {
        let (name, text) = text.split_once('=')?;
        Some((name.to_owned(), value(text)))
    };
    match texts.iter().map(pair).collect() {
        Some(pairs) => Value::Mapping(pairs),
        None => Value::List(texts.iter().map(|text| value(text)).collect()),
    }
}

//! rampkit under the name `ramp`: a drop-in for the reference packer.
//!
//! In: its command lines, with rampkit's further options of `pack`. Out: what it does, and what users
//! of it have long wished it did. The options are [`Pack`]'s own, of which a few mean what they mean
//! there.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::{Arg, ArgAction, Args, Command, CommandFactory as _, FromArgMatches as _};
use clap::{Parser, Subcommand};

use super::called::leave;
use super::fields::HEADING;
use super::pack::Pack;
use super::unpack::Unpack;
use super::variables::description;
use super::{Exit, Manner, Talk};
use crate::bundle::{Opened, Rules, validate};
use crate::error::Error;
use crate::finding::Severity;
use crate::manifest::Place;

/// The version of the reference packer whose command line this is.
const VERSION: &str = concat!("2.5.19 (rampkit ", env!("CARGO_PKG_VERSION"), ")");

/// Packs Redis modules into RAMP bundles for Redis Enterprise, as ramp-packer does
#[derive(Parser)]
#[command(name = "ramp", display_name = "ramp,", disable_help_subcommand = true)]
#[command(version = concat!("version 2.5.19 (rampkit ", env!("CARGO_PKG_VERSION"), ")"))]
pub struct Ramp {
    #[command(flatten)]
    pub(super) manner: Manner,

    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    Pack(Box<Pack>),
    Unpack(Unpack),
    Validate(Validate),
    /// Print the version
    Version,
}

/// Say whether a bundle is valid, and if not, all reasons
#[derive(Args)]
struct Validate {
    /// The bundle
    bundle: PathBuf,
}

impl Ramp {
    /// Understands the words, the first of which is the program, or says why not and ends the
    /// process.
    pub fn from_words(words: Vec<OsString>) -> Self {
        let mut command = Self::command()
            .mut_subcommand("pack", as_ramp)
            .mut_subcommand("unpack", |unpack| unpack.about(UNPACK));
        let matches = command.try_get_matches_from_mut(words).unwrap_or_else(|error| leave(&error));
        Self::from_arg_matches(&matches).unwrap_or_else(|error| leave(&error.format(&mut command)))
    }

    pub fn run(self) -> Result<Exit, Error> {
        let talk = self.manner.talk();
        match self.verb {
            Verb::Pack(pack) => pack_as_ramp(&pack, &talk)?,
            Verb::Unpack(unpack) => unpack.run_as_ramp(&talk)?,
            Verb::Validate(Validate { bundle }) => return is_valid(&bundle, &talk),
            Verb::Version => talk.line(&format!("RAMP packer v={VERSION}"))?,
        }
        Ok(Exit::DONE)
    }
}

/// `pack` with what is otherwise there: of an option that is given twice the later counts, `-h` is the
/// home page, and no module.yaml is written unless it is named.
fn as_ramp(pack: Command) -> Command {
    let long_help = Arg::new("help").long("help").action(ArgAction::Help).help("Print help");
    let long_help = long_help.help_heading(None::<&str>);
    let pack = pack
        .about("Pack a module into a RAMP bundle")
        .args_override_self(true)
        .disable_help_flag(true)
        .arg(long_help)
        .mut_arg("module", |module| module.required(true).help("The module"))
        .mut_arg("manifest", |manifest| manifest.help("The manifest"))
        .mut_arg("output", |output| output.default_value("module.zip").help(OUTPUT))
        .mut_arg("homepage", |homepage| homepage.short('h'))
        .mut_arg("description", |long| long.overrides_with("definitions"))
        .mut_arg("definitions", |short| {
            let short = short.action(ArgAction::Set).overrides_with("description");
            let short = short.help_heading(HEADING);
            short.value_name("TEXT").value_parser(description).help("The --description")
        })
        .mut_arg("no_module_yaml", |none| none.default_value("true").hide(true))
        .mut_arg("module_yaml", |path| path.help("Write one, there"));
    let with_module_yaml = |argument: Arg| argument.requires("module_yaml");
    ["image", "user", "artifacts"].into_iter().fold(pack, |it, id| it.mut_arg(id, with_module_yaml))
}

const UNPACK: &str =
    "Unpack a bundle: the module, its metadata as MODULE_NAME.json, and its dependencies";
const OUTPUT: &str = "Where to write the bundle: a name with {field} for any field of module.json, \
                      {stem} for the module's file without .so, {osnick} as ubuntu22.04";

/// stdout is the name of the bundle, below the metadata where these are wanted.
fn pack_as_ramp(pack: &Pack, talk: &Talk) -> Result<(), Error> {
    let mut order = pack.order(talk)?;
    order.request.manifest = pack.manifest.clone().map(Place::from);
    order.request.folder = Some(PathBuf::new());
    if pack.telling.print_filename_only {
        let name = pack.name(talk, &order)?;
        return pack.telling.packname_file.as_ref().map_or_else(|| talk.line(&name), |_| Ok(()));
    }
    let bundle = pack.bundle(talk, &order)?;
    let packed = pack.packed(talk, &order, &bundle)?;
    if pack.telling.is_verbose() {
        talk.line(&packed.metadata())?;
    }
    talk.line(&pack.product(&packed)?)
}

/// All errors are the reason, not the first alone.
fn is_valid(bundle: &Path, talk: &Talk) -> Result<Exit, Error> {
    let findings = validate(&Opened::read(bundle)?, Rules::default());
    let errors: Vec<String> = findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .map(|finding| format!("{} ({})", finding.message, finding.code))
        .collect();
    if errors.is_empty() {
        talk.line("package is valid")?;
        return Ok(Exit::DONE);
    }
    talk.report.aside(format!("package is invalid, reason: {}", errors.join("\n  ")));
    Ok(Exit::NO)
}

//! What the author says: the manifest of a request, rendered and read.
//!
//! In: a request, and what is known before its manifest. Out: the manifest's fields and warnings. A
//! template may ask for what only the loaded module knows; then it is loaded here, first.

use std::collections::BTreeSet;

use super::asking::{Asked, Asking, said_by};
use super::said::text;
use super::{Request, check};
use crate::elf::ElfFacts;
use crate::error::{Error, Location, ManifestError};
use crate::manifest::template::{Placeholder, placeholders, render};
use crate::manifest::{Layer, Manifest, Place, Variables};
use crate::metadata::{Metadata, Origin};
use crate::nearest::nearest;
use crate::platform;
use crate::warning::Warning;

/// Variables that a module tells, with the fields they are.
const OF_THE_MODULE: [(&str, &str); 3] =
    [("NUMVER", "version"), ("SEMVER", "semantic_version"), ("MODULE_NAME", "module_name")];

/// How many places without a value are told.
const MOST: usize = 20;

/// What the author says.
#[derive(Debug, Default)]
pub struct Author {
    /// The fields.
    pub layer: Layer,
    /// What he should know.
    pub warnings: Vec<Warning>,
    /// What the module answered, where its manifest could not be read without.
    pub asked: Option<Asked>,
}

/// Reads the manifest; `before` is what this machine, the module's file and the options say.
///
/// # Errors
/// [`ManifestError`], and those of [`Place::read`] and [`Manifest::parse`].
pub fn read(request: &Request, facts: &ElfFacts, before: &Metadata) -> Result<Author, Error> {
    let Some(place) = &request.manifest else {
        let mut warnings = vec![check::no_manifest(&request.module)];
        warnings.extend(request.variables.unused(&BTreeSet::new()));
        return Ok(Author { warnings, ..Author::default() });
    };
    let text = place.read()?;
    let mut template = Template::new(place, &text, request.variables.clone());
    template.derive(before);
    let asked = template.learn(request, facts, before)?;
    let manifest = Manifest::parse(&template.rendered()?, place.name())?;
    if request.strict && !manifest.unknown.is_empty() {
        return Err(ManifestError::UnknownKeys { keys: manifest.unknown }.into());
    }
    let mut warnings: Vec<Warning> = manifest.unknown.iter().map(Warning::from).collect();
    warnings.extend(manifest.warnings);
    let used = template.uses.iter().map(|it| it.name).collect();
    warnings.extend(request.variables.unused(&used));
    Ok(Author { layer: manifest.layer, warnings, asked })
}

struct Template<'a> {
    place: &'a Place,
    text: &'a str,
    uses: Vec<Placeholder<'a>>,
    variables: Variables,
}

impl<'a> Template<'a> {
    fn new(place: &'a Place, text: &'a str, variables: Variables) -> Self {
        Self { place, text, uses: placeholders(text), variables }
    }

    /// Defines what follows from the fields there are.
    fn derive(&mut self, said: &Metadata) {
        for (name, field) in [("OS", "os"), ("ARCH", "architecture")].iter().chain(&OF_THE_MODULE) {
            if let Some(value) = said.get(field) {
                self.variables.derive(name, &text(value));
            }
        }
        if let Some(system) = said.read::<Vec<String>>("operating_systems").first() {
            self.variables.derive("OSNICK", &platform::nick_of(system));
        }
    }

    /// Asks the module for what it alone knows, where that is missing.
    fn learn(
        &mut self,
        request: &Request,
        facts: &ElfFacts,
        before: &Metadata,
    ) -> Result<Option<Asked>, Error> {
        let is_used = |name: &str| self.uses.iter().any(|it| it.name == name && !it.in_comment);
        let names = OF_THE_MODULE.map(|(name, _)| name).into_iter();
        let missing: Vec<&'static str> =
            names.filter(|name| is_used(name) && !self.variables.is_defined(name)).collect();
        if missing.is_empty() {
            return Ok(None);
        }
        let asking = self.asking(request, before, &missing)?;
        let asked =
            asking.ask(request, facts, None).map_err(|error| ManifestError::Underivable {
                path: self.place.name().to_owned(),
                names: missing,
                source: Box::new(error),
            })?;
        let mut said = before.clone();
        said.add(Origin::Module, said_by(&asked.1.discovered));
        said.settle();
        self.derive(&said);
        Ok(Some(asked))
    }

    /// What to load the module with: what the manifest says, if that is the same whatever is missing.
    fn asking(
        &self,
        request: &Request,
        before: &Metadata,
        missing: &[&str],
    ) -> Result<Asking, Error> {
        let with = |stand_in: &str| -> Result<Option<Asking>, Error> {
            let mut trial = Template::new(self.place, self.text, self.variables.clone());
            missing.iter().for_each(|name| trial.variables.derive(name, stand_in));
            // What is wrong with the manifest is said when all of it is known.
            let manifest = Manifest::parse(&trial.rendered()?, self.place.name()).ok();
            let mut said = before.clone();
            manifest.into_iter().for_each(|it| said.add(Origin::Manifest, it.layer));
            Ok(Asking::of(request, &said).ok())
        };
        match (with("1")?, with("2")?) {
            (Some(one), Some(other)) if one == other => Ok(one),
            _ => Ok(Asking::of(request, before)?),
        }
    }

    /// The text with all values in it.
    fn rendered(&self) -> Result<String, ManifestError> {
        let rendered = render(self.text, |name| self.variables.value(name));
        let rendered = rendered.map_err(|undefined| self.undefined(&undefined))?;
        self.variables.check_lines(self.uses.iter().map(|it| it.name))?;
        Ok(rendered)
    }

    fn undefined(&self, all: &[Placeholder]) -> ManifestError {
        let places = &all[..all.len().min(MOST)];
        let known = self.variables.names().chain(OF_THE_MODULE.map(|(name, _)| name));
        let known: BTreeSet<&str> = known.collect();
        let place =
            |it: &Placeholder| (it.name.to_owned(), Location::of_byte(self.text, it.range.start));
        let likeness = |it: &Placeholder| {
            let near = nearest(it.name, known.iter().copied(), 1);
            near.first().map(|near| format!("{} looks like {near}", it.name))
        };
        ManifestError::Undefined {
            path: self.place.name().to_owned(),
            places: places.iter().map(place).collect(),
            further: all.len() - places.len(),
            likeness: places.iter().find_map(likeness),
            known: known.into_iter().map(str::to_owned).collect(),
        }
    }
}

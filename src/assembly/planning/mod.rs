//! From what is asked for to what an image holds.
//!
//! In: a [`Request`]. Out: an [`Assembled`]. Every rule that makes an image wrong without a word
//! elsewhere is an error or a warning here. Nothing is written.

mod command;
mod config;
pub(super) mod context;
mod contributor;
mod copies;
mod execute;
mod images;
mod packages;
mod ports;
mod running;
mod stage;
mod variables;
mod volumes;

use crate::assembly::dockerfile::escape::Escape;
use crate::assembly::{Assembled, Part, Plan, Request, Stage, check};
use crate::descriptor::DEFAULT_USER;
use crate::descriptor::document::{Manager, Platform, Setting};
use crate::error::{AssemblyError, Error};
use crate::image::Base;
use crate::install::{Chosen, Loader, Wish};
use crate::warning::Warning;
use context::Files;
use contributor::Contributor;
use copies::{Copies, Copying, Landing, collision};
use execute::execute;
use images::{base, check_image};
use ports::ports;
use running::Running;
use stage::{Taken, stage_name};
use variables::Variables;
use volumes::Writes;

/// What is made of a request.
///
/// # Errors
/// [`AssemblyError::Unbuildable`], with who wants it and
/// what to do; [`Error::Io`].
pub fn assemble(request: &Request) -> Result<Assembled, Error> {
    let all = Contributor::all(request);
    let mut making = Making::new(request, &all)?;
    let stages = making.stages()?;
    let mut parts = Vec::new();
    for (index, stage) in stages.into_iter().enumerate() {
        parts.push(making.part(index, stage)?);
    }
    making.finish(parts)
}

/// An image that is being made.
struct Making<'a> {
    request: &'a Request,
    /// The target is the last of them.
    all: &'a [Contributor<'a>],
    base: String,
    known: Base,
    manager: Option<Manager>,
    files: Files,
    /// What is known at the place that is being made.
    variables: Variables,
    landings: Vec<Landing>,
    writes: Writes,
    words: Vec<String>,
    warnings: Vec<Warning>,
}

impl<'a> Making<'a> {
    fn new(request: &'a Request, all: &'a [Contributor<'a>]) -> Result<Self, Error> {
        let target = Contributor::target(request);
        let (base, known) = base(request, &target)?;
        let said = packages::manager(all)?;
        let mut variables = Variables::new(Escape::of(target.platform));
        if let Some(script) = &request.target.definition.script {
            variables.run(script);
        }
        Ok(Self {
            request,
            all,
            base,
            known,
            manager: said.or(known.manager),
            files: Files::new(&request.context, all)?,
            variables,
            landings: Vec::new(),
            writes: Writes::default(),
            words: Vec::new(),
            warnings: Vec::new(),
        })
    }

    /// The stage of each contributor that has an image.
    fn stages(&self) -> Result<Vec<Option<Stage>>, Error> {
        let images = self.all.iter().filter_map(|who| who.image);
        let mut taken = Taken::by_images(images.chain([&self.base[..]]));
        let stage = |who: &Contributor| {
            let Some(image) = who.image else { return Ok(None) };
            check_image(who, image)?;
            let name = taken.unique(stage_name(who.name));
            Ok(Some(Stage { name, image: image.to_owned() }))
        };
        self.all.iter().map(stage).collect()
    }

    /// What one of them adds.
    fn part(&mut self, index: usize, stage: Option<Stage>) -> Result<Part, Error> {
        let who = self.all[index];
        let packages = packages::packages(&who, self.manager, &self.base)?;
        let envs = with_values(who.definition.envs.as_deref());
        for (name, value) in &envs {
            self.variables.set(name, Some(value.clone()));
        }
        // That of the target stands before all modules.
        let script = who.definition.script.clone().filter(|_| !who.is_target);
        let mut folders = Vec::new();
        if let Some(script) = &script {
            folders = self.variables.run(script);
        }
        let copies = self.copies(index, stage.as_ref())?;
        self.writes.add(index, folders, &copies.landings);
        self.warnings.extend(self.ownerless(&who));
        let execute = execute(&who, &mut self.files, &self.base)?;
        self.command(index, &copies.landings)?;
        self.landings.extend(copies.landings);
        self.warnings.extend(copies.warnings);
        Ok(Part {
            name: who.name.to_owned(),
            version: who.version.map(str::to_owned),
            notes: self.notes(index),
            stage,
            packages,
            envs,
            labels: with_values(who.definition.labels.as_deref()),
            script,
            copies: copies.copies,
            execute,
        })
    }

    fn copies(&mut self, index: usize, stage: Option<&Stage>) -> Result<Copies, Error> {
        let libdir = self.request.target.libdir.as_deref();
        let (who, variables) = (self.all[index], &self.variables);
        Copying { who, stage, libdir, variables }.all(&mut self.files)
    }

    /// A warning where something shall be Redis Enterprise's user's in an image that has none.
    fn ownerless(&self, who: &Contributor) -> Option<Warning> {
        let of_enterprise = |user: &&str| user.split(':').next() == DEFAULT_USER.split(':').next();
        let mut users =
            who.definition.artifacts.iter().flatten().filter_map(|it| it.user.as_deref());
        let user = users.find(of_enterprise)?;
        let script = self.request.target.definition.script.as_deref().unwrap_or_default();
        let is_made = ["useradd", "adduser"].iter().any(|makes| script.contains(makes));
        let is_lost = Loader::of(&self.base) == Some(Loader::Server) && !is_made;
        let what =
            format!("an artifact shall be of {user}, and nobody is called so in {}", self.base);
        let advice = "begin with an image of Redis Enterprise, as by --baseimage redislabs/redis";
        is_lost.then(|| who.warning(what).advise(advice))
    }

    /// Adds its words to the command line.
    fn command(&mut self, index: usize, own: &[Landing]) -> Result<(), Error> {
        let who = &self.all[index];
        let others = self.landings.iter().filter(|_| who.is_target);
        let landings: Vec<&Landing> = own.iter().chain(others).collect();
        let words = command::words(who)?;
        let (words, warnings) = command::with_landings(who, words, &landings, &self.variables);
        self.words.extend(words);
        self.warnings.extend(warnings);
        Ok(())
    }

    /// What it is, where it is defined, who asks for it.
    fn notes(&self, index: usize) -> Vec<String> {
        let who = &self.all[index];
        let description = who.definition.description.clone();
        // What options alone say is in no file.
        let place = (who.origin.name != who.name).then(|| format!("From {}.", who.origin.name));
        let why = self.request.modules.get(index).map(wishes).unwrap_or_default();
        description.into_iter().chain(place).chain(why).collect()
    }

    fn finish(mut self, mut parts: Vec<Part>) -> Result<Assembled, Error> {
        let target = Contributor::target(self.request);
        let mut part = parts.pop().unwrap_or_default();
        let conf = self.redis_conf(&target, &mut part)?;
        self.check_landings()?;
        self.warnings.append(&mut self.files.warnings);
        let running = Running::of(self.all);
        let words = std::mem::take(&mut self.words);
        let cmd = command::cmd(&target, running.cmd.as_deref(), conf, words)?;
        self.warnings.extend(self.startless(&target, &running, cmd.as_deref()));
        let (volumes, warnings) = volumes::volumes(self.all, &self.writes, &self.variables);
        self.warnings.extend(warnings);
        let base_user = self.base_user();
        let plan = Plan {
            made_of: self.request.made_of.clone(),
            platform: target.platform,
            base: self.base.clone(),
            base_user,
            script: self.request.target.definition.script.clone(),
            modules: parts,
            target: part,
            ports: ports(self.request, self.all)?,
            volumes,
            user: running.user,
            workdir: running.workdir,
            entrypoint: running.entrypoint,
            cmd,
        };
        check(&plan).map_err(|error| self.placed(error))?;
        Ok(Assembled { plan, collected: self.files.collected, warnings: self.warnings })
    }

    /// Adds the redis.conf, if there is to be one; where it lies.
    fn redis_conf(
        &mut self,
        target: &Contributor,
        part: &mut Part,
    ) -> Result<Option<&'static str>, Error> {
        let conf = config::config(self.request, self.all, &self.landings, &self.variables)?;
        let Some(conf) = conf else { return Ok(None) };
        let landing = conf.landing(target);
        self.writes.add(target.index, Vec::new(), std::slice::from_ref(&landing));
        self.landings.push(landing);
        part.copies.push(conf.copy());
        self.files.generate(*target, config::IN_CONTEXT, conf.text)?;
        self.warnings.extend(conf.warnings);
        Ok(Some(conf.path))
    }

    /// No file takes the place of another.
    fn check_landings(&self) -> Result<(), Error> {
        let Some([first, second]) = collision(&self.landings) else { return Ok(()) };
        let what = format!("{} and {} both land on {}", first.label, second.label, second.written);
        Err(self.all[second.who].cannot(what, "give one of them another `target`"))
    }

    /// A warning where nothing would take the words of the command.
    fn startless(
        &self,
        target: &Contributor,
        running: &Running,
        cmd: Option<&[String]>,
    ) -> Option<Warning> {
        let is_sure = self.known.has_no_server && running.entrypoint.is_none();
        let first = cmd.filter(|words| is_sure && command::lacks_program(words))?.first()?;
        let what =
            format!("its command begins with {first}, and nothing in {} takes that", self.base);
        Some(target.warning(what).advise("write `run: {cmd: [redis-server]}` in the target"))
    }

    fn base_user(&self) -> Option<String> {
        let is_linux = self.request.target.platform != Some(Platform::Windows);
        let known = self.known.user.filter(|_| is_linux).map(str::to_owned);
        self.request.target.baseuser.clone().or(known)
    }

    /// An error of a plan, in which nobody stands in a file.
    fn placed(&self, error: AssemblyError) -> Error {
        match error {
            AssemblyError::Unbuildable { origin, what, advice } => {
                let who = self.all.iter().find(|who| who.name == origin);
                let origin = who.map_or(origin, Contributor::shown);
                AssemblyError::Unbuildable { origin, what, advice }
            }
            other => other,
        }
        .into()
    }
}

/// Those that are not left to others.
fn with_values(settings: Option<&[Setting]>) -> Vec<(String, String)> {
    let pair = |setting: &Setting| Some((setting.name.clone(), setting.value.clone()?));
    settings.unwrap_or_default().iter().filter_map(pair).collect()
}

/// Who asks for it; that a file does that defines it goes without saying.
fn wishes(chosen: &Chosen) -> Vec<String> {
    let wish = |wish: &Wish| match &wish.version {
        Some(version) => format!("Asked for by {}, in version {version}.", wish.by),
        None => format!("Asked for by {}.", wish.by),
    };
    let others = chosen.why.iter().filter(|wish| wish.by != chosen.candidate.origin.name);
    others.map(wish).collect()
}

//! The instructions that make an image of a plan.
//!
//! In: a [`Plan`]. Out: [`Block`]s of instructions: what it is, the images that files are copied from,
//! the base image, each module in its order, the target, and how a container is run.

use super::commands;
use super::escape::{Escape, literal};
use super::instruction::{Block, Instruction, Run};
use super::script::Script;
use super::shell;
use super::users::Users;
use crate::assembly::{Copy, Execute, Part, Plan};
use crate::descriptor::document::Platform;
use crate::wording::listed;

/// What a file of ours begins with, as a comment; on Windows after the line that is for the builder.
pub const MARK: &str = "Made by rampkit dockerfile: change what it is made of, not this.";

/// The instructions of a plan.
pub fn instructions(plan: &Plan) -> Vec<Block> {
    Writing::new(plan).all().0
}

/// Whether something changes who runs things, and who did so before cannot be restored as that is not
/// known of the base image: a plan that is to be built must say it.
pub fn needs_base_user(plan: &Plan) -> bool {
    Writing::new(plan).all().1.is_lost
}

/// Who runs a container, if that is known.
pub(in crate::assembly) fn last_user(plan: &Plan) -> Option<String> {
    Writing::new(plan).all().1.now
}

struct Writing<'a> {
    plan: &'a Plan,
    users: Users,
    /// The instructions of the block that is being written.
    said: Vec<Instruction>,
}

impl<'a> Writing<'a> {
    fn new(plan: &'a Plan) -> Self {
        Self { plan, users: Users::new(plan.base_user.as_ref()), said: Vec::new() }
    }

    fn all(mut self) -> (Vec<Block>, Users) {
        let mut blocks = vec![header(self.plan)];
        blocks.extend(stages(self.plan));
        self.base();
        blocks.push(self.block(vec!["The image to begin with.".to_owned()]));
        for module in &self.plan.modules {
            self.part(module);
            blocks.push(self.block(comments(module)));
        }
        self.part(&self.plan.target);
        if !self.said.is_empty() {
            blocks.push(self.block(comments(&self.plan.target)));
        }
        self.end();
        if !self.said.is_empty() {
            blocks.push(self.block(vec!["How it is run.".to_owned()]));
        }
        (blocks, self.users)
    }

    fn block(&mut self, comments: Vec<String>) -> Block {
        Block { comments, instructions: std::mem::take(&mut self.said) }
    }

    fn base(&mut self) {
        self.said.push(Instruction::From { image: self.plan.base.clone(), stage: None });
        if self.plan.platform == Platform::Windows {
            self.said.push(Instruction::Shell(POWER_SHELL.map(str::to_owned).to_vec()));
        }
        self.script(self.plan.script.as_ref());
    }

    fn part(&mut self, part: &Part) {
        if let Some(packages) = &part.packages {
            self.run_as(self.root(), Run::Shell(commands::installing(packages)));
        }
        self.said.extend(
            part.envs.iter().cloned().map(|(name, value)| Instruction::Env { name, value }),
        );
        let label = |(name, value)| Instruction::Label { name, value };
        self.said.extend(part.labels.iter().cloned().map(label));
        self.script(part.script.as_ref());
        self.said.extend(part.copies.iter().map(|copy| copying(copy, self.plan.platform)));
        self.checking(&part.copies);
        if let Some(execute) = &part.execute {
            self.execute(execute);
        }
    }

    fn script(&mut self, script: Option<&String>) {
        if let Some(text) = script.filter(|text| !text.trim().is_empty()) {
            let script = Script::read(text, Escape::of(self.plan.platform));
            self.said.extend(self.users.before(&script));
            self.said.push(Instruction::Written(text.clone()));
        }
    }

    /// What has a digest is checked where it has come to lie.
    fn checking(&mut self, copies: &[Copy]) {
        let landed = |copy: &Copy| Some((copy.sha256?.to_string(), landed(copy)));
        let files: Vec<(String, String)> = copies.iter().filter_map(landed).collect();
        if files.is_empty() {
            return;
        }
        if self.plan.platform == Platform::Linux && copies.iter().any(is_secret) {
            self.said.extend(self.users.needed(self.root()));
        }
        self.said.push(Instruction::Run(Run::Shell(match self.plan.platform {
            Platform::Linux => commands::checked_by_sh(&files),
            Platform::Windows => commands::checked_by_power_shell(&files),
        })));
    }

    fn execute(&mut self, execute: &Execute) {
        let is_windows = self.plan.platform == Platform::Windows;
        let folder = execute.folder.trim_end_matches('/');
        let literal = literal(folder, Escape::of(self.plan.platform));
        let paths = [execute.source.clone(), format!("{literal}/")];
        self.said.push(Instruction::Copy { from: None, chown: None, chmod: None, paths });
        for script in &execute.scripts {
            let by: &[&str] = match script.is_executable {
                _ if is_windows => &["powershell", "-ExecutionPolicy", "Bypass", "-File"],
                true => &[],
                false => &["sh"],
            };
            let path = format!("{folder}/{}", script.path);
            let words = by.iter().map(|word| (*word).to_owned()).chain([path]);
            self.run_as(&script.user, Run::Exec(words.collect()));
        }
        let removing = match is_windows {
            true => format!("Remove-Item -Recurse -Force {}", shell::power_shell(&literal)),
            false => format!("rm -rf {}", shell::sh(&literal)),
        };
        self.run_as(self.root(), Run::Shell(vec![removing]));
    }

    fn run_as(&mut self, user: &str, run: Run) {
        self.said.extend(self.users.needed(user));
        self.said.push(Instruction::Run(run));
    }

    fn root(&self) -> &'static str {
        match self.plan.platform {
            Platform::Linux => "root",
            Platform::Windows => "ContainerAdministrator",
        }
    }

    fn end(&mut self) {
        let Plan { ports, volumes, user, workdir, entrypoint, cmd, .. } = self.plan;
        self.said.extend((!ports.is_empty()).then(|| Instruction::Expose(ports.clone())));
        self.said.extend((!volumes.is_empty()).then(|| Instruction::Volume(volumes.clone())));
        self.said.extend(match user {
            Some(user) => self.users.needed(user),
            None => self.users.restored(),
        });
        self.said.extend(workdir.clone().map(Instruction::Workdir));
        self.said.extend(entrypoint.clone().map(Instruction::Entrypoint));
        self.said.extend(cmd.clone().map(Instruction::Cmd));
    }
}

/// The shell of Windows: it stops at an error, and paints no bars.
const POWER_SHELL: [&str; 3] = [
    "powershell",
    "-Command",
    "$ErrorActionPreference = 'Stop'; $ProgressPreference = 'SilentlyContinue';",
];

fn header(plan: &Plan) -> Block {
    let mut comments = vec![MARK.to_owned()];
    match &plan.made_of[..] {
        [] => {}
        few if few.len() < 4 => comments.push(format!("Made of {}.", listed(few, "and"))),
        many => {
            comments.push("Made of:".to_owned());
            comments.extend(many.iter().map(|one| format!("  {one}")));
        }
    }
    Block { comments, instructions: Vec::new() }
}

fn stages(plan: &Plan) -> Option<Block> {
    let stage = |module: &Part| {
        let stage = module.stage.clone()?;
        Some(Instruction::From { image: stage.image, stage: Some(stage.name) })
    };
    let parts = plan.modules.iter().chain([&plan.target]);
    let instructions: Vec<Instruction> = parts.filter_map(stage).collect();
    let comments = vec!["The images that files are copied from.".to_owned()];
    (!instructions.is_empty()).then_some(Block { comments, instructions })
}

/// What a person should know of a module.
fn comments(part: &Part) -> Vec<String> {
    let name = match &part.version {
        Some(version) => format!("{} {version}", part.name),
        None => part.name.clone(),
    };
    [name].into_iter().chain(part.notes.clone()).collect()
}

fn copying(copy: &Copy, platform: Platform) -> Instruction {
    // On Windows a builder has no owners and modes to give.
    let is_linux = platform == Platform::Linux;
    Instruction::Copy {
        from: copy.stage.clone(),
        chown: copy.user.clone().filter(|_| is_linux),
        chmod: copy.mode.clone().filter(|_| is_linux),
        paths: [copy.source.clone(), copy.target.clone()],
    }
}

/// Where the file comes to lie.
fn landed(copy: &Copy) -> String {
    let name = copy.source.rsplit('/').next().unwrap_or_default();
    match copy.target.ends_with('/') {
        true => format!("{}{name}", copy.target),
        false => copy.target.clone(),
    }
}

/// Whether not everybody may read it.
fn is_secret(copy: &Copy) -> bool {
    let is_read = |mode: &String| mode.ends_with(['4', '5', '6', '7']);
    copy.sha256.is_some() && copy.mode.as_ref().is_some_and(|mode| !is_read(mode))
}

//! What assembling makes of module.yaml files, rule by rule.

mod ancestor;
mod artifacts;
mod collected;
mod commands;
mod users;
mod values;
mod windows;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use tempfile::TempDir;

use super::{Assembled, Context, Request, assemble, dockerfile};
use crate::descriptor::document::{Entry, Modules, Target, Words};
use crate::error::Error;
use crate::install::{Candidate, Chosen, Origin};

/// A folder with files, and what is asked for in it.
pub struct Given {
    folder: TempDir,
    request: Request,
}

/// The defaults of the command line.
fn defaults() -> Target {
    let mut target = Target {
        baseimage: Some("redis:latest".into()),
        expose: Some(Words::Text("6379".into())),
        libdir: Some("$REDIS_MODULES/".into()),
        ..Target::default()
    };
    let script =
        "ENV REDIS_MODULES /opt/redislabs/lib/modules\nRUN mkdir -p $REDIS_MODULES/\nWORKDIR /data";
    target.definition.script = Some(script.into());
    target
}

/// What this text asks for, as the file `in/module.yaml`.
pub fn given(yaml: &str) -> Given {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("in")).unwrap();
    let origin = Origin {
        name: "in/module.yaml:1".into(),
        folder: Some(folder.path().join("in")),
        is_passing: false,
    };
    let (mut target, mut modules) = (defaults(), Vec::new());
    for placed in crate::descriptor::read(yaml).unwrap() {
        match placed.entry {
            Entry::Module(module) => modules.push(*module),
            Entry::Target(other) => {
                if let Some(Modules::List(list)) = &other.modules {
                    modules.extend(list.iter().map(|it| it.entry.clone()));
                }
                target = target.overridden_by(*other);
            }
        }
    }
    let chosen = |module| Chosen {
        candidate: Candidate { module, origin: origin.clone() },
        why: Vec::new(),
    };
    let request = Request {
        made_of: Vec::new(),
        target,
        origin: origin.clone(),
        modules: modules.into_iter().map(chosen).collect(),
        context: Context::InPlace(folder.path().to_owned()),
        redis_conf: None,
    };
    Given { folder, request }
}

impl Given {
    /// With a file in the folder of module.yaml; a script where it begins so.
    pub fn file(self, path: &str, text: &str) -> Self {
        let path = self.path().join("in").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        let mode = if text.starts_with("#!") { 0o755 } else { 0o644 };
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        self
    }

    /// With something else that is asked for.
    pub fn with(mut self, change: impl FnOnce(&mut Request)) -> Self {
        change(&mut self.request);
        self
    }

    /// With a context that is collected.
    pub fn collected(self) -> Self {
        self.with(|request| request.context = Context::Collected)
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn assembled(&self) -> Assembled {
        self.tried().unwrap_or_else(|error| panic!("{error}\n{:?}", error.hint()))
    }

    pub fn tried(&self) -> Result<Assembled, Error> {
        assemble(&self.request)
    }

    /// The instructions, each on a line.
    pub fn lines(&self) -> String {
        let text = dockerfile(&self.assembled().plan).replace("\\\n", "").replace("`\n", "");
        let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        lines.collect::<Vec<_>>().join("\n").replace("    ", "")
    }

    /// The lines that the image has because of what is asked for.
    pub fn own_lines(&self) -> String {
        let usual = [
            "FROM redis:latest",
            "ENV REDIS_MODULES /opt/redislabs/lib/modules",
            "RUN mkdir -p $REDIS_MODULES/",
            "WORKDIR /data",
            "EXPOSE 6379/tcp",
        ];
        let lines = self.lines();
        let own = lines.lines().filter(|line| !usual.contains(line));
        own.collect::<Vec<_>>().join("\n")
    }

    /// The messages of the warnings, each on a line.
    pub fn warned(&self) -> String {
        let warnings = self.assembled().warnings;
        assert!(warnings.iter().all(|warning| warning.advice.is_some()), "{warnings:?}");
        let messages: Vec<String> = warnings.into_iter().map(|warning| warning.message).collect();
        messages.join("\n").replace(self.path().canonicalize().unwrap().to_str().unwrap(), "")
    }

    /// What it is refused for.
    pub fn refused(&self) -> String {
        let error = self.tried().map(|it| it.plan).expect_err("it is refused");
        assert_eq!(error.exit_code(), 12, "{error}");
        assert!(error.hint().is_some(), "{error}");
        error.to_string().replace(self.path().canonicalize().unwrap().to_str().unwrap(), "")
    }
}

//! The entries of a module.yaml: which key holds what.
//!
//! In: what stands in a text. Out: the types of [`document`](crate::descriptor::document).

use super::at::{At, Faults, Fields, SHOWN, list};
use super::texts::{
    absolute, directive, exposed, key, manager, mode, name, package, path, platform, port,
    protocol, sha256, text, user, value,
};
use super::{Lines, Placed};
use crate::descriptor::document::{
    Artifact, Definition, Directive, Entry, Execute, Found, Git, Module, ModuleKind, Modules,
    Packages, Port, Repository, Run, Setting, Target, TargetKind, Volume, Wanted, Wants, Words,
};
use crate::manifest::yaml::{Content, Node};
use crate::nearest::nearest;
use crate::wording::short;

/// Reads entries, and knows where they stand.
#[derive(Clone, Copy)]
pub struct Reader<'a> {
    pub lines: &'a Lines<'a>,
    pub faults: &'a Faults,
}

const KINDS: [&str; 2] = ["Module", "Target"];

impl Reader<'_> {
    /// A module or a target.
    pub fn entry(self, node: &Node) -> Option<Placed> {
        let entry = match self.kind(node)? {
            "Target" => Entry::Target(Box::new(self.target(node)?)),
            _ => Entry::Module(Box::new(module(named(node, "this module", self.faults))?)),
        };
        Some(Placed { entry, location: self.lines.location(node.at) })
    }

    /// The kind of an entry; one that does not say is a module.
    fn kind(self, node: &Node) -> Option<&'static str> {
        let Content::Mapping(pairs) = &node.content else {
            return At::new(node, "an entry", self.faults).wanted("a module or a target");
        };
        let kind = pairs.iter().find(|(key, value)| key.text() == Some("kind") && !value.is_null());
        let Some((_, kind)) = kind else { return Some("Module") };
        let Some(typed) = kind.text() else {
            return At::new(kind, "kind", self.faults).wanted("Module or Target");
        };
        let known = KINDS.into_iter().find(|known| *known == typed);
        if known.is_none() {
            self.faults.note(kind.at, || unknown_kind(typed));
        }
        known
    }

    fn target(self, node: &Node) -> Option<Target> {
        named(node, "the target", self.faults).mapping(|of| {
            of.extensible = true;
            of.refuse("image", "a target begins from its `baseimage`, and has no `image`");
            Target {
                kind: of.get("kind", |_| Some(TargetKind::Target)).unwrap_or_default(),
                name: of.get("name", name),
                version: of.get("version", name),
                baseimage: of.get("baseimage", name),
                baseuser: of.get("baseuser", user),
                expose: of.get("expose", |at| words(at, exposed)),
                libdir: of.get("libdir", path),
                platform: of.get("platform", platform),
                modules: of.get("modules", |at| self.modules(at)),
                definition: definition(of),
                nulls: std::mem::take(&mut of.nulls),
            }
        })
    }

    /// The modules of a target: a list of them, or where they are found.
    fn modules(self, at: At<'_>) -> Option<Modules> {
        match &at.node.content {
            Content::Mapping(_) => at.mapping(found).map(Modules::Found),
            Content::List(_) => list(|at| self.module(at.node))(at).map(Modules::List),
            Content::Scalar { .. } => at.wanted("a list of modules, or where they are found,"),
        }
    }

    /// A module that stands within a target.
    fn module(self, node: &Node) -> Option<Placed<Module>> {
        let placed = self.entry(node)?;
        match placed.entry {
            Entry::Module(module) => Some(Placed { entry: *module, location: placed.location }),
            Entry::Target(_) => {
                let what = || "a target cannot stand within a target".to_owned();
                self.faults.note(node.at, what);
                None
            }
        }
    }
}

fn unknown_kind(typed: &str) -> String {
    let advice = match nearest(typed, KINDS, 1)[..] {
        [near] => format!("did you mean {near}?"),
        _ => "there are Module and Target".to_owned(),
    };
    format!("unknown kind {:?}; {advice}", short(typed, SHOWN))
}

/// An entry, by its name where it has one.
fn named<'a>(node: &'a Node, otherwise: &'a str, faults: &'a Faults) -> At<'a> {
    let own = node.pairs().iter().find(|(key, _)| key.text() == Some("name"));
    let own = own.and_then(|(_, value)| value.text().filter(|_| !value.is_null()));
    let own = own.filter(|name| (1..=SHOWN).contains(&name.len()));
    At::new(node, own.unwrap_or(otherwise), faults)
}

const ONLY_A_TARGET: [&str; 5] = ["baseimage", "baseuser", "expose", "libdir", "platform"];

fn module(at: At<'_>) -> Option<Module> {
    at.mapping(|of| {
        of.extensible = true;
        for key in ONLY_A_TARGET {
            of.refuse(key, &format!("only a target has `{key}` (kind: Target)"));
        }
        Module {
            kind: of.get("kind", |_| Some(ModuleKind::Module)).unwrap_or_default(),
            name: of.need("name", name),
            version: of.get("version", name),
            image: of.get("image", name),
            modules: of.get("modules", wants),
            definition: definition(of),
        }
    })
}

fn definition(of: &mut Fields<'_>) -> Definition {
    Definition {
        description: of.get("description", text),
        script: of.get("script", text),
        command: of.get("command", |at| words(at, text)),
        artifacts: of.get("artifacts", list(artifact)),
        labels: of.get("labels", list(setting)),
        envs: of.get("envs", list(setting)),
        ports: of.get("ports", list(exposing)),
        volumes: of.get("volumes", list(volume)),
        packages: of.get("packages", packages),
        execute: of.get("execute", list(execute)),
        run: of.get("run", run),
        config: of.get("config", |at| {
            at.pairs(|key, at| Some(Directive { name: directive(key)?, values: values(at)? }))
        }),
    }
}

/// The values of a directive: none where there is nothing.
fn values(at: At<'_>) -> Option<Vec<String>> {
    match &at.node.content {
        Content::List(_) => list(value)(at),
        _ if at.node.is_null() => Some(Vec::new()),
        _ => value(at).map(|value| vec![value]),
    }
}

/// A list of words, or one text, of which `each` must be sound.
fn words(at: At<'_>, each: fn(At<'_>) -> Option<String>) -> Option<Words> {
    match &at.node.content {
        Content::List(_) => list(each)(at).map(Words::List),
        Content::Mapping(_) => at.wanted("a text, or a list of words,"),
        Content::Scalar { .. } => each(at).map(Words::Text),
    }
}

fn artifact(at: At<'_>) -> Option<Artifact> {
    at.mapping(|of| Artifact {
        source: of.need("source", path),
        target: of.get("target", path),
        user: of.get("user", user),
        mode: of.get("mode", mode),
        sha256: of.get("sha256", sha256),
    })
}

fn setting(at: At<'_>) -> Option<Setting> {
    at.mapping(|of| Setting {
        name: of.need("name", key),
        value: of.get("value", value),
        description: of.get("description", text),
    })
}

fn exposing(at: At<'_>) -> Option<Port> {
    at.mapping(|of| Port {
        value: of.need("value", port),
        protocol: of.get("protocol", protocol),
        description: of.get("description", text),
    })
}

fn volume(at: At<'_>) -> Option<Volume> {
    at.mapping(|of| Volume { path: of.need("path", absolute), name: of.get("name", name) })
}

fn packages(at: At<'_>) -> Option<Packages> {
    at.mapping(|of| Packages {
        manager: of.get("manager", manager),
        install: of.get("install", list(package)).unwrap_or_default(),
    })
}

fn execute(at: At<'_>) -> Option<Execute> {
    at.mapping(|of| Execute { script: of.need("script", path), user: of.get("user", user) })
}

fn run(at: At<'_>) -> Option<Run> {
    at.mapping(|of| Run {
        user: of.get("user", user),
        workdir: of.get("workdir", path),
        cmd: of.get("cmd", list(text)),
        entrypoint: of.get("entrypoint", list(text)),
    })
}

fn wants(at: At<'_>) -> Option<Wants> {
    at.mapping(|of| {
        of.refuse("repositories", "only a target says where modules are found");
        Wants { install: of.get("install", list(wanted)).unwrap_or_default() }
    })
}

fn found(of: &mut Fields<'_>) -> Found {
    Found {
        repositories: of.get("repositories", list(repository)).unwrap_or_default(),
        install: of.get("install", list(wanted)).unwrap_or_default(),
    }
}

fn wanted(at: At<'_>) -> Option<Wanted> {
    at.mapping(|of| Wanted { name: of.need("name", name), version: of.get("version", name) })
}

fn repository(at: At<'_>) -> Option<Repository> {
    at.mapping(|of| {
        of.need_one_of(&["path", "git"]);
        Repository {
            name: of.get("name", name),
            path: of.get("path", path),
            git: of.get("git", git),
        }
    })
}

fn git(at: At<'_>) -> Option<Git> {
    at.mapping(|of| Git { url: of.need("url", name), reference: of.get("ref", name) })
}

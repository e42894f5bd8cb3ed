//! Several targets as one.
//!
//! In: a target, and one that was given later. Out: what both say together.

use std::collections::BTreeSet;

use super::{Definition, Target};

impl Target {
    /// This target with what a later one says: a key of the later one replaces that of this one, and
    /// takes it away where it is null there. Which modules there are is not said by one target over
    /// another: what comes out has none.
    pub fn overridden_by(mut self, later: Self) -> Self {
        let mut over = Over { removed: later.nulls, nulls: std::mem::take(&mut self.nulls) };
        over.nulls.extend(&over.removed);
        Self {
            kind: later.kind,
            name: over.key("name", self.name, later.name),
            version: over.key("version", self.version, later.version),
            baseimage: over.key("baseimage", self.baseimage, later.baseimage),
            baseuser: over.key("baseuser", self.baseuser, later.baseuser),
            expose: over.key("expose", self.expose, later.expose),
            libdir: over.key("libdir", self.libdir, later.libdir),
            platform: over.key("platform", self.platform, later.platform),
            modules: None,
            definition: over.definition(self.definition, later.definition),
            nulls: over.nulls,
        }
    }
}

struct Over {
    /// The keys that are null in the later target.
    removed: BTreeSet<&'static str>,
    /// The keys that are null in what comes out.
    nulls: BTreeSet<&'static str>,
}

impl Over {
    fn key<T>(&mut self, key: &'static str, earlier: Option<T>, later: Option<T>) -> Option<T> {
        if later.is_some() {
            self.nulls.remove(key);
        }
        later.or(earlier.filter(|_| !self.removed.contains(key)))
    }

    fn definition(&mut self, earlier: Definition, later: Definition) -> Definition {
        Definition {
            description: self.key("description", earlier.description, later.description),
            script: self.key("script", earlier.script, later.script),
            command: self.key("command", earlier.command, later.command),
            artifacts: self.key("artifacts", earlier.artifacts, later.artifacts),
            labels: self.key("labels", earlier.labels, later.labels),
            envs: self.key("envs", earlier.envs, later.envs),
            ports: self.key("ports", earlier.ports, later.ports),
            volumes: self.key("volumes", earlier.volumes, later.volumes),
            packages: self.key("packages", earlier.packages, later.packages),
            execute: self.key("execute", earlier.execute, later.execute),
            run: self.key("run", earlier.run, later.run),
            config: self.key("config", earlier.config, later.config),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::descriptor::document::{Entry, Words};
    use crate::descriptor::read;

    #[test]
    fn a_later_target_replaces_and_removes() {
        let text = "- {kind: Target, baseimage: a, expose: 1, run: {user: a, cmd: [b]}, modules: [], envs: ~}\n\
                    - {kind: Target, baseimage: b, expose: ~, run: {workdir: /c}, libdir: ~}\n\
                    - {kind: Target, libdir: d}\n";
        let targets = read(text).unwrap().into_iter().map(|placed| match placed.entry {
            Entry::Target(target) => *target,
            Entry::Module(_) => panic!(),
        });
        let target = targets.reduce(Target::overridden_by).unwrap();
        assert_eq!((target.baseimage.as_deref(), target.libdir.as_deref()), (Some("b"), Some("d")));
        assert_eq!((target.expose, target.modules), (None::<Words>, None));
        let run = target.definition.run.unwrap();
        assert_eq!((run.user, run.cmd, run.workdir.as_deref()), (None, None, Some("/c")));
        assert_eq!(target.nulls, ["envs", "expose"].into());
    }
}

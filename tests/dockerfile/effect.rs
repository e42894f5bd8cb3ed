//! What an image comes to be by a Dockerfile, as far as its text tells.
//!
//! In: [`Instruction`]s. Out: an [`Effect`]: that of the last stage, in which later words win.

use std::collections::{BTreeMap, BTreeSet};

use super::instructions::Instruction;

/// What an image has, and what was done in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effect {
    /// What is installed, each with its version; no instruction tells it.
    pub modules: Vec<String>,
    /// The image it begins from.
    pub base: String,
    /// Its variables.
    pub envs: BTreeMap<String, String>,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
    /// Its ports, each with its protocol.
    pub ports: BTreeSet<String>,
    /// Its volumes.
    pub volumes: BTreeSet<String>,
    /// Who runs it.
    pub user: String,
    /// Where it begins.
    pub workdir: String,
    /// The program.
    pub entrypoint: Option<Vec<String>>,
    /// The words of its command.
    pub cmd: Option<Vec<String>>,
    /// Each script that was run, and by whom.
    pub scripts: Vec<[String; 2]>,
    /// The packages that were installed in one step, and by whom.
    pub packages: Vec<[String; 2]>,
    /// What was copied, but for the folders of scripts.
    pub files: BTreeSet<String>,
}

/// Where the folders of scripts are while they run.
const SCRIPTS: [&str; 2] = ["/tmp/scripts/", "/tmp/modules/"];

/// The effect of instructions on a base whose user is root.
pub fn effect(instructions: &[Instruction]) -> Effect {
    let last = instructions.iter().rposition(|it| it.name == "FROM").expect("a FROM");
    let mut effect = Effect { user: "root".into(), ..Effect::default() };
    instructions[last..].iter().for_each(|it| effect.take(it));
    effect
}

impl Effect {
    fn take(&mut self, instruction: &Instruction) {
        let Instruction { name, words, .. } = instruction;
        let expanded: Vec<String> = words.iter().map(|word| self.expanded(word)).collect();
        let pairs = || expanded.chunks(2).map(|it| (it[0].clone(), it[1].clone()));
        match name.as_str() {
            "FROM" => self.base.clone_from(&words[0]),
            "ENV" => self.envs.extend(pairs()),
            "LABEL" => self.labels.extend(pairs()),
            "EXPOSE" => self.ports.extend(expanded),
            "VOLUME" => self.volumes.extend(expanded),
            "USER" => self.user.clone_from(&expanded[0]),
            "WORKDIR" => self.workdir.clone_from(&expanded[0]),
            "ENTRYPOINT" => self.entrypoint = Some(words.clone()),
            "CMD" => self.cmd = Some(words.clone()),
            "COPY" => self.copy(&expanded),
            "RUN" => self.run(words),
            other => panic!("{other} has no effect that is known"),
        }
    }

    /// A word with the values of variables in it; of none that is not there.
    fn expanded(&self, word: &str) -> String {
        let mut parts = word.split("$$").map(|part| {
            let mut pieces = part.split("${");
            let first = pieces.next().unwrap_or_default().to_owned();
            pieces.fold(first, |sum, piece| {
                let (name, rest) = piece.split_once('}').expect("a name");
                sum + self.envs.get(name).map_or("", String::as_str) + rest
            })
        });
        let first = parts.next().unwrap_or_default();
        parts.fold(first, |sum, part| sum + "$" + &part)
    }

    fn copy(&mut self, words: &[String]) {
        let (target, sources) = words.split_last().expect("a target");
        if SCRIPTS.iter().any(|folder| target.starts_with(folder)) {
            return;
        }
        for source in sources {
            let name = source.rsplit('/').next().unwrap_or_default();
            let path =
                if target.ends_with('/') { format!("{target}{name}") } else { target.clone() };
            self.files.insert(path.replace("//", "/"));
        }
    }

    /// Calls each script below a folder by its path there, behind a name.
    pub fn rename_scripts(&mut self, folder: &str, name: &str) {
        for [_, script] in &mut self.scripts {
            if let Some(path) = script.strip_prefix(folder) {
                *script = format!("{name}{path}");
            }
        }
    }

    fn run(&mut self, words: &[String]) {
        match words {
            [shell, option, line] if shell == "/bin/sh" && option == "-c" => {
                let installed = line.split("&&").filter_map(installed);
                self.packages.extend(installed.map(|packages| [self.user.clone(), packages]));
            }
            [.., script] => self.scripts.push([self.user.clone(), script.clone()]),
            [] => panic!("RUN of nothing"),
        }
    }
}

/// The packages that a command installs.
fn installed(command: &str) -> Option<String> {
    let words: Vec<&str> = command.split_whitespace().map(|it| it.trim_matches('\'')).collect();
    let verb = words.iter().position(|word| ["install", "add"].contains(word))?;
    let is_manager = ["apt-get", "yum", "dnf", "microdnf", "apk"].contains(&words[0]);
    let is_new = is_manager && !words.contains(&"--reinstall");
    let packages = words[verb + 1..].iter().filter(|word| !word.starts_with('-'));
    is_new.then(|| packages.copied().collect::<Vec<_>>().join(" "))
}

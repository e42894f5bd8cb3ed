//! Modules at random, that ask for each other.
//!
//! A [`Graph`] is a target with its modules, in the words that CEKit has too. What a version of a module
//! asks for has always a lower place, so that it is acyclic but for one ask that may lead back.

use std::fs;
use std::path::Path;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select, subsequence};
use serde_json::{Value, json};

/// A target and its modules.
#[derive(Clone, Debug)]
pub struct Graph {
    /// What stands in each module.yaml.
    pub modules: Vec<Value>,
    /// What the target asks for.
    pub install: Vec<Value>,
    /// What the target has beside its modules.
    pub target: Value,
}

/// Which versions are asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Asks {
    /// Of each name one; where none is said it is the highest, and that has no pre-releases beside it.
    Consistent,
    /// Any, and those that are not there.
    Any,
}

/// From the lowest to the highest.
const VERSIONS: [&str; 9] =
    ["0.9", "1.0-rc1", "1.0", "v1.0-rh3", "1.2", "1.9", "1.10", "2.0.dev1", "2.0"];
const NAMES: [&str; 12] =
    ["redis", "gears", "a", "B", "org.x", "search-2", "json", "Z", "m_1", "bloom", "x9", "ts"];

/// A name, its versions, and what they ask for.
#[derive(Clone, Debug)]
struct Named {
    versions: Vec<&'static str>,
    /// Which of them is asked for.
    right: Index,
    /// Whether it is asked for without a version too.
    is_open: bool,
    asks: Vec<Vec<Ask>>,
    definitions: Vec<Value>,
}

#[derive(Clone, Debug)]
struct Ask {
    whom: Index,
    says_version: bool,
    version: Index,
}

/// Graphs of up to so many names.
pub fn graphs(names: usize, asks: Asks) -> impl Strategy<Value = Graph> {
    let names = names.min(NAMES.len());
    let named = vec(named(), 1..=names);
    let order = Just(NAMES.to_vec()).prop_shuffle();
    let back = option::weighted(0.2, (any::<Index>(), any::<Index>()));
    let wishes = vec(ask(), 1..=names);
    (named, order, wishes, back, definition()).prop_map(
        move |(all, names, wishes, back, target)| {
            let graph = Naming { all: &all, names: &names, asks };
            let install = wishes.iter().map(|ask| graph.wanted(all.len(), ask)).collect();
            Graph { modules: graph.modules(back), install, target }
        },
    )
}

fn named() -> impl Strategy<Value = Named> {
    let versions = subsequence(VERSIONS.to_vec(), 1..=3);
    let lists = vec(vec(ask(), 0..4), 3);
    let definitions = vec(definition(), 3);
    (versions, any::<Index>(), any::<bool>(), lists, definitions).prop_map(
        |(mut versions, right, is_open, asks, definitions)| {
            if is_open {
                versions.retain(|it| it.bytes().all(|b| b == b'.' || b.is_ascii_digit()));
            }
            if versions.is_empty() {
                versions.push("1.2");
            }
            Named { versions, right, is_open, asks, definitions }
        },
    )
}

fn ask() -> impl Strategy<Value = Ask> {
    (any::<Index>(), any::<bool>(), any::<Index>()).prop_map(|(whom, says_version, version)| Ask {
        whom,
        says_version,
        version,
    })
}

/// What a module or a target may define, in words that CEKit has too.
fn definition() -> impl Strategy<Value = Value> {
    let setting = |names: &'static [&'static str]| {
        let value = select(vec!["1", "a b", "x=y", "0", "/opt/lib"]);
        vec((select(names), value), 0..3)
            .prop_map(|all| all.iter().map(|(n, v)| json!({"name": n, "value": v})).collect())
    };
    let envs = setting(&["FOO", "BAR", "ZED", "REDIS_OPTS"]);
    let labels = setting(&["l.one", "l.two", "maintainer"]);
    let ports = vec(select(vec![6379, 6380, 8080]), 0..3)
        .prop_map(|all| all.iter().map(|port| json!({"value": port})).collect());
    let volumes = vec(select(vec!["/data", "/etc/redis", "/var/log"]), 0..2)
        .prop_map(|all| all.iter().map(|path| json!({"path": path})).collect());
    let run = option::of((
        option::of(select(vec!["redis", "1001"])),
        option::of(select(vec!["/data", "/srv"])),
        option::of(vec(select(vec!["redis-server", "/etc/r.conf", "--port", "1"]), 1..3)),
        option::of(vec(select(vec!["/entry.sh", "-v"]), 1..3)),
    ));
    let lists: [BoxedStrategy<Value>; 4] =
        [envs.boxed(), labels.boxed(), ports.boxed(), volumes.boxed()];
    (lists, run).prop_map(|([envs, labels, ports, volumes], run)| {
        let mut all = json!({"envs": envs, "labels": labels, "ports": ports, "volumes": volumes});
        if let Some((user, workdir, cmd, entrypoint)) = run {
            all["run"] =
                json!({"user": user, "workdir": workdir, "cmd": cmd, "entrypoint": entrypoint});
            all["run"].as_object_mut().unwrap().retain(|_, value| !value.is_null());
        }
        all.as_object_mut()
            .unwrap()
            .retain(|_, value| !value.as_array().is_some_and(Vec::is_empty));
        all
    })
}

/// What has no names yet, with names.
struct Naming<'a> {
    all: &'a [Named],
    names: &'a [&'a str],
    asks: Asks,
}

impl Naming<'_> {
    fn modules(&self, back: Option<(Index, Index)>) -> Vec<Value> {
        let mut modules = Vec::new();
        for (n, named) in self.all.iter().enumerate() {
            for (k, version) in named.versions.iter().enumerate() {
                let mut module = named.definitions[k].clone();
                module["name"] = self.names[n].into();
                module["version"] = (*version).into();
                let asks = named.asks[k].iter().filter(|_| n > 0);
                let mut install: Vec<Value> = asks.map(|ask| self.wanted(n, ask)).collect();
                if let Some((from, to)) = back.filter(|(from, _)| from.index(self.all.len()) == n) {
                    let whom = n + to.index(self.all.len() - n);
                    assert!(from.index(self.all.len()) <= whom);
                    install.push(self.right(whom));
                }
                module["modules"] = json!({"install": install});
                modules.push(module);
            }
        }
        modules
    }

    /// One of the first `among` names, as somebody asks for it.
    fn wanted(&self, among: usize, ask: &Ask) -> Value {
        let n = ask.whom.index(among);
        let Named { versions, is_open, .. } = &self.all[n];
        match self.asks {
            Asks::Any if !ask.says_version => json!({"name": self.names[n]}),
            Asks::Any => {
                let version = match ask.version.index(12 * versions.len()) {
                    0 => "7.7",
                    any => versions[any % versions.len()],
                };
                json!({"name": self.names[n], "version": version})
            }
            Asks::Consistent if *is_open && !ask.says_version => json!({"name": self.names[n]}),
            Asks::Consistent => self.right(n),
        }
    }

    /// The version that everybody asks for.
    fn right(&self, n: usize) -> Value {
        let Named { versions, right, is_open, .. } = &self.all[n];
        let version = if *is_open { versions.len() - 1 } else { right.index(versions.len()) };
        json!({"name": self.names[n], "version": versions[version]})
    }
}

impl Graph {
    /// Writes `modules/NAME-VERSION/module.yaml`, `image.yaml` for CEKit and `target.yaml` for rampkit
    /// into a new folder.
    pub fn write(&self, folder: &Path) {
        for module in &self.modules {
            let text = |key: &str| module[key].as_str().unwrap();
            let folder = folder.join(format!("modules/{}-{}", text("name"), text("version")));
            fs::create_dir_all(&folder).unwrap();
            fs::write(folder.join("module.yaml"), module.to_string()).unwrap();
        }
        let mut target = self.target.clone();
        target["modules"] = json!({"repositories": [{"path": "modules"}], "install": self.install});
        let mut image = target.clone();
        image["name"] = "example/random".into();
        image["version"] = "1.0".into();
        image["from"] = "debian:12".into();
        target["kind"] = "Target".into();
        target["baseimage"] = "debian:12".into();
        fs::write(folder.join("image.yaml"), image.to_string()).unwrap();
        fs::write(folder.join("target.yaml"), target.to_string()).unwrap();
    }
}

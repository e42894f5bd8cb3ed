//! For real: docker builds what rampkit writes, and a server in a container loads what is in it.

mod escaping;
mod ready;
mod users;
mod vocabulary;
mod walk;

use libtest_mimic::Trial;
use serde_json::Value;

use crate::harness::Docked;

pub fn all() -> Vec<Trial> {
    let mut trials = walk::all();
    trials.extend(escaping::all());
    trials.extend(users::all());
    trials.extend(vocabulary::all());
    trials.extend(ready::all());
    trials
}

/// Files for an image of a test's own.
struct Image<'a> {
    name: &'a str,
    from: &'a str,
    files: &'a str,
    folder: &'a str,
    /// Further instructions.
    more: &'a str,
}

impl Image<'_> {
    /// Builds it with files of the sandbox.
    fn build(&self, docked: &Docked) {
        let Self { name, from, files, folder, more } = self;
        docked.write(
            "image/Dockerfile",
            format!("FROM {from}\nCOPY [\"files\", \"{folder}\"]\n{more}\n"),
        );
        docked.ok(&format!(
            "mkdir image/files && cp -r {files} image/files && docker build --tag {name} image \
             && rm -r image"
        ));
    }
}

/// Puts rampkit into a folder, without what only a debugger reads.
fn put_rampkit(docked: &Docked, folder: &str) {
    docked.ok(&format!("strip -o {folder}/rampkit \"$(command -v rampkit)\""));
}

/// Whether docker builds a folder's Dockerfile as `image`, with its old builder too.
#[track_caller]
fn builds(docked: &Docked, folder: &str, image: &str) {
    for buildkit in [0, 1] {
        docked.ok(&format!("DOCKER_BUILDKIT={buildkit} docker build --tag {image} {folder}"));
    }
}

/// What a server in a container of the image says of its modules: name, version, path and arguments of
/// each, sorted.
#[track_caller]
fn loaded(docked: &Docked, image: &str) -> Vec<String> {
    let id = docked.ok(&format!("docker run --detach {image}"));
    // Until it listens, and no longer than it runs, or a minute.
    let asks = format!(
        "for again in $(seq 600); do docker exec {id} redis-cli -3 --json MODULE LIST 2>errors && exit; \
         [ \"$(docker inspect --format '{{{{.State.Running}}}}' {id})\" = true ] || exit; sleep 0.1; \
         done"
    );
    let asked = docked.sh(&asks);
    let log = docked.ok(&format!("docker logs {id} 2>&1; docker rm --force {id} >&2"));
    let said = serde_json::from_str::<Vec<Value>>(&asked.stdout);
    let modules = said.unwrap_or_else(|e| panic!("{e}: {}{}{log}", asked.stdout, asked.stderr));
    let mut lines: Vec<String> = modules.iter().map(module).collect();
    lines.sort();
    lines
}

/// `hello 10203 /opt/hello.so ["a", "b c"]`
fn module(said: &Value) -> String {
    let text = |name| said[name].as_str().unwrap();
    format!("{} {} {} {}", text("name"), said["ver"], text("path"), said["args"])
}

//! Git repositories for tests: the same objects, with the same ids, wherever they are made.

use std::io::Write;
use std::process::Stdio;

use super::Sandbox;

/// What `git fast-import` shall make.
#[derive(Default)]
pub struct History {
    stream: Vec<u8>,
    time: u32,
}

impl History {
    /// A commit on top of `branch` whose tree has just these files: path and content. A path may
    /// begin with a mode of its own: `120000 link`.
    pub fn commit<T: AsRef<[u8]>>(&mut self, branch: &str, files: &[(&str, T)]) -> &mut Self {
        self.begin(branch);
        self.say("deleteall\n");
        for (path, content) in files {
            let is_mode = |it: &str| it.len() == 6 && it.bytes().all(|b| b.is_ascii_digit());
            let has_mode = path.split_once(' ').is_some_and(|(mode, _)| is_mode(mode));
            let path = if has_mode { (*path).to_owned() } else { format!("100644 {path}") };
            let (mode, name) = path.split_once(' ').unwrap();
            let content = content.as_ref();
            if mode == "160000" {
                let id = String::from_utf8_lossy(content);
                self.say(&format!("M {mode} {id} {name}\n"));
                continue;
            }
            self.say(&format!("M {mode} inline \"{name}\"\ndata {}\n", content.len()));
            self.stream.extend_from_slice(content);
            self.say("\n");
        }
        self.say("\n");
        self
    }

    /// A ref that points at what `to` points at.
    pub fn point(&mut self, name: &str, to: &str) -> &mut Self {
        self.say(&format!("reset {name}\nfrom {to}\n\n"));
        self
    }

    /// An annotated tag of the tip of a branch.
    pub fn annotated(&mut self, tag: &str, branch: &str) -> &mut Self {
        let who = "Ann <ann@example.com> 1600000000 +0000";
        self.say(&format!("tag {tag}\nfrom refs/heads/{branch}\ntagger {who}\ndata 3\nof\n"));
        self
    }

    /// Makes a bare repository of it.
    pub fn write(&self, sandbox: &Sandbox, path: &str) {
        sandbox.ok(&format!("git init -q --bare '{path}'"));
        let mut import = sandbox
            .command(&format!("git -C '{path}' fast-import --quiet"))
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        import.stdin.take().unwrap().write_all(&self.stream).unwrap();
        assert!(import.wait().unwrap().success());
    }

    /// A commit, whose files follow.
    fn begin(&mut self, branch: &str) {
        self.time += 1;
        let who = format!("Ann <ann@example.com> {} +0000", 1_600_000_000 + self.time);
        self.say(&format!("commit refs/heads/{branch}\ncommitter {who}\ndata 5\nwork\n"));
    }

    /// A file of the commit that was begun.
    fn file(&mut self, path: &str, content: &str) {
        self.say(&format!("M 100644 inline {path}\ndata {}\n{content}\n", content.len()));
    }

    fn say(&mut self, text: &str) {
        self.stream.extend_from_slice(text.as_bytes());
    }
}

/// `srv/gears`: a module's repository, grown as real ones have.
pub fn gears(sandbox: &Sandbox) {
    let mut history = History::default();
    let first = "display_name: gears 0.4.0\n";
    // Old and large: a history that must not be fetched.
    history.commit("main", &[("README.md", "gears".into()), ("old.bin", noise(2 << 20))]);
    history.point("refs/tags/v0.1.0", "refs/heads/main");
    history.commit("main", &[("ramp.yml", first), ("README.md", "gears")]);
    history.annotated("v0.4.0", "main");
    history.commit("v0.9.0", &[("ramp.yml", "display_name: a branch\n")]);
    history.commit("main", &[("ramp.yml", "display_name: gears 0.9.0\n")]);
    history.point("refs/tags/v0.9.0", "refs/heads/main");
    history.commit(
        "main",
        &[
            ("pack/ramp.yml", "display_name: gears 1.2.13\n"),
            ("ramp_python.yml", "display_name: python\n"),
            ("build/ramp-python.yml", "display_name: build\n"),
        ],
    );
    history.annotated("v1.2.13", "main");
    history.point("refs/tags/v2.0.0-m1", "refs/heads/main");
    history.write(sandbox, "srv/gears");
    // A tag of a tag, and a tag of a file.
    let tag = "GIT_COMMITTER_DATE='1600000000 +0000' git -C srv/gears tag -a -m of";
    sandbox.ok(&format!(
        "{tag} stable v0.4.0; {tag} note $(git -C srv/gears rev-parse main:ramp_python.yml)"
    ));
}

/// A module's repository of so many commits and tags, at `path`. Whatever their number, the last
/// commit has the same files, and the tag `v1.0.0`.
pub fn grown(sandbox: &Sandbox, path: &str, commits: usize, tags: usize) {
    let mut history = History::default();
    let sources: Vec<String> = (0..40).map(|n| format!("part{n}.c")).collect();
    for n in 0..commits {
        history.begin("main");
        if n == 0 {
            let all = sources.iter().map(String::as_str).chain(["src/a.c", "pack/a.sh"]);
            all.for_each(|file| history.file(file, "int part = 0;\n"));
            history.file("pack/ramp.yml", &format!("display_name: grown\n#{}\n", "-".repeat(400)));
        }
        // The last commits write each file as the first one did.
        let left = commits - n;
        let part = if left <= sources.len() { 0 } else { n };
        history.file(&sources[left % sources.len()], &format!("int part = {part};\n"));
        for tag in n * tags / commits..(n + 1) * tags / commits {
            history.point(&format!("refs/tags/v0.{}.{}", tag / 50, tag % 50), "refs/heads/main");
        }
    }
    history.point("refs/tags/v1.0.0", "refs/heads/main");
    history.write(sandbox, path);
    sandbox.ok(&format!("git -C '{path}' pack-refs --all"));
}

/// Bytes that do not compress.
pub fn noise(length: usize) -> Vec<u8> {
    let mut state = 1_u64;
    let next = |_| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    };
    (0..length).map(next).collect()
}

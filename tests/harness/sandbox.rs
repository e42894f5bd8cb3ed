//! A folder of its own for a test, with an environment of its own to run commands in.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use super::Peer;

/// How the kernel knows them, and what runs them: the ELF header of a 64-bit file for machine 183,
/// a mask that lets it be of any system and a program or a library.
const AARCH64_PROGRAMS: &str = concat!(
    r":aarch64:M:",
    r":\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00",
    r":\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff",
    r":/usr/bin/qemu-aarch64:",
);

/// A temporary folder; gone when the test ends.
pub struct Sandbox {
    folder: tempfile::TempDir,
    variables: Vec<(String, String)>,
    aliases: Vec<(String, String)>,
}

/// How a command ended.
pub struct Run {
    /// The exit code; 128 + the number of the signal that ended it.
    pub code: i32,
    /// stdout, the sandbox's path as `[ROOT]`.
    pub stdout: String,
    /// stderr, likewise.
    pub stderr: String,
}

impl Sandbox {
    /// An empty one.
    pub fn new() -> Self {
        let folder = tempfile::Builder::new().prefix("rk-").tempdir().expect("a temporary folder");
        let home = folder.path().join("home");
        fs::create_dir(&home).unwrap();
        // Without its maintenance, which git goes on with in the background.
        let gitconfig = "[user]\nname = Ann\nemail = ann@example.com\n[init]\ndefaultBranch = main\n\
                         [maintenance]\nauto = false\n";
        fs::write(home.join(".gitconfig"), gitconfig).unwrap();
        fs::create_dir(folder.path().join("here")).unwrap();
        Self { folder, variables: Vec::new(), aliases: Vec::new() }
    }

    /// The folder that commands run in. `home` and whatever must not be seen lie beside it.
    pub fn work(&self) -> PathBuf {
        self.folder.path().join("here")
    }

    /// `path` below [`work`](Self::work).
    pub fn path(&self, path: impl AsRef<Path>) -> PathBuf {
        self.work().join(path)
    }

    /// Writes a file, and the folders above it.
    pub fn write(&self, path: impl AsRef<Path>, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    }

    /// A file's text.
    pub fn read(&self, path: impl AsRef<Path>) -> String {
        fs::read_to_string(self.path(&path))
            .unwrap_or_else(|e| panic!("{}: {e}", path.as_ref().display()))
    }

    /// The names in `path`, sorted.
    pub fn list(&self, path: impl AsRef<Path>) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.path(path))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    /// Whether a process runs that a command has started.
    pub fn is_inhabited(&self) -> bool {
        let home = format!("HOME={}", self.folder.path().join("home").display());
        let processes = fs::read_dir("/proc").unwrap().flatten();
        processes.map(|process| process.path().join("environ")).any(|environ| {
            let variables = fs::read(environ).unwrap_or_default();
            variables.split(|byte| *byte == 0).any(|variable| variable == home.as_bytes())
        })
    }

    /// Removes what SIGKILL leaves where it strikes while a file gets its name: the whole file, one of
    /// `files`, under a name beside.
    #[track_caller]
    pub fn remove_nearly_named(&self, folder: &str, files: &[&[u8]]) {
        for name in self.list(folder).iter().filter(|name| name.starts_with(".rampkit-")) {
            let path = self.path(folder).join(name);
            assert!(files.contains(&&*fs::read(&path).unwrap()), "{name} is not whole");
            fs::remove_file(path).unwrap();
        }
    }

    /// Sets a variable for every later command.
    pub fn env(&mut self, name: &str, value: impl Into<String>) -> &mut Self {
        self.variables.push((name.to_owned(), value.into()));
        self
    }

    /// Shows `alias` for `text` in every later [`Run`]: for what differs from run to run.
    pub fn alias(&mut self, text: impl ToString, alias: &str) -> &mut Self {
        self.aliases.push((text.to_string(), alias.to_owned()));
        self
    }

    /// A command line as a person types it, run by `sh` with rampkit on its PATH.
    pub fn command(&self, line: &str) -> Command {
        let mut command = Command::new("/bin/sh");
        let bin = Path::new(env!("CARGO_BIN_EXE_rampkit")).parent().unwrap();
        let path = std::env::var("PATH").unwrap_or_default();
        command
            .args(["-c", line])
            .current_dir(self.work())
            .env_clear()
            .env("PATH", format!("{}:{path}", bin.display()))
            .env("HOME", self.folder.path().join("home"))
            .env("LANG", "C.UTF-8")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_DEFAULT_HASH", "sha1")
            .env("GIT_CEILING_DIRECTORIES", self.folder.path())
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null());
        command
    }

    /// Runs a command line to its end.
    pub fn sh(&self, line: &str) -> Run {
        self.end(&mut self.command(line))
    }

    /// Runs a command line on a terminal, and does `then` as soon as that shows `text`. All that it
    /// shows is stdout.
    pub fn sh_on_terminal(&self, line: &str, text: &str, then: impl FnOnce()) -> Run {
        let shown = self.path("../shown");
        let read = || String::from_utf8_lossy(&fs::read(&shown).unwrap()).into_owned();
        let mut command = self.command(&format!("exec script -qec '{line}' /dev/null"));
        command.env("TERM", "xterm").stdout(fs::File::create(&shown).unwrap());
        let mut script = command.spawn().expect("/bin/sh");
        while script.try_wait().unwrap().is_none() && !read().contains(text) {
            std::thread::sleep(Duration::from_millis(5));
        }
        then();
        let code = exit_code(script.wait().unwrap());
        Run { code, stdout: read(), stderr: String::new() }
    }

    /// Runs a command line that mounts file systems which nobody else sees.
    pub fn sh_alone(&self, line: &str) -> Run {
        self.end(self.command("exec unshare -rm /bin/sh -c \"$LINE\"").env("LINE", line))
    }

    /// Runs a command line in a shell that takes programs for AArch64 as any other, with rampkit for
    /// AArch64 on its PATH.
    pub fn sh_on_aarch64(&self, line: &str) -> Run {
        let (libraries, rampkit) = (Peer::Qemu.found(), Peer::RampkitAarch64.found());
        self.sh_alone(&format!(
            "mount -t binfmt_misc none /proc/sys/fs/binfmt_misc
            printf '%s' '{AARCH64_PROGRAMS}' >/proc/sys/fs/binfmt_misc/register
            export QEMU_LD_PREFIX='{}' PATH='{}':\"$PATH\"
            {line}",
            libraries.display(),
            rampkit.display(),
        ))
    }

    /// Runs a [`command`](Self::command) to its end.
    pub fn end(&self, command: &mut Command) -> Run {
        let output = command.output().expect("/bin/sh");
        let text = |bytes: Vec<u8>| {
            let root = self.work().display().to_string();
            let text = String::from_utf8_lossy(&bytes).replace(&root, "[ROOT]");
            self.aliases.iter().fold(text, |text, (hidden, alias)| text.replace(hidden, alias))
        };
        Run {
            code: exit_code(output.status),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }

    /// Runs a command line that must succeed; its stdout without the last line end.
    pub fn ok(&self, line: &str) -> String {
        let run = self.sh(line);
        assert_eq!(run.code, 0, "{line}\n{}{}", run.stdout, run.stderr);
        run.stdout.trim_end_matches('\n').to_owned()
    }
}

fn exit_code(status: std::process::ExitStatus) -> i32 {
    use std::os::unix::process::ExitStatusExt;
    status.code().or(status.signal().map(|signal| 128 + signal)).unwrap_or(-1)
}

/// The text without what differs from machine to machine: digests and ids are `[HEX]`, this
/// machine's architecture is `[ARCH]`.
pub fn machine_free(text: &str) -> String {
    let mut free = String::new();
    for part in text.split_inclusive(|c: char| !c.is_ascii_alphanumeric()) {
        let word = part.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
        let is_id =
            matches!(word.len(), 7 | 40 | 64) && word.chars().all(|c| c.is_ascii_hexdigit());
        free += if is_id { "[HEX]" } else { word };
        free += &part[word.len()..];
    }
    free.replace(std::env::consts::ARCH, "[ARCH]")
}

impl Run {
    /// Holds the exit code and all of stderr against what they must be; `[..]` stands for any text
    /// in a line, `...` for any lines.
    #[track_caller]
    pub fn fails(&self, code: i32, stderr: impl snapbox::IntoData) {
        snapbox::assert_data_eq!(machine_free(&self.stderr), stderr);
        assert_eq!(self.code, code, "{}", self.stderr);
        assert_eq!(self.stdout, "", "a failure prints nothing on stdout");
    }

    /// Holds all that a success printed against what it must be.
    #[track_caller]
    pub fn prints(&self, stdout: impl snapbox::IntoData, stderr: impl snapbox::IntoData) {
        snapbox::assert_data_eq!(machine_free(&self.stderr), stderr);
        snapbox::assert_data_eq!(machine_free(&self.stdout), stdout);
        assert_eq!(self.code, 0);
    }
}

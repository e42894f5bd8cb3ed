//! Files that change while they are packed: an error says so, or the bundle is a sound one.
//!
//! rampkit is stopped in the middle of a file, as `/proc` shows it, and goes on after the change.

use std::fs::{self, File};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Child, Output, Stdio};
use std::thread::sleep;
use std::time::Duration;

use libtest_mimic::Trial;
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process, waitid};

use super::sample;
use crate::harness::{Sandbox, noise, read_entry};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(a_module_that_changes_before_it_is_archived),
        test!(a_module_that_changes_while_it_is_archived),
        test!(a_file_given_by_hand_that_changes),
        test!(a_file_of_a_folder_that_changes),
        test!(a_file_of_a_folder_that_changes_before_its_turn),
    ]
}

/// A size that takes a while, in bytes.
const LARGE: usize = 2_000_000;

/// Who can tell that something is done to a file of which he has read the half.
#[derive(Clone, Copy, PartialEq)]
enum Seen {
    /// By the bytes that he reads.
    ByBytes,
    /// By the time of its last change.
    ByTime,
    /// Nobody: he reads the file as it was.
    Harmless,
}

type Change = fn(&Path);

/// What is done to a file.
const CHANGES: [(Change, Seen); 10] = [
    (grow, Seen::ByBytes),
    (shrink, Seen::ByBytes),
    (rewrite, Seen::ByBytes),
    (change_the_end, Seen::ByBytes),
    (change_the_beginning, Seen::ByTime),
    (replace, Seen::Harmless),
    (remove, Seen::Harmless),
    (replace_by_a_link, Seen::Harmless),
    (replace_by_a_folder, Seen::Harmless),
    (replace_by_a_pipe, Seen::Harmless),
];

fn grow(path: &Path) {
    File::options().append(true).open(path).unwrap().write_all(b"more").unwrap();
}

fn shrink(path: &Path) {
    File::options().write(true).open(path).unwrap().set_len(1000).unwrap();
}

fn rewrite(path: &Path) {
    let other: Vec<u8> = fs::read(path).unwrap().iter().map(|byte| !byte).collect();
    fs::write(path, other).unwrap();
}

fn change_the_end(path: &Path) {
    write_at(path, SeekFrom::End(-9));
}

fn change_the_beginning(path: &Path) {
    write_at(path, SeekFrom::Start(9));
}

fn write_at(path: &Path, place: SeekFrom) {
    let mut file = File::options().write(true).open(path).unwrap();
    file.seek(place).unwrap();
    file.write_all(b"another").unwrap();
}

fn replace(path: &Path) {
    remove(path);
    fs::write(path, "another").unwrap();
}

fn replace_by_a_link(path: &Path) {
    remove(path);
    symlink("/etc/passwd", path).unwrap();
}

fn replace_by_a_folder(path: &Path) {
    remove(path);
    fs::create_dir(path).unwrap();
}

fn replace_by_a_pipe(path: &Path) {
    remove(path);
    rustix::fs::mkfifoat(rustix::fs::CWD, path, rustix::fs::Mode::RWXU).unwrap();
}

fn remove(path: &Path) {
    fs::remove_file(path).unwrap();
}

/// After its digest was taken and before it is archived, nothing can be done to it unseen.
fn a_module_that_changes_before_it_is_archived() {
    let packing = Packing::new("", "");
    packing.sandbox.ok("mkfifo ../told");
    for (change, _) in CHANGES {
        packing.reset();
        let rampkit = packing.start("--commands ../told");
        // It opens once rampkit has opened it.
        let mut told = File::create(packing.sandbox.path("../told")).unwrap();
        change(&packing.sandbox.path("hello.so"));
        told.write_all(include_bytes!("../../modules/hello/commands.json")).unwrap();
        drop(told);
        packing.refuses(&rampkit.wait_with_output().unwrap(), "hello.so");
    }
}

fn a_module_that_changes_while_it_is_archived() {
    let packing = Packing::new("", "");
    for (change, seen) in CHANGES {
        let ended = packing.stopped_in("hello.so", "out", change);
        match seen {
            Seen::Harmless => packing.is_as_ever(&ended),
            _ => packing.refuses(&ended, "hello.so"),
        }
    }
}

/// Its digest is known before it is archived.
fn a_file_given_by_hand_that_changes() {
    let need = "dependencies: {p: {url: 'https://example.com/p.bin'}}";
    let packing = Packing::new(need, "--dep p=p/a");
    for (change, seen) in CHANGES {
        let ended = packing.stopped_in("p/a", "out", change);
        match seen {
            Seen::ByBytes => packing.refuses(&ended, "deps/p.bin"),
            _ => packing.is_as_ever(&ended),
        }
    }
}

fn a_file_of_a_folder_that_changes() {
    let packing = Packing::new("dependencies: {p: {local_path: p}}", "");
    for (change, seen) in CHANGES {
        let ended = packing.stopped_in("p/a", "tmp", change);
        match seen {
            Seen::Harmless => packing.is_as_ever(&ended),
            _ => packing.refuses(&ended, "p/a"),
        }
    }
}

/// What is another file then is packed as it is, what is no file any more is not.
fn a_file_of_a_folder_that_changes_before_its_turn() {
    let packing = Packing::new("dependencies: {p: {local_path: p}}", "");
    let b = packing.sandbox.path("p/b");
    for (change, _) in CHANGES {
        let ended = packing.stopped_in("p/a", "tmp", |_| change(&b));
        match fs::symlink_metadata(&b).is_ok_and(|it| it.is_file()) {
            true => {
                assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
                packing.sandbox.ok("rampkit validate -q out/x.zip");
                assert_eq!(packing.packed("p/b"), fs::read(&b).unwrap());
            }
            false => packing.refuses(&ended, "p/b"),
        }
    }
}

/// rampkit packs to `out`, where nothing is yet.
struct Packing {
    sandbox: Sandbox,
    options: String,
    /// Its inputs.
    files: [(&'static str, Vec<u8>); 3],
    /// The bundle, if nothing changes.
    bundle: Vec<u8>,
}

impl Packing {
    fn new(dependencies: &str, options: &str) -> Self {
        let mut sandbox = sample();
        let tmp = sandbox.path("tmp");
        sandbox.env("TMPDIR", tmp.to_str().unwrap());
        sandbox.ok(&format!("mkdir tmp out p && echo \"{dependencies}\" >>ramp.yml"));
        let module = [fs::read(sandbox.path("hello.so")).unwrap(), noise(LARGE)].concat();
        let files = [("hello.so", module), ("p/a", noise(LARGE)), ("p/b", b"b".repeat(2000))];
        let mut packing = Self { sandbox, options: options.to_owned(), files, bundle: Vec::new() };
        packing.reset();
        let ended = packing.start("--commands ../commands.json").wait_with_output().unwrap();
        assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
        packing.bundle = fs::read(packing.sandbox.path("out/x.zip")).unwrap();
        packing
    }

    /// All is as in the beginning.
    fn reset(&self) {
        for (name, bytes) in &self.files {
            self.sandbox.ok(&format!("rm -rf {name} out/*"));
            self.sandbox.write(name, bytes);
        }
    }

    fn start(&self, options: &str) -> Child {
        let line = format!(
            "exec rampkit pack -q --threads 1 -o out/x.zip --no-module-yaml {options} {}",
            self.options
        );
        let mut command = self.sandbox.command(&line);
        command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// How it ends where something is done while it reads `file` and writes to `folder`.
    fn stopped_in(&self, file: &str, folder: &str, change: impl Fn(&Path)) -> Output {
        let ended = (0..100).find_map(|_| self.once_stopped_in(file, folder, &change));
        ended.unwrap_or_else(|| panic!("it was never seen reading {file}"))
    }

    /// Nothing where it was through with the file too soon.
    fn once_stopped_in(&self, file: &str, folder: &str, change: impl Fn(&Path)) -> Option<Output> {
        self.reset();
        let mut rampkit = self.start("--commands ../commands.json");
        let (pid, file) = (Pid::from_child(&rampkit), self.sandbox.path(file));
        let folder = self.sandbox.path(folder);
        let is_there = || {
            let open = files(pid);
            let is_half = |(path, at): &(String, u64)| {
                Path::new(path) == file && (LARGE as u64 / 4..LARGE as u64).contains(at)
            };
            let is_inside = |(path, _): &(String, u64)| Path::new(path).starts_with(&folder);
            open.iter().any(is_half) && open.iter().any(is_inside)
        };
        while !is_there() {
            if rampkit.try_wait().unwrap().is_some() {
                return None;
            }
            sleep(Duration::from_millis(1));
        }
        kill_process(pid, Signal::STOP).unwrap();
        let ends = WaitIdOptions::STOPPED | WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
        waitid(WaitId::Pid(pid), ends).unwrap();
        let in_time = is_there().then(|| change(&file));
        kill_process(pid, Signal::CONT).unwrap();
        let ended = rampkit.wait_with_output().unwrap();
        in_time.map(|()| ended)
    }

    #[track_caller]
    fn is_as_ever(&self, ended: &Output) {
        assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
        assert!(fs::read(self.sandbox.path("out/x.zip")).unwrap() == self.bundle);
    }

    #[track_caller]
    fn refuses(&self, ended: &Output, path: &str) {
        assert_eq!(
            String::from_utf8_lossy(&ended.stderr),
            format!(
                "error: {path} changed while it was packed\n\
                 hint: let its build end first, then pack again\n"
            )
        );
        assert_eq!(ended.status.code(), Some(3));
        assert_eq!([self.sandbox.list("out"), self.sandbox.list("tmp")], [[""; 0]; 2]);
    }

    /// A file of the dependency in the bundle.
    fn packed(&self, name: &str) -> Vec<u8> {
        let tgz = read_entry(&self.sandbox.path("out/x.zip"), "deps/p.tgz");
        let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(&*tgz));
        let mut entries = archive.entries().unwrap().map(Result::unwrap);
        let mut entry = entries.find(|entry| entry.path().unwrap() == Path::new(name)).unwrap();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        bytes
    }
}

/// The files that a process has open, and how far it has read or written them.
fn files(process: Pid) -> Vec<(String, u64)> {
    let folder = format!("/proc/{}", process.as_raw_pid());
    let open = fs::read_dir(format!("{folder}/fd")).into_iter().flatten().flatten();
    let file = |number: String| {
        let path = fs::read_link(format!("{folder}/fd/{number}")).ok()?;
        let told = fs::read_to_string(format!("{folder}/fdinfo/{number}")).ok()?;
        let at = told.lines().next()?.strip_prefix("pos:")?.trim().parse().ok()?;
        Some((path.to_str()?.to_owned(), at))
    };
    open.filter_map(|entry| file(entry.file_name().into_string().ok()?)).collect()
}

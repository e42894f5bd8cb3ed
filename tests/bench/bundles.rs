//! How fast bundles are written: beside the reference packer, and beside what the machine can do.
//!
//! `cargo bench --bench bundles [-- ROUNDS]`. In each round every side runs once, in changing order.
//! The module has 150 MB of real machine code (the compiler's own library) in it, the dependency is
//! a folder of 7,800 real files with 270 MB. The limits are what the same work takes without a bundle:
//! pigz with as many threads, a digest, a read. Nothing passes or fails by it.

mod measure;

#[expect(dead_code, unused_imports, reason = "the tests use the rest of it")]
#[path = "../harness/mod.rs"]
mod harness;

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use harness::{Peer, Sandbox};
use measure::{Spread, milliseconds};
use walkdir::WalkDir;

/// Rounds where nobody says how many.
const ROUNDS: usize = 5;
/// The dependency: so many files, so many bytes.
const FILES: usize = 7_800;
const BYTES: u64 = 270_000_000;

fn main() -> ExitCode {
    let rounds = std::env::args().skip(1).find_map(|word| word.parse().ok()).unwrap_or(ROUNDS);
    let needed = [Peer::RampPacker, Peer::RedisServer, Peer::Zig];
    let missing: Vec<Peer> = needed.into_iter().filter(|peer| peer.path().is_none()).collect();
    for peer in &missing {
        println!("nothing to measure without {peer}");
    }
    if missing.is_empty() {
        let bench = Bench { sandbox: Sandbox::new(), rounds };
        bench.large_module();
        bench.large_dependency();
    }
    ExitCode::SUCCESS
}

struct Bench {
    sandbox: Sandbox,
    rounds: usize,
}

impl Bench {
    fn large_module(&self) {
        let code = compiler_library();
        let data =
            format!(".data\n.incbin \"{}\"\n.section .note.GNU-stack,\"\"\n", code.display());
        self.sandbox.write("data.s", data);
        let hello = concat!(env!("CARGO_MANIFEST_DIR"), "/modules/hello");
        self.sandbox.ok(&format!("cc -shared -fPIC -o large.so '{hello}/hello.c' data.s"));
        self.table("a module of 150 MB", 4.0, "large.so", "", "cat large.so");
    }

    fn large_dependency(&self) {
        self.sandbox.module("hello");
        let (files, bytes) =
            copy_largest(&Peer::Zig.found().join("../lib"), &self.sandbox.path("plugin"));
        self.sandbox.write("ramp.yml", "dependencies: {plugin: {local_path: plugin}}\n");
        let name = format!("a dependency of {files} files, {} MB", bytes / 1_000_000);
        self.table(&name, 12.0, "hello.so", "-m ramp.yml", "tar -c plugin");
        println!("  (its .tgz is gzip -9: only the module's size is a goal)");
    }

    /// Measures both packers with a module, and what the machine needs for the same bytes.
    fn table(&self, what: &str, goal: f64, module: &str, options: &str, input: &str) {
        let ramp = Peer::RampPacker.found().with_file_name("ramp");
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        println!(
            "\n{what}: {} rounds on {threads} cores; medians in ms, and the middle half",
            self.rounds
        );
        let sides = [
            ("ramp-packer", format!("'{}' pack -o theirs.zip {options} {module}", ramp.display())),
            ("rampkit", format!("rampkit pack -q -o ours.zip --no-module-yaml {options} {module}")),
            ("pigz, as many threads", format!("{input} | pigz -p {threads}")),
            ("sha256sum", format!("{input} | sha256sum")),
            ("read", format!("{input} | cat")),
        ];
        let mut times = vec![Vec::new(); sides.len()];
        for round in 0..=self.rounds {
            for side in 0..sides.len() {
                let side = (side + round) % sides.len();
                let line = format!("{} >/dev/null 2>&1", sides[side].1);
                let taken = milliseconds(&mut || drop(self.sandbox.ok(&line)));
                // What is read for the first time comes from the disk.
                if round > 0 {
                    times[side].push(taken);
                }
            }
        }
        let ours = times[1].clone();
        for ((name, _), times) in sides.iter().zip(&times) {
            let ratio = Spread::of(times.iter().zip(&ours).map(|(theirs, ours)| theirs / ours));
            let times = Spread::of(times.iter().copied());
            println!("  {name:22} {:26} {:6.2} x rampkit's time", times.to_string(), ratio.median);
        }
        let theirs = Spread::of(times[0].iter().zip(&ours).map(|(theirs, ours)| theirs / ours));
        let verdict = if theirs.median >= goal { "met" } else { "MISSED" };
        println!("  goal: {goal} times as fast as ramp-packer: {:.1}, {verdict}", theirs.median);
        let size = |name: &str| fs::metadata(self.sandbox.path(name)).unwrap().len() as f64;
        let larger = size("ours.zip") / size("theirs.zip");
        let verdict = if larger <= 1.03 { "met" } else { "MISSED" };
        println!("  goal: at most 1.03 times its size: {larger:.3}, {verdict}");
    }
}

/// The compiler's own library: a large piece of machine code that is wherever Rust is.
fn compiler_library() -> PathBuf {
    let sysroot = Command::new("rustc").args(["--print", "sysroot"]).output().unwrap();
    let lib = Path::new(String::from_utf8(sysroot.stdout).unwrap().trim()).join("lib");
    let mut files = fs::read_dir(lib).unwrap().map(|entry| entry.unwrap().path());
    let is_driver = |file: &PathBuf| file.to_string_lossy().contains("librustc_driver");
    files.find(is_driver).expect("the compiler's library")
}

/// Copies the largest files of a folder, the very largest cut so that all are of the size wanted.
fn copy_largest(from: &Path, to: &Path) -> (usize, u64) {
    let walk = WalkDir::new(from).sort_by_file_name().into_iter().map(Result::unwrap);
    let files = walk.filter(|entry| entry.file_type().is_file());
    let mut sized: Vec<(u64, PathBuf)> =
        files.map(|entry| (entry.metadata().unwrap().len(), entry.into_path())).collect();
    sized.sort();
    let small = sized.len().saturating_sub(FILES);
    let chosen = &mut sized[small..];
    let bytes: u64 = chosen.iter().map(|(size, _)| size).sum();
    let largest = chosen.last_mut().expect("files");
    largest.0 -= bytes.saturating_sub(BYTES);
    for (size, path) in &*chosen {
        let target = to.join(path.strip_prefix(from).unwrap());
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::copy(path, &target).unwrap();
        File::options().write(true).open(&target).unwrap().set_len(*size).unwrap();
    }
    (chosen.len(), chosen.iter().map(|(size, _)| size).sum())
}

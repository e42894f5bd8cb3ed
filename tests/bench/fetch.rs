//! What one manifest costs: beside a clone, as the ancestor makes one, and beside a clone of depth 1.
//!
//! `cargo bench --bench fetch [-- ROUNDS]`. Two repositories have the same files, one of them after 10
//! commits, one after 13,000 and with 2,000 refs; lighttpd with `git http-backend` serves them, and
//! allows filters. Bytes are counted by a relay before it, headers included. Times are taken without
//! that relay: in each round every side runs once, in changing order. Nothing passes or fails by it.

mod measure;

#[expect(dead_code, unused_imports, reason = "the tests use the rest of it")]
#[path = "../harness/mod.rs"]
mod harness;

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{ExitCode, Stdio};

use harness::{Lighttpd, Peer, Relay, Sandbox};
use measure::{Spread, milliseconds};

/// Rounds where nobody says how many.
const ROUNDS: usize = 10;
/// As many bytes as a manifest may cost, both ways and with all headers.
const BYTES: usize = 12_000;
/// As much of a clone's time as it may take.
const TIME: f64 = 1.0 / 20.0;
/// The files of a module: folders, files in each, lines in each of these. In all a clone is about as
/// large as one of RedisGraph (66.6 MB), and so is one of depth 1 (9 MB).
const FOLDERS: usize = 30;
const FILES: usize = 30;
const LINES: usize = 300;
/// Files that do not compress: so many at once, so many versions in a long history, their size.
const BINARIES: usize = 6;
const VERSIONS: usize = 18;
const BINARY: usize = 1 << 20;

const SMALL: &str = "small";
const LARGE: &str = "large";
const TAG: &str = "tags/v99.0.0";

fn main() -> ExitCode {
    let rounds = std::env::args().skip(1).find_map(|word| word.parse().ok()).unwrap_or(ROUNDS);
    if Peer::Lighttpd.path().is_none() {
        println!("nothing to measure without {}", Peer::Lighttpd);
        return ExitCode::SUCCESS;
    }
    let mut sandbox = Sandbox::new();
    Growth::new(10, 2).write(&sandbox, SMALL);
    Growth::new(13_000, 2_000).write(&sandbox, LARGE);
    // The tests let git write down what it hears.
    let quietly = "setenv.set-environment = (\"GIT_TRACE_PACKET\" => \"0\")\n";
    let web = Lighttpd::http_that(&mut sandbox, quietly);
    let relay = Relay::to(&mut sandbox, web.port);
    let bench = Bench { sandbox, rounds };
    bench.bytes(&relay);
    bench.times(&web);
    ExitCode::SUCCESS
}

struct Bench {
    sandbox: Sandbox,
    rounds: usize,
}

/// A way to the manifest, as a command line in which `URL` and `COMMIT` are to be replaced.
struct Side {
    name: &'static str,
    line: &'static str,
    /// May it use what an earlier run has left in the cache?
    is_warm: bool,
}

const CLONE: usize = 0;
const COLD: usize = 2;
const SIDES: [Side; 5] = [
    Side {
        name: "git clone",
        line: "git clone -q URL clone && cat clone/pack/ramp.yml",
        is_warm: false,
    },
    Side {
        name: "git clone --depth 1",
        line: "git clone -q --depth 1 --branch v99.0.0 -c advice.detachedHead=false URL clone && cat clone/pack/ramp.yml",
        is_warm: false,
    },
    Side { name: "rampkit fetch", line: "rampkit fetch -q URL TAG", is_warm: false },
    Side { name: "the same, cached", line: "rampkit fetch -q URL TAG", is_warm: true },
    Side { name: "by its id, cached", line: "rampkit fetch -q URL COMMIT", is_warm: true },
];

impl Bench {
    fn bytes(&self, relay: &Relay) {
        println!("\nbytes over http, with all headers: sent + received = in all (connections)");
        let url = |repository: &str| format!("http://127.0.0.1:{}/git/{repository}", relay.port());
        let [small, large] = [SMALL, LARGE].map(|repository| {
            let measured = SIDES.iter().map(|side| {
                self.prepare(side, &url(repository));
                relay.heard();
                self.run(side, &url(repository));
                let heard = relay.heard();
                [heard.asked.len(), heard.answered.len(), heard.connections]
            });
            measured.collect::<Vec<_>>()
        });
        let shown = |[asked, answered, connections]: &[usize; 3]| {
            format!("{asked} + {answered} = {} ({connections})", asked + answered)
        };
        println!("  {:22} {:34} 13,000 commits, 2,000 refs", "", "10 commits, 2 refs");
        for ((side, small), large) in SIDES.iter().zip(&small).zip(&large) {
            println!("  {:22} {:34} {}", side.name, shown(small), shown(large));
        }
        let [small, large] = [&small, &large].map(|sides| sides[COLD][0] + sides[COLD][1]);
        let most = small.max(large);
        println!("  goal: at most {BYTES} bytes: {most}, {}", verdict(most <= BYTES));
        let apart = 100.0 * (large as f64 / small as f64 - 1.0);
        println!(
            "  goal: within 10 % of each other: {apart:+.1} %, {}",
            verdict(apart.abs() <= 10.0)
        );
    }

    fn times(&self, web: &Lighttpd) {
        let url = format!("{}/git/{LARGE}", web.url);
        let mut times = vec![Vec::new(); SIDES.len()];
        for round in 0..=self.rounds {
            for side in 0..SIDES.len() {
                let side = (side + round) % SIDES.len();
                self.prepare(&SIDES[side], &url);
                let taken = milliseconds(&mut || self.run(&SIDES[side], &url));
                // What is read for the first time comes from the disk.
                if round > 0 {
                    times[side].push(taken);
                }
            }
        }
        println!(
            "\n13,000 commits, 2,000 refs: {} rounds; medians in ms, and the middle half",
            self.rounds
        );
        for (side, own) in SIDES.iter().zip(&times) {
            let ratio = Spread::of(times[CLONE].iter().zip(own).map(|(clone, own)| clone / own));
            let own = Spread::of(own.iter().copied());
            println!(
                "  {:22} {:26} 1/{:.1} of a clone's time",
                side.name,
                own.to_string(),
                ratio.median
            );
        }
        let ratio = times[CLONE].iter().zip(&times[COLD]).map(|(clone, own)| clone / own);
        let ratio = Spread::of(ratio).median;
        let most = 1.0 / TIME;
        println!(
            "  goal: at most 1/{most:.0} of a clone's time: 1/{ratio:.1}, {}",
            verdict(ratio >= most)
        );
    }

    /// Before a run: nothing is there of the one before but the cache, where that may be used.
    fn prepare(&self, side: &Side, url: &str) {
        self.sandbox.ok("rm -rf clone ramp.yml ramp.lock ../home/.cache");
        if side.is_warm {
            self.run(side, url);
        }
    }

    fn run(&self, side: &Side, url: &str) {
        let (_, name) = url.rsplit_once('/').expect("the address of a repository");
        let commit = self.sandbox.read(format!("{name}.commit"));
        let line = side.line.replace("URL", url).replace("TAG", TAG);
        self.sandbox.ok(&format!("{} >/dev/null", line.replace("COMMIT", commit.trim())));
    }
}

fn verdict(is_met: bool) -> &'static str {
    if is_met { "met" } else { "MISSED" }
}

/// The history of a module, as what `git fast-import` reads.
struct Growth {
    stream: Vec<u8>,
    random: Random,
}

impl Growth {
    /// So many commits, and about as many refs; the last commit is `main` and a tag.
    fn new(commits: usize, refs: usize) -> Self {
        let mut growth = Self { stream: Vec::new(), random: Random(1) };
        let text = |random: &mut Random| (0..LINES).map(|_| random.line()).collect::<Vec<_>>();
        let mut files: Vec<Vec<String>> =
            (0..FOLDERS * FILES).map(|_| text(&mut growth.random)).collect();
        let step = (commits / VERSIONS).max(1);
        for n in 0..commits {
            growth.commit(n);
            if n == 0 {
                let manifest = format!("display_name: module\n#{}\n", "-".repeat(408));
                growth.file("pack/ramp.yml", manifest.as_bytes());
                files.iter().enumerate().for_each(|(n, file)| growth.text(n, file));
            }
            if n % step == 0 {
                let bytes = growth.random.bytes(BINARY);
                growth.file(&format!("data/{}.bin", n / step % BINARIES), &bytes);
            }
            let changed = growth.random.below(files.len());
            let line = growth.random.below(LINES - 5);
            let lines = std::array::from_fn::<_, 5, _>(|_| growth.random.line());
            files[changed].splice(line..line + 5, lines);
            growth.text(changed, &files[changed]);
            for number in n * refs / commits..(n + 1) * refs / commits {
                growth.point(number);
            }
        }
        growth.say("reset refs/tags/v99.0.0\nfrom refs/heads/main\n\n");
        growth
    }
}

impl Growth {
    fn commit(&mut self, n: usize) {
        let time = 1_400_000_000 + n * 36_000;
        let message: String = (0..1 + n % 5).map(|_| self.random.line() + "\n").collect();
        self.say(&format!(
            "commit refs/heads/main\ncommitter Ann <ann@example.com> {time} +0000\ndata {}\n{message}",
            message.len()
        ));
    }

    fn text(&mut self, number: usize, lines: &[String]) {
        let path = format!("src/part{}/file{}.c", number / FILES, number % FILES);
        self.file(&path, (lines.join("\n") + "\n").as_bytes());
    }

    fn file(&mut self, path: &str, content: &[u8]) {
        self.say(&format!("M 100644 inline {path}\ndata {}\n", content.len()));
        self.stream.extend_from_slice(content);
        self.say("\n");
    }

    /// A tag of the last commit, or a branch.
    fn point(&mut self, number: usize) {
        let name = match number % 2 {
            0 => format!("tags/v{}.{}.{}", number / 100, number / 10 % 10, number % 10),
            _ => format!("heads/topic-{number}"),
        };
        self.say(&format!("reset refs/{name}\nfrom refs/heads/main\n\n"));
    }

    fn say(&mut self, text: &str) {
        self.stream.extend_from_slice(text.as_bytes());
    }

    /// Makes a repository of it as a host would keep it: packed, filters allowed.
    fn write(&self, sandbox: &Sandbox, name: &str) {
        let path = format!("srv/{name}");
        sandbox.ok(&format!("git init -q --bare {path}"));
        let mut import = sandbox.command(&format!("git -C {path} fast-import --quiet"));
        let mut import = import.stdin(Stdio::piped()).spawn().unwrap();
        import.stdin.take().unwrap().write_all(&self.stream).unwrap();
        assert!(import.wait().unwrap().success());
        sandbox.ok(&format!(
            "cd {path} && git config uploadpack.allowFilter true && git gc -q && git rev-parse main > ../../{name}.commit"
        ));
    }
}

/// The same numbers in every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    fn below(&mut self, end: usize) -> usize {
        self.next() as usize % end
    }

    fn bytes(&mut self, length: usize) -> Vec<u8> {
        (0..length).map(|_| self.next() as u8).collect()
    }

    /// A line that compresses as source code does.
    fn line(&mut self) -> String {
        let mut line = " ".repeat(4 * self.below(4));
        for _ in 0..1 + self.below(5) {
            let number = self.below(1000);
            let number = number * number / 1000;
            write!(line, "{}{number} ", WORDS[self.below(WORDS.len())]).unwrap();
        }
        line
    }
}

const WORDS: [&str; 16] = [
    "return", "if", "static", "module", "context", "reply", "argument", "key", "string", "value",
    "error", "node", "edge", "graph", "matrix", "index",
];

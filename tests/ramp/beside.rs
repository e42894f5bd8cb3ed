//! The same command line beside ramp-packer: exit code, stdout, the files, and what is in them.

use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::{metadata, ours, theirs};
use crate::harness::{Run, Sandbox};
use crate::parity::as_meant;
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(lines_of_the_wild, RampPacker, RedisServer),
        test!(every_option, RampPacker, RedisServer),
        test!(only_the_name, RampPacker, RedisServer),
        test!(arguments_of_the_module, RampPacker, RedisServer),
        test!(lines_that_say_nothing, RampPacker, RedisServer),
        test!(other_verbs, RampPacker, RedisServer),
    ]
}

/// Runs the line in both; their exit codes, stdout and folders are the same, and the bundles in these
/// say the same.
#[track_caller]
fn same(line: &str) -> [Sandbox; 2] {
    same_with(line, |_| {})
}

#[track_caller]
fn same_with(line: &str, prepare: impl Fn(&mut Sandbox)) -> [Sandbox; 2] {
    let mut both = [ours(), theirs()];
    both.iter_mut().for_each(prepare);
    let [our_run, their_run] = [0, 1].map(|n: usize| both[n].sh(line));
    let shown = format!("{line}\n{}{}\n---\n{}", our_run.stdout, our_run.stderr, their_run.stderr);
    assert_eq!(our_run.code, their_run.code, "{shown}");
    let files = both[0].list(".");
    assert_eq!(files, both[1].list("."), "{shown}");
    let gives_version =
        ["-cr 7", "-cr=7", "ramp.yml", "redis-compatible"].iter().any(|it| line.contains(it));
    let manifest = if gives_version { "compatible_redis_version" } else { "" };
    let [ours, theirs] = [&our_run, &their_run].map(said);
    assert_eq!(ours.1, theirs.1, "{shown}");
    assert_eq!(ours.0.map(sorted), theirs.0.map(|it| sorted(as_meant(it, manifest))), "{shown}");
    for file in files.iter().filter(|file| file.ends_with(".zip")) {
        let [ours, theirs] = [0, 1].map(|n: usize| metadata(&both[n], file));
        assert_eq!(sorted(ours), sorted(as_meant(theirs, manifest)), "{shown}");
    }
    for file in files.iter().filter(|file| file.ends_with(".name")) {
        assert_eq!(both[0].read(file), both[1].read(file), "{shown}");
    }
    both
}

/// The metadata on stdout, if it is there, and the rest of it.
fn said(run: &Run) -> (Option<Value>, String) {
    // What a server writes before is not ours to imitate.
    let Some((_, shown)) = run.stdout.split_once("Module Metadata:\n") else {
        return (None, run.stdout.clone());
    };
    let mut values = serde_json::Deserializer::from_str(shown).into_iter();
    let value = values.next().unwrap().unwrap();
    (Some(value), shown[values.byte_offset()..].to_owned())
}

/// ramp-packer's lists of words have another order each time.
fn sorted(mut metadata: Value) -> Value {
    for field in ["capabilities", "exclude_commands"] {
        if let Some(words) = metadata[field].as_array_mut() {
            words.sort_by_key(Value::to_string);
        }
    }
    metadata
}

fn lines_of_the_wild() {
    for line in [
        "ramp pack hello.so",
        "ramp pack -m ramp.yml hello.so",
        "ramp pack hello.so -m ramp.yml -o x.zip",
        "ramp pack -m ramp.yml -n renamed --verbose --packname-file f.name -o x.zip hello.so",
        "mkdir build; ramp pack -m ramp.yml -o \"build/x.{os}-{architecture}.{semantic_version}.zip\" hello.so",
        "ramp pack -m ramp.yml -A x86_64 -O Linux hello.so",
        "ramp pack -v hello.so",
        "ARGS='-A aarch64 -O Darwin'; ramp pack -m ramp.yml $ARGS -n x -o {architecture}.zip hello.so",
        // A release and a snapshot, the names first.
        "for name in '{os}-{architecture}.{semantic_version}' '{os}-{architecture}.main-snapshot'; do \
         base=$(ramp pack -m ramp.yml -o x.$name -P hello.so); \
         ramp pack -m ramp.yml -o $base.zip hello.so; done",
        // The version from the name, the link of the day.
        "ramp pack -m ramp.yml --packname-file f.name -o x.{os}-{architecture}.{semantic_version}.zip hello.so; \
         file=$(basename $(realpath $(tail -1 f.name))); rm $file; \
         version=$(echo $file | sed -e 's/[^.]*\\.[^.]*\\.\\(.*\\)\\.zip/\\1/'); echo $version; \
         ramp pack -m ramp.yml -o x.full.zip -c \"PATH /lib/x-$version\" hello.so >/dev/null 2>&1; \
         ln -sf x.full.zip x.$version.zip; readlink x.1.2.3.zip",
        "ramp pack -m $PWD/ramp.yml -o x.{semantic_version}.zip hello.so 2>/dev/null | grep '.zip' >out; \
         tail -1 out",
        "ramp pack -m ramp.yml --verbose --debug -o x.zip hello.so --runcmdargs \"$UNSET\" >err 2>&1 || true; \
         test -e x.zip && mkdir snapshots && ln -s ../x.zip snapshots/x.main.zip",
    ] {
        same(line);
    }
    // The modules' own scripts take the last line.
    let script = "ramp pack -m ramp.yml $ARGS -n hello --verbose --debug --packname-file f.name \
                  -o x.zip hello.so >out 2>err; ls; cat f.name";
    let [ours, _] = same(script);
    assert_eq!(ours.ok("tail -1 out"), "x.zip");
    let build = "build/x.{os}-{architecture}.{semantic_version}.zip";
    let line = format!("mkdir build; ramp pack -m ramp.yml -o {build} hello.so");
    let [ours, theirs] = same(&line);
    let name = theirs.list("build").remove(0);
    let [ours, theirs] = [&ours, &theirs].map(|it| metadata(it, &format!("build/{name}")));
    assert_eq!(ours, as_meant(theirs, "compatible_redis_version"));
}

fn every_option() {
    let command = "{\"command_name\": \"hello.get\", \"command_arity\": 2, \"flags\": [\"fast\"], \
                   \"first_key\": 1, \"last_key\": 1, \"step\": -2}";
    let other = command.replace("hello.get", "hello.set");
    for options in [
        "-d D -b B -n N -a A -e E -D 'de scription' -h http://h -l L -c 'a b' -r 6.0 -R 6.2 -cr 7.2 -cc C -O O",
        "--display-name D --capability-name B --module-name N --author A --email E --homepage H \
         --architecture aarch64 --description D --license L --cmdargs a --runcmdargs b --os O \
         --redis-min-version 6.0 --redis-pack-min-version 6.2 --redis-compatible-version 7.2 \
         --bigstore-version-2-support --config-command C --capabilities a,b --exclude-commands hello.set",
        "--display-name=D --author=A -nN -aA -cr=7.2 -cc=C -C a,b,a -E hello.get,hello.set",
        "-d -cr -a -cc -c --x --runcmdargs -y -D --",
        "-n a -n b -d c -d d --author=a --author=b -D a -D b=c",
        "-d '' -a ''",
        &format!("--overide-command '{command}' --overide-command '{other}'"),
        &format!(
            "--add-command '{}' --add-command '{}'",
            command.replace("get", "a"),
            other.replace("set", "b")
        ),
    ] {
        same(&format!("ramp pack {options} hello.so"));
        same(&format!("ramp pack hello.so -m ramp.yml {options}"));
    }
}

fn only_the_name() {
    for options in [
        "-P",
        "--print-filename-only -v",
        "-P --packname-file f.name",
        "-P -m ramp.yml -o 'build/x.{module_name}-{semantic_version}.zip' --packname-file f.name",
        "--packname-file f.name -o 'a-{os}.zip'",
    ] {
        same(&format!("ramp pack {options} hello.so"));
    }
    // Before what goes into the bundle is there.
    let manifest = "dependencies: {p: {url: 'https://h/p.tgz', local_path: not/yet}}\n";
    same_with("ramp pack -P -m d.yml -o x hello.so", |it| {
        it.write("d.yml", manifest);
    });
}

/// What a module is loaded with; `args.2` is the name of its command where it is loaded with two.
fn arguments_of_the_module() {
    for (options, count) in [
        ("", 0),
        ("--runcmdargs 'Plugin PATH'", 2),
        ("--cmdargs 'a b c'", 3),
        ("--cmdargs 'a b c' --runcmdargs x", 1),
        ("--runcmdargs --x", 1),
    ] {
        let line = format!("ramp pack {options} count_arguments.so");
        let [ours, _] = same_with(&line, |it| {
            it.module("count_arguments");
        });
        let name = &metadata(&ours, "module.zip")["commands"][0]["command_name"];
        assert_eq!(*name, json!(format!("args.{count}")), "{options}");
    }
}

/// Both end with 2 where the words make no sense.
fn lines_that_say_nothing() {
    for line in [
        "ramp",
        "ramp nonsense",
        "ramp pack",
        "ramp pack -n",
        "ramp pack a.so b.so",
        "ramp pack --nonsense hello.so",
        "ramp pack -m none.yml hello.so",
        "ramp unpack",
    ] {
        let [ours, theirs] = [ours().sh(line), theirs().sh(line)];
        assert_eq!(theirs.code, 2, "{line}\n{}", theirs.stderr);
        let expected = if line.contains("none.yml") { 3 } else { 2 };
        assert_eq!(ours.code, expected, "{line}\n{}", ours.stderr);
    }
}

fn other_verbs() {
    let [ours, theirs] =
        same("ramp pack -m ramp.yml hello.so && rm hello.so && ramp unpack module.zip");
    assert_eq!(ours.list("."), ["hello.json", "hello.so", "module.zip", "ramp.yml"]);
    let words = |line: &str| [ours.ok(line), theirs.ok(line)];
    let [our_version, their_version] = words("ramp version");
    assert_eq!(our_version.rsplit_once(" (rampkit ").unwrap().0, their_version);
    let [our_version, their_version] = words("ramp --version");
    assert_eq!(our_version.rsplit_once(" (rampkit ").unwrap().0, their_version);
    // Each of their options is one of ours, by all its names.
    let [our_help, their_help] = words("ramp pack --help");
    let named = their_help.lines().filter(|line| line.starts_with("  -"));
    let names = named.flat_map(|line| line.split_whitespace().take_while(|it| it.starts_with('-')));
    let names: Vec<&str> = names.map(|name| name.trim_end_matches(',')).collect();
    assert!(names.len() > 40, "{names:?}");
    for name in names {
        let is_there = our_help.split([' ', ',', '\n', ']']).any(|word| word == name);
        assert!(is_there, "{name} is not there");
    }
}

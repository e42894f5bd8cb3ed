//! The folders of `modules/` that take a published module to an image: they are whole, what they say
//! fits together, and no command of theirs names what there is not.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use libtest_mimic::Trial;
use snapbox::str;

use crate::harness::{Peer, Sandbox};
use crate::readme::{options, verbs};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(every_folder_is_whole),
        test!(versions_and_images_agree),
        test!(every_option_is_there),
        test!(all_of_them_in_one_image),
        test!(a_linter_has_nothing_to_say, Hadolint),
    ]
}

/// In the order in which one learns of them.
pub const FOLDERS: [&str; 6] =
    ["redisgears", "redisgraph", "redisearch", "rejson", "redistimeseries", "redisbloom"];

/// A file below `modules/`.
pub fn path(file: impl AsRef<Path>) -> PathBuf {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/modules")).join(file)
}

fn read(file: impl AsRef<Path>) -> String {
    let path = path(file);
    fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The command lines of each block of a README.
pub fn walks(folder: &str) -> Vec<String> {
    let text = read(Path::new(folder).join("README.md"));
    let blocks = text.split("```sh\n").skip(1);
    blocks.map(|block| block.split("```").next().unwrap().to_owned()).collect()
}

/// What `name` says in a module.yaml or a Dockerfile: the rest of its line.
pub fn said<'a>(text: &'a str, name: &str) -> &'a str {
    let mut lines = text.lines().filter_map(|line| line.trim_start().strip_prefix(name));
    lines.next().unwrap_or_else(|| panic!("no {name} in {text}"))
}

fn every_folder_is_whole() {
    let overview = read("README.md");
    for folder in FOLDERS {
        for file in ["Dockerfile", "README.md", "module.yaml"] {
            assert!(path(folder).join(file).is_file(), "{folder}/{file}");
        }
        assert_eq!(walks(folder).len(), 1, "{folder}");
        assert!(overview.contains(&format!("\n| [{folder}]({folder}) | ")), "{folder}");
    }
}

/// The version stands in three files, and the image of a Dockerfile in its README and the overview.
fn versions_and_images_agree() {
    let overview = read("README.md");
    for folder in FOLDERS {
        let file = |name: &str| read(Path::new(folder).join(name));
        let (dockerfile, module, readme) =
            (file("Dockerfile"), file("module.yaml"), file("README.md"));
        let (name, version) = (said(&module, "name: "), said(&module, "version: "));
        let image = said(&dockerfile, "FROM ").trim_end_matches(" AS pack");
        assert_eq!(image.split_once(':').unwrap().1, version, "{folder}");
        assert_eq!(dockerfile.matches(&format!("\nFROM {image} AS ")).count(), 2, "{folder}");
        assert!(readme.contains(&format!("\n| image | `{image}` |\n")), "{folder}");
        assert!(readme.contains(&format!("`, which calls itself `{name}` |\n")), "{folder}");
        assert!(readme.contains(&format!(" tags/v{version}")), "{folder}");
        assert!(overview.contains(&format!("| `{image}` | `{name}` |\n")), "{folder}");
        let packed = said(&module, "image: ");
        assert_eq!(packed, format!("packed/{folder}:{version}"));
        for text in [&dockerfile, &readme] {
            assert!(text.contains(&format!("docker build --target packed --tag {packed} .")));
        }
        let lies_in = said(&dockerfile, "ARG MODULE_FOLDER=").trim_matches('"');
        let library = said(&dockerfile, "ARG MODULE_FILE=").trim_matches('"');
        assert!(readme.contains(&format!("| module | `{lies_in}/{library}`")), "{folder}");
        let stem = library.trim_end_matches(".so");
        let bundle = format!("{lies_in}/{stem}.Linux-x86_64.{version}.zip");
        assert_eq!(said(&module, "- source: "), bundle);
    }
}

/// What follows `rampkit` in a text, up to the end of that command.
fn calls(text: &str) -> Vec<String> {
    let joined = text.replace("\\\n", " ");
    let lines = joined.lines().filter(|line| !line.trim_start().starts_with('#'));
    let calls = lines.flat_map(|line| line.split("rampkit ").skip(1).map(str::to_owned));
    calls.map(|call| call.split(&['&', '|', ')', '`'][..]).next().unwrap().to_owned()).collect()
}

fn every_option_is_there() {
    let sandbox = Sandbox::new();
    let verbs = verbs(&sandbox);
    let mut count = 0;
    for folder in ["."].iter().chain(&FOLDERS) {
        let mut texts = walks(folder);
        texts.extend(fs::read_to_string(path(folder).join("Dockerfile")));
        for call in texts.iter().flat_map(|text| calls(text)) {
            let mut words = call.split_whitespace();
            let Some(verb) = words.next().filter(|verb| verbs.iter().any(|it| it == verb)) else {
                continue;
            };
            let help = sandbox.ok(&format!("rampkit {verb} --help"));
            for word in words.filter(|word| word.starts_with("--") && *word != "--") {
                let option = word.split('=').next().unwrap();
                assert!(options(&help).contains(&option), "{folder}: rampkit {verb} {option}");
                count += 1;
            }
        }
    }
    assert!(count > 30, "{count} options");
}

fn all_of_them_in_one_image() {
    let sandbox = Sandbox::new();
    sandbox.ok(&format!("cp -r {} modules", path("").display()));
    let run = sandbox.sh("rampkit dockerfile --baseimage redislabs/redis modules/re*/module.yaml");
    assert_eq!((run.code, &*run.stderr), (0, " Assembled 6 modules on redislabs/redis\n"));
    snapbox::assert_data_eq!(
        run.stdout,
        str![[r##"
# Made by rampkit dockerfile: change what it is made of, not this.
# Made of:
#   modules/redisbloom/module.yaml
#   modules/redisearch/module.yaml
#   modules/redisgears/module.yaml
#   modules/redisgraph/module.yaml
#   modules/redistimeseries/module.yaml
#   modules/rejson/module.yaml

# The images that files are copied from.
FROM packed/redisbloom:2.8.1 AS bf
FROM packed/redisearch:2.8.8 AS search
FROM packed/redisgears:1.2.5 AS rg
FROM packed/redisgraph:2.12.8 AS graph
FROM packed/redistimeseries:1.10.11 AS timeseries
FROM packed/rejson:2.6.6 AS rejson

# The image to begin with.
FROM redislabs/redis
ENV REDIS_MODULES /opt/redislabs/lib/modules
RUN mkdir -p $REDIS_MODULES/
WORKDIR /data

# bf 2.8.1
# From modules/redisbloom/module.yaml:3.
RUN rm -f "$REDIS_MODULES"/redisbloom.*.zip
COPY --from=bf --chown=redislabs:redislabs ["/usr/lib/redis/modules/redisbloom.Linux-x86_64.2.8.1.zip", "$REDIS_MODULES/"]

# search 2.8.8
# From modules/redisearch/module.yaml:3.
RUN rm -f "$REDIS_MODULES"/redisearch.*.zip
COPY --from=search --chown=redislabs:redislabs ["/usr/lib/redis/modules/redisearch.Linux-x86_64.2.8.8.zip", "$REDIS_MODULES/"]

# rg 1.2.5
# From modules/redisgears/module.yaml:3.
RUN rm -f "$REDIS_MODULES"/redisgears.*.zip
COPY --from=rg --chown=redislabs:redislabs ["/var/opt/redislabs/lib/modules/redisgears.Linux-x86_64.1.2.5.zip", "$REDIS_MODULES/"]

# graph 2.12.8
# From modules/redisgraph/module.yaml:3.
RUN rm -f "$REDIS_MODULES"/redisgraph.*.zip
COPY --from=graph --chown=redislabs:redislabs ["/usr/lib/redis/modules/redisgraph.Linux-x86_64.2.12.8.zip", "$REDIS_MODULES/"]

# timeseries 1.10.11
# From modules/redistimeseries/module.yaml:3.
RUN rm -f "$REDIS_MODULES"/redistimeseries.*.zip
COPY --from=timeseries --chown=redislabs:redislabs ["/usr/lib/redis/modules/redistimeseries.Linux-x86_64.1.10.11.zip", "$REDIS_MODULES/"]

# ReJSON 2.6.6
# From modules/rejson/module.yaml:3.
RUN rm -f "$REDIS_MODULES"/rejson.*.zip
COPY --from=rejson --chown=redislabs:redislabs ["/usr/lib/redis/modules/rejson.Linux-x86_64.2.6.6.zip", "$REDIS_MODULES/"]

# How it is run.
EXPOSE 6379/tcp

"##]]
    );
}

fn a_linter_has_nothing_to_say() {
    for folder in FOLDERS {
        let mut hadolint = Command::new(Peer::Hadolint.found().join("hadolint"));
        let output = hadolint.arg("--no-color").arg(path(folder).join("Dockerfile")).output();
        let output = output.unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stdout), "", "{folder}");
        assert!(output.status.success(), "{folder}");
    }
}

//! The walks of `modules/`, from fetch to a server that has the module: the commands of their READMEs
//! as they stand.
//!
//! What they ask the world for is made here: images with the names of the published ones and modules
//! in the same places, repositories with the same tags, and a curl.

use libtest_mimic::Trial;

use super::{Image, loaded, put_rampkit};
use crate::harness::{Docked, Peer};
use crate::ready::{FOLDERS, path, said, walks};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![test!(every_walk_is_walked, Docker, Binutils, RedisStack)]
}

/// What is published of a module: the manifest in its repository, and the module in its image.
struct Published {
    folder: &'static str,
    /// A real one of a Redis Stack; where it has none that loads, one of that name.
    library: Result<&'static str, &'static str>,
    manifest: &'static str,
    more: &'static str,
}

const PUBLISHED: [Published; 6] = [
    Published {
        folder: "redisgears",
        library: Err("rg"),
        manifest: "ramp_python.yml",
        more: "\
command_line_args: Plugin gears_python CreateVenv 1
dependencies:
  gears_python:
    url: http://example.com/{{GEARS_PYTHON_FNAME}}
    sha256: {{GEARS_PYTHON_SHA256}}
",
    },
    Published {
        folder: "redisgraph",
        library: Err("graph"),
        manifest: "ramp.yml",
        more: "compatible_redis_version: 7.2\n",
    },
    Published {
        folder: "redisearch",
        library: Ok("redisearch"),
        manifest: "pack/ramp.yml",
        more: "",
    },
    Published { folder: "rejson", library: Ok("rejson"), manifest: "ramp.yml", more: "" },
    Published {
        folder: "redistimeseries",
        library: Ok("redistimeseries"),
        manifest: "ramp.yml",
        more: "",
    },
    Published {
        folder: "redisbloom",
        library: Ok("redisbloom"),
        manifest: "ramp.yml",
        more: "compatible_redis_version: 7.4\n",
    },
];

impl Published {
    /// Makes the module's image, and its repository below `origin`.
    fn publish(&self, docked: &Docked) {
        let text = |file| std::fs::read_to_string(path(self.folder).join(file)).unwrap();
        let (dockerfile, readme) = (text("Dockerfile"), text("README.md"));
        let file = said(&dockerfile, "ARG MODULE_FILE=").trim_matches('"');
        match self.library {
            Ok(name) => docked.ok(&format!("cp -L \"$STACK\"/*/*/lib/{name}.so {file}")),
            Err(name) => {
                docked.module_that(name, "");
                docked.ok(&format!("mv {name}.so {file}"))
            }
        };
        let folder = said(&dockerfile, "ARG MODULE_FOLDER=").trim_matches('"');
        // As that of RedisGears does, an image may say what the image to come says otherwise.
        let named = format!("ENV REDIS_MODULES={folder}");
        let image = Image {
            name: said(&dockerfile, "FROM ").trim_end_matches(" AS pack"),
            from: "local/openssl",
            files: file,
            folder,
            more: if self.folder == "redisgears" { &named } else { "" },
        };
        image.build(docked);
        let fetch = said(&readme, "rampkit fetch ");
        let (repository, tag) = fetch.split_once(" tags/").unwrap();
        let tag = tag.split(' ').next().unwrap();
        let place = format!("../origin/{repository}");
        let manifest = format!("display_name: {}\n{}", self.folder, self.more);
        docked.write(format!("{place}/{}", self.manifest), manifest);
        docked.ok(&format!(
            "cd {place} && git init -q && git add . && git commit -q -m 1 && git tag {tag}"
        ));
    }
}

/// A sandbox in which the world has what the walks ask it for.
fn world() -> Docked {
    let mut docked = Docked::new();
    docked.ok("mkdir bin");
    put_rampkit(&docked, "bin");
    docked.write("bin/curl", "#!/bin/sh\necho $(echo \"$*\" | sha256sum | cut -c -64)\n");
    docked.ok("chmod +x bin/curl");
    let search = docked.ok("echo \"$PATH\"");
    let search = format!("{}:{search}", docked.path("bin").display());
    docked.env("PATH", search);
    docked.env("STACK", Peer::RedisStack.found().display().to_string());
    docked.ok(
        "git config --global url.\"file://$(realpath ..)/origin/\".insteadOf https://github.com/",
    );
    // Modules and server are built for OpenSSL 1.1, which Debian 12 has no more.
    docked.ok("cp -L \"$STACK\"/lib*.so.1.1 . && cp -L \"$STACK\"/*/*/bin/redis-server .");
    let openssl = Image {
        name: "local/openssl",
        from: "local/debian",
        files: "lib*.so.1.1",
        folder: "/usr/lib/",
        more: "",
    };
    openssl.build(&docked);
    let redis = Image {
        name: "redis:7.4",
        from: "local/redis",
        files: "lib*.so.1.1 redis-server",
        folder: "/usr/lib/",
        more: "RUN mv /usr/lib/redis-server /usr/bin/",
    };
    redis.build(&docked);
    for published in &PUBLISHED {
        published.publish(&docked);
    }
    docked.ok(&format!("cp -r {} modules", path("").display()));
    docked
}

fn every_walk_is_walked() {
    let docked = world();
    let runs = |image: &str| {
        let format = "'{{json .Config.User}} {{json .Config.Cmd}} {{json .Config.Entrypoint}}'";
        docked.ok(&format!("docker inspect --format {format} {image}"))
    };
    let mut all = Vec::new();
    for folder in FOLDERS {
        docked.ok(&format!("cd modules/{folder} && set -eu\n{}", walks(folder)[0]));
        let packed = packed(&docked, folder);
        let assembled = format!("enterprise-{folder}");
        assert_eq!(lying(&docked, &assembled), [packed.as_str()]);
        assert_eq!(runs(&assembled), runs("redislabs/redis"));
        all.push(packed);
    }
    let overview = walks(".");
    docked.ok(&format!("cd modules && set -eu\n{}", overview[0]));
    all.sort_by_key(|line| line.split(' ').next_back().map(str::to_owned));
    assert_eq!(lying(&docked, "enterprise-modules"), all);

    let said = docked.ok(&format!("cd modules && set -eu\n{}", overview[1]));
    docked.ok(&format!("docker rm --force {}", said.lines().next_back().unwrap()));
    let folder = "/opt/redislabs/lib/modules";
    let expected = [
        format!("ReJSON 20803 {folder}/rejson.so []"),
        format!("bf 20802 {folder}/redisbloom.so []"),
        format!("graph 1 {folder}/redisgraph.so []"),
        format!(r#"rg 1 {folder}/redisgears.so ["Plugin","gears_python","CreateVenv","1"]"#),
        format!("search 21005 {folder}/redisearch.so []"),
        format!("timeseries 11202 {folder}/redistimeseries.so []"),
    ];
    assert_eq!(loaded(&docked, "server-modules"), expected);
}

/// The bundle that a folder's Dockerfile has written, as [`lying`] shall have it: its module.yaml knows
/// its checksum, and it the commit that its manifest is from.
fn packed(docked: &Docked, folder: &str) -> String {
    let dist = format!("modules/{folder}/dist");
    let sum = docked.ok(&format!("cd {dist} && sha256sum *.zip"));
    let module = docked.read(format!("{dist}/module.yaml"));
    assert_eq!(Some(said(&module, "sha256: ")), sum.split(' ').next());
    let commit = docked.read(format!("modules/{folder}/ramp.lock"));
    let metadata = docked.ok(&format!("rampkit inspect --json {dist}/*.zip"));
    assert!(metadata.contains(said(&commit, "commit: ")), "{metadata}");
    format!("redislabs:redislabs {sum}")
}

/// The bundles in the folder for modules of an image: whose each is, its checksum and its name.
fn lying(docked: &Docked, image: &str) -> Vec<String> {
    let script = "cd \"$REDIS_MODULES\" && for it in *.zip; do \
                  echo \"$(stat -c %U:%G \"$it\") $(sha256sum \"$it\")\"; done";
    let lines = docked.ok(&format!("docker run --rm {image} sh -c '{script}'"));
    lines.lines().map(str::to_owned).collect()
}

//! Plans: one that has everything, and random ones with the worst texts that can be written.

use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;
use rampkit::assembly::{Copy, Execute, Packages, Part, Plan, Script, Stage};
use rampkit::descriptor::document::{Manager, Platform, Port, Protocol};
use rampkit::digest::Sha256;

/// As `redis` with one module.
pub fn whole() -> Plan {
    Plan {
        made_of: vec!["modules.yaml".to_owned(), "target.yaml".to_owned()],
        platform: Platform::Linux,
        base: "redislabs/redis:7.4".to_owned(),
        base_user: Some("redislabs".to_owned()),
        script: Some("ENV REDIS_MODULES /opt/redislabs/lib/modules\nWORKDIR /data".to_owned()),
        modules: vec![graph(), gears()],
        target: Part {
            name: "The target".to_owned(),
            envs: vec![("GREETING".to_owned(), "it's \"5 $\"".to_owned())],
            ..Part::default()
        },
        ports: vec![port(6379, None), port(6380, Some(Protocol::Udp))],
        volumes: vec!["/data".to_owned()],
        user: None,
        workdir: Some("/data".to_owned()),
        entrypoint: None,
        cmd: Some(words(
            "--loadmodule /opt/redislabs/lib/modules/redisgraph.so THREAD_COUNT 4 \
                         --loadmodule /opt/redislabs/lib/modules/redisgears.so",
        )),
    }
}

fn graph() -> Part {
    Part {
        name: "redisgraph".to_owned(),
        version: Some("2.4.1".to_owned()),
        notes: vec!["modules.yaml:3; target.yaml asks for it".to_owned()],
        stage: Some(Stage {
            name: "redisgraph".to_owned(),
            image: "me/redisgraph:2.4.1".to_owned(),
        }),
        packages: Some(Packages {
            manager: Manager::AptGet,
            install: words("libgomp1 python3=3.11*"),
        }),
        envs: vec![("A".to_owned(), "b".to_owned())],
        labels: vec![("org.example.graph".to_owned(), "2.4.1".to_owned())],
        copies: vec![copy("/usr/lib/redis/modules/redisgraph.so", Some("redisgraph"))],
        ..Part::default()
    }
}

fn gears() -> Part {
    Part {
        name: "redisgears".to_owned(),
        notes: vec!["gears/module.yaml; redisgraph 2.4.1 asks for it".to_owned()],
        script: Some("RUN rm -f $REDIS_MODULES/redisgears.*.zip".to_owned()),
        copies: vec![copy("gears/redisgears.so", None)],
        execute: Some(Execute {
            source: "gears".to_owned(),
            folder: "/tmp/modules/redisgears".to_owned(),
            scripts: vec![
                Script {
                    path: "install.sh".to_owned(),
                    user: "root".to_owned(),
                    is_executable: true,
                },
                Script {
                    path: "set up".to_owned(),
                    user: "redislabs".to_owned(),
                    is_executable: false,
                },
            ],
        }),
        ..Part::default()
    }
}

fn copy(source: &str, stage: Option<&str>) -> Copy {
    Copy {
        stage: stage.map(str::to_owned),
        source: source.to_owned(),
        target: "$REDIS_MODULES/".to_owned(),
        user: Some("redislabs:redislabs".to_owned()),
        mode: Some("0755".to_owned()),
        sha256: Some(Sha256::of(b"")),
    }
}

/// The same for Windows.
pub fn windows() -> Plan {
    let mut plan = whole();
    plan.platform = Platform::Windows;
    plan.base = "me/redis:windows".to_owned();
    plan.base_user = Some("ContainerUser".to_owned());
    plan.script = Some("ENV REDIS_MODULES C:/modules".to_owned());
    plan.modules[0].packages = None;
    plan.modules[1].script = None;
    for script in &mut plan.modules[1].execute.as_mut().unwrap().scripts {
        script.path += ".ps1";
        script.user = "ContainerAdministrator".to_owned();
    }
    plan.workdir = Some(r"C:\data".to_owned());
    plan.volumes = vec![r"C:\data".to_owned()];
    plan.cmd = Some(words(r"redis-server.exe C:\redis.conf"));
    plan
}

pub fn port(value: u16, protocol: Option<Protocol>) -> Port {
    Port { value, protocol, description: None }
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

/// What is most likely to be taken for something else.
const NASTY: [&str; 44] = [
    "\"",
    "'",
    "\\",
    "\\\\",
    "$",
    "$$",
    "`",
    "``",
    " ",
    "  ",
    "\t",
    "#",
    "# ",
    "<<EOF",
    "<<",
    "=",
    "[",
    "]",
    "{",
    "}",
    "${",
    "$A",
    "${A}",
    "\\$A",
    "`$A",
    "\\\"",
    "\\'",
    "*",
    "?",
    "é",
    "中",
    "🦀",
    "\u{a0}",
    "\u{2028}",
    "\u{feff}",
    "\u{1b}[31m",
    "\u{7f}",
    ",",
    ";",
    "&&",
    "!",
    "~",
    "%PATH%",
    "\u{2019}",
];

/// Any text of one line.
pub fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => select(&NASTY[..]).prop_map(str::to_owned),
        2 => "[a-z]{1,4}",
        1 => any::<char>().prop_filter("one line", |c| !"\n\r\0".contains(*c)).prop_map(String::from),
    ];
    let long = (piece.clone(), 100..2000usize).prop_map(|(piece, times)| piece.repeat(times));
    prop_oneof![20 => vec(piece, 0..8).prop_map(|pieces| pieces.concat()), 1 => long]
}

/// A path of an image: texts, and variables that are meant.
fn path() -> impl Strategy<Value = String> {
    let variable = select(&["$REDIS_MODULES", "${A_1}", "$X/"][..]).prop_map(str::to_owned);
    let literal = text().prop_map(|text| text.replace('{', "("));
    vec(prop_oneof![3 => literal, 1 => variable], 1..4)
        .prop_map(|pieces| format!("/{}", pieces.join("/")))
}

fn name() -> impl Strategy<Value = String> {
    "[a-zA-Z_é#][a-zA-Z0-9_./é-]{0,8}"
}

fn settings() -> impl Strategy<Value = Vec<(String, String)>> {
    vec((name(), text()), 0..4)
}

/// An author's instructions: the worst that mean what they say.
pub const SCRIPTS: [&str; 9] = [
    "ENV REDIS_MODULES /opt/redislabs/lib/modules\nRUN mkdir -p $REDIS_MODULES/\nWORKDIR /data",
    "RUN set -ex;\\\n    apt-get update;\\\n# comment\n    true;\n\n\n",
    "# nothing",
    "",
    "\n\n  # a \\\nRUN echo \"# b\" '<<EOF'",
    "USER app\nRUN true",
    "RUN true\nUSER 0:0\r\n",
    "LABEL a=\"b\\\"\" c=d \\\n e=f",
    "RUN id\nuser ${APP:-app}",
];

fn copies() -> impl Strategy<Value = Vec<Copy>> {
    let user = of(select(&["redislabs:redislabs", "0", "$APP", "a.b-c_d"][..]));
    let mode = of(select(&["0644", "700", "0400"][..]));
    let more = (user, mode, any::<bool>());
    vec((of("[a-z]{1,8}"), path(), path(), more), 0..4).prop_map(|copies| {
        let copy = |(stage, source, target, (user, mode, has_digest)): (
            _,
            _,
            _,
            (Option<&str>, Option<&str>, bool),
        )| Copy {
            stage,
            source,
            target,
            user: user.map(str::to_owned),
            mode: mode.map(str::to_owned),
            sha256: has_digest.then(|| Sha256::of(b"")),
        };
        copies.into_iter().map(copy).collect()
    })
}

fn execute() -> impl Strategy<Value = Execute> {
    let user = select(&["root", "app", "redislabs:redislabs"][..]);
    let script = (text(), user, any::<bool>()).prop_map(|(path, user, is_executable)| Script {
        path,
        user: user.to_owned(),
        is_executable,
    });
    (path(), text(), vec(script, 0..3)).prop_map(|(source, folder, scripts)| Execute {
        source,
        folder: format!("/tmp/{folder}"),
        scripts,
    })
}

fn part() -> impl Strategy<Value = Part> {
    let stage = ("[a-z]{1,6}", "[a-z]{1,6}(:[a-z0-9.]{1,4})?");
    let packages = (select(&Manager::ALL[..]), vec("[a-z0-9][a-z0-9.+:=~*@-]{0,9}", 1..4));
    let notes = vec(prop_oneof![text(), any::<String>()], 0..3);
    let said = (any::<String>(), of(text()), notes, of(stage));
    let done =
        (settings(), settings(), of(select(&SCRIPTS[..])), copies(), of(execute()), of(packages));
    (said, done).prop_map(|((name, version, notes, stage), done)| {
        let (envs, labels, script, copies, execute, packages) = done;
        let packages = packages.map(|(manager, install)| Packages { manager, install });
        let stage = stage.map(|(name, image)| Stage { name, image });
        let script = script.map(str::to_owned);
        Part { name, version, notes, stage, packages, envs, labels, script, copies, execute }
    })
}

/// Any plan that can be written.
pub fn plan() -> impl Strategy<Value = Plan> {
    let platform = prop_oneof![2 => Just(Platform::Linux), 1 => Just(Platform::Windows)];
    let ports = vec((any::<u16>(), of(select(&Protocol::ALL[..]))), 0..30);
    let user = of(select(&["root", "redis", "$APP"][..]));
    let said = (vec(any::<String>(), 0..3), platform, of(select(&SCRIPTS[..])), user);
    let parts = (vec(part(), 0..3), part());
    let arguments = || of(vec(prop_oneof![3 => text(), 1 => "[^\0]{0,20}"], 0..9));
    let end = (ports, vec(path(), 0..3), of(path()), arguments(), arguments());
    let plan = (said, parts, end).prop_map(|((made_of, platform, script, user), parts, end)| {
        let (ports, volumes, workdir, entrypoint, cmd) = end;
        Plan {
            made_of,
            platform,
            base: "redis:latest".to_owned(),
            base_user: Some("redis".to_owned()),
            script: script.map(str::to_owned),
            modules: parts.0,
            target: parts.1,
            ports: ports.into_iter().map(|(value, protocol)| port(value, protocol)).collect(),
            volumes,
            user: user.map(str::to_owned),
            workdir,
            entrypoint,
            cmd,
        }
    });
    plan.prop_map(writable)
}

/// Without what cannot be written, part by part, so that most of it stays.
fn writable(mut plan: Plan) -> Plan {
    if plan.platform == Platform::Windows {
        plan.modules.iter_mut().chain([&mut plan.target]).for_each(|part| part.packages = None);
        let path = |path: &mut String| *path = path.replace('"', "");
        for part in plan.modules.iter_mut().chain([&mut plan.target]) {
            part.copies
                .iter_mut()
                .for_each(|copy| [&mut copy.source, &mut copy.target].into_iter().for_each(path));
            part.execute.iter_mut().for_each(|it| path(&mut it.source));
            part.script = part.script.take().filter(|script| !script.contains('\\'));
        }
        plan.script = plan.script.filter(|script| !script.contains('\\'));
        plan.volumes.iter_mut().for_each(path);
        plan.workdir.iter_mut().for_each(path);
    }
    let local = |path: &mut String| {
        *path = path.replace('\\', "").replace(|c: char| c.is_control() && c != '\t', "");
    };
    for part in plan.modules.iter_mut().chain([&mut plan.target]) {
        part.execute.iter_mut().for_each(|it| local(&mut it.source));
        part.copies.iter_mut().filter(|it| it.stage.is_none()).for_each(|it| local(&mut it.source));
    }
    plan.volumes.iter_mut().for_each(|path| *path = path.trim().to_owned());
    plan.workdir =
        plan.workdir.map(|path| path.trim().trim_end_matches(['\\', '`', ' ']).to_owned() + "/");
    plan
}

//! What cannot be written is refused, with who wants it and what to do about it.

use libtest_mimic::Trial;
use rampkit::assembly::{Plan, check};
use rampkit::error::Error;
use snapbox::{IntoData as _, str};

use super::plans::{whole, windows};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![test!(what_cannot_be_written_is_refused), test!(what_is_strange_but_fine_is_not)]
}

type Change = (&'static str, fn(&mut Plan));

const REFUSED: [Change; 31] = [
    ("value", |plan| plan.modules[0].envs[0].1 = "a\nb".to_owned()),
    ("carriage", |plan| plan.modules[0].labels[0].1 = "a\rb".to_owned()),
    ("nul", |plan| plan.target.envs[0].1 = "a\0b".to_owned()),
    ("name", |plan| plan.modules[0].envs[0].0 = "A B".to_owned()),
    ("no name", |plan| plan.modules[0].labels[0].0 = String::new()),
    ("equals", |plan| plan.modules[0].labels[0].0 = "a=b".to_owned()),
    ("source", |plan| plan.modules[0].copies[0].source = "/a\nb".to_owned()),
    ("target", |plan| plan.modules[0].copies[0].target = String::new()),
    ("default", |plan| plan.modules[0].copies[0].target = "${A:-/b}/".to_owned()),
    ("owner", |plan| plan.modules[0].copies[0].user = Some("a b".to_owned())),
    ("quoted", |plan| plan.modules[0].copies[0].user = Some("\"a\"".to_owned())),
    ("mode", |plan| plan.modules[0].copies[0].mode = Some("u+x".to_owned())),
    ("stage", |plan| plan.modules[0].copies[0].stage = Some("a b".to_owned())),
    ("image", |plan| plan.modules[0].stage.as_mut().unwrap().image = "a\nRUN b".to_owned()),
    ("base", |plan| plan.base = "a AS b".to_owned()),
    ("base user", |plan| plan.base_user = Some("a\nUSER root".to_owned())),
    ("package", |plan| plan.modules[0].packages.as_mut().unwrap().install[0] = "-y".to_owned()),
    ("going on", |plan| plan.modules[1].script = Some("RUN true \\\n# what follows".to_owned())),
    ("heredoc", |plan| plan.script = Some("RUN <<EOF\ntrue\n".to_owned())),
    ("another", |plan| plan.modules[1].script = Some("RUN true\nfrom redis\n".to_owned())),
    ("runner", |plan| plan.modules[1].execute.as_mut().unwrap().scripts[0].user = String::new()),
    ("run", |plan| plan.modules[1].execute.as_mut().unwrap().scripts[0].path = "a\0".to_owned()),
    ("volume", |plan| plan.volumes.push("/a\nb".to_owned())),
    ("user", |plan| plan.user = Some("-a".to_owned())),
    ("workdir", |plan| plan.workdir = Some("/a\nb".to_owned())),
    ("end", |plan| plan.workdir = Some("/a\\".to_owned())),
    ("blank", |plan| plan.workdir = Some("/a ".to_owned())),
    ("cmd", |plan| plan.cmd = Some(vec!["\0".to_owned()])),
    ("entrypoint", |plan| plan.entrypoint = Some(vec!["a\0".to_owned()])),
    ("long", |plan| plan.modules[0].envs[0].1 = "\"".repeat(40_000)),
    ("unknown", |plan| plan.base_user = None),
];

const REFUSED_ON_WINDOWS: [Change; 3] = [
    ("packages", |plan| plan.modules[0].packages = whole().modules[0].packages.clone()),
    ("quote", |plan| plan.modules[0].copies[0].source = "C:/a\"b".to_owned()),
    ("going on", |plan| plan.script = Some("RUN a `".to_owned())),
];

fn what_cannot_be_written_is_refused() {
    let refused = |(name, change): &Change, mut plan: Plan| {
        change(&mut plan);
        let error = Error::from(check(&plan).expect_err(name));
        assert_eq!(error.exit_code(), 12);
        let shown: String = error.to_string().chars().take(120).collect();
        format!("{shown}\n  {}\n", error.hint().unwrap())
    };
    let mut said: String = REFUSED.iter().map(|change| refused(change, whole())).collect();
    said.extend(REFUSED_ON_WINDOWS.iter().map(|change| refused(change, windows())));
    snapbox::assert_data_eq!(
        said,
        str![[r#"
redisgraph: the value of a variable has a line end or NUL: "a\nb"
  no Dockerfile can have that there
redisgraph: the value of a label has a line end or NUL: "a\rb"
  no Dockerfile can have that there
The target: the value of a variable has a line end or NUL: "a\0b"
  no Dockerfile can have that there
redisgraph: the name of a variable is no name: "A B"
  write letters, digits, _ . and -
redisgraph: the name of a label is no name: ""
  write letters, digits, _ . and -
redisgraph: the name of a label is no name: "a=b"
  write letters, digits, _ . and -
redisgraph: a path of an artifact has a line end or NUL: "/a\nb"
  no Dockerfile can have that there
redisgraph: a path of an artifact is empty: ""
  write a path
redisgraph: a path of an artifact has a variable of a kind that not all know: "${A:-/b}/"
  write $NAME or ${NAME}
redisgraph: the owner of an artifact is no user: "a b"
  write USER or USER:GROUP
redisgraph: the owner of an artifact is no user: "\"a\""
  write USER or USER:GROUP
redisgraph: the mode of an artifact is no mode: "u+x"
  write octal digits: "0644"
redisgraph: the stage of an artifact is no reference: "a b"
  write it as NAME:TAG
redisgraph: its image has a line end or NUL: "a\nRUN b"
  no Dockerfile can have that there
a AS b: the base image is no reference: "a AS b"
  write it as NAME:TAG
redislabs/redis:7.4: its user has a line end or NUL: "a\nUSER root"
  no Dockerfile can have that there
redisgraph: a package is no name: "-y"
  write the name of one
redisgears: its script goes on after its last line: "RUN true \\\n# what follows"
  what stands after it would be part of it: end it
redislabs/redis:7.4: the script of the target has a heredoc without an end: "RUN <<EOF\ntrue\n"
  what stands after it would be part of it: end it
redisgears: its script begins another image: "RUN true\nfrom redis\n"
  FROM is what `image` and `baseimage` are for
redisgears: who executes a script is no user: ""
  write USER or USER:GROUP
redisgears: a script to execute has a NUL: "a\0"
  no system takes one
redislabs/redis:7.4: a volume has a line end or NUL: "/a\nb"
  no Dockerfile can have that there
redislabs/redis:7.4: run.user is no user: "-a"
  write USER or USER:GROUP
redislabs/redis:7.4: run.workdir has a line end or NUL: "/a\nb"
  no Dockerfile can have that there
redislabs/redis:7.4: run.workdir begins or ends with what a builder drops: "/a\\"
  give it another name
redislabs/redis:7.4: run.workdir begins or ends with what a builder drops: "/a "
  give it another name
redislabs/redis:7.4: the command has a NUL: "\0"
  no system takes one
redislabs/redis:7.4: run.entrypoint has a NUL: "a\0"
  no system takes one
redislabs/redis:7.4: line 20 of its Dockerfile has 80008 bytes
  builders take no more than 65535: make it shorter
redislabs/redis:7.4: something changes who runs things, and who did so before is not known
  say it by `baseuser`, or --baseuser USER
redisgraph: it wants packages, and Windows has no manager of packages
  leave `packages` out
redisgraph: a path of an artifact has a quote: "C:/a\"b"
  no file of Windows can be called so
me/redis:windows: the script of the target goes on after its last line: "RUN a `"
  what stands after it would be part of it: end it

"#]]
        .raw()
    );
}

fn what_is_strange_but_fine_is_not() {
    let fine: [Change; 8] = [
        ("as it is", |_| {}),
        ("empty", |plan| plan.modules[0].envs[0].1 = String::new()),
        ("odd names", |plan| plan.modules[0].labels[0].0 = "org.x/é-#(1)".to_owned()),
        ("lines in arguments", |plan| plan.cmd = Some(vec!["a\nb".to_owned(), String::new()])),
        ("a dollar", |plan| plan.modules[0].copies[0].source = r"/a$b/\${c}$".to_owned()),
        ("blanks", |plan| plan.workdir = Some("/a b".to_owned())),
        ("who it is, is said", |plan| {
            plan.base_user = None;
            plan.user = Some("1001:0".to_owned());
            plan.modules[1].script = None;
        }),
        ("nobody else is needed", |plan| {
            plan.base_user = None;
            plan.modules.clear();
        }),
    ];
    for (name, change) in fine {
        let mut plan = whole();
        change(&mut plan);
        assert!(check(&plan).is_ok(), "{name}: {:?}", check(&plan));
    }
    assert!(check(&windows()).is_ok());
}

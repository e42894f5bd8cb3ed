//! Modules that are asked for by name out of repositories, which options name.

use libtest_mimic::Trial;
use snapbox::str;

use crate::harness::{History, Sandbox, git_daemon};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(options_name_repositories_and_what_to_install),
        test!(a_server_gives_all_files_whatever_is_kept_of_it),
    ]
}

fn options_name_repositories_and_what_to_install() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "mods/foo.1/module.yaml",
        "{name: foo, version: '1.9', image: 'foo:1.9', modules: {install: [{name: lib}]}}",
    );
    sandbox.write("mods/foo.2/module.yaml", "{name: foo, version: '1.10', image: 'foo:1.10'}");
    sandbox.write("lib/module.yaml", "{name: lib, version: '2', image: 'lib:2'}");
    sandbox.ok("git init -q lib && cd lib && git add . && \
         git -c user.name=a -c user.email=a@b commit -q -m 'A library.' && git tag v2");
    let line = "rampkit dockerfile --repository mods --git-repository lib v2 --install";
    sandbox.sh(&format!("{line} foo@1.9")).prints(
        str![[r#"
# Made by rampkit dockerfile: change what it is made of, not this.
# Made of mods and lib@v2.

# The images that files are copied from.
FROM lib:2 AS lib
FROM foo:1.9 AS foo

# The image to begin with.
FROM redis:latest
ENV REDIS_MODULES /opt/redislabs/lib/modules
RUN mkdir -p $REDIS_MODULES/
WORKDIR /data

# lib 2
# From lib@v2/module.yaml:1.
# Asked for by foo 1.9.

# foo 1.9
# From mods/foo.1/module.yaml:1.
# Asked for by the command line, in version 1.9.

# How it is run.
EXPOSE 6379/tcp

"#]],
        str![[r#"
 Assembled 2 modules on redis:latest

"#]],
    );
    sandbox.sh(&format!("{line} foo@2.0")).fails(
        12,
        str![[r#"
error: there is no foo 2.0, which the command line asks for
hint: there are foo 1.10, 1.9

"#]],
    );
    let highest = sandbox.ok(&format!("{line} foo"));
    assert!(highest.contains("FROM foo:1.10 AS foo\n") && !highest.contains("lib:2"), "{highest}");
}

/// What `rampkit fetch` keeps of a commit are the few objects that lead to its manifest.
fn a_server_gives_all_files_whatever_is_kept_of_it() {
    let mut sandbox = Sandbox::new();
    let mut history = History::default();
    let module = "{name: foo, version: '1.9', image: 'foo:1.9'}";
    history.commit("main", &[("ramp.yml", "a: b\n"), ("foo/module.yaml", module)]);
    history.write(&sandbox, "srv/foo");
    sandbox.ok("git -C srv/foo config uploadpack.allowFilter true");
    let daemon = git_daemon(&mut sandbox);
    let url = format!("git://127.0.0.1:{}/foo", daemon.port);
    let line = format!("rampkit dockerfile --git-repository {url} main --install foo");
    let expected = sandbox.ok(&line);
    assert!(expected.contains("FROM foo:1.9 AS foo\n"), "{expected}");
    let commit = sandbox.ok("git -C srv/foo rev-parse main");
    for reference in ["main", &commit] {
        sandbox.ok(&format!("rampkit fetch {url} {reference} --force"));
        let again = sandbox.ok(&line.replace(" main", &format!(" {reference}")));
        assert_eq!(again.replace(reference, "main"), expected);
    }
}

//! Modules out of folders and git repositories.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use git2::{ObjectType, Oid, Repository, Signature, Time};
use libtest_mimic::Trial;
use rampkit::error::Error;
use rampkit::install::Repositories;

use super::{found, installed, labels};
use crate::harness::{History, Sandbox};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(every_module_of_a_folder),
        test!(a_folder_that_is_none),
        test!(the_same_module_twice),
        test!(a_state_of_a_git_repository),
        test!(the_files_of_a_git_repository),
        test!(a_git_repository_that_is_none),
        test!(names_that_lead_elsewhere),
        test!(a_repository_without_end),
        test!(nothing_stays_behind),
    ]
}

/// A target with these repositories and wishes, in `conf`.
fn target(sandbox: &Sandbox, repositories: &str, install: &str) -> std::path::PathBuf {
    let text = format!(
        "kind: Target\nbaseimage: debian:12\nmodules:\n  repositories: [{repositories}]\n  \
         install: [{install}]\n"
    );
    sandbox.write("conf/image.yaml", text)
}

fn read(sandbox: &Sandbox, repositories: &str) -> Result<Repositories, Error> {
    found(&target(sandbox, repositories, "")).map(|(repositories, _)| repositories)
}

/// The modules with their places, and the warnings; `[ROOT]` stands for the sandbox.
fn told(sandbox: &Sandbox, repositories: &Repositories) -> String {
    let modules = repositories.candidates.iter();
    let modules = modules.map(|it| format!("{}: {}\n", it.label(), it.origin.name));
    let warnings = repositories.warnings.iter().map(|it| format!("{it:?}\n"));
    free(sandbox, &modules.chain(warnings).collect::<String>())
}

fn error(sandbox: &Sandbox, repositories: &str) -> String {
    let error = match read(sandbox, repositories) {
        Err(error) => error,
        Ok(found) => panic!("{}", told(sandbox, &found)),
    };
    let hint = error.hint().unwrap_or_default();
    free(sandbox, &format!("{}: {error}; {hint}", error.exit_code()))
}

fn free(sandbox: &Sandbox, text: &str) -> String {
    text.replace(&sandbox.work().display().to_string(), "[ROOT]")
}

fn module(name: &str, version: &str) -> String {
    format!("name: {name}\nversion: '{version}'\n")
}

fn every_module_of_a_folder() {
    let sandbox = Sandbox::new();
    for (path, text) in [
        ("z/module.yaml", "name: z\nversion: 1\n"),
        ("module.yaml", "name: top\n---\n- name: second\n- {name: third, version: 1.10}\n"),
        ("a/b/c/module.yml", "# nothing above\n\nname: deep\n"),
        ("a/other.yaml", "what: ever\n"),
        (".hidden/module.yaml", "kind: nonsense\n"),
        ("a/.git/module.yaml", "kind: nonsense\n"),
        ("empty/module.yaml", "# nothing\n"),
    ] {
        sandbox.write(format!("conf/modules/{path}"), text);
    }
    sandbox.write("elsewhere/module.yaml", "name: elsewhere\n");
    sandbox.ok("cd conf/modules && ln -s ../../elsewhere out && ln -s .. a/up && mkdir l");
    sandbox.ok("cd conf/modules/l && ln -s ../z/module.yaml module.yaml");
    snapbox::assert_data_eq!(
        told(&sandbox, &read(&sandbox, "{path: ./modules/}, {path: ../elsewhere}").unwrap()),
        snapbox::str![[r#"
deep: [ROOT]/conf/modules/a/b/c/module.yml:3
top: [ROOT]/conf/modules/module.yaml:1
second: [ROOT]/conf/modules/module.yaml:3
third 1.10: [ROOT]/conf/modules/module.yaml:4
z 1: [ROOT]/conf/modules/z/module.yaml:1
elsewhere: [ROOT]/conf/../elsewhere/module.yaml:1
Warning { message: "[ROOT]/conf/modules/l/module.yaml was not read: it is a link", advice: Some("name the folder that it leads to as a repository of its own") }

"#]]
    );
    let found = read(&sandbox, "{path: modules}").unwrap();
    let deep = found.candidates.iter().find(|it| it.module.name == "deep").unwrap();
    assert_eq!(deep.origin.folder.as_deref(), Some(&*sandbox.path("conf/modules/a/b/c")));
    assert!(!deep.origin.is_passing);
}

fn a_folder_that_is_none() {
    let sandbox = Sandbox::new();
    sandbox.write("conf/file", "");
    sandbox.write("conf/none/sub/other.yaml", "");
    sandbox.write("conf/target/a/module.yaml", "name: a\n---\nkind: Target\nbaseimage: x\n");
    sandbox.write("conf/bad/a/module.yaml", "name: a\nnam: b\n");
    sandbox.write("conf/bytes/a/module.yaml", b"name: \xff\n");
    let errors = ["nothere", "file", "none", "target", "bad", "bytes"]
        .map(|path| error(&sandbox, &format!("{{path: {path}}}")) + "\n");
    snapbox::assert_data_eq!(
        errors.concat(),
        snapbox::str![[r#"
12: image.yaml:1: there is no folder [ROOT]/conf/nothere; a path counts from the folder of the file that has it
12: image.yaml:1: [ROOT]/conf/file is a file, and a repository of modules is a folder; a path counts from the folder of the file that has it
12: image.yaml:1: there is no module.yaml in [ROOT]/conf/none; each of its folders that is not hidden was looked into; name another
12: [ROOT]/conf/target/a/module.yaml:3: this is a target, and a repository has modules only; name its file on the command line, and keep it out of the repository
6: [ROOT]/conf/bad/a/module.yaml:2:1: unknown key "nam" in a; did you mean "name"?
 2 | nam: b
   | ^; rampkit schema module.yaml has every key; those of your own begin with x-
6: [ROOT]/conf/bytes/a/module.yaml is not a text: byte 6 is not UTF-8; write it as UTF-8

"#]]
    );
}

fn the_same_module_twice() {
    let sandbox = Sandbox::new();
    for (folder, version) in
        [("one/modules/a", "1"), ("two/modules/b", "1"), ("two/modules/c", "2")]
    {
        sandbox.write(format!("conf/{folder}/module.yaml"), module("lib", version));
    }
    let both = "{path: one/modules}, {path: two/modules}";
    let error = installed(&target(&sandbox, both, "{name: lib}")).unwrap_err().to_string();
    assert_eq!(
        free(&sandbox, &error),
        "lib 1 is defined twice: [ROOT]/conf/one/modules/a/module.yaml:1 and \
         [ROOT]/conf/two/modules/b/module.yaml:1"
    );
    // Repositories of the same base name are both read; one that is named twice is one.
    sandbox.write("conf/two/modules/b/module.yaml", module("b", "1"));
    let thrice = "{path: one/modules}, {path: two/modules}, {path: ./two/modules/c}";
    let all = installed(&target(&sandbox, thrice, "{name: b}, {name: lib}")).unwrap();
    assert_eq!(labels(&all), ["b 1", "lib 2"]);
}

/// `conf/shared`: two states of a module, and others beside it.
fn shared(sandbox: &Sandbox) {
    let mut history = History::default();
    let (one, two) = (module("gm", "1.0"), module("gm", "2.0"));
    history.commit("main", &[("gm/module.yaml", &one), ("more/x/module.yaml", &module("x", "1"))]);
    history.annotated("v1", "main");
    history.commit("main", &[("gm/module.yaml", &two)]);
    history.write(sandbox, "conf/shared");
}

fn a_state_of_a_git_repository() {
    let sandbox = Sandbox::new();
    shared(&sandbox);
    let repositories = [
        "{name: any, git: {url: shared, ref: v1}}",
        "{git: {url: ./shared, ref: v1}, path: more}",
        "{git: {url: shared}}",
    ];
    let mut all = String::new();
    for repository in repositories {
        let found = read(&sandbox, repository).unwrap();
        all += &told(&sandbox, &found);
        for candidate in &found.candidates {
            let folder = candidate.origin.folder.as_deref().unwrap();
            assert!(candidate.origin.is_passing && folder.join("module.yaml").is_file());
            assert!(folder.starts_with(found.folders[0].path()));
        }
    }
    let url =
        format!("{{git: {{url: 'file://{}', ref: v1}}}}", sandbox.path("conf/shared").display());
    all += &told(&sandbox, &read(&sandbox, &url).unwrap());
    snapbox::assert_data_eq!(
        all,
        snapbox::str![[r#"
gm 1.0: [ROOT]/conf/shared@v1/gm/module.yaml:1
x 1: [ROOT]/conf/shared@v1/more/x/module.yaml:1
x 1: [ROOT]/conf/shared@v1/more/x/module.yaml:1
gm 2.0: [ROOT]/conf/shared@c275c64240/gm/module.yaml:1
Warning { message: "[ROOT]/conf/shared has no `ref`: refs/heads/main was taken, which is c275c642407957f0bacdeb57cdc80ff84ba20267", advice: Some("write `ref: c275c642407957f0bacdeb57cdc80ff84ba20267` to get the same next time") }
gm 1.0: file://[ROOT]/conf/shared@v1/gm/module.yaml:1
x 1: file://[ROOT]/conf/shared@v1/more/x/module.yaml:1

"#]]
    );
    let two = "{git: {url: shared, ref: v1}}, {git: {url: shared, ref: main}}";
    let all = installed(&target(&sandbox, two, "{name: x}, {name: gm}")).unwrap();
    assert_eq!(labels(&all), ["x 1", "gm 2.0"]);
}

fn the_files_of_a_git_repository() {
    let sandbox = Sandbox::new();
    let mut history = History::default();
    let id = "7584870bce1a43c356a347b2d696ca06ce185abe";
    history.commit(
        "main",
        &[
            ("m/module.yaml", "name: m\n"),
            ("100755 m/run.sh", "#!/bin/sh\n"),
            ("m/plain", "bytes"),
            ("120000 m/inside", "../n/../m/plain"),
            ("120000 m/nothing", "no/such"),
            ("120000 m/out", "../../etc"),
            ("120000 m/absolute", "/etc/passwd"),
            ("120000 deep", "m"),
            ("120000 m/twice", "../deep/../.."),
            ("n/x", "x"),
            ("160000 n/sub", id),
        ],
    );
    history.write(&sandbox, "conf/r");
    let found = read(&sandbox, "{git: {url: r, ref: main}}").unwrap();
    snapbox::assert_data_eq!(
        told(&sandbox, &found),
        snapbox::str![[r#"
m: [ROOT]/conf/r@main/m/module.yaml:1
Warning { message: "left out of main of [ROOT]/conf/r are submodules: n/sub", advice: Some("where modules lie in one, name its repository as another") }
Warning { message: "left out of main of [ROOT]/conf/r are links that lead out of the folder: m/absolute, m/out, m/twice", advice: None }

"#]]
    );
    let folder = found.folders[0].path().join("m");
    let mut names: Vec<_> =
        fs::read_dir(&folder).unwrap().map(|it| it.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["inside", "module.yaml", "nothing", "plain", "run.sh"]);
    assert_eq!(fs::read_to_string(folder.join("inside")).unwrap(), "bytes");
    let mode = |name: &str| fs::metadata(folder.join(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode("run.sh") & 0o700, mode("plain") & 0o700), (0o700, 0o600));
}

fn a_git_repository_that_is_none() {
    let sandbox = Sandbox::new();
    shared(&sandbox);
    let errors = [
        "{git: {url: shared, ref: nope}}",
        "{git: {url: shared, ref: 'HEAD~1'}}",
        "{git: {url: nothere, ref: v1}}",
        "{git: {url: 'ftp://h/r', ref: v1}}",
        "{git: {url: shared, ref: v1}, path: mor}",
        "{git: {url: shared, ref: v1}, path: ../conf}",
        "{git: {url: shared, ref: v1}, path: gm/module.yaml}",
        "{git: {url: shared, ref: main}, path: gm/sub}",
    ]
    .map(|repository| error(&sandbox, repository) + "\n");
    snapbox::assert_data_eq!(
        errors.concat(),
        snapbox::str![[r#"
5: [ROOT]/conf/shared has no ref nope; it has 1 tag: v1; it has 1 branch: main
12: image.yaml:1: "HEAD~1" is no ref: name a tag, a branch, a commit id, or `latest`; mend `url` or `ref` there
5: nothere is not a git repository; name an address, a folder, or `owner/name` for a repository of GitHub
12: image.yaml:1: "ftp://h/r" is not the address of a repository: known are https, http, ssh, git and file; mend `url` or `ref` there
5: there is no folder mor at v1 of [ROOT]/conf/shared; check the path; it counts from the top
5: there is no folder ../conf at v1 of [ROOT]/conf/shared; check the path; it counts from the top
5: there is no folder, but a file or submodule gm/module.yaml at v1 of [ROOT]/conf/shared; name a folder
5: there is no folder gm/sub at main of [ROOT]/conf/shared; check the path; it counts from the top

"#]]
    );
}

/// Trees that no git would make of files.
fn names_that_lead_elsewhere() {
    let sandbox = Sandbox::new();
    let repository = Repository::init_bare(sandbox.path("conf/r")).unwrap();
    let odb = repository.odb().unwrap();
    let tree = |mode: &str, name: &str, id: Oid| {
        let bytes = [format!("{mode} {name}\0").as_bytes(), id.as_bytes()].concat();
        odb.write(ObjectType::Tree, &bytes).unwrap()
    };
    let blob = repository.blob(b"name: m\n").unwrap();
    let inner = tree("100644", "module.yaml", blob);
    let mut trees: Vec<Oid> = ["..", ".", ".git", ".GIT", "a/b", "../x", "/etc/x"]
        .map(|name| tree("100644", name, blob))
        .into();
    trees.extend(["..", ".git"].map(|name| tree("40000", name, inner)));
    let who = Signature::new("Ann", "ann@example.com", &Time::new(0, 0)).unwrap();
    let mut errors = String::new();
    for (n, tree) in trees.into_iter().enumerate() {
        let tree = repository.find_tree(tree).unwrap();
        let name = format!("refs/heads/b{n}");
        repository.commit(Some(&name), &who, &who, "x", &tree, &[]).unwrap();
        errors += &error(&sandbox, &format!("{{git: {{url: r, ref: b{n}}}}}"));
        errors += "\n";
    }
    snapbox::assert_data_eq!(
        errors,
        snapbox::str![[r#"
5: the files of b0 of [ROOT]/conf/r are not written: one has the name "..", which git never writes; do not trust that repository
5: the files of b1 of [ROOT]/conf/r are not written: one has the name ".", which git never writes; do not trust that repository
5: the files of b2 of [ROOT]/conf/r are not written: one has the name ".git", which git never writes; do not trust that repository
5: the files of b3 of [ROOT]/conf/r are not written: one has the name ".GIT", which git never writes; do not trust that repository
5: the files of b4 of [ROOT]/conf/r are not written: one has the name "a/b", which git never writes; do not trust that repository
5: the files of b5 of [ROOT]/conf/r are not written: one has the name "../x", which git never writes; do not trust that repository
5: the files of b6 of [ROOT]/conf/r are not written: one has the name "/etc/x", which git never writes; do not trust that repository
5: the files of b7 of [ROOT]/conf/r are not written: one has the name "..", which git never writes; do not trust that repository
5: the files of b8 of [ROOT]/conf/r are not written: one has the name ".git", which git never writes; do not trust that repository

"#]]
    );
}

/// Few objects, of which a tree has very many files, or very many bytes, or goes very deep.
fn a_repository_without_end() {
    let sandbox = Sandbox::new();
    sandbox.ok("git init -q --bare conf/r && head -c 64000000 /dev/zero > zeros");
    sandbox.ok(
        "cd conf/r && commit() { git update-ref refs/heads/$1 $(git commit-tree -m x $2); } && \
         b=$(printf x | git hash-object -w --stdin) && \
         t=$(for i in $(seq 10); do printf '100644 blob %s\\tf%s\\n' $b $i; done | git mktree) && \
         for d in $(seq 12); do \
           t=$(for i in $(seq 10); do printf '040000 tree %s\\td%s\\n' $t $i; done | git mktree); \
         done && commit many $t && \
         b=$(git hash-object -w ../../zeros) && \
         commit large $(for i in $(seq 20); do printf '100644 blob %s\\tf%s\\n' $b $i; done | git mktree) && \
         t=$(printf '100644 blob %s\\tf\\n' $b | git mktree) && \
         for d in $(seq 400); do t=$(printf '040000 tree %s\\tfolder\\n' $t | git mktree); done && \
         commit deep $t",
    );
    let errors = ["many", "large", "deep"]
        .map(|branch| error(&sandbox, &format!("{{git: {{url: r, ref: {branch}}}}}")) + "\n");
    snapbox::assert_data_eq!(
        errors.concat(),
        snapbox::str![[r#"
5: the files of many of [ROOT]/conf/r are not written: there are more than 100000, or 1.1 GB; name the folder of its modules with `path`
5: the files of large of [ROOT]/conf/r are not written: there are more than 100000, or 1.1 GB; name the folder of its modules with `path`
5: the files of deep of [ROOT]/conf/r are not written: one has a path of more than 2000 bytes; name the folder of its modules with `path`

"#]]
    );
}

fn nothing_stays_behind() {
    let sandbox = Sandbox::new();
    shared(&sandbox);
    let found = read(&sandbox, "{git: {url: shared, ref: v1}}").unwrap();
    let folder = found.folders[0].path().to_owned();
    assert!(folder.join("gm").exists());
    drop(found);
    assert!(!folder.exists());
}

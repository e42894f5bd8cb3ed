//! Who wins where two say what an image is, and what comes of several files.

use libtest_mimic::Trial;
use snapbox::str;

use super::instructions::instructions;
use crate::harness::Sandbox;
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(options_win_over_targets_the_last_of_which_wins_over_what_is_usual),
        test!(a_key_that_is_null_is_taken_away),
        test!(nothing_that_is_usual_runs_in_scratch),
        test!(a_key_without_an_option_is_of_the_last_target_that_has_it),
        test!(what_a_target_names_lies_beside_its_file),
        test!(an_image_of_an_option_wins_over_that_of_the_module),
        test!(a_later_module_takes_the_place_of_an_earlier_one),
        test!(modules_of_all_files_are_installed_in_their_order),
        test!(what_is_excluded_may_be_wrong_or_not_there),
        test!(a_name_that_no_module_has_is_a_typing_mistake),
        test!(stdin_is_a_file_among_others),
    ]
}

/// A module without a target for its artifact, and targets that say all that options can.
fn files() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("m.yaml", "name: m\nimage: m:1\nartifacts: [{source: /m.so}]\n");
    sandbox.write("t.yaml", "kind: Target\nbaseimage: t:1\nlibdir: /t/\nexpose: 2\n");
    sandbox.write("u.yaml", "kind: Target\nbaseimage: u:1\nlibdir: /u/\nexpose: 3 4/udp\n");
    sandbox
}

/// The base image, where the artifact of `m` goes, and the ports.
fn said(sandbox: &Sandbox, words: &str) -> [String; 3] {
    let made = sandbox.ok(&format!("rampkit dockerfile {words}"));
    let all = instructions(&made);
    let last = |name: &str| all.iter().rev().find(|it| it.name == name).map(|it| it.words.clone());
    let target = last("COPY").and_then(|words| words.last().cloned());
    let ports = last("EXPOSE").unwrap_or_default().join(" ");
    [last("FROM").unwrap().remove(0), target.unwrap_or_default(), ports]
}

const OPTIONS: &str = "--baseimage o:1 --libdir /o/ --expose 5 --expose 6/udp";

fn options_win_over_targets_the_last_of_which_wins_over_what_is_usual() {
    let sandbox = files();
    for (words, expected) in [
        ("m.yaml", ["redis:latest", "${REDIS_MODULES}/", "6379/tcp"]),
        (&format!("{OPTIONS} m.yaml"), ["o:1", "/o/", "5/tcp 6/udp"]),
        (&format!("m.yaml {OPTIONS}"), ["o:1", "/o/", "5/tcp 6/udp"]),
        ("t.yaml m.yaml", ["t:1", "/t/", "2/tcp"]),
        (&format!("{OPTIONS} t.yaml m.yaml"), ["o:1", "/o/", "5/tcp 6/udp"]),
        ("--libdir /o/ t.yaml m.yaml", ["t:1", "/o/", "2/tcp"]),
        ("t.yaml m.yaml u.yaml", ["u:1", "/u/", "3/tcp 4/udp"]),
        ("u.yaml t.yaml m.yaml", ["t:1", "/t/", "2/tcp"]),
        (&format!("u.yaml {OPTIONS} t.yaml m.yaml"), ["o:1", "/o/", "5/tcp 6/udp"]),
    ] {
        assert_eq!(said(&sandbox, words), expected, "{words}");
    }
}

fn a_key_that_is_null_is_taken_away() {
    let sandbox = files();
    sandbox.write("null.yaml", "kind: Target\nlibdir: /n/\nexpose:\nscript: ~\n");
    for (words, expected) in [
        ("null.yaml m.yaml", ["redis:latest", "/n/", ""]),
        ("t.yaml null.yaml m.yaml", ["t:1", "/n/", ""]),
        ("null.yaml t.yaml m.yaml", ["t:1", "/t/", "2/tcp"]),
        ("null.yaml m.yaml --expose 5", ["redis:latest", "/n/", "5/tcp"]),
    ] {
        assert_eq!(said(&sandbox, words), expected, "{words}");
        let has_script = sandbox.ok(&format!("rampkit dockerfile {words}")).contains("WORKDIR");
        assert!(!has_script, "{words}");
    }
}

fn nothing_that_is_usual_runs_in_scratch() {
    let sandbox = files();
    sandbox.write("scratch.yaml", "kind: Target\nbaseimage: scratch\n");
    for (words, runs) in [
        ("m.yaml", true),
        ("m.yaml --baseimage scratch", false),
        ("m.yaml scratch.yaml", false),
        ("m.yaml scratch.yaml --baseimage redis", true),
        ("m.yaml scratch.yaml t.yaml", true),
    ] {
        let made = instructions(&sandbox.ok(&format!("rampkit dockerfile {words}")));
        assert_eq!(made.iter().any(|it| it.name == "RUN"), runs, "{words}");
        assert!(made.iter().any(|it| it.name == "ENV"), "{words}");
    }
}

/// What only a target says: its own key, or that of an earlier one.
fn a_key_without_an_option_is_of_the_last_target_that_has_it() {
    let sandbox = files();
    sandbox.write(
        "a.yaml",
        "kind: Target\nscript: |\n  ARG A\nenvs: [{name: A, value: a}, {name: B, value: b}]\n\
         labels: [{name: l, value: a}]\nvolumes: [{path: /a}]\nrun: {cmd: [a], workdir: /a}\n",
    );
    sandbox
        .write("b.yaml", "kind: Target\nenvs: [{name: A, value: c}]\nlabels:\nrun: {cmd: [b]}\n");
    sandbox.sh("rampkit dockerfile m.yaml a.yaml b.yaml").prints(
        str![[r##"
# Made by rampkit dockerfile: change what it is made of, not this.
# Made of m.yaml, a.yaml and b.yaml.

# The images that files are copied from.
FROM m:1 AS m

# The image to begin with.
FROM redis:latest
ARG A

# m
# From m.yaml:1.
COPY --from=m ["/m.so", "$REDIS_MODULES/"]

# the target
# From a.yaml:1.
ENV A="c"

# How it is run.
EXPOSE 6379/tcp
VOLUME ["/a"]
CMD ["b"]

"##]],
        str![[r#"
warning: m.yaml:1: m: /m.so goes to $REDIS_MODULES/, and no instruction before it sets that
   hint: set it by ENV in the target's `script`, unless the base image does
 Assembled 1 module on redis:latest

"#]],
    );
}

/// And not beside the first of several, where another may be called so.
fn what_a_target_names_lies_beside_its_file() {
    let sandbox = files();
    sandbox.write("f", "another");
    sandbox.write("sub/f", "meant");
    sandbox.write("sub/a.yaml", "kind: Target\nartifacts: [{source: f, target: /f}]\n");
    sandbox.write("x.yaml", "kind: Target\nexecute: [{script: f}]\n");
    let copy = |words: &str| {
        let made = instructions(&sandbox.ok(&format!("rampkit dockerfile {words}")));
        made.into_iter().find(|it| it.name == "COPY").unwrap().words.remove(0)
    };
    for words in
        ["sub/a.yaml", "t.yaml sub/a.yaml", "sub/a.yaml t.yaml", "t.yaml sub/a.yaml u.yaml"]
    {
        assert_eq!(copy(words), "sub/f", "{words}");
    }
    assert_eq!(copy("t.yaml x.yaml u.yaml --baseuser root"), ".");
    sandbox.sh("rampkit dockerfile x.yaml sub/a.yaml").fails(
        12,
        str![[r#"
error: x.yaml:1: its scripts lie in another folder than the artifacts of sub/a.yaml:1
hint: name both in one file: what it names lies in its folder

"#]],
    );
    sandbox.write("none.yaml", "kind: Target\nartifacts: ~\n");
    assert_eq!(copy("sub/a.yaml x.yaml none.yaml"), ".");
}

fn an_image_of_an_option_wins_over_that_of_the_module() {
    let sandbox = files();
    let from = |words: &str| {
        let made = sandbox.ok(&format!("rampkit dockerfile {words}"));
        instructions(&made).remove(0).words
    };
    assert_eq!(from("m.yaml"), ["m:1", "m"]);
    assert_eq!(from("--module-image m o:1 m.yaml"), ["o:1", "m"]);
    assert_eq!(from("m.yaml --module-image m o:1 --module-image m p:1"), ["p:1", "m"]);
    // A target has no say in it, wherever it stands.
    sandbox.write("list.yaml", "kind: Target\nmodules: [{name: m, image: t:1}]\n");
    assert_eq!(from("--module-image m o:1 list.yaml"), ["o:1", "m"]);
}

fn a_later_module_takes_the_place_of_an_earlier_one() {
    let sandbox = files();
    sandbox.write(
        "first.yaml",
        "- {name: a, image: a:1}\n- {name: b, image: b:1}\n- {name: a, image: a:2}\n",
    );
    sandbox.write(
        "second.yaml",
        "kind: Target\nmodules: [{name: c, image: c:1}, {name: b, image: b:2}]\n",
    );
    sandbox.sh("rampkit dockerfile first.yaml").prints(
        str![[r#"
# Made by rampkit dockerfile: change what it is made of, not this.
# Made of first.yaml.

# The images that files are copied from.
FROM a:2 AS a
FROM b:1 AS b

# The image to begin with.
FROM redis:latest
ENV REDIS_MODULES /opt/redislabs/lib/modules
RUN mkdir -p $REDIS_MODULES/
WORKDIR /data

# a
# From first.yaml:3.

# b
# From first.yaml:2.

# How it is run.
EXPOSE 6379/tcp

"#]],
        str![[r#"
 Assembled 2 modules on redis:latest

"#]],
    );
    sandbox.sh("rampkit dockerfile first.yaml second.yaml").prints(
        str![[r#"
# Made by rampkit dockerfile: change what it is made of, not this.
# Made of first.yaml and second.yaml.

# The images that files are copied from.
FROM a:2 AS a
FROM b:2 AS b
FROM c:1 AS c

# The image to begin with.
FROM redis:latest
ENV REDIS_MODULES /opt/redislabs/lib/modules
RUN mkdir -p $REDIS_MODULES/
WORKDIR /data

# a
# From first.yaml:3.

# b
# From second.yaml:2.

# c
# From second.yaml:2.

# How it is run.
EXPOSE 6379/tcp

"#]],
        str![[r#"
warning: b of second.yaml:2 replaces that of first.yaml:2
   hint: name only the file whose module you want
 Assembled 3 modules on redis:latest

"#]],
    );
}

fn modules_of_all_files_are_installed_in_their_order() {
    let sandbox = Sandbox::new();
    sandbox.write("list.yaml", "- {name: d, image: d:1}\n- {kind: Module, name: b, image: b:1}\n");
    sandbox.write("documents.yaml", "name: e\nimage: e:1\n---\n- {name: a, image: a:1}\n---\n");
    sandbox.write("target.yaml", "kind: Target\nmodules: [{name: f, image: f:1}]\n");
    sandbox.write("one.yaml", "name: c\nimage: c:1\n");
    let stages = |words: &str| {
        let made = sandbox.ok(&format!("rampkit dockerfile {words}"));
        let from =
            instructions(&made).into_iter().filter(|it| it.words.len() == 2 && it.name == "FROM");
        from.map(|it| it.words[1].clone()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(stages("list.yaml documents.yaml target.yaml one.yaml"), "d b e a f c");
    assert_eq!(stages("one.yaml target.yaml documents.yaml list.yaml"), "c f e a d b");
    assert_eq!(stages("one.yaml one.yaml list.yaml one.yaml"), "c d b");
}

fn what_is_excluded_may_be_wrong_or_not_there() {
    let sandbox = files();
    sandbox.write("all.yaml", "- {name: a, image: a:1}\n- {name: b, image: \"!\"}\n- {name: c}\n");
    sandbox.sh("rampkit dockerfile --exclude b --exclude c all.yaml").prints(
        str![[r#"
# Made by rampkit dockerfile: change what it is made of, not this.
# Made of all.yaml.

# The images that files are copied from.
FROM a:1 AS a

# The image to begin with.
FROM redis:latest
ENV REDIS_MODULES /opt/redislabs/lib/modules
RUN mkdir -p $REDIS_MODULES/
WORKDIR /data

# a
# From all.yaml:1.

# How it is run.
EXPOSE 6379/tcp

"#]],
        str![[r#"
 Assembled 1 module on redis:latest

"#]],
    );
}

fn a_name_that_no_module_has_is_a_typing_mistake() {
    let sandbox = files();
    sandbox.write("redisgears.yaml", "name: redisgears\nimage: gears:1\n");
    sandbox
        .sh("rampkit dockerfile --exclude redisgear --module-image RedisGears g:1 redisgears.yaml")
        .prints(
            str![[r#"
# Made by rampkit dockerfile: change what it is made of, not this.
# Made of redisgears.yaml.

# The images that files are copied from.
FROM gears:1 AS redisgears

# The image to begin with.
FROM redis:latest
ENV REDIS_MODULES /opt/redislabs/lib/modules
RUN mkdir -p $REDIS_MODULES/
WORKDIR /data

# redisgears
# From redisgears.yaml:1.

# How it is run.
EXPOSE 6379/tcp

"#]],
            str![[r#"
warning: --module-image RedisGears: there is no module of that name
   hint: did you mean redisgears?
warning: --exclude redisgear: there is no module of that name
   hint: did you mean redisgears?
 Assembled 1 module on redis:latest

"#]],
        );
}

fn stdin_is_a_file_among_others() {
    let sandbox = files();
    sandbox.write("n.yaml", "name: n\nimage: n:1\n");
    let by_name = sandbox.ok("rampkit dockerfile m.yaml n.yaml");
    let instructions = |line: &str| instructions(&sandbox.ok(line));
    let expected = super::instructions::instructions(&by_name);
    assert_eq!(instructions("rampkit dockerfile m.yaml - < n.yaml"), expected);
    assert_eq!(instructions("cat m.yaml | rampkit dockerfile - n.yaml"), expected);
    assert_eq!(instructions("(cat m.yaml; echo ---; cat n.yaml) | rampkit dockerfile"), expected);
    sandbox.sh("rampkit dockerfile - - < m.yaml").fails(
        2,
        str![[r#"
error: stdin can be read once: only one file can be -

"#]],
    );
    sandbox.sh("rampkit dockerfile < /dev/null").prints(
        str![[r#"
# Made by rampkit dockerfile: change what it is made of, not this.
# Made of <stdin>.

# The image to begin with.
FROM redis:latest
ENV REDIS_MODULES /opt/redislabs/lib/modules
RUN mkdir -p $REDIS_MODULES/
WORKDIR /data

# How it is run.
EXPOSE 6379/tcp

"#]],
        str![[r#"
warning: <stdin> has neither modules nor a target
 Assembled 0 modules on redis:latest

"#]],
    );
}

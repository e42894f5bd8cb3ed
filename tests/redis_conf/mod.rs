//! redis.conf: what is changed, what stays, what is refused, and what a server makes of it.

mod reader;
mod servers;

use std::collections::BTreeMap;

use libtest_mimic::Trial;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use rampkit::descriptor::document::{Directive, Entry};
use rampkit::redis_conf::{Changes, Fault, RedisConf, typed};
use snapbox::{assert_data_eq, str};

use self::reader::{read, words};
use crate::properties::holds;
use crate::test;

pub fn all() -> Vec<Trial> {
    let own = vec![
        test!(what_is_not_named_stays),
        test!(a_new_file_has_what_is_set),
        test!(layers_are_merged),
        test!(modules_to_load_add_up),
        test!(what_no_server_would_start_with_is_refused),
        test!(a_text_that_no_server_reads_is_refused),
        test!(who_lets_anyone_in_is_warned),
        test!(a_misspelled_directive_is_told),
        test!(any_words_are_read_as_they_were),
        test!(any_change_of_any_file),
    ];
    own.into_iter().chain(servers::all()).collect()
}

/// The changes of a `config`, read as a module.yaml is.
fn read_changes(config: &str) -> Result<Changes, Fault> {
    let indented: String = config.lines().map(|line| format!("  {line}\n")).collect();
    let text = format!("name: sample\nconfig:\n{indented}");
    let mut entries = rampkit::descriptor::read(&text).unwrap_or_else(|fault| panic!("{fault:?}"));
    let Some(Entry::Module(module)) = entries.pop().map(|placed| placed.entry) else {
        panic!("no module: {text}")
    };
    let mut changes = Changes::default();
    for Directive { name, values } in module.definition.config.unwrap_or_default() {
        changes.set(&name, &values)?;
    }
    Ok(changes)
}

fn changes(config: &str) -> Changes {
    read_changes(config).unwrap_or_else(|fault| panic!("{fault}"))
}

fn changed(existing: &str, config: &str) -> String {
    RedisConf::parse(existing).unwrap().with(&changes(config)).to_string()
}

fn what_is_not_named_stays() {
    let existing = "\
# Our server.\n\n  Port   6379\t\nsave 900 1\n# maxmemory 1gb\nmaxmemory 2gb\n\
loadmodule /a.so 'x y'\n\n SAVE 300 10\nlogfile \"\"\nslaveof 10.0.0.1 6379\n# The end.";
    let config = "\
port: 6380\nsave: [60 1, 30 100]\nmaxmemory: null\nreplicaof: null\ntimeout: 5\n\
include: /etc/redis/local.conf\ndatabases: 4\nx-module.level: a b\n";
    assert_data_eq!(
        changed(existing, config),
        str![[r##"
# Our server.

port 6380
save 60 1
save 30 100
# maxmemory 1gb
loadmodule /a.so 'x y'

logfile ""
# The end.

# Set by rampkit:
timeout 5
include /etc/redis/local.conf
databases 4
x-module.level a b

"##]]
    );
    assert_eq!(changed(existing, ""), existing);
    assert_eq!(changed("port 1\r\n# é", "port: 2\ntimeout: 1").matches("\r\n").count(), 5);
}

fn a_new_file_has_what_is_set() {
    assert_eq!(changed("", "port: null"), "");
    assert_data_eq!(
        changed("", "appendonly: yes\nREQUIREPASS: ''\nsave: ''\nmasterauth: '\"a b\"'"),
        str![[r##"
# Set by rampkit:
appendonly yes
requirepass ""
save ""
masterauth "a b"

"##]]
    );
    let again = changed("# Set by rampkit:\nport 1\n", "port: 2\ntimeout: 3\n");
    assert_eq!(again, "# Set by rampkit:\nport 2\ntimeout 3\n");
}

fn layers_are_merged() {
    let merged = |layers: &[&str]| {
        let layers = layers.iter().map(|layer| changes(layer));
        let all = layers.fold(Changes::default(), Changes::then);
        let text = RedisConf::parse("port 1\n").unwrap().with(&all).to_string();
        text.lines()
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
            .collect::<Vec<_>>()
            .join("; ")
    };
    let one = "save: [900 1, 300 10]\nloadmodule: /a.so\nmaxmemory: 1gb\n";
    let other = "save: 60 1\nloadmodule: [/b.so x, /a.so]\nmaxmemory: null\nslaveof: a 1\n";
    assert_eq!(
        merged(&[one, other]),
        "port 1; save 60 1; loadmodule /a.so; loadmodule /b.so x; slaveof a 1"
    );
    assert_eq!(merged(&[other, "loadmodule: null", "replicaof: null"]), "port 1; save 60 1");
    assert_eq!(merged(&["loadmodule: null\nport: null", "loadmodule: /c.so"]), "loadmodule /c.so");
    assert_eq!(merged(&["port: null", "port: 2"]), "port 2");
}

/// What the file loads is loaded still, once, unless that is taken away.
fn modules_to_load_add_up() {
    let with = |layers: &[&str]| {
        let all = layers.iter().map(|layer| changes(layer)).fold(Changes::default(), Changes::then);
        let there = "loadmodule /a.so x\n# b\nloadmodule /b.so\nport 1";
        RedisConf::parse(there).unwrap().with(&all).to_string()
    };
    assert_eq!(
        with(&["loadmodule: [/c.so, '\"/a.so\" x', /b.so y]"]),
        "loadmodule /a.so x\n# b\nloadmodule /b.so y\nloadmodule /c.so\nport 1"
    );
    assert_eq!(with(&["loadmodule: null"]), "# b\nport 1");
    assert_eq!(with(&["loadmodule: null", "loadmodule: /c.so"]), "loadmodule /c.so\n# b\nport 1");
}

fn what_no_server_would_start_with_is_refused() {
    let refused = |config: &str| {
        let fault = read_changes(config).expect_err(config);
        assert!(fault.location().is_none());
        format!("{fault}\n  {}\n", fault.hint())
    };
    let said: String = [
        "maxmemory: 1 gb",
        "maxmemory: [1gb, 2gb]",
        "requirepass: '\"a'",
        "requirepass: '\"a\"b'",
        "requirepass: '\"\\x00\"'",
        "rename-command: FLUSHALL",
        "include: a b",
        "replicaof: a 1\nslaveof: null",
    ]
    .into_iter()
    .map(refused)
    .collect();
    let set = |name: &str, line: &str| {
        let fault = Changes::default().set(name, &[line.to_owned()]).unwrap_err();
        format!("{fault}\n  {}\n", fault.hint())
    };
    let names = ["#port", "a b", "", "a\n"].map(|name| set(name, "1"));
    let said = said + &names.concat() + &set("port", "1\n2") + &set("port", "\0");
    assert_data_eq!(
        said,
        str![[r##"
maxmemory takes 1 value, not 2
  put a value with spaces in double quotes within quotes of YAML: '"a b"'
maxmemory may stand once in a redis.conf, not 2 times
  give it one value; several have client-output-buffer-limit, include, loadmodule, rename-command, save, sentinel and user
the value of requirepass is not readable by a server: its quotes do not pair, or something follows a closing one
  put the value in double quotes within quotes of YAML: '"…"'; there /" is a quote, // a backslash, /n a line end
the value of requirepass is not readable by a server: its quotes do not pair, or something follows a closing one
  put the value in double quotes within quotes of YAML: '"…"'; there /" is a quote, // a backslash, /n a line end
the value of requirepass is not readable by a server: it holds a NUL, where a server stops reading
  leave it out
rename-command takes 2 values, not 1
  write them behind each other, with spaces between them
include takes 1 value, not 2
  put a value with spaces in double quotes within quotes of YAML: '"a b"'
replicaof and slaveof are the same directive
  keep one of them
"#port" is no name of a directive
  a name is one word, without quotes and `#`
"a b" is no name of a directive
  a name is one word, without quotes and `#`
"" is no name of a directive
  a name is one word, without quotes and `#`
"a/n" is no name of a directive
  a name is one word, without quotes and `#`
the value of port is not readable by a server: it has a line end or another control character
  put the value in double quotes within quotes of YAML: '"…"'; there /" is a quote, // a backslash, /n a line end
the value of port is not readable by a server: it has a line end or another control character
  put the value in double quotes within quotes of YAML: '"…"'; there /" is a quote, // a backslash, /n a line end

"##]]
    );
}

fn a_text_that_no_server_reads_is_refused() {
    let refused = |text: &str| {
        let fault = RedisConf::parse(text).unwrap_err();
        assert!(read(text.as_bytes()).is_none() || text.contains('\0'));
        format!("{fault}: {:?}\n", fault.location().unwrap())
    };
    let said = ["port 1\n  requirepass \"a\n", "a 'b'c\r\n", "port 1\0\n", "port 1\n\nport \"a\\"]
        .map(refused);
    assert_data_eq!(
        said.concat(),
        str![[r#"
no server reads this line: its quotes do not pair, or something follows a closing one: Location { line: 2, column: 1, source: "  requirepass /"a" }
no server reads this line: its quotes do not pair, or something follows a closing one: Location { line: 1, column: 1, source: "a 'b'c" }
no server reads this line: it holds a NUL, where a server stops reading: Location { line: 1, column: 1, source: "" }
no server reads this line: its quotes do not pair, or something follows a closing one: Location { line: 3, column: 1, source: "port /"a//" }

"#]]
    );
}

/// Whether the warning is given that anyone may come in.
fn is_open(text: &str) -> bool {
    let warnings = RedisConf::parse(text).unwrap().warnings();
    warnings.iter().any(|warning| warning.message.contains("lets anyone"))
}

fn who_lets_anyone_in_is_warned() {
    for open in [
        "",
        "bind *",
        "bind 0.0.0.0",
        "bind 127.0.0.1 ::",
        "bind * -::*",
        "bind 127.0.0.1\nBIND -0.0.0.0",
        "requirepass \"\"",
        "requirepass a\nrequirepass ''",
        "user ann on >secret +@all",
        "user default on nopass ~* +@all",
    ] {
        assert!(is_open(&format!("Protected-Mode no\n{open}\n")), "{open}");
        assert!(!is_open(&format!("{open}\n")), "{open}");
        assert!(!is_open(&format!("protected-mode no\n{open}\nprotected-mode yes\n")), "{open}");
    }
    for closed in [
        "bind 127.0.0.1 -::1",
        "bind *\nbind 10.0.0.1",
        "requirepass secret",
        "user default on >secret ~* +@all",
        "user default off",
        "aclfile /etc/redis/users.acl",
    ] {
        assert!(!is_open(&format!("protected-mode no\n{closed}\n")), "{closed}");
    }
    let warnings = RedisConf::parse("protected-mode no").unwrap().warnings();
    let said =
        warnings.iter().map(|it| format!("{}\n{}\n", it.message, it.advice.as_ref().unwrap()));
    assert_data_eq!(
        said.collect::<String>(),
        str![[r#"
redis.conf lets anyone who reaches the server do anything: it has `protected-mode no`, binds to every address, and asks for no password
set requirepass or a `user default` with a password, bind to addresses that only trusted clients reach, or leave protected-mode on

"#]]
    );
}

fn a_misspelled_directive_is_told() {
    let text = "maxmemroy 1\nMaxMemory 1\nsearch-timeout 5\nmy.maxmemroy 1\nzzz 1\nsvae 1 1\n";
    let warnings = RedisConf::parse(text).unwrap().warnings();
    let said =
        warnings.iter().map(|it| format!("{}\n{}\n", it.message, it.advice.as_ref().unwrap()));
    assert_data_eq!(
        said.collect::<String>(),
        str![[r#"
no server is known that has the directive maxmemroy
is maxmemory meant? A server does not start where it has no such directive
no server is known that has the directive svae
is save meant? A server does not start where it has no such directive

"#]]
    );
}

fn any_words_are_read_as_they_were() {
    holds(500, &vec("[^\0]{0,6}|[ -~]{0,6}", 0..5), |given| {
        let line = typed(given.iter().map(String::as_str));
        prop_assert!(!line.contains(['\n', '\r']), "{:?}", line);
        let found = words(line.as_bytes());
        let given: Vec<Vec<u8>> = given.into_iter().map(String::into_bytes).collect();
        prop_assert_eq!(found, Some(given), "{}", line);
        Ok(())
    });
}

/// A file of any lines, and any changes of a few directives: what it sets then, and that the rest
/// stays.
fn any_change_of_any_file() {
    const NAMES: [&str; 6] = ["port", "save", "loadmodule", "timeout", "slaveof", "search-timeout"];
    let line = prop_oneof![
        3 => (select(&NAMES[..]), "[ \t]{0,2}", "[1-9]{1,3}").prop_map(|(name, space, value)| {
            format!("{space}{name} {value}{space}")
        }),
        1 => (select(&NAMES[..]), "[1-9]{1,3}").prop_map(|(name, value)| {
            format!("{} \"{value}\"", name.to_uppercase())
        }),
        2 => "[ \t]{0,2}#[ -~é]{0,9}|[ \t]{0,3}",
    ];
    let change = prop_oneof![Just(Vec::new()), vec("[1-9]{1,3}", 1..3)];
    let file = (vec(line, 0..12), select(vec!["\n", "\r\n"]), any::<bool>());
    holds(
        300,
        &(file, vec(change, NAMES.len()), any::<u8>()),
        |((lines, end, last), new, which)| {
            let existing = lines.join(end) + if last { end } else { "" };
            let (mut changes, mut expected) = (Changes::default(), BTreeMap::new());
            for (number, (name, values)) in NAMES.iter().zip(new).enumerate() {
                if which & (1 << number) == 0 {
                    continue;
                }
                let repeated = ["save", "loadmodule"].contains(name);
                let values = if repeated { values } else { values.into_iter().take(1).collect() };
                changes.set(name, &values).unwrap();
                expected.insert(*name, values);
            }
            let text = RedisConf::parse(&existing).unwrap().with(&changes).to_string();
            let again = RedisConf::parse(&text).unwrap().with(&changes).to_string();
            prop_assert_eq!(&again, &text);

            let lines = |text: &str| -> Vec<(Option<String>, String)> {
                let name = |line: &str| Some(read(line.as_bytes()).unwrap().first()?.0.clone());
                text.split_inclusive('\n').map(|line| (name(line), line.to_owned())).collect()
            };
            let of =
                |name: &Option<String>| expected.contains_key(name.as_deref().unwrap_or_default());
            let kept = |text: &str| -> String {
                lines(text)
                    .into_iter()
                    .filter(|(name, _)| !of(name))
                    .map(|(_, line)| line)
                    .collect()
            };
            let (before, after) = (kept(&existing), kept(&text));
            prop_assert!(
                after.starts_with(&before) || before.is_empty(),
                "{:?} {:?}",
                existing,
                text
            );
            let added = &after[before.len()..];
            prop_assert!(["", "# Set by rampkit:"].contains(&added.trim()), "{:?}", text);
            for (name, values) in &expected {
                let found = read(text.as_bytes()).unwrap().into_iter().filter(|(it, _)| it == name);
                let found: Vec<Vec<Vec<u8>>> = found.map(|(_, words)| words).collect();
                let mut wanted: Vec<Vec<Vec<u8>>> =
                    values.iter().map(|it| vec![it.clone().into_bytes()]).collect();
                if *name == "loadmodule" && !values.is_empty() {
                    let there = read(existing.as_bytes()).unwrap().into_iter();
                    let there: Vec<Vec<Vec<u8>>> =
                        there.filter(|(it, _)| it == name).map(|(_, words)| words).collect();
                    wanted.retain(|new| !there.contains(new));
                    wanted.splice(0..0, there);
                }
                prop_assert_eq!(found, wanted, "{} {:?}", name, text);
                let place = |text: &str| {
                    lines(text)
                        .iter()
                        .filter(|(it, _)| !of(it) || it.as_deref() == Some(name))
                        .position(|(it, _)| it.as_deref() == Some(name))
                };
                if let (Some(before), Some(after)) = (place(&existing), place(&text)) {
                    prop_assert_eq!(before, after, "{} {:?} {:?}", name, existing, text);
                }
            }
            Ok(())
        },
    );
}

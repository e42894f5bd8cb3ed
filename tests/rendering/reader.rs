//! What BuildKit's reader of Dockerfiles gives back is what was meant.
//!
//! It parts a text into instructions; how a builder goes on with their words is written here once
//! more, after its documentation, and by no means shared with rampkit.

use std::process::Command;

use libtest_mimic::Trial;
use rampkit::assembly::dockerfile::instruction::{Instruction, Run};
use rampkit::assembly::{Plan, check, dockerfile, instructions};
use rampkit::descriptor::document::{Platform, Protocol};
use serde_json::Value;

use super::plans::{plan, whole, windows};
use crate::harness::{Peer, Sandbox};
use crate::properties::some;
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![test!(a_builder_reads_what_was_meant, BuildKitReader)]
}

/// An instruction: its keyword, its flags and its words.
type Said = (String, Vec<String>, Vec<String>);

fn a_builder_reads_what_was_meant() {
    let mut plans = some(600, &plan());
    plans.extend([whole(), windows()]);
    plans.iter().for_each(|plan| assert!(check(plan).is_ok(), "{:?}", check(plan)));
    let texts: Vec<String> = plans.iter().map(dockerfile).collect();
    let read = read(&texts);
    let mut count = 0;
    for ((plan, text), read) in plans.iter().zip(&texts).zip(&read) {
        let read: Vec<Said> = read.iter().map(|line| said(line, plan.platform)).collect();
        let meant = meant(plan);
        for (read, meant) in read.iter().zip(&meant) {
            assert_eq!(read, meant, "{text}");
        }
        assert_eq!(read.len(), meant.len(), "{text}\n{:#?}", read.last());
        count += read.len();
    }
    assert!(count > 5000, "only {count} instructions were read");
}

/// What the reader says of each text.
fn read(texts: &[String]) -> Vec<Vec<Value>> {
    let sandbox = Sandbox::new();
    let texts = sandbox.write("texts.json", serde_json::to_string(texts).unwrap());
    let script = "import dockerfile, json, sys\n\
                  read = lambda text: [[c.cmd, c.flags, c.json, c.value] for c in dockerfile.parse_string(text)]\n\
                  json.dump([read(text) for text in json.load(open(sys.argv[1]))], sys.stdout)";
    let mut python = Command::new(Peer::BuildKitReader.found());
    let output = python.args(["-c", script]).arg(texts).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// What a builder makes of an instruction that was read.
fn said(line: &Value, platform: Platform) -> Said {
    let texts = |value: &Value| -> Vec<String> {
        value.as_array().unwrap().iter().map(|it| it.as_str().unwrap().to_owned()).collect()
    };
    let keyword = line[0].as_str().unwrap().to_uppercase();
    let (flags, words) = (texts(&line[1]), texts(&line[3]));
    let is_json = line[2].as_bool().unwrap();
    let words = match &keyword[..] {
        "ENV" | "LABEL" | "VOLUME" | "WORKDIR" | "COPY" => {
            words.iter().map(|word| expanded(word, platform)).collect()
        }
        _ => words,
    };
    let keyword = if is_json { keyword + " []" } else { keyword };
    (keyword, flags, words)
}

/// A word without quotes and escapes, and variables as `⟨NAME⟩`.
fn expanded(word: &str, platform: Platform) -> String {
    let escape = if platform == Platform::Windows { '`' } else { '\\' };
    let mut expanded = String::new();
    let mut chars = word.chars().peekable();
    let mut quote = None;
    while let Some(c) = chars.next() {
        match c {
            '"' | '\'' if quote == Some(c) => quote = None,
            _ if quote == Some('\'') => expanded.push(c),
            '"' => quote = Some(c),
            '\'' if quote.is_none() => quote = Some(c),
            _ if c == escape => match chars.next() {
                Some(next) if quote.is_none() || "\"$".contains(next) || next == escape => {
                    expanded.push(next)
                }
                Some(next) => expanded.extend([c, next]),
                None => assert!(quote.is_none(), "an escape without anything: {word}"),
            },
            '$' => {
                let is_braced = chars.next_if_eq(&'{').is_some();
                let mut name = String::new();
                while let Some(c) = chars.next_if(|c| c.is_alphanumeric() || *c == '_') {
                    name.push(c);
                }
                assert!(!name.is_empty() && (!is_braced || chars.next() == Some('}')), "{word}");
                expanded += &format!("⟨{name}⟩");
            }
            c => expanded.push(c),
        }
    }
    assert_eq!(quote, None, "{word}");
    expanded
}

/// What rampkit means by the instructions of a plan.
fn meant(plan: &Plan) -> Vec<Said> {
    let blocks = instructions(plan);
    let all = blocks.iter().flat_map(|block| &block.instructions);
    all.flat_map(|instruction| one(instruction, plan.platform)).collect()
}

fn one(instruction: &Instruction, platform: Platform) -> Vec<Said> {
    let path = |path: &String| variables_marked(path, platform);
    let said = |keyword: &str, words: Vec<String>| vec![(keyword.to_owned(), Vec::new(), words)];
    match instruction {
        Instruction::From { image, stage } => {
            let stage = stage.iter().flat_map(|stage| ["AS".to_owned(), stage.clone()]);
            said("FROM", [image.clone()].into_iter().chain(stage).collect())
        }
        Instruction::Shell(words) => said("SHELL []", words.clone()),
        Instruction::Env { name, value } => said("ENV", vec![name.clone(), value.clone()]),
        Instruction::Label { name, value } => said("LABEL", vec![name.clone(), value.clone()]),
        Instruction::Copy { from, chown, chmod, paths } => {
            let flags = [("from", from), ("chown", chown), ("chmod", chmod)];
            let flag = |(name, value): (&str, &Option<String>)| {
                value.as_ref().map(|value| format!("--{name}={value}"))
            };
            let flags = flags.into_iter().filter_map(flag).collect();
            vec![("COPY []".to_owned(), flags, paths.iter().map(path).collect())]
        }
        Instruction::Run(Run::Shell(parts)) => said("RUN", vec![parts.join("     ")]),
        Instruction::Run(Run::Exec(words)) => said("RUN []", words.clone()),
        Instruction::Expose(ports) => {
            let protocol = |it| if it == Some(Protocol::Udp) { "udp" } else { "tcp" };
            let port = |value, it| format!("{value}/{}", protocol(it));
            said("EXPOSE", ports.iter().map(|it| port(it.value, it.protocol)).collect())
        }
        Instruction::Volume(paths) => said("VOLUME []", paths.iter().map(path).collect()),
        Instruction::User(user) => said("USER", vec![user.clone()]),
        Instruction::Workdir(folder) => said("WORKDIR", vec![path(folder)]),
        Instruction::Entrypoint(words) => said("ENTRYPOINT []", words.clone()),
        Instruction::Cmd(words) => said("CMD []", words.clone()),
        Instruction::Written(text) => written(text),
    }
}

/// A path as it is documented: `$NAME` and `${NAME}`, a dollar behind an escape, other dollars.
fn variables_marked(path: &str, platform: Platform) -> String {
    let (escape, path) = match platform {
        Platform::Linux => ("\\$", path.to_owned()),
        Platform::Windows => ("`$", path.replace('\\', "/")),
    };
    let marked = |text: &str| {
        let mut parts = text.split('$');
        let mut marked = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let is_braced = part.starts_with('{');
            let name: String = part
                .trim_start_matches('{')
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
                .collect();
            let after = &part[if is_braced { 1 } else { 0 }..][name.len()..];
            let after = if is_braced { after.strip_prefix('}') } else { Some(after) };
            match after {
                Some(after)
                    if !name.is_empty() && !name.starts_with(|c: char| c.is_ascii_digit()) =>
                {
                    marked += &format!("⟨{name}⟩{after}");
                }
                _ => marked += &format!("${part}"),
            }
        }
        marked
    };
    path.split(escape).map(marked).collect::<Vec<_>>().join("$")
}

/// What the scripts of the plans mean, by hand.
fn written(text: &str) -> Vec<Said> {
    let said: &[(&str, &[&str])] = match text {
        text if text.starts_with("ENV REDIS_MODULES C:") => {
            &[("ENV", &["REDIS_MODULES", "C:/modules"])]
        }
        text if text.ends_with("modules\nWORKDIR /data") => {
            &[("ENV", &["REDIS_MODULES", "/opt/redislabs/lib/modules"]), ("WORKDIR", &["/data"])]
        }
        text if text.starts_with("ENV") => &[
            ("ENV", &["REDIS_MODULES", "/opt/redislabs/lib/modules"]),
            ("RUN", &["mkdir -p $REDIS_MODULES/"]),
            ("WORKDIR", &["/data"]),
        ],
        text if text.starts_with("RUN set") => {
            &[("RUN", &["set -ex;    apt-get update;    true;"])]
        }
        "# nothing" | "" => &[],
        text if text.starts_with('\n') => &[("RUN", &["echo \"# b\" '<<EOF'"])],
        "USER app\nRUN true" => &[("USER", &["app"]), ("RUN", &["true"])],
        "RUN true\nUSER 0:0\r\n" => &[("RUN", &["true"]), ("USER", &["0:0"])],
        text if text.starts_with("LABEL") => &[("LABEL", &["a", "b\"", "c", "d", "e", "f"])],
        text if text.starts_with("RUN id") => &[("RUN", &["id"]), ("USER", &["${APP:-app}"])],
        "USER ${APP:-app}" => &[("USER", &["${APP:-app}"])],
        text if text.starts_with("RUN rm") => {
            &[("RUN", &["rm -f $REDIS_MODULES/redisgears.*.zip"])]
        }
        text => panic!("what does this mean? {text}"),
    };
    let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    said.iter().map(|(keyword, words)| ((*keyword).to_owned(), Vec::new(), owned(words))).collect()
}

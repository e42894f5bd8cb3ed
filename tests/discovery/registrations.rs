//! Calls by which a module registers commands, at random: as real modules make them, and in every
//! way in which they can be wrong.

use std::fmt::Write as _;

use rampkit::discovery::command_info::{RawArgument, RawInfo, RawKeySpec};

/// A call of the module API.
pub enum Call {
    /// `CreateCommand`, or `CreateSubcommand` where there is a parent.
    Create {
        parent: Option<Vec<u8>>,
        name: Vec<u8>,
        has_function: bool,
        flags: Option<Vec<u8>>,
        keys: [i32; 3],
    },
    /// `SetCommandInfo`; entries are `gap` bytes longer than usual.
    SetInfo { name: Vec<u8>, info: RawInfo, gap: u64 },
}

/// Names that some server has; those with a `|` are in every one that knows subcommands.
const BUILT_IN: &str = "get SET cOnFiG config|get CLIENT|kill command module sort_ro lmpop \
                        function waitaof hpexpire vadd vsim hgetex digest delifeq commandlog \
                        cluster sentinel restore-asking pfdebug";
const FLAGS: &str = "write readonly admin deny-oom deny-script allow-loading pubsub random \
                     allow-stale no-monitor fast getkeys-api no-cluster no-slowlog no-auth \
                     may-replicate blocking getchannels-api no-mandatory-keys allow-busy";
/// What only some of the latest versions know.
const LATE_FLAGS: &str = "internal no-commandlog all-dbs";
/// What is no flag, also where the answer has a flag of that name.
const NO_FLAGS: &str = "reed-only denyoom movablekeys module asking noscript no_auth skip_slowlog \
                        write\tfast write,fast -";
/// What no module means: the ends of the range, where the sums of servers wrap around.
const NUMBERS: [i32; 5] = [i32::MIN, i32::MAX, i32::MIN + 1, i32::MAX - 1, 1000];

/// The same numbers for the same seed.
pub struct Random(pub u64);

impl Random {
    /// Less than `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }

    fn percent(&mut self, chance: u64) -> bool {
        self.below(100) < chance
    }

    fn between(&mut self, first: i32, last: i32) -> i32 {
        first + self.below((last - first + 1) as u64) as i32
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u64) as usize]
    }

    fn word(&mut self, from: &'static str) -> &'static str {
        self.pick(&from.split_whitespace().collect::<Vec<_>>())
    }

    fn small_or_any(&mut self) -> i32 {
        if self.percent(95) { self.between(-4, 6) } else { self.pick(&NUMBERS) }
    }

    fn text(&mut self, chance: u64) -> Option<String> {
        let text = self.pick(&["", "text", "two words", "\u{e9}"]);
        self.percent(chance).then(|| text.to_owned())
    }

    fn in_any_case(&mut self, text: &[u8]) -> Vec<u8> {
        let case = |byte: &u8| if self.percent(50) { byte.to_ascii_uppercase() } else { *byte };
        text.iter().map(case).collect()
    }
}

/// What one module calls: `count` times.
pub fn calls(random: &mut Random, count: usize) -> Vec<Call> {
    let mut names: Vec<Vec<u8>> = vec![b"x".to_vec()];
    (0..count).map(|number| call(random, number, &mut names)).collect()
}

fn call(random: &mut Random, number: usize, names: &mut Vec<Vec<u8>>) -> Call {
    let earlier = names[random.below(names.len() as u64) as usize].clone();
    if random.percent(35) {
        return Call::SetInfo { name: earlier, info: info(random), gap: random.below(3) * 8 };
    }
    let parent = random.percent(15).then_some(earlier);
    let name = name(random, number, names);
    names.push(match &parent {
        None => name.clone(),
        Some(parent) => [parent, &b"|"[..], &name].concat(),
    });
    Call::Create {
        parent,
        name,
        has_function: random.percent(60),
        flags: flags(random),
        keys: [random.small_or_any(), random.small_or_any(), random.small_or_any()],
    }
}

/// An empty one, or one with a `|`, is never there twice: a server would end itself.
fn name(random: &mut Random, number: usize, names: &[Vec<u8>]) -> Vec<u8> {
    let known = &names[random.below(names.len() as u64) as usize];
    let mut name = match random.below(100) {
        0..10 if !known.is_empty() && !known.contains(&b'|') => return random.in_any_case(known),
        10..20 => return random.word(BUILT_IN).as_bytes().to_vec(),
        20..22 => format!("{}|{number}", random.word("config get x client|kill")).into_bytes(),
        22..50 if number == 0 => return Vec::new(),
        _ => format!("R.{number}").into_bytes(),
    };
    if random.percent(20) {
        let odd = |_| 1 + random.below(255) as u8;
        name.extend((0..3).map(odd));
    } else if random.percent(10) {
        name.push(random.pick(b" \r\n|@=,\"\t:{}\x7f\xff"));
    }
    name
}

fn flags(random: &mut Random) -> Option<Vec<u8>> {
    let mut words: Vec<&str> = (0..random.below(6)).map(|_| random.word(FLAGS)).collect();
    match random.below(100) {
        0..10 => return None,
        10..13 => words.push(random.word(NO_FLAGS)),
        13..15 => words.insert(0, ""),
        15..17 => words.push(""),
        17..19 if words.len() > 1 => words.insert(1, ""),
        19..30 => words.push(random.word(LATE_FLAGS)),
        _ => {}
    }
    let text = words.join(" ").into_bytes();
    Some(if random.percent(20) { random.in_any_case(&text) } else { text })
}

fn info(random: &mut Random) -> RawInfo {
    RawInfo {
        has_version: random.percent(97),
        summary: random.text(5),
        complexity: random.text(5),
        since: random.text(5),
        history: random
            .percent(8)
            .then(|| (0..random.below(3)).map(|_| random.percent(80)).collect()),
        tips: random.text(10),
        arity: if random.percent(50) { 0 } else { random.small_or_any() },
        key_specs: random.percent(75).then(|| key_specs(random)),
        arguments: random.percent(15).then(|| arguments(random, 0)),
    }
}

/// Two or more begin behind position 0: no server survives them otherwise.
fn key_specs(random: &mut Random) -> Vec<RawKeySpec> {
    let count = random.below(5);
    let mut next = random.between(1, 3);
    let spec = |_| {
        let mut spec = key_spec(random);
        if count > 1 {
            spec.position = if random.percent(70) { next } else { spec.position.max(1) };
            next = spec.position.saturating_add(1).saturating_add(spec.last.max(0));
        }
        spec
    };
    (0..count).map(spec).collect()
}

fn key_spec(random: &mut Random) -> RawKeySpec {
    let flags = match random.percent(90) {
        true => 1 << random.below(4) | 1 << random.between(4, 9),
        false => random.below(1 << 12),
    };
    RawKeySpec {
        flags,
        begin: random.pick(&[2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 3]) + i32::from(random.percent(1)),
        position: random.small_or_any(),
        keyword: random.text(90),
        find: random.pick(&[0, 0, 2, 2, 2, 2, 2, 2, 1, 3]) + i32::from(random.percent(2)),
        last: random.small_or_any(),
        step: if random.percent(75) { 1 } else { random.small_or_any() },
    }
}

fn arguments(random: &mut Random, depth: u64) -> Vec<RawArgument> {
    (0..random.below(4)).map(|number| argument(random, depth, number)).collect()
}

/// A pure token behind the first argument has its token: where it has none, servers take the name
/// that they log from a wrong place.
fn argument(random: &mut Random, depth: u64, number: u64) -> RawArgument {
    let kind = random.between(0, 8) + i32::from(random.percent(2));
    let is_parent = matches!(kind, 7 | 8) != random.percent(3);
    let needs_token = kind == 6 && (number > 0 || random.percent(80));
    RawArgument {
        name: random.text(100).unwrap_or_default(),
        kind,
        key_spec: random.pick(if kind == 3 {
            &[0, 1, 2, 3, -1]
        } else {
            &[0, 0, 0, -1, -1, -1, 7]
        }),
        token: random.text(if needs_token { 100 } else { 10 }),
        flags: random.between(0, 7) + i32::from(random.percent(3)) * 8,
        arguments: (is_parent && depth < 3).then(|| arguments(random, depth + 1)),
    }
}

/// The calls as `fixtures/modules/registrations.c` reads them.
pub fn file(calls: &[Call]) -> String {
    calls.iter().map(line).collect()
}

fn line(call: &Call) -> String {
    match call {
        Call::Create { parent, name, has_function, flags, keys: [first, last, step] } => {
            let word = match parent {
                None => "create".to_owned(),
                Some(parent) => format!("sub {}", field(Some(parent))),
            };
            let (name, flags) = (field(Some(name)), field(flags.as_deref()));
            let function = u8::from(*has_function);
            format!("{word} {name} {function} {flags} {first} {last} {step}\n")
        }
        Call::SetInfo { name, info, gap } => {
            format!("info {}\n{}set\n", field(Some(name)), info_lines(info, *gap))
        }
    }
}

fn info_lines(info: &RawInfo, gap: u64) -> String {
    let texts = [&info.summary, &info.complexity, &info.since, &info.tips];
    let texts = texts.map(|text| field(text.as_ref().map(|text| text.as_bytes())));
    let mut lines = format!("texts {} {}\n", texts.join(" "), info.arity);
    if info.has_version {
        writeln!(lines, "version {gap}").unwrap();
    }
    if let Some(history) = &info.history {
        lines += "history\n";
        for has_changes in history {
            writeln!(lines, "change 1.0 {}", if *has_changes { "all" } else { "-" }).unwrap();
        }
    }
    if let Some(specs) = &info.key_specs {
        lines += "specs\n";
        lines.extend(specs.iter().map(spec_line));
    }
    if let Some(arguments) = &info.arguments {
        lines += "args\n";
        lines.extend(arguments.iter().map(argument_lines));
    }
    lines
}

fn spec_line(spec: &RawKeySpec) -> String {
    let RawKeySpec { flags, begin, position, keyword, find, last, step } = spec;
    let keyword = field(keyword.as_ref().map(|keyword| keyword.as_bytes()));
    format!("spec {flags} {begin} {position} {keyword} {find} {last} {step}\n")
}

fn argument_lines(argument: &RawArgument) -> String {
    let RawArgument { name, kind, key_spec, token, flags, arguments } = argument;
    let (name, token) =
        (field(Some(name.as_bytes())), field(token.as_ref().map(|token| token.as_bytes())));
    let own = format!("arg {name} {kind} {key_spec} {token} {flags}\n");
    match arguments {
        None => own,
        Some(arguments) => {
            let inner: String = arguments.iter().map(argument_lines).collect();
            format!("{own}open\n{inner}close\n")
        }
    }
}

fn field(text: Option<&[u8]>) -> String {
    let Some(text) = text else { return "-".to_owned() };
    let text = if text.is_empty() { b"\0" } else { text };
    let byte = |byte: &u8| match byte {
        byte if byte.is_ascii_alphanumeric() || *byte == b'.' => char::from(*byte).to_string(),
        byte => format!("%{byte:02x}"),
    };
    text.iter().map(byte).collect()
}

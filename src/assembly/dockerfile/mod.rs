//! The text of a Dockerfile.
//!
//! In: [`Block`]s of instructions. Out: a text that a builder reads as they are meant, and a person as
//! well. No heredocs, no `# syntax=`, no `COPY --link`: older builders refuse them.

pub(super) mod check;
mod commands;
pub mod escape;
pub mod instruction;
pub(super) mod instructions;
pub(super) mod script;
mod shell;
mod users;

use crate::assembly::Plan;
use crate::assembly::plan::json::protocol;
use crate::descriptor::document::{Platform, Port};
use crate::wording::tame;
use escape::Escape;
use instruction::{Block, Instruction, Run};
use instructions::{MARK, instructions};

/// How wide a line should be, in characters.
const WIDTH: usize = 100;

/// The Dockerfile of a plan.
pub fn dockerfile(plan: &Plan) -> String {
    text(&instructions(plan), plan.platform)
}

/// Whether a text was written by [`dockerfile`].
pub fn is_ours(text: &str) -> bool {
    text.lines().take(2).any(|line| line.strip_prefix("# ") == Some(MARK))
}

/// Blocks as a text.
fn text(blocks: &[Block], platform: Platform) -> String {
    let writer = Writer { escape: Escape::of(platform) };
    let blocks: Vec<String> = blocks.iter().map(|block| writer.block(block)).collect();
    let directive = match platform {
        Platform::Linux => "",
        Platform::Windows => "# escape=`\n",
    };
    directive.to_owned() + &blocks.join("\n")
}

struct Writer {
    escape: Escape,
}

impl Writer {
    fn block(&self, block: &Block) -> String {
        let comments = block.comments.iter().map(|comment| self.comment(comment));
        comments.chain(block.instructions.iter().map(|it| self.instruction(it))).collect()
    }

    /// One line, whatever it holds, and none that goes on or tells a linter what to do.
    fn comment(&self, comment: &str) -> String {
        let comment = tame(comment);
        let start = if comment.trim_start().starts_with("hadolint") { "- " } else { "" };
        let stop = if comment.trim_end().ends_with(['\\', '`']) { "." } else { "" };
        format!("# {start}{}{stop}\n", comment.trim_end())
    }

    fn instruction(&self, instruction: &Instruction) -> String {
        let line = match instruction {
            Instruction::From { image, stage: None } => format!("FROM {image}"),
            Instruction::From { image, stage: Some(stage) } => format!("FROM {image} AS {stage}"),
            Instruction::Shell(words) => self.json("SHELL", words),
            Instruction::Env { name, value } => format!("ENV {name}={}", self.escape.quoted(value)),
            Instruction::Label { name, value } => {
                format!("LABEL {name}={}", self.escape.quoted(value))
            }
            Instruction::Copy { from, chown, chmod, paths } => {
                let flags = [("from", from), ("chown", chown), ("chmod", chmod)];
                self.copy(&flags, paths)
            }
            Instruction::Run(Run::Shell(parts)) => self.run(parts),
            Instruction::Run(Run::Exec(words)) => self.json("RUN", words),
            Instruction::Expose(ports) => {
                let ports: Vec<String> = ports.iter().map(port).collect();
                self.wrapped("EXPOSE ", &ports, |_| false)
            }
            Instruction::Volume(paths) => self.json(
                "VOLUME",
                &paths.iter().map(|path| self.escape.word(path)).collect::<Vec<_>>(),
            ),
            Instruction::User(user) => format!("USER {user}"),
            Instruction::Workdir(path) => format!("WORKDIR {}", self.escape.word(path)),
            Instruction::Entrypoint(words) => self.json("ENTRYPOINT", words),
            Instruction::Cmd(words) => self.json("CMD", words),
            Instruction::Written(text) => return text.trim_end_matches('\n').to_owned() + "\n",
        };
        line + "\n"
    }

    fn copy(&self, flags: &[(&str, &Option<String>)], paths: &[String; 2]) -> String {
        let given = |(name, value): &(&str, &Option<String>)| {
            value.as_ref().map(|value| format!(" --{name}={value}"))
        };
        let flags: String = flags.iter().filter_map(given).collect();
        format!(
            "COPY{flags} [{}]",
            paths.each_ref().map(|path| json(&self.escape.word(path))).join(", ")
        )
    }

    /// A list in JSON; where it is too wide, an option begins a line.
    fn json(&self, keyword: &str, words: &[String]) -> String {
        let words: Vec<String> = words.iter().map(|word| json(word)).collect();
        let whole = format!("{keyword} [{}]", words.join(", "));
        if whole.chars().count() <= WIDTH {
            return whole;
        }
        let last = words.len().saturating_sub(1);
        let word = |(n, word)| format!("{word}{}", if n == last { "" } else { "," });
        let words: Vec<String> = words.iter().enumerate().map(word).collect();
        self.wrapped(&format!("{keyword} ["), &words, |word| word.starts_with("\"--")) + "]"
    }

    /// Words in lines that are not too wide; some begin a line wherever they stand.
    fn wrapped(&self, start: &str, words: &[String], begins: fn(&str) -> bool) -> String {
        let mut lines = vec![start.to_owned()];
        for (n, word) in words.iter().enumerate() {
            let line = lines.last_mut().expect("there is one");
            let is_wide = line.chars().count() + word.chars().count() >= WIDTH;
            match n {
                0 => *line += word,
                _ if is_wide || begins(word) => lines.push(word.clone()),
                _ => *line += &format!(" {word}"),
            }
        }
        self.lines(lines)
    }

    fn run(&self, parts: &[String]) -> String {
        let (first, rest) = parts.split_first().map_or(("", parts), |(it, rest)| (&it[..], rest));
        // After an ENV hadolint forgets which SHELL there was.
        let to_linters = match self.escape {
            Escape::Backslash => "",
            Escape::Backtick => "# hadolint shell=powershell\n",
        };
        let first = format!("{to_linters}RUN {first}");
        self.lines([first].into_iter().chain(rest.iter().cloned()))
    }

    /// Several lines as one for the builder.
    fn lines(&self, lines: impl IntoIterator<Item = String>) -> String {
        let lines: Vec<String> = lines.into_iter().collect();
        lines.join(&format!(" {}\n    ", self.escape.char()))
    }
}

fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// As an EXPOSE has it.
pub(super) fn port(port: &Port) -> String {
    format!("{}/{}", port.value, protocol(port))
}

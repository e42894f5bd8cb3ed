//! The instructions of a Dockerfile as values.
//!
//! In: what a builder shall do. Out: [`Instruction`]s, which hold texts as they are meant; how they are
//! written is not known here.

use crate::descriptor::document::Port;

/// Instructions that belong together, and what a person should know of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Block {
    /// A line each.
    pub comments: Vec<String>,
    /// In their order.
    pub instructions: Vec<Instruction>,
}

/// An instruction. In paths, variables may stand: see [`pieces`](super::escape::pieces).
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "they are called as in a Dockerfile")]
pub enum Instruction {
    /// A stage begins.
    From { image: String, stage: Option<String> },
    /// Which shell the RUNs that follow are for.
    Shell(Vec<String>),
    /// One variable.
    Env { name: String, value: String },
    /// One label.
    Label { name: String, value: String },
    /// Paths of the context, or of an earlier stage.
    Copy { from: Option<String>, chown: Option<String>, chmod: Option<String>, paths: [String; 2] },
    /// Something is run.
    Run(Run),
    /// The ports it listens on.
    Expose(Vec<Port>),
    /// Paths that outlive a container.
    Volume(Vec<String>),
    /// Who runs what follows.
    User(String),
    /// The folder in which what follows is run.
    Workdir(String),
    /// The program of a container.
    Entrypoint(Vec<String>),
    /// Its arguments.
    Cmd(Vec<String>),
    /// Instructions as their author wrote them.
    Written(String),
}

/// What is run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Run {
    /// By a shell: one command line, where to break it, each part written for that shell.
    Shell(Vec<String>),
    /// A program with its arguments.
    Exec(Vec<String>),
}

//! `rampkit graph`: module.yaml files and bundles → the diagram of what asks for what.

use std::path::Path;

use clap::{Args, ValueEnum};

use super::Talk;
use super::gathering::{GatheringOptions, TargetOptions};
use super::output::OutputOptions;
use crate::error::Error;
use crate::graph::{self, Node, dot, mermaid, svg};
use crate::install::{self, Chosen, Gathered, Installation};
use crate::manifest::Place;

/// Draw which modules ask for which, numbered in the order in which they are installed
#[derive(Args)]
pub struct Graph {
    #[command(flatten)]
    gathering: GatheringOptions,

    #[command(flatten)]
    target: TargetOptions,

    /// What to write: for Graphviz, for Mermaid, or a picture [default: as --output ends, else dot]
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,

    #[command(flatten)]
    output: OutputOptions,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Dot,
    Mermaid,
    Svg,
}

/// What the last line of a file of ours says.
const MARK: &str = "Made by rampkit graph";

impl Graph {
    /// Draws; stdout is the diagram, or the path it was written to.
    pub fn run(self, talk: &Talk) -> Result<(), Error> {
        let format = self.format.map_or_else(|| Format::of(self.output.file()), Ok)?;
        let asked = self.gathering.asked(self.target)?;
        self.output.check_apart(asked.files.iter().filter_map(Place::file))?;
        let gathered = install::gather(&asked)?;
        talk.warn(&gathered.warnings)?;
        let is_ours = |text: &str| text.lines().last().is_some_and(|line| line.contains(MARK));
        self.output.write(talk, &format.text(&diagram(&gathered)), is_ours)
    }
}

impl Format {
    /// What a file of that name holds.
    fn of(path: Option<&Path>) -> Result<Self, Error> {
        let extension = path.and_then(Path::extension).map(|extension| extension.to_string_lossy());
        match extension.as_deref() {
            None | Some("dot" | "gv") => Ok(Self::Dot),
            Some("svg") => Ok(Self::Svg),
            Some("mmd" | "mermaid") => Ok(Self::Mermaid),
            Some(other) => Err(Error::Usage(format!(
                "no format is known by .{other}: name the file .svg, .dot or .mmd, or give --format"
            ))),
        }
    }

    /// The diagram, with a comment at its end.
    fn text(self, diagram: &graph::Graph) -> String {
        match self {
            Self::Dot => format!("{}// {MARK}\n", dot(diagram)),
            Self::Mermaid => format!("{}%% {MARK}\n", mermaid(diagram)),
            Self::Svg => format!("{}<!-- {MARK} -->\n", svg(diagram)),
        }
    }
}

/// The modules, and what they are installed into: that asks for whom no module asks for.
fn diagram(gathered: &Gathered) -> graph::Graph {
    let Gathered { target, installation: Installation { modules, edges, .. }, .. } = gathered;
    let base = target.baseimage.clone().unwrap_or_default();
    let (name, detail) = match &target.name {
        Some(name) => (name.clone(), Some(base)),
        None => (base, None),
    };
    let root = Node { name, version: target.version.clone(), detail, order: None };
    let nodes = modules.iter().zip(1..).map(|(chosen, order)| node(chosen, order));
    let asked = |index: &usize| !edges.iter().any(|(_, to)| to == index);
    let of_root = (0..modules.len()).filter(asked).map(|index| (0, index + 1));
    let of_modules = edges.iter().map(|(from, to)| (from + 1, to + 1));
    graph::Graph {
        title: String::new(),
        nodes: std::iter::once(root).chain(nodes).collect(),
        edges: of_root.chain(of_modules).collect(),
    }
}

fn node(chosen: &Chosen, order: usize) -> Node {
    let module = &chosen.candidate.module;
    let (name, version) = (module.name.clone(), module.version.clone());
    Node { name, version, detail: module.image.clone(), order: Some(order) }
}

//! Options that say what lies beside the bundle, and what all of it is called.

use std::path::PathBuf;

use clap::Args;
use clap::builder::NonEmptyStringValueParser;

use crate::packages::{Beside, Names, ResultFile};

#[derive(Args)]
#[command(next_help_heading = "Further packages, and their names")]
pub struct PackageOptions {
    /// The same bundle under a further name, a folder or a template as -o takes; repeatable
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    also_as: Vec<String>,

    /// What {variant} in names is, with a dash before it; in the default name it follows the version
    #[arg(long, value_name = "NAME", value_parser = plain)]
    variant: Option<String>,

    /// What {branch} in names is, each of its characters but A-Za-z0-9._- as _
    /// [default: the branch that is checked out where the module lies]
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    branch: Option<String>,

    /// Pack this file of debug symbols beside each bundle, as <bundle without .zip>.debug.tgz
    #[arg(long, value_name = "FILE")]
    debug_symbols: Option<PathBuf>,

    /// Write <package>.sha256 beside each package, for sha256sum -c
    #[arg(long)]
    checksum_files: bool,

    /// Tell paths, sizes, digests and metadata in this file, as YAML (.yaml, .yml) or JSON (.json)
    #[arg(long, value_name = "FILE")]
    result_file: Option<ResultFile>,
}

impl PackageOptions {
    /// What they say of names, beside `output` and `osnick`.
    pub fn names(&self, output: Option<String>, osnick: Option<String>) -> Names {
        Names {
            output,
            also_as: self.also_as.clone(),
            variant: self.variant.clone(),
            branch: self.branch.clone(),
            osnick,
        }
    }

    /// What shall lie beside the bundle.
    pub fn beside(&self) -> Beside {
        Beside {
            debug_symbols: self.debug_symbols.clone(),
            checksum_files: self.checksum_files,
            packname_file: None,
            result_file: self.result_file.clone(),
        }
    }
}

/// What can stand in the name of a file anywhere.
pub fn plain(text: &str) -> Result<String, String> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    match !text.is_empty() && text.chars().all(is_plain) {
        true => Ok(text.to_owned()),
        false => {
            Err("it becomes part of a name, and has letters, digits, ., _ and - only".to_owned())
        }
    }
}

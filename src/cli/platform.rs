//! Options that say which operating systems a bundle is for.

use clap::Args;

use super::packages::plain;
use crate::error::Error;
use crate::manifest::Layer;
use crate::platform::Platform;

#[derive(Args)]
#[command(next_help_heading = "The systems it is for")]
pub struct PlatformOptions {
    /// The operating systems of the nodes, as rhel8,ubuntu22; other names of theirs will do, as
    /// rocky8, jammy; repeatable [default: that of this machine, where the manifest names none]
    #[arg(long = "operating-system", value_name = "NAME", value_delimiter = ',')]
    systems: Vec<Platform>,

    /// What {osnick} in names is; alone it is the operating system too
    /// [default: of the first operating system, as ubuntu22.04]
    #[arg(long, value_name = "NICK", value_parser = plain)]
    osnick: Option<String>,
}

impl PlatformOptions {
    /// What {osnick} in names is.
    pub fn osnick(&self) -> Option<String> {
        self.osnick.clone()
    }

    /// The fields that they give, beside those of `others`: a nick is no more than one where something
    /// else says the system.
    ///
    /// # Errors
    /// [`Error::Usage`] where nobody can tell which system a nick means; for a field that is given twice.
    pub fn layer(&self, others: &Layer) -> Result<Layer, Error> {
        let is_said = others.iter().any(|(field, _)| field == "operating_systems");
        if is_said && !self.systems.is_empty() {
            let by = "by --operating-system and by --set operating_systems=…";
            return Err(Error::Usage(format!("operating_systems is given twice: {by}")));
        }
        let mut systems: Vec<String> = Vec::new();
        for platform in &self.systems {
            if !systems.contains(&platform.system) {
                systems.push(platform.system.clone());
            }
        }
        if let (Some(nick), [], false) = (&self.osnick, systems.as_slice(), is_said) {
            let platform: Platform = nick.parse().map_err(|_| {
                let text = format!("--osnick {nick} names no operating system that is known");
                Error::Usage(format!("{text}; say it with --operating-system, as rhel8"))
            })?;
            systems.push(platform.system);
        }
        let mut layer = Layer::default();
        if !systems.is_empty() {
            layer.put("operating_systems", systems);
        }
        Ok(layer)
    }
}

//! How a module is asked what it registers.
//!
//! In: what options and the manifest say of its arguments and of the server's options. Out: its answer.
//! Who asks twice in the same way gets the first answer.

use super::Request;
use crate::discovery::{self, Discovered, Discovery, Loading, Method, RedisArgs, Subject};
use crate::elf::ElfFacts;
use crate::error::{BundleError, Error};
use crate::manifest::{Layer, expand};
use crate::metadata::{Metadata, Origin};

/// What a module is loaded with.
#[derive(Debug, PartialEq, Eq)]
pub struct Asking {
    /// Its arguments.
    pub arguments: Vec<String>,
    redis_args: RedisArgs,
}

/// An answer, and to what.
pub type Asked = (Asking, Discovery);

impl Asking {
    /// As `said` has it.
    ///
    /// # Errors
    /// [`BundleError::BadSetting`], [`BundleError::NoVariable`].
    pub fn of(request: &Request, said: &Metadata) -> Result<Self, BundleError> {
        let Method::Load(Loading { redis_args, .. }) = &request.discovery else {
            return Ok(Self { arguments: Vec::new(), redis_args: RedisArgs::default() });
        };
        let bad = |why| BundleError::BadSetting { name: "redis_args", why };
        let manifest = RedisArgs::from_mapping(&said.read("redis_args")).map_err(bad)?;
        let arguments = arguments(said)?;
        Ok(Self { arguments, redis_args: manifest.with(redis_args) })
    }

    /// Asks the module, unless it was asked just that `before`.
    ///
    /// # Errors
    /// Those of [`discovery::discover`].
    pub fn ask(
        self,
        request: &Request,
        facts: &ElfFacts,
        before: Option<Asked>,
    ) -> Result<Asked, Error> {
        if let Some(before) = before.filter(|(asking, _)| *asking == self) {
            return Ok(before);
        }
        let mut method = request.discovery.clone();
        if let Method::Load(Loading { redis_args, .. }) = &mut method {
            *redis_args = self.redis_args.clone();
        }
        let subject = Subject { path: &request.module, facts, arguments: &self.arguments };
        let answer = discovery::discover(&subject, &method)?;
        Ok((self, answer))
    }
}

/// What the module is loaded with.
fn arguments(said: &Metadata) -> Result<Vec<String>, BundleError> {
    // An empty text in the manifest is nobody's wish; an empty option is.
    let is_option = said.origin("run_command_line_args") == Some(Origin::Option);
    let meant = |text: &&str| !text.is_empty() || is_option;
    let own = said.text("run_command_line_args").filter(meant);
    let arguments = own.or(said.text("command_line_args")).unwrap_or_default();
    let arguments = expand(arguments).map_err(|name| BundleError::NoVariable {
        name,
        place: "the arguments of the module".to_owned(),
    })?;
    Ok(arguments.split_whitespace().map(str::to_owned).collect())
}

/// What a module says of itself.
pub fn said_by(registered: &Discovered) -> Layer {
    let Discovered { name, version, semantic_version, commands } = registered;
    let mut layer = Layer::default();
    layer.put("module_name", name.as_str());
    layer.put("version", *version);
    layer.put("semantic_version", semantic_version.as_deref());
    layer.put("commands", serde_json::to_value(commands).expect("commands are JSON"));
    layer
}

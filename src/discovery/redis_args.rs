//! Further options of the server that loads a module, as manifests and options give them.

use std::str::FromStr;

use serde_json::{Map, Value};

/// Options of a redis-server with their values, in their order; of two equal ones the later wins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RedisArgs(Vec<(String, String)>);

impl RedisArgs {
    /// From a mapping, as `redis_args` of a manifest.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn from_mapping(options: &Map<String, Value>) -> Result<Self, String> {
        let text = |(option, value): (&String, &Value)| match value {
            Value::String(text) => Ok((option.clone(), text.clone())),
            Value::Number(number) => Ok((option.clone(), number.to_string())),
            Value::Bool(on) => Ok((option.clone(), if *on { "yes" } else { "no" }.to_owned())),
            _ => Err(format!("the value of {option:?} must be a text, a number, true or false")),
        };
        options.iter().map(text).collect::<Result<_, _>>().map(Self)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// These, and `later` ones that win over them.
    pub fn with(mut self, later: &Self) -> Self {
        self.0.extend(later.0.iter().cloned());
        self
    }

    /// As the server's command line has them: `--maxmemory 1gb`.
    pub fn words(&self) -> impl Iterator<Item = String> {
        self.0.iter().flat_map(|(option, value)| {
            [format!("--{}", option.trim_start_matches("--")), value.clone()]
        })
    }
}

impl FromStr for RedisArgs {
    type Err = String;

    fn from_str(json: &str) -> Result<Self, String> {
        let options = serde_json::from_str(json)
            .map_err(|error| format!(r#"write it as {{"maxmemory": "1gb"}}: {error}"#))?;
        Self::from_mapping(&options)
    }
}

//! What a module tells of a command by `SetCommandInfo`, and whether that is valid.
//!
//! In: a [`RawInfo`], field by field what lies in the module's memory. Out: a [`CommandInfo`], or
//! what is wrong. The rules are those of `moduleValidateCommandInfo` (module.c), the same from
//! Redis 7.0 on.

use super::keys::{KeySpec, Range};

/// Exactly one of these flags: RO, RW, OW, RM.
const ACCESS: u64 = 0b1111;
/// At most one of these flags: UPDATE, INSERT, DELETE.
const CHANGES: u64 = 0b111 << 5;
const INCOMPLETE: u64 = 1 << 9;

/// `begin_search_type`: at a position.
pub const BEGIN_INDEX: i32 = 2;
/// `begin_search_type`: behind a word.
pub const BEGIN_KEYWORD: i32 = 3;
const FIND_OMITTED: i32 = 0;
/// `find_keys_type`: by the last key and the step.
pub const FIND_RANGE: i32 = 2;

const KEY: i32 = 3;
const PURE_TOKEN: i32 = 6;
const ONE_OF: i32 = 7;
const BLOCK: i32 = 8;
/// OPTIONAL, MULTIPLE, MULTIPLE_TOKEN.
const ARGUMENT_FLAGS: i32 = 0b111;

/// A `RedisModuleCommandInfo`. A pointer is `None` where it is NULL; an array ends before its
/// terminator.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawInfo {
    /// Whether there is a `version`.
    pub has_version: bool,
    /// `summary`
    pub summary: Option<String>,
    /// `complexity`
    pub complexity: Option<String>,
    /// `since`
    pub since: Option<String>,
    /// `history`: for each entry, whether it has `changes`.
    pub history: Option<Vec<bool>>,
    /// `tips`
    pub tips: Option<String>,
    /// `arity`; 0 leaves it as it is.
    pub arity: i32,
    /// `key_specs`, up to the one whose `begin_search_type` is 0.
    pub key_specs: Option<Vec<RawKeySpec>>,
    /// `args`, up to the one without a name.
    pub arguments: Option<Vec<RawArgument>>,
}

/// A `RedisModuleCommandKeySpec`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawKeySpec {
    /// `flags`
    pub flags: u64,
    /// `begin_search_type`: 1 to 3; 1 is unknown.
    pub begin: i32,
    /// `bs.index.pos`; only for an index.
    pub position: i32,
    /// `bs.keyword.keyword`; only for a keyword.
    pub keyword: Option<String>,
    /// `find_keys_type`: 0 to 3; 1 is unknown, 3 a number of keys.
    pub find: i32,
    /// `fk.range.lastkey`; only for a range.
    pub last: i32,
    /// `fk.range.keystep`; only for a range.
    pub step: i32,
}

/// A `RedisModuleCommandArg`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawArgument {
    /// `name`
    pub name: String,
    /// `type`: 0 to 8.
    pub kind: i32,
    /// `key_spec_index`
    pub key_spec: i32,
    /// `token`
    pub token: Option<String>,
    /// `flags`
    pub flags: i32,
    /// `subargs`
    pub arguments: Option<Vec<RawArgument>>,
}

/// What of it matters to `COMMAND INFO`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandInfo {
    /// As in [`RawInfo`].
    pub arity: i32,
    /// `None` leaves the key specs as they are, an empty list removes them.
    pub key_specs: Option<Vec<KeySpec>>,
    /// Whether it has anything that can be told only once.
    pub describes: bool,
}

/// What is wrong, and with what. The server answers EINVAL.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}: {problem}")]
pub struct InvalidInfo {
    /// "key spec 0", "argument \"count\""
    pub what: String,
    /// "its keyword is NULL"
    pub problem: &'static str,
}

impl RawInfo {
    /// Takes what matters of it.
    ///
    /// # Errors
    /// The first thing that is not valid.
    pub fn check(&self) -> Result<CommandInfo, InvalidInfo> {
        if !self.has_version {
            return Err(InvalidInfo {
                what: "command info".to_owned(),
                problem: "it has no version",
            });
        }
        if let Some(index) = self.history.iter().flatten().position(|has_changes| !has_changes) {
            let what = format!("history entry {index}");
            return Err(InvalidInfo { what, problem: "its changes are NULL" });
        }
        let key_specs = self.key_specs.as_ref().map(|specs| {
            let specs = specs.iter().enumerate();
            specs.map(|(index, spec)| spec.check(index)).collect::<Result<_, _>>()
        });
        let key_specs = key_specs.transpose()?;
        self.arguments.iter().flatten().try_for_each(RawArgument::check)?;
        Ok(CommandInfo { arity: self.arity, key_specs, describes: self.describes() })
    }

    /// No tip is none, but an empty list is one.
    fn describes(&self) -> bool {
        let texts = [&self.summary, &self.complexity, &self.since];
        let has_tips = self.tips.as_ref().is_some_and(|tips| !tips.is_empty());
        let has_list = self.history.is_some() || self.arguments.is_some();
        has_tips || has_list || texts.into_iter().any(Option::is_some)
    }
}

impl RawKeySpec {
    fn check(&self, index: usize) -> Result<KeySpec, InvalidInfo> {
        let problem = match self {
            _ if (self.flags & ACCESS).count_ones() != 1 => {
                "it needs exactly one of the flags RO, RW, OW and RM"
            }
            _ if (self.flags & CHANGES).count_ones() > 1 => {
                "it has more than one of the flags INSERT, DELETE and UPDATE"
            }
            Self { begin: BEGIN_KEYWORD, keyword: None, .. } => "its keyword is NULL",
            Self { begin: ..=0 | 4.., .. } => "its begin_search_type is unknown",
            Self { find: ..=-1 | 4.., .. } => "its find_keys_type is unknown",
            _ => return Ok(self.key_spec()),
        };
        Err(InvalidInfo { what: format!("key spec {index}"), problem })
    }

    /// To omit how keys are found is short for one key.
    fn key_spec(&self) -> KeySpec {
        let (last, step) = match (self.begin, self.find) {
            (BEGIN_INDEX, FIND_OMITTED) => (0, 1),
            (BEGIN_INDEX, FIND_RANGE) => (self.last, self.step),
            _ => return KeySpec::Other,
        };
        let incomplete = self.flags & INCOMPLETE != 0;
        KeySpec::Range(Range { first: self.position, last, step, incomplete })
    }
}

impl RawArgument {
    fn check(&self) -> Result<(), InvalidInfo> {
        let is_parent = matches!(self.kind, ONE_OF | BLOCK);
        let problem = match self {
            Self { kind: ..=-1 | 9.., .. } => "its type is unknown",
            Self { kind: PURE_TOKEN, token: None, .. } => "a pure token needs a token",
            Self { kind: KEY, key_spec: ..=-1, .. } => "a key needs the index of its key spec",
            Self { key_spec, .. } if self.kind != KEY && !matches!(key_spec, -1 | 0) => {
                "only a key has the index of a key spec"
            }
            Self { flags, .. } if flags & !ARGUMENT_FLAGS != 0 => "its flags are unknown",
            Self { arguments: None, .. } if is_parent => "its type needs arguments of its own",
            Self { arguments: Some(_), .. } if !is_parent => "its type has no arguments of its own",
            _ => return self.arguments.iter().flatten().try_for_each(Self::check),
        };
        Err(InvalidInfo { what: format!("argument {:?}", self.name), problem })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn info() -> RawInfo {
        RawInfo { has_version: true, ..RawInfo::default() }
    }

    fn with_spec(flags: u64, begin: i32, find: i32) -> Result<CommandInfo, InvalidInfo> {
        let spec = RawKeySpec { flags, begin, find, position: 1, ..RawKeySpec::default() };
        RawInfo { key_specs: Some(vec![spec]), ..info() }.check()
    }

    fn with_argument(kind: i32, key_spec: i32, flags: i32) -> Result<CommandInfo, InvalidInfo> {
        let name = "x".to_owned();
        let argument = RawArgument { name, kind, key_spec, flags, ..RawArgument::default() };
        RawInfo { arguments: Some(vec![argument]), ..info() }.check()
    }

    #[track_caller]
    fn refused(checked: Result<CommandInfo, InvalidInfo>, why: &str) {
        assert_eq!(checked.unwrap_err().to_string(), why);
    }

    #[test]
    fn what_can_be_told_only_once() {
        let text = || Some(String::new());
        for (info, once) in [
            (info(), false),
            (RawInfo { arity: -3, key_specs: Some(Vec::new()), ..info() }, false),
            (RawInfo { tips: text(), ..info() }, false),
            (RawInfo { summary: text(), ..info() }, true),
            (RawInfo { history: Some(Vec::new()), ..info() }, true),
            (RawInfo { arguments: Some(Vec::new()), ..info() }, true),
        ] {
            assert_eq!(info.check().unwrap().describes, once, "{info:?}");
        }
    }

    #[test]
    fn key_specs() {
        for (begin, find, is_range) in [(1, 0, false), (2, 0, true), (2, 2, true), (2, 3, false)] {
            let specs = with_spec(2, begin, find).unwrap().key_specs.unwrap();
            assert_eq!(matches!(specs[0], KeySpec::Range(_)), is_range);
        }
        refused(
            with_spec(0, 2, 0),
            "key spec 0: it needs exactly one of the flags RO, RW, OW and RM",
        );
        refused(
            with_spec(3, 2, 0),
            "key spec 0: it needs exactly one of the flags RO, RW, OW and RM",
        );
        let changes = "key spec 0: it has more than one of the flags INSERT, DELETE and UPDATE";
        refused(with_spec(2 | 3 << 5, 2, 0), changes);
        refused(with_spec(2, 3, 0), "key spec 0: its keyword is NULL");
        refused(with_spec(2, 4, 0), "key spec 0: its begin_search_type is unknown");
        refused(with_spec(2, 2, -1), "key spec 0: its find_keys_type is unknown");
    }

    #[test]
    fn arguments_and_the_rest() {
        assert!(with_argument(3, 7, 7).is_ok() && with_argument(0, -1, 0).is_ok());
        refused(with_argument(9, 0, 0), "argument \"x\": its type is unknown");
        refused(with_argument(6, 0, 0), "argument \"x\": a pure token needs a token");
        refused(with_argument(3, -1, 0), "argument \"x\": a key needs the index of its key spec");
        refused(with_argument(0, 1, 0), "argument \"x\": only a key has the index of a key spec");
        refused(with_argument(0, 0, 8), "argument \"x\": its flags are unknown");
        refused(with_argument(8, 0, 0), "argument \"x\": its type needs arguments of its own");
        refused(RawInfo::default().check(), "command info: it has no version");
        let history = RawInfo { history: Some(vec![true, false]), ..info() };
        refused(history.check(), "history entry 1: its changes are NULL");
    }
}

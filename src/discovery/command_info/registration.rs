//! One command of a module: from what the module gave to what `COMMAND INFO` answers.
//!
//! In: a [`Request`] whose flags were read, then any [`CommandInfo`]. Out: a [`Command`].

use super::flags::{Flag, Flags};
use super::info::CommandInfo;
use super::keys::{Fatal, Keys};
use crate::discovery::Command;
use crate::discovery::profile::{Profile, redis};

/// A command to be made: what `CreateCommand` and `CreateSubcommand` are given.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The name, without its final zero byte.
    pub name: &'a [u8],
    /// Whether there is a function to run it; a command without one is for subcommands.
    pub has_function: bool,
    /// The flags, likewise; `None`: NULL.
    pub flags: Option<&'a [u8]>,
    /// The position of the first key; 0: no keys.
    pub first_key: i32,
    /// The position of the last key; negative: from the end.
    pub last_key: i32,
    /// The distance between keys.
    pub step: i32,
}

/// A command of a module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    name: String,
    flags: Flags,
    arity: i32,
    keys: Keys,
    is_described: bool,
}

impl Registration {
    /// As `CreateCommand` makes it, or `CreateSubcommand`.
    pub fn new(request: &Request, flags: Flags, is_subcommand: bool, profile: Profile) -> Self {
        let Request { name, has_function, first_key, last_key, step, .. } = *request;
        let name = String::from_utf8_lossy(name).into_owned();
        let (keys, is_container) = match profile.has(redis(7, 0)) {
            true => (Keys::new(first_key, last_key, step), !has_function),
            false => (Keys::as_given(first_key, last_key, step), false),
        };
        let arity = if is_subcommand || is_container { -2 } else { -1 };
        Self { name, flags, arity, keys, is_described: false }
    }

    /// Whether its info may still be set. An arity and one range of keys may be set again.
    pub fn takes_info(&self) -> bool {
        !self.is_described && self.keys.are_replaceable()
    }

    /// Sets its info.
    ///
    /// # Errors
    /// [`Fatal`]: a server would not live on.
    pub fn set_info(&mut self, info: CommandInfo) -> Result<(), Fatal> {
        self.is_described |= info.describes;
        if info.arity != 0 {
            self.arity = info.arity;
        }
        info.key_specs.map_or(Ok(()), |specs| self.keys.replace(specs))
    }

    /// What the server shows of it: nothing of an internal command.
    pub fn command(&self, profile: Profile) -> Option<Command> {
        let movable = self.flags.has(Flag::GetKeys) || self.keys.are_movable();
        let flags = if movable { self.flags.with(Flag::MovableKeys) } else { self.flags };
        let (first, last, step) = self.keys.numbers();
        let command = Command {
            command_name: self.name.clone(),
            command_arity: self.arity.into(),
            flags: flags.with(Flag::Module).shown(profile),
            first_key: first.into(),
            last_key: last.into(),
            step: step.into(),
        };
        (!self.flags.has(Flag::Internal)).then_some(command)
    }
}

//! The commands that a module makes while it is loaded: names, subcommands and what is refused.
//!
//! In: the calls of `CreateCommand`, `GetCommand`, `CreateSubcommand` and `SetCommandInfo`, one
//! after the other. Out: what each of them answers, and in the end the module's commands. The rules
//! are those of these functions (module.c) and of `lookupCommandBySdsLogic` (server.c).

use std::collections::HashMap;

use super::flags::{BadFlag, Flags};
use super::info::{InvalidInfo, RawInfo};
use super::keys::Fatal;
use super::registration::{Registration, Request};
use crate::discovery::Command;
use crate::discovery::profile::{Profile, redis};

/// What no name of a command may have since Redis 7.2.
const BAD_BYTES: &[u8] = b" \r\n|@=,";

/// Which command it is: a number from 0 on, in the order in which they were made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CommandId(pub usize);

/// Why a call answers with an error.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It asks for flags that are none.
    #[error(transparent)]
    Flags(#[from] BadFlag),
    /// A name with a byte that this version refuses.
    #[error("a name must have none of space, CR, LF and |@=,")]
    Name,
    /// A name that the module has given already.
    #[error("the module has made a command of that name already")]
    Taken,
    /// A name of the server's.
    #[error("the server has a command of that name")]
    BuiltIn,
    /// A subcommand of a command that does something itself.
    #[error("its parent has a function of its own, or is a subcommand itself")]
    Parent,
    /// errno is EINVAL.
    #[error(transparent)]
    Invalid(#[from] InvalidInfo),
    /// errno is EEXIST.
    #[error("its command info has been set already")]
    AlreadySet,
    /// The server ends itself by this, for one of its assertions fails.
    #[error("{0}: the server would end itself")]
    Fatal(String),
}

/// The module's commands so far.
#[derive(Debug)]
pub struct Table {
    profile: Profile,
    /// Whether a name in lower case is that of a built-in command, `config|get` included.
    is_built_in: fn(Profile, &[u8]) -> bool,
    commands: Vec<Entry>,
    names: HashMap<(Option<CommandId>, Vec<u8>), CommandId>,
}

#[derive(Debug)]
struct Entry {
    parent: Option<CommandId>,
    has_function: bool,
    registration: Registration,
}

impl Table {
    /// An empty one. `is_built_in` says whether a name in lower case is that of a command that the
    /// server has without the module; `config|get` is one.
    pub fn new(profile: Profile, is_built_in: fn(Profile, &[u8]) -> bool) -> Self {
        Self { profile, is_built_in, commands: Vec::new(), names: HashMap::new() }
    }

    /// `CreateCommand`
    ///
    /// # Errors
    /// [`Refused`]; the call answers ERR.
    pub fn create(&mut self, request: &Request) -> Result<CommandId, Refused> {
        let flags = self.check(request)?;
        match self.find(request.name) {
            Found::Nothing
                if self.names.contains_key(&(None, request.name.to_ascii_lowercase())) =>
            {
                let name = String::from_utf8_lossy(request.name);
                Err(Refused::Fatal(format!("the name {name:?} is there but cannot be found")))
            }
            Found::Nothing => Ok(self.add(None, request, flags)),
            Found::Own(_) => Err(Refused::Taken),
            Found::BuiltIn => Err(Refused::BuiltIn),
        }
    }

    /// `CreateSubcommand`
    ///
    /// # Errors
    /// [`Refused`]; the call answers ERR.
    pub fn create_subcommand(
        &mut self,
        parent: CommandId,
        request: &Request,
    ) -> Result<CommandId, Refused> {
        let flags = self.check(request)?;
        let container = &self.commands[parent.0];
        if container.parent.is_some() || container.has_function {
            return Err(Refused::Parent);
        }
        match self.names.contains_key(&(Some(parent), request.name.to_ascii_lowercase())) {
            true => Err(Refused::Taken),
            false => Ok(self.add(Some(parent), request, flags)),
        }
    }

    /// `GetCommand`: a command of the module, or a subcommand as `parent|child`.
    pub fn get(&self, name: &[u8]) -> Option<CommandId> {
        match self.find(name) {
            Found::Own(id) => Some(id),
            Found::BuiltIn | Found::Nothing => None,
        }
    }

    /// `SetCommandInfo`
    ///
    /// # Errors
    /// [`Refused`]; the call answers ERR and sets errno.
    pub fn set_info(&mut self, command: CommandId, info: &RawInfo) -> Result<(), Refused> {
        let info = info.check()?;
        let registration = &mut self.commands[command.0].registration;
        if !registration.takes_info() {
            return Err(Refused::AlreadySet);
        }
        registration.set_info(info).map_err(|fatal: Fatal| Refused::Fatal(fatal.to_string()))
    }

    /// What `COMMAND INFO` answers for all of them, sorted by name.
    pub fn commands(&self) -> Vec<Command> {
        let top = self.commands.iter().filter(|entry| entry.parent.is_none());
        let mut commands: Vec<Command> =
            top.filter_map(|entry| entry.registration.command(self.profile)).collect();
        commands.sort_by(|a, b| a.command_name.cmp(&b.command_name));
        commands
    }

    fn check(&self, request: &Request) -> Result<Flags, Refused> {
        let flags = Flags::parse(request.flags, self.profile)?;
        let bad = self.profile.has(redis(7, 2))
            && request.name.iter().any(|byte| BAD_BYTES.contains(byte));
        if bad { Err(Refused::Name) } else { Ok(flags) }
    }

    fn add(&mut self, parent: Option<CommandId>, request: &Request, flags: Flags) -> CommandId {
        let id = CommandId(self.commands.len());
        let registration = Registration::new(request, flags, parent.is_some(), self.profile);
        self.commands.push(Entry { parent, has_function: request.has_function, registration });
        self.names.insert((parent, request.name.to_ascii_lowercase()), id);
        id
    }

    /// As servers from 7.0 on look for a name: `parent|child` is a subcommand and nothing else.
    fn find(&self, name: &[u8]) -> Found {
        let name = name.to_ascii_lowercase();
        let splits = self.profile.has(redis(7, 0));
        let parts: Vec<&[u8]> = match splits {
            true => name.split(|byte| *byte == b'|').collect(),
            false => vec![&name],
        };
        let own = |parent, name: &[u8]| self.names.get(&(parent, name.to_vec())).copied();
        let own = match parts[..] {
            [b""] if splits => return Found::Nothing,
            [name] => own(None, name),
            [parent, child] => own(None, parent).and_then(|parent| own(Some(parent), child)),
            _ => return Found::Nothing,
        };
        match own {
            Some(id) => Found::Own(id),
            None if (self.is_built_in)(self.profile, &name) => Found::BuiltIn,
            None => Found::Nothing,
        }
    }
}

enum Found {
    Own(CommandId),
    BuiltIn,
    Nothing,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discovery::profile::Product;

    const REDIS_6_2: Profile = Profile { product: Product::Redis, version: (6, 2, 14) };
    const REDIS_7_0: Profile = Profile { product: Product::Redis, version: (7, 0, 15) };
    const REDIS_8_2: Profile = Profile { product: Product::Redis, version: (8, 2, 3) };

    fn table(profile: Profile) -> Table {
        Table::new(profile, |_, name| matches!(name, b"get" | b"config" | b"config|get"))
    }

    fn named(name: &str) -> Request<'_> {
        let flags = Some(&b"readonly"[..]);
        let name = name.as_bytes();
        Request { name, has_function: true, flags, first_key: 3, last_key: 1, step: 1 }
    }

    fn container(name: &str) -> Request<'_> {
        Request { has_function: false, ..named(name) }
    }

    #[test]
    fn names() {
        for (profile, good, taken, built_in, refused) in [
            (REDIS_6_2, "x x|y a|b|c", "X X|Y", "GET", ""),
            (REDIS_7_0, "x a=b x|y config|no get|no a|b|c", "X", "GET CONFIG|get", ""),
            (REDIS_8_2, "x \u{e9}", "X", "GET", "config|get x|y a=b a,b @a"),
        ] {
            let mut table = table(profile);
            for name in good.split(' ') {
                assert!(table.create(&named(name)).is_ok(), "{profile} {name}");
            }
            let refused =
                [(taken, Refused::Taken), (built_in, Refused::BuiltIn), (refused, Refused::Name)];
            for (names, error) in refused {
                for name in names.split_terminator(' ') {
                    assert_eq!(table.create(&named(name)), Err(error.clone()), "{profile} {name}");
                }
            }
        }
        let mut table = table(REDIS_7_0);
        table.create(&named("x|y")).unwrap();
        assert!(matches!(table.create(&named("X|Y")), Err(Refused::Fatal(_))));
    }

    #[test]
    fn subcommands() {
        let mut table = table(REDIS_8_2);
        let parent = table.create(&container("p")).unwrap();
        let child = table.create_subcommand(parent, &container("c")).unwrap();
        assert_eq!(table.get(b"P|C"), Some(child));
        assert_eq!((table.get(b"get"), table.get(b"p|d"), table.get(b"p|c|d")), (None, None, None));
        assert_eq!(table.create_subcommand(parent, &named("C")), Err(Refused::Taken));
        assert_eq!(table.create_subcommand(child, &named("d")), Err(Refused::Parent));
        let other = table.create(&named("o")).unwrap();
        assert_eq!(table.create_subcommand(other, &named("d")), Err(Refused::Parent));
        assert_eq!(table.commands().len(), 2);
    }

    #[test]
    fn answers() {
        for (profile, flags, numbers) in [
            (REDIS_6_2, vec!["readonly", "movablekeys"], (-1, 3, 1, 1)),
            (REDIS_8_2, vec!["readonly", "module", "movablekeys"], (-2, 3, -2, 1)),
        ] {
            let mut table = table(profile);
            let flags_asked = Some(&b"readonly getkeys-api"[..]);
            table.create(&Request { flags: flags_asked, ..container("x") }).unwrap();
            let commands = table.commands();
            let Command { command_arity, first_key, last_key, step, .. } = commands[0];
            assert_eq!(commands[0].flags, flags);
            assert_eq!((command_arity, first_key, last_key, step), numbers);
        }
        let mut table = table(REDIS_8_2);
        table.create(&Request { flags: Some(b"internal"), ..named("x") }).unwrap();
        assert_eq!(table.commands(), []);
    }

    #[test]
    fn info_is_set_once() {
        let mut table = table(REDIS_8_2);
        let command = table.create(&named("x")).unwrap();
        let arity = RawInfo { has_version: true, arity: 7, ..RawInfo::default() };
        let summary = RawInfo { summary: Some(String::new()), arity: 0, ..arity.clone() };
        table.set_info(command, &arity).unwrap();
        table.set_info(command, &summary).unwrap();
        assert_eq!(table.set_info(command, &arity), Err(Refused::AlreadySet));
        assert!(matches!(table.set_info(command, &RawInfo::default()), Err(Refused::Invalid(_))));
        assert_eq!(table.commands()[0].command_arity, 7);
    }
}

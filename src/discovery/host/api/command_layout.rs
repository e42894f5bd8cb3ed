//! The structures in which a module describes a command, as they lie in memory.
//!
//! In: the address of a `RedisModuleCommandInfo`. Out: [`RawInfo`]. Source: the layout of these
//! structures on 64-bit machines in the API's header; the distance between entries of a list is what
//! the module says it is, for later headers may have longer ones.

use crate::discovery::command_info::{
    BEGIN_INDEX, BEGIN_KEYWORD, FIND_RANGE, RawArgument, RawInfo, RawKeySpec,
};
use crate::discovery::host::foreign::{Many, Text};

/// Nobody has a longer list; one that does not end is cut.
const LONGEST_LIST: usize = 65_536;
/// Arguments in arguments in arguments.
const DEEPEST: usize = 64;

type Structure = Many<u8>;

/// A list whose entries lie this many bytes apart.
#[derive(Clone, Copy)]
struct List {
    start: Structure,
    stride: usize,
}

impl List {
    /// The list whose address lies at `place`, if there is one; entries without a length have no end.
    fn at(structure: Structure, place: usize, stride: usize) -> Option<Self> {
        let start: Structure = structure.at(place)?;
        (!start.is_null() && stride > 0).then_some(Self { start, stride })
    }

    /// Its entries up to the one that `ends` it.
    fn entries(self, ends: impl Fn(Structure) -> bool) -> impl Iterator<Item = Structure> {
        let entry = move |index| self.start.behind(index * self.stride);
        (0..LONGEST_LIST).map(entry).take_while(move |entry| !ends(*entry))
    }
}

/// The numbers of bytes that the module says its entries have.
struct Sizes {
    history: usize,
    key_spec: usize,
    argument: usize,
}

/// Reads what `info` points at.
pub fn read(info: Structure) -> RawInfo {
    let Some(version) = info.at::<Structure>(0).filter(|version| !version.is_null()) else {
        return RawInfo::default();
    };
    let size = |place| version.at::<usize>(place).unwrap_or_default();
    let sizes = Sizes { history: size(8), key_spec: size(16), argument: size(24) };
    let history = List::at(info, 32, sizes.history).map(|list| {
        let entries = list.entries(|entry| text(entry, 0).is_none());
        entries.map(|entry| text(entry, 8).is_some()).collect()
    });
    let key_specs = List::at(info, 56, sizes.key_spec)
        .map(|list| list.entries(|entry| number(entry, 16) == 0).map(key_spec).collect());
    RawInfo {
        has_version: true,
        summary: text(info, 8),
        complexity: text(info, 16),
        since: text(info, 24),
        history,
        tips: text(info, 40),
        arity: number(info, 48),
        key_specs,
        arguments: arguments(info, 64, sizes.argument, 0),
    }
}

fn text(structure: Structure, place: usize) -> Option<String> {
    let text: Text = structure.at(place)?;
    text.bytes().map(|_| text.lossy())
}

fn number(structure: Structure, place: usize) -> i32 {
    structure.at(place).unwrap_or_default()
}

/// Two places hold this or that, depending on the kind.
fn key_spec(spec: Structure) -> RawKeySpec {
    let (begin, find) = (number(spec, 16), number(spec, 40));
    RawKeySpec {
        flags: spec.at(8).unwrap_or_default(),
        begin,
        position: if begin == BEGIN_INDEX { number(spec, 24) } else { 0 },
        keyword: (begin == BEGIN_KEYWORD).then(|| text(spec, 24)).flatten(),
        find,
        last: if find == FIND_RANGE { number(spec, 44) } else { 0 },
        step: if find == FIND_RANGE { number(spec, 48) } else { 0 },
    }
}

fn arguments(
    parent: Structure,
    place: usize,
    size: usize,
    depth: usize,
) -> Option<Vec<RawArgument>> {
    let list = List::at(parent, place, size).filter(|_| depth < DEEPEST)?;
    let argument = |it| RawArgument {
        name: text(it, 0).unwrap_or_default(),
        kind: number(it, 8),
        key_spec: number(it, 12),
        token: text(it, 16),
        flags: number(it, 40),
        arguments: arguments(it, 56, size, depth + 1),
    };
    Some(list.entries(|entry| text(entry, 0).is_none()).map(argument).collect())
}

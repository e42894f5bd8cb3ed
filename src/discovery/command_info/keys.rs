//! Which arguments of a command are keys: key specs, and the three numbers that stand for them.
//!
//! In: the three numbers of `CreateCommand`, then the key specs of `SetCommandInfo`. Out: the three
//! numbers of `COMMAND INFO`, and whether keys are elsewhere, too. The rules are those of
//! `populateCommandLegacyRangeSpec` (server.c) from Redis 7.0 on and of all Valkeys; the numbers
//! are 32 bits wide and wrap around there, too.

/// Keys at fixed places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// The position of the first.
    pub first: i32,
    /// The last: counted from the first; negative: from the end of the arguments.
    pub last: i32,
    /// The distance between them.
    pub step: i32,
    /// The command has keys that no spec describes.
    pub incomplete: bool,
}

/// How a command's keys are found, as far as the answer depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeySpec {
    /// They begin at an index and form a range.
    Range(Range),
    /// They are found in any other way.
    Other,
}

/// Key specs that no server survives: one of its own assertions fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("key specs with the {0} key at position 0")]
pub struct Fatal(&'static str);

/// The keys of a command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keys {
    specs: Vec<KeySpec>,
    numbers: (i32, i32, i32),
    movable: bool,
}

impl Keys {
    /// As `CreateCommand` is told them, from Redis 7.0 on; a first key 0 means none.
    pub fn new(first: i32, last: i32, step: i32) -> Self {
        let last = if last < 0 { last } else { last.wrapping_sub(first) };
        let range = Range { first, last, step, incomplete: false };
        match first {
            0 => Self::default(),
            _ => Self {
                specs: vec![KeySpec::Range(range)],
                numbers: range.numbers(),
                movable: false,
            },
        }
    }

    /// As `CreateCommand` is told them, before Redis 7.0: whatever that was.
    pub fn as_given(first: i32, last: i32, step: i32) -> Self {
        Self { numbers: (first, last, step), ..Self::default() }
    }

    /// Replaces the specs. A command whose keys were movable stays so.
    ///
    /// # Errors
    /// [`Fatal`]: a server would not live on.
    pub fn replace(&mut self, specs: Vec<KeySpec>) -> Result<(), Fatal> {
        let (numbers, movable) = match specs.as_slice() {
            [] => ((0, 0, 0), false),
            [KeySpec::Range(only)] => (only.numbers(), only.incomplete),
            several => joined(several)?,
        };
        *self = Self { specs, numbers, movable: self.movable || movable };
        Ok(())
    }

    /// Whether the specs may be replaced: there are none, or they could be those of
    /// `CreateCommand`.
    pub fn are_replaceable(&self) -> bool {
        matches!(self.specs.as_slice(), [] | [KeySpec::Range(_)])
    }

    /// First key, last key and step of the answer.
    pub fn numbers(&self) -> (i32, i32, i32) {
        self.numbers
    }

    /// Whether there are keys that the three numbers do not tell.
    pub fn are_movable(&self) -> bool {
        self.movable
    }
}

impl Range {
    fn numbers(self) -> (i32, i32, i32) {
        (self.first, self.end(), self.step)
    }

    /// The last key as the answer has it.
    fn end(self) -> i32 {
        if self.last < 0 { self.last } else { self.last.wrapping_add(self.first) }
    }
}

/// The numbers of all specs that follow each other, and whether keys are elsewhere, too. A last key
/// counted from the end is greater than any other.
fn joined(specs: &[KeySpec]) -> Result<((i32, i32, i32), bool), Fatal> {
    let (mut first, mut last, mut movable) = (i32::MAX, 0, false);
    for spec in specs {
        let KeySpec::Range(range) = spec else {
            movable = true;
            continue;
        };
        let follows = last == 0 || last == range.first.wrapping_sub(1);
        movable |= range.step != 1 || !follows || range.incomplete;
        if range.step == 1 && follows {
            first = first.min(range.first);
            last = (last as u32).max(range.end() as u32) as i32;
        }
    }
    match (first, last) {
        (i32::MAX, _) => Ok(((0, 0, 0), true)),
        (0, _) => Err(Fatal("first")),
        (_, 0) => Err(Fatal("last")),
        _ => Ok((Keys::new(first, last, 1).numbers, movable)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(first: i32, last: i32, step: i32) -> KeySpec {
        KeySpec::Range(Range { first, last, step, incomplete: false })
    }

    const INCOMPLETE: KeySpec =
        KeySpec::Range(Range { first: 1, last: 0, step: 1, incomplete: true });

    #[test]
    fn three_numbers() {
        for (given, answer) in [
            ((0, 5, 1), (0, 0, 0)),
            ((1, -1, 2), (1, -1, 2)),
            ((2, 4, 1), (2, 4, 1)),
            ((3, 1, 1), (3, -2, 1)),
        ] {
            assert_eq!(Keys::new(given.0, given.1, given.2).numbers(), answer);
        }
    }

    #[test]
    fn key_specs() {
        for (specs, answer, movable) in [
            (vec![], (0, 0, 0), false),
            (vec![range(2, 1, 3)], (2, 3, 3), false),
            (vec![INCOMPLETE], (1, 1, 1), true),
            (vec![KeySpec::Other], (0, 0, 0), true),
            (vec![range(1, 0, 1), range(2, -1, 1)], (1, -1, 1), false),
            (vec![range(1, 0, 1), range(3, 0, 1)], (1, 1, 1), true),
            (vec![range(1, 0, 2), range(3, 0, 1)], (3, 3, 1), true),
            (vec![range(1, 1, 2), KeySpec::Other], (0, 0, 0), true),
        ] {
            let mut keys = Keys::new(5, 5, 1);
            keys.replace(specs.clone()).unwrap();
            assert_eq!((keys.numbers(), keys.are_movable()), (answer, movable), "{specs:?}");
        }
    }

    #[test]
    fn fatal_key_specs() {
        for (one, other, which) in [
            (range(0, 0, 1), range(1, 0, 1), "first"),
            (range(1, -1, 1), range(0, 0, 1), "first"),
            (range(-1, 1, 1), KeySpec::Other, "last"),
        ] {
            assert_eq!(Keys::default().replace(vec![one, other]), Err(Fatal(which)));
        }
    }

    #[test]
    fn movable_for_good() {
        let mut keys = Keys::default();
        keys.replace(vec![INCOMPLETE]).unwrap();
        assert!(keys.are_replaceable());
        keys.replace(vec![range(1, 0, 1)]).unwrap();
        assert!(keys.are_movable());
        keys.replace(vec![range(1, 0, 1), range(2, 0, 1)]).unwrap();
        assert!(!keys.are_replaceable());
    }
}

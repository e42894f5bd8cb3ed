//! The ids of all objects of a pack, those that stand there as deltas too.
//!
//! In: a pack that was read to its end, and its entries. Out: an id for each. A family, all that is
//! made of one whole object, is resolved from its root down, so that each delta is applied once; what
//! others are made of waits in a cache of limited size, and is made again where it has left that.

use std::collections::{HashMap, VecDeque};
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::os::unix::fs::FileExt as _;
use std::rc::Rc;

use git2::{ObjectType, Oid};

use super::delta::Delta;
use super::exchange::Failure;
use super::inflate::Inflater;
use super::pack::{Entry, Form, Limits, id_of, too_much, wrong};
use crate::wording::size;

/// As many bytes as may wait.
const CACHE: usize = 96 << 20;

/// What an object costs beside its bytes.
const EACH: u64 = 64;

/// The id of each entry of `pack`.
pub(super) fn all(pack: &File, entries: &[Entry], limits: &Limits) -> Result<Vec<Oid>, Failure> {
    let mut on_entry = Vec::new();
    let mut on_object = Vec::new();
    for (n, entry) in (0..).zip(entries) {
        match entry.form {
            Form::Whole { .. } => {}
            Form::OnEntry(base) => on_entry.push((base, n)),
            Form::OnObject(id) => on_object.push((id, n)),
        }
    }
    on_entry.sort_unstable();
    on_object.sort_unstable();
    let known = entries.iter().zip(0..).map(|(entry, n)| match entry.form {
        Form::Whole { kind, id } => Some(Known { kind, id, base: n, depth: 0 }),
        _ => None,
    });
    let known = known.collect();
    let (inflater, cache) = (Inflater::default(), Cache::default());
    let mut families =
        Families { pack, entries, limits, on_entry, on_object, known, inflater, cache, work: 0 };
    for (n, entry) in (0..).zip(entries) {
        if let Form::Whole { .. } = entry.form {
            families.resolve(n)?;
        }
    }
    let ids = families.known.iter().map(|known| known.as_ref().map(|known| known.id));
    ids.collect::<Option<_>>().ok_or_else(|| wrong("a delta on an object that it does not have"))
}

/// What is known of an entry once its object has been made.
#[derive(Clone, Copy)]
struct Known {
    kind: ObjectType,
    id: Oid,
    /// The entry it is made of; itself where it is whole.
    base: u32,
    depth: u32,
}

struct Families<'a> {
    pack: &'a File,
    entries: &'a [Entry],
    limits: &'a Limits,
    /// Deltas by what they are made of, sorted.
    on_entry: Vec<(u32, u32)>,
    on_object: Vec<(Oid, u32)>,
    known: Vec<Option<Known>>,
    inflater: Inflater,
    cache: Cache,
    work: u64,
}

impl Families<'_> {
    /// Makes all that is made of an entry, and so on.
    fn resolve(&mut self, root: u32) -> Result<(), Failure> {
        let mut bases = vec![root];
        while let Some(base) = bases.pop() {
            let known = self.known(base);
            let deltas = self.deltas(base, known.id);
            if deltas.is_empty() {
                continue;
            }
            let bytes = self.object(base)?;
            for delta in deltas {
                let made = self.apply(delta, &bytes, known.kind)?;
                let id = id_of(known.kind, &made)?;
                self.learn(delta, Known { id, base, ..known })?;
                if !self.deltas(delta, id).is_empty() {
                    self.cache.put(delta, made.into());
                    bases.push(delta);
                }
            }
        }
        Ok(())
    }

    fn known(&self, entry: u32) -> Known {
        self.known[entry as usize].expect("a base is known before what is made of it")
    }

    fn learn(&mut self, entry: u32, known: Known) -> Result<(), Failure> {
        let depth = known.depth + 1;
        if depth > self.limits.chain {
            return Err(too_much(format!("more than {} deltas on each other", self.limits.chain)));
        }
        self.known[entry as usize] = Some(Known { depth, ..known });
        Ok(())
    }

    /// The entries that are deltas on this one. Where an object stands there twice, those on its id
    /// belong to the first.
    fn deltas(&self, base: u32, id: Oid) -> Vec<u32> {
        let mut on_object = equal(&self.on_object, id).peekable();
        let is_new = |delta: &u32| self.known[*delta as usize].is_none();
        let new = on_object.peek().is_some_and(is_new).then_some(on_object);
        equal(&self.on_entry, base).chain(new.into_iter().flatten()).collect()
    }

    /// An object that is known: from the cache, or from as near as there is one in the cache.
    fn object(&mut self, entry: u32) -> Result<Rc<Vec<u8>>, Failure> {
        let mut missing = vec![];
        let mut at = entry;
        let mut bytes = loop {
            if let Some(bytes) = self.cache.get(at) {
                break bytes;
            }
            let known = self.known(at);
            if known.base == at {
                break self.inflated(at)?.into();
            }
            missing.push(at);
            at = known.base;
        };
        while let Some(next) = missing.pop() {
            bytes = self.apply(next, &bytes, self.known(next).kind)?.into();
        }
        Ok(bytes)
    }

    /// What an entry's delta makes of `base`.
    fn apply(&mut self, entry: u32, base: &[u8], kind: ObjectType) -> Result<Vec<u8>, Failure> {
        let bytes = self.inflated(entry)?;
        let delta = Delta::read(&bytes).ok_or_else(|| wrong("a delta without its sizes"))?;
        self.limits.check(kind, delta.result)?;
        self.spend(delta.result)?;
        delta.apply(base).ok_or_else(|| wrong("a delta that does not fit what it is a delta on"))
    }

    /// What an entry's stream holds.
    fn inflated(&mut self, entry: u32) -> Result<Vec<u8>, Failure> {
        let Entry { data, end, size, .. } = self.entries[entry as usize];
        // A stream may be longer than what is made of it, and be read more than once.
        self.spend(size + (end - data))?;
        let part = Part { file: self.pack, at: data };
        self.inflater.all(&mut BufReader::with_capacity(8 << 10, part), size)
    }

    fn spend(&mut self, bytes: u64) -> Result<(), Failure> {
        self.work += bytes + EACH;
        if self.work > self.limits.work {
            let most = size(self.limits.work);
            return Err(too_much(format!("deltas that become more than {most}")));
        }
        Ok(())
    }
}

/// What stands beside `key` in a sorted list.
fn equal<K: Ord + Copy>(list: &[(K, u32)], key: K) -> impl Iterator<Item = u32> {
    let from = list.partition_point(|(one, _)| *one < key);
    list[from..].iter().take_while(move |(one, _)| *one == key).map(|(_, entry)| *entry)
}

/// A file from some place on.
struct Part<'a> {
    file: &'a File,
    at: u64,
}

impl Read for Part<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read_at(into, self.at)?;
        self.at += read as u64;
        Ok(read)
    }
}

/// Objects that others are made of; the oldest leave first.
#[derive(Default)]
struct Cache {
    objects: HashMap<u32, Rc<Vec<u8>>>,
    order: VecDeque<u32>,
    bytes: usize,
}

impl Cache {
    fn get(&self, entry: u32) -> Option<Rc<Vec<u8>>> {
        self.objects.get(&entry).cloned()
    }

    fn put(&mut self, entry: u32, object: Rc<Vec<u8>>) {
        self.bytes += object.len();
        self.objects.insert(entry, object);
        self.order.push_back(entry);
        while self.bytes > CACHE
            && let Some(oldest) = self.order.pop_front()
        {
            self.bytes -= self.objects.remove(&oldest).map_or(0, |object| object.len());
        }
    }
}

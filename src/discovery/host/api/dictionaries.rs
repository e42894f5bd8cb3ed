//! Dictionaries, ordered by their keys, and iterators over them.
//!
//! A module keeps what it likes in them; nothing of it shows in what it registers.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ffi::{c_char, c_int, c_void};
use std::ops::Bound::{self, Excluded, Included, Unbounded};
use std::sync::Mutex;

use crate::discovery::host::foreign::{ERR, Handle, Many, OK, Opaque, Out, StringRef, Text};
use crate::discovery::host::table::{Api, called, functions};

use super::lock;

functions! {
    CreateDict => create,
    DictSize => size,
    MallocSizeDict => memory,
    DictSet => set,
    DictSetC => set_c,
    DictReplace => replace,
    DictReplaceC => replace_c,
    DictGet => get,
    DictGetC => get_c,
    DictDel => delete,
    DictDelC => delete_c,
    DictIteratorStart => start,
    DictIteratorStartC => start_c,
    DictIteratorReseek => reseek,
    DictIteratorReseekC => reseek_c,
    DictNext => next,
    DictNextC => next_c,
    DictPrev => previous,
    DictPrevC => previous_c,
    DictCompare => compare,
    DictCompareC => compare_c,
}

type Key = Vec<u8>;

struct Iterator {
    dictionary: usize,
    /// The key where it stands; nothing: at the end.
    key: Option<Key>,
    /// It has just been put there: the first step stays.
    fresh: bool,
}

static DICTIONARIES: Mutex<Vec<BTreeMap<Key, Opaque>>> = Mutex::new(Vec::new());
static ITERATORS: Mutex<Vec<Iterator>> = Mutex::new(Vec::new());

const NOTHING: Opaque = Opaque(std::ptr::null_mut());

extern "C" fn create() -> Handle {
    called(Api::CreateDict);
    let mut all = lock(&DICTIONARIES);
    all.push(BTreeMap::new());
    Handle::of(all.len() - 1)
}

/// What `work` makes of a dictionary; `otherwise` for NULL.
fn with<T>(
    dictionary: Handle,
    otherwise: T,
    work: impl FnOnce(&mut BTreeMap<Key, Opaque>) -> T,
) -> T {
    let mut all = lock(&DICTIONARIES);
    match dictionary.index().and_then(|index| all.get_mut(index)) {
        Some(dictionary) => work(dictionary),
        None => otherwise,
    }
}

extern "C" fn size(dictionary: Handle) -> u64 {
    called(Api::DictSize);
    with(dictionary, 0, |it| it.len() as u64)
}

/// Roughly; all that a module can know of it is that it grows.
extern "C" fn memory(dictionary: Handle) -> usize {
    called(Api::MallocSizeDict);
    with(dictionary, 0, |it| 64 + it.keys().map(|key| 32 + key.len()).sum::<usize>())
}

/// Each works on a key, which the module passes as a string of the API or as bytes with their number.
macro_rules! by_key {
    ($($string:ident($String:ident), $bytes:ident($Bytes:ident): $work:ident(
        $($before:ident: $Before:ty),+; key $(, $behind:ident: $Behind:ty)?
    ) -> $Answer:ty;)+) => {$(
        extern "C" fn $string($($before: $Before,)+ key: StringRef $(, $behind: $Behind)?) -> $Answer {
            called(Api::$String);
            $work($($before,)+ &key.bytes() $(, $behind)?)
        }

        extern "C" fn $bytes(
            $($before: $Before,)+ key: Many<u8>, length: usize $(, $behind: $Behind)?
        ) -> $Answer {
            called(Api::$Bytes);
            $work($($before,)+ key.first(length) $(, $behind)?)
        }
    )+};
}

by_key! {
    set(DictSet), set_c(DictSetC): insert_new(it: Handle; key, value: Opaque) -> c_int;
    replace(DictReplace), replace_c(DictReplaceC): insert(it: Handle; key, value: Opaque) -> c_int;
    get(DictGet), get_c(DictGetC): look_up(it: Handle; key, missing: Out<c_int>) -> Opaque;
    delete(DictDel), delete_c(DictDelC): remove(it: Handle; key, old: Out<Opaque>) -> c_int;
    start(DictIteratorStart), start_c(DictIteratorStartC):
        iterate(it: Handle, operator: Text; key) -> Handle;
    reseek(DictIteratorReseek), reseek_c(DictIteratorReseekC):
        seek_again(it: Handle, operator: Text; key) -> c_int;
    compare(DictCompare), compare_c(DictCompareC):
        compared(it: Handle, operator: Text; key) -> c_int;
}

fn insert_new(dictionary: Handle, key: &[u8], value: Opaque) -> c_int {
    put(dictionary, key, value, false)
}

fn insert(dictionary: Handle, key: &[u8], value: Opaque) -> c_int {
    put(dictionary, key, value, true)
}

/// OK where the key is new.
fn put(dictionary: Handle, key: &[u8], value: Opaque, replace: bool) -> c_int {
    with(dictionary, ERR, |it| match it.entry(key.to_vec()) {
        Entry::Vacant(place) => {
            place.insert(value);
            OK
        }
        Entry::Occupied(mut place) => {
            if replace {
                place.insert(value);
            }
            ERR
        }
    })
}

fn look_up(dictionary: Handle, key: &[u8], missing: Out<c_int>) -> Opaque {
    let found = with(dictionary, None, |it| it.get(key).copied());
    missing.put(c_int::from(found.is_none()));
    found.unwrap_or(NOTHING)
}

fn remove(dictionary: Handle, key: &[u8], old: Out<Opaque>) -> c_int {
    match with(dictionary, None, |it| it.remove(key)) {
        Some(value) => {
            old.put(value);
            OK
        }
        None => ERR,
    }
}

fn iterate(dictionary: Handle, operator: Text, key: &[u8]) -> Handle {
    let Some(index) = dictionary.index() else { return Handle::NULL };
    let mut all = lock(&ITERATORS);
    let key = sought(dictionary, operator, key);
    all.push(Iterator { dictionary: index, key, fresh: true });
    Handle::of(all.len() - 1)
}

/// As servers answer it: not 0 where the operator is one.
fn seek_again(iterator: Handle, operator: Text, key: &[u8]) -> c_int {
    let mut all = lock(&ITERATORS);
    let Some(iterator) = iterator.index().and_then(|index| all.get_mut(index)) else { return 0 };
    iterator.key = sought(Handle::of(iterator.dictionary), operator, key);
    iterator.fresh = true;
    c_int::from(matches!(operator.bytes(), Some(b"^" | b"$" | b"<" | b"<=" | b">" | b">=" | b"==")))
}

/// The first key that an operator means.
fn sought(dictionary: Handle, operator: Text, key: &[u8]) -> Option<Key> {
    let first = |from| edge(dictionary, (from, Unbounded), true);
    let last = |to| edge(dictionary, (Unbounded, to), false);
    match operator.bytes()? {
        b"^" => first(Unbounded),
        b"$" => last(Unbounded),
        b">" => first(Excluded(key)),
        b">=" => first(Included(key)),
        b"<" => last(Excluded(key)),
        b"<=" => last(Included(key)),
        b"==" => first(Included(key)).filter(|found| found == key),
        _ => None,
    }
}

/// The first or last key of a range.
fn edge(dictionary: Handle, range: (Bound<&[u8]>, Bound<&[u8]>), first: bool) -> Option<Key> {
    with(dictionary, None, |it| {
        let mut keys = it.range::<[u8], _>(range).map(|(key, _)| key);
        if first { keys.next() } else { keys.next_back() }.cloned()
    })
}

extern "C" fn next(_context: *mut c_void, iterator: Handle, value: Out<Opaque>) -> StringRef {
    called(Api::DictNext);
    step(iterator, true, value).map_or(StringRef::NULL, |key| StringRef::new(&key))
}

extern "C" fn next_c(iterator: Handle, length: Out<usize>, value: Out<Opaque>) -> *const c_char {
    called(Api::DictNextC);
    key_pointer(step(iterator, true, value), length)
}

extern "C" fn previous(_context: *mut c_void, iterator: Handle, value: Out<Opaque>) -> StringRef {
    called(Api::DictPrev);
    step(iterator, false, value).map_or(StringRef::NULL, |key| StringRef::new(&key))
}

extern "C" fn previous_c(
    iterator: Handle,
    length: Out<usize>,
    value: Out<Opaque>,
) -> *const c_char {
    called(Api::DictPrevC);
    key_pointer(step(iterator, false, value), length)
}

fn key_pointer(key: Option<Key>, length: Out<usize>) -> *const c_char {
    let Some(key) = key else { return std::ptr::null() };
    length.put(key.len());
    StringRef::new(&key).pointer()
}

/// Moves on, unless it has just been put there, and tells where it stands.
fn step(iterator: Handle, forward: bool, value: Out<Opaque>) -> Option<Key> {
    let mut all = lock(&ITERATORS);
    let iterator = iterator.index().and_then(|index| all.get_mut(index))?;
    let dictionary = Handle::of(iterator.dictionary);
    let here = iterator.key.take()?;
    iterator.key = match (std::mem::take(&mut iterator.fresh), forward) {
        (true, _) => Some(here),
        (false, true) => edge(dictionary, (Excluded(&here), Unbounded), true),
        (false, false) => edge(dictionary, (Unbounded, Excluded(&here)), false),
    };
    let key = iterator.key.clone()?;
    value.put(with(dictionary, NOTHING, |it| it.get(&key).copied().unwrap_or(NOTHING)));
    Some(key)
}

fn compared(iterator: Handle, operator: Text, key: &[u8]) -> c_int {
    let all = lock(&ITERATORS);
    let iterator = iterator.index().and_then(|index| all.get(index));
    let Some(here) = iterator.and_then(|iterator| iterator.key.as_deref()) else { return ERR };
    let holds = match operator.bytes().unwrap_or_default() {
        b"==" => here == key,
        b">" => here > key,
        b">=" => here >= key,
        b"<" => here < key,
        b"<=" => here <= key,
        _ => false,
    };
    if holds { OK } else { ERR }
}

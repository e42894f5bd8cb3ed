//! Dictionaries, ordered by their keys, and iterators over them.
//!
//! A module keeps what it likes in them; nothing of it shows in what it registers.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ffi::{c_char, c_int, c_void};
use std::ops::Bound::{self, Excluded, Included, Unbounded};
use std::sync::Mutex;

use crate::discovery::host::foreign::{ERR, Handle, Many, OK, Opaque, Out, StringRef, Text};
use crate::discovery::host::table::{Api, functions};
use crate::discovery::host::trace::called;

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

extern "C" fn set(dictionary: Handle, key: StringRef, value: Opaque) -> c_int {
    called(Api::DictSet);
    insert(dictionary, key.bytes(), value, false)
}

extern "C" fn set_c(dictionary: Handle, key: Many<u8>, length: usize, value: Opaque) -> c_int {
    called(Api::DictSetC);
    insert(dictionary, key.first(length).to_vec(), value, false)
}

extern "C" fn replace(dictionary: Handle, key: StringRef, value: Opaque) -> c_int {
    called(Api::DictReplace);
    insert(dictionary, key.bytes(), value, true)
}

extern "C" fn replace_c(dictionary: Handle, key: Many<u8>, length: usize, value: Opaque) -> c_int {
    called(Api::DictReplaceC);
    insert(dictionary, key.first(length).to_vec(), value, true)
}

/// OK where the key is new.
fn insert(dictionary: Handle, key: Key, value: Opaque, replace: bool) -> c_int {
    with(dictionary, ERR, |it| match it.entry(key) {
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

extern "C" fn get(dictionary: Handle, key: StringRef, missing: Out<c_int>) -> Opaque {
    called(Api::DictGet);
    look_up(dictionary, &key.bytes(), missing)
}

extern "C" fn get_c(
    dictionary: Handle,
    key: Many<u8>,
    length: usize,
    missing: Out<c_int>,
) -> Opaque {
    called(Api::DictGetC);
    look_up(dictionary, key.first(length), missing)
}

fn look_up(dictionary: Handle, key: &[u8], missing: Out<c_int>) -> Opaque {
    let found = with(dictionary, None, |it| it.get(key).copied());
    missing.put(c_int::from(found.is_none()));
    found.unwrap_or(NOTHING)
}

extern "C" fn delete(dictionary: Handle, key: StringRef, old: Out<Opaque>) -> c_int {
    called(Api::DictDel);
    remove(dictionary, &key.bytes(), old)
}

extern "C" fn delete_c(
    dictionary: Handle,
    key: Many<u8>,
    length: usize,
    old: Out<Opaque>,
) -> c_int {
    called(Api::DictDelC);
    remove(dictionary, key.first(length), old)
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

extern "C" fn start(dictionary: Handle, operator: Text, key: StringRef) -> Handle {
    called(Api::DictIteratorStart);
    iterate(dictionary, operator, &key.bytes())
}

extern "C" fn start_c(dictionary: Handle, operator: Text, key: Many<u8>, length: usize) -> Handle {
    called(Api::DictIteratorStartC);
    iterate(dictionary, operator, key.first(length))
}

fn iterate(dictionary: Handle, operator: Text, key: &[u8]) -> Handle {
    let Some(index) = dictionary.index() else { return Handle::NULL };
    let mut all = lock(&ITERATORS);
    let key = sought(dictionary, operator, key);
    all.push(Iterator { dictionary: index, key, fresh: true });
    Handle::of(all.len() - 1)
}

extern "C" fn reseek(iterator: Handle, operator: Text, key: StringRef) -> c_int {
    called(Api::DictIteratorReseek);
    seek_again(iterator, operator, &key.bytes())
}

extern "C" fn reseek_c(iterator: Handle, operator: Text, key: Many<u8>, length: usize) -> c_int {
    called(Api::DictIteratorReseekC);
    seek_again(iterator, operator, key.first(length))
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

extern "C" fn compare(iterator: Handle, operator: Text, key: StringRef) -> c_int {
    called(Api::DictCompare);
    compared(iterator, operator, &key.bytes())
}

extern "C" fn compare_c(iterator: Handle, operator: Text, key: Many<u8>, length: usize) -> c_int {
    called(Api::DictCompareC);
    compared(iterator, operator, key.first(length))
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

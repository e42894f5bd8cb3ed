//! What a module passes to the functions of the API, as types.
//!
//! In: pointers. Out: values of Rust. Nobody but a module makes most of these, by calling a function
//! that has such a parameter: so their methods rely on what the API asks of the module, which is the
//! reason given for every `unsafe` here. Where the API allows NULL, NULL is nothing.

use std::ffi::{CStr, c_char, c_int, c_void};
use std::ptr;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What functions of the API answer for done.
pub const OK: c_int = 0;
/// What they answer for refused.
pub const ERR: c_int = 1;

/// A value of a variadic call, whatever it is.
pub type Word = usize;

/// A text that ends at its first zero byte, or NULL.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct Text(*const c_char);

impl Text {
    pub fn from_word(word: Word) -> Self {
        Self(ptr::with_exposed_provenance(word))
    }

    pub fn bytes<'a>(self) -> Option<&'a [u8]> {
        // SAFETY: the API asks for a text with a zero byte that stays during the call.
        (!self.0.is_null()).then(|| unsafe { CStr::from_ptr(self.0) }.to_bytes())
    }

    /// For people: NULL is nothing, other encodings are replaced.
    pub fn lossy(self) -> String {
        String::from_utf8_lossy(self.bytes().unwrap_or_default()).into_owned()
    }
}

/// The start of some values whose number is told beside it; NULL has none.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct Many<T>(*const T);

impl<T> Many<T> {
    pub fn from_word(word: Word) -> Self {
        Self(ptr::with_exposed_provenance(word))
    }

    /// The first `count` values.
    pub fn first<'a>(self, count: usize) -> &'a [T] {
        match self.0.is_null() || count == 0 {
            true => &[],
            // SAFETY: the API asks for so many values that stay during the call.
            false => unsafe { std::slice::from_raw_parts(self.0, count) },
        }
    }

    /// The value at `bytes` behind the start, unless the start is NULL.
    pub fn at<V: Copy>(self, bytes: usize) -> Option<V> {
        // SAFETY: the API asks for a structure in which such a value lies there.
        (!self.0.is_null()).then(|| unsafe { self.0.byte_add(bytes).cast::<V>().read_unaligned() })
    }

    /// What lies `bytes` behind the start.
    pub fn behind<V>(self, bytes: usize) -> Many<V> {
        Many(self.0.wrapping_byte_add(bytes).cast())
    }

    pub fn is_null(&self) -> bool {
        self.0.is_null()
    }
}

/// A place for an answer; NULL: it is not wanted.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct Out<T>(*mut T);

impl<T> Out<T> {
    pub fn put(self, value: T) {
        if !self.0.is_null() {
            // SAFETY: the API asks for a place where such a value can be written.
            unsafe { self.0.write_unaligned(value) }
        }
    }
}

/// The start of room for some values whose number is told beside it.
#[repr(transparent)]
pub struct Space<T>(*mut T);

impl<T: Copy> Space<T> {
    pub fn fill(self, values: &[T]) {
        if !self.0.is_null() {
            // SAFETY: the API asks for room for so many values, of the module's own.
            unsafe { self.0.copy_from_nonoverlapping(values.as_ptr(), values.len()) }
        }
    }
}

/// What the API calls a string. None is ever freed: the process ends soon.
#[derive(Clone, Copy, PartialEq)]
#[repr(transparent)]
pub struct StringRef(*const Mutex<ModuleString>);

// SAFETY: behind it is a lock, which stays for ever.
unsafe impl Send for StringRef {}

/// The text behind a [`StringRef`].
pub struct ModuleString {
    /// With a zero byte behind them.
    bytes: Vec<u8>,
    /// How many hold it; one that more than one hold cannot be changed.
    pub holders: i32,
    /// A context frees it.
    pub automatic: bool,
}

impl StringRef {
    pub const NULL: Self = Self(ptr::null());

    pub fn from_word(word: Word) -> Self {
        Self(ptr::with_exposed_provenance(word))
    }

    pub fn new(bytes: &[u8]) -> Self {
        let bytes = [bytes, &[0]].concat();
        Self(Box::leak(Box::new(Mutex::new(ModuleString { bytes, holders: 1, automatic: false }))))
    }

    /// Nothing for NULL.
    pub fn inner<'a>(self) -> Option<MutexGuard<'a, ModuleString>> {
        // SAFETY: the module got it from `new`, and nothing frees it.
        let inner = (!self.0.is_null()).then(|| unsafe { &*self.0 })?;
        Some(inner.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Empty for NULL.
    pub fn bytes(self) -> Vec<u8> {
        self.inner().map_or_else(Vec::new, |inner| inner.bytes[..inner.bytes.len() - 1].to_vec())
    }

    /// Its bytes, which stay until something is appended; of NULL those of an empty text.
    pub fn pointer(self) -> *const c_char {
        self.inner().map_or_else(|| c"".as_ptr(), |inner| inner.bytes.as_ptr().cast())
    }
}

impl ModuleString {
    pub fn append(&mut self, more: &[u8]) {
        self.bytes.pop();
        self.bytes.extend([more, &[0]].concat());
    }
}

/// Something of the host that the module only passes back: the number of it. 0, which is NULL, is
/// nothing.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(transparent)]
pub struct Handle(usize);

impl Handle {
    pub const NULL: Self = Self(0);

    pub const fn of(index: usize) -> Self {
        Self(index + 1)
    }

    pub const fn index(self) -> Option<usize> {
        self.0.checked_sub(1)
    }
}

/// A pointer of the module's own that the host only keeps.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(transparent)]
pub struct Opaque(pub *mut c_void);

// SAFETY: nobody but the module ever looks behind it.
unsafe impl Send for Opaque {}

/// Sets the error number that the module's libc shows.
pub fn set_errno(number: c_int) {
    // SAFETY: libc tells where this thread has its error number.
    unsafe { *libc::__errno_location() = number }
}

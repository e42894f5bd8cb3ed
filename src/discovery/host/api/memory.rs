//! Memory: libc's own, without a limit and without counting.
//!
//! Source: the API's documentation. A zero length is answered with a pointer, as a server does.

use std::ffi::{c_char, c_void};

use crate::discovery::host::foreign::Text;
use crate::discovery::host::table::{Api, called, functions};

functions! {
    Alloc => alloc,
    TryAlloc => alloc,
    Calloc => calloc,
    TryCalloc => calloc,
    Realloc => realloc,
    TryRealloc => realloc,
    Free => free,
    Strdup => strdup,
    PoolAlloc => pool_alloc,
    MallocSize => malloc_size,
    MallocUsableSize => malloc_size,
}

extern "C" fn alloc(bytes: usize) -> *mut c_void {
    called(Api::Alloc);
    room(bytes)
}

fn room(bytes: usize) -> *mut c_void {
    // SAFETY: malloc takes every size.
    unsafe { libc::malloc(bytes.max(1)) }
}

extern "C" fn calloc(count: usize, bytes: usize) -> *mut c_void {
    called(Api::Calloc);
    // SAFETY: calloc takes every size, and checks the product.
    unsafe { libc::calloc(count.max(1), bytes.max(1)) }
}

extern "C" fn realloc(memory: *mut c_void, bytes: usize) -> *mut c_void {
    called(Api::Realloc);
    // SAFETY: the module got the pointer from one of these functions, which are all libc's.
    unsafe { libc::realloc(memory, bytes.max(1)) }
}

extern "C" fn free(memory: *mut c_void) {
    called(Api::Free);
    // SAFETY: the module got the pointer from one of these functions, which are all libc's.
    unsafe { libc::free(memory) }
}

extern "C" fn strdup(text: Text) -> *mut c_char {
    called(Api::Strdup);
    let bytes = [text.bytes().unwrap_or_default(), &[0]].concat();
    let copy = room(bytes.len()).cast::<c_char>();
    if !copy.is_null() {
        // SAFETY: there is room for as many bytes.
        unsafe { copy.copy_from_nonoverlapping(bytes.as_ptr().cast(), bytes.len()) }
    }
    copy
}

/// Freed by the server with the context: here never.
extern "C" fn pool_alloc(_context: *mut c_void, bytes: usize) -> *mut c_void {
    called(Api::PoolAlloc);
    room(bytes)
}

extern "C" fn malloc_size(memory: *mut c_void) -> usize {
    called(Api::MallocSize);
    // SAFETY: the module got the pointer from one of these functions, which are all libc's.
    unsafe { libc::malloc_usable_size(memory) }
}

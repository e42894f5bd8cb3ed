//! Names that modules may give to things, and the categories of commands for access control.

use std::ffi::{c_int, c_void};
use std::sync::Mutex;

use crate::discovery::host::foreign::{ERR, Handle, OK, Text, set_errno};
use crate::discovery::host::journal::{profile, refuse};
use crate::discovery::host::table::{Api, called, functions};

use super::lock;

functions! {
    AddACLCategory => add_category,
    SetCommandACLCategories => set_categories,
    IsModuleNameBusy => is_busy,
}

/// So many categories there can be, the server's own among them.
const MOST_CATEGORIES: usize = 64;

static CATEGORIES: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// What is wrong with a name that is no [`resource_name`].
pub const OTHER_CHARACTERS: &str = "its name has other characters than letters, digits, - and _";

/// Whether a configuration, a category or the like may have this name.
pub fn resource_name(name: &[u8]) -> bool {
    let allowed = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    !name.is_empty() && name.iter().all(allowed)
}

fn is_category(name: &str) -> bool {
    let own = lock(&CATEGORIES);
    let is_it = |category: &str| category.eq_ignore_ascii_case(name);
    profile().acl_categories().any(is_it) || own.iter().any(|category| is_it(category))
}

extern "C" fn add_category(_context: *mut c_void, name: Text) -> c_int {
    called(Api::AddACLCategory);
    let shown = name.lossy();
    let refused = |errno, why: &str| {
        set_errno(errno);
        refuse(format!("the category {shown:?}"), why)
    };
    if !resource_name(name.bytes().unwrap_or_default()) {
        return refused(libc::EINVAL, OTHER_CHARACTERS);
    }
    if is_category(&shown) {
        return refused(libc::EBUSY, "there is one of this name already");
    }
    let mut own = lock(&CATEGORIES);
    if profile().acl_categories().count() + own.len() >= MOST_CATEGORIES {
        drop(own);
        return refused(libc::ENOMEM, "there are 64 already");
    }
    own.push(shown);
    OK
}

extern "C" fn set_categories(command: Handle, categories: Text) -> c_int {
    called(Api::SetCommandACLCategories);
    if command == Handle::NULL {
        return ERR;
    }
    let categories = categories.lossy();
    let mut each = categories.split(' ').filter(|_| !categories.is_empty());
    match each.find(|category| !is_category(category)) {
        Some(unknown) => refuse(
            format!("the categories {categories:?} of a command"),
            format!("there is no category {unknown:?}"),
        ),
        None => OK,
    }
}

/// Only modules that are part of the server are there already.
extern "C" fn is_busy(name: Text) -> c_int {
    called(Api::IsModuleNameBusy);
    let busy = profile().builtin_modules().any(|own| Some(own.as_bytes()) == name.bytes());
    c_int::from(busy)
}

//! What commands answer to a module that calls them.

use std::ffi::{c_char, c_int};
use std::sync::Mutex;

use crate::discovery::host::foreign::{ERR, Handle, OK, Out, StringRef};
use crate::discovery::host::table::{Api, called, functions};

use super::lock;

functions! {
    CallReplyType => kind,
    CallReplyLength => length,
    CallReplyInteger => integer,
    CallReplyStringPtr => string_pointer,
    CallReplyArrayElement => array_element,
    CallReplyMapElement => map_element,
    CallReplyProto => protocol,
    CreateStringFromCallReply => create_string,
}

/// An answer, in the types of RESP2 and RESP3 that are needed.
#[derive(Clone)]
pub enum Reply {
    Status(StringRef),
    String(StringRef),
    Error(StringRef),
    Array(Vec<Reply>),
    Map(Vec<(Reply, Reply)>),
}

/// Those that the module has.
static REPLIES: Mutex<Vec<Reply>> = Mutex::new(Vec::new());

/// As servers say it of NULL.
const UNKNOWN: c_int = -1;

impl Reply {
    pub fn status(text: &str) -> Self {
        Self::Status(StringRef::new(text.as_bytes()))
    }

    pub fn string(text: &str) -> Self {
        Self::String(StringRef::new(text.as_bytes()))
    }

    pub fn error(text: &str) -> Self {
        Self::Error(StringRef::new(text.as_bytes()))
    }

    /// As it goes over the wire.
    fn wire(&self) -> Vec<u8> {
        let line =
            |mark: &str, text: &StringRef| [mark.as_bytes(), &text.bytes(), b"\r\n"].concat();
        let head = |mark: char, count: usize| format!("{mark}{count}\r\n").into_bytes();
        match self {
            Self::Status(text) => line("+", text),
            Self::Error(text) => line("-", text),
            Self::String(text) => [head('$', text.bytes().len()), line("", text)].concat(),
            Self::Array(elements) => {
                let elements = elements.iter().flat_map(Self::wire);
                head('*', self.length()).into_iter().chain(elements).collect()
            }
            Self::Map(elements) => {
                let elements = elements.iter().flat_map(|(key, value)| [key.wire(), value.wire()]);
                head('%', self.length()).into_iter().chain(elements.flatten()).collect()
            }
        }
    }

    fn length(&self) -> usize {
        match self {
            Self::Status(text) | Self::String(text) | Self::Error(text) => text.bytes().len(),
            Self::Array(elements) => elements.len(),
            Self::Map(elements) => elements.len(),
        }
    }

    /// Gives it to the module.
    pub fn give(self) -> Handle {
        let mut replies = lock(&REPLIES);
        replies.push(self);
        Handle::of(replies.len() - 1)
    }

    fn given(handle: Handle) -> Option<Self> {
        lock(&REPLIES).get(handle.index()?).cloned()
    }
}

/// The text of an answer that is one.
fn text(handle: Handle) -> Option<StringRef> {
    match Reply::given(handle)? {
        Reply::Status(text) | Reply::String(text) | Reply::Error(text) => Some(text),
        Reply::Array(_) | Reply::Map(_) => None,
    }
}

extern "C" fn kind(reply: Handle) -> c_int {
    called(Api::CallReplyType);
    match Reply::given(reply) {
        Some(Reply::Status(_) | Reply::String(_)) => 0,
        Some(Reply::Error(_)) => 1,
        Some(Reply::Array(_)) => 3,
        Some(Reply::Map(_)) => 5,
        None => UNKNOWN,
    }
}

extern "C" fn length(reply: Handle) -> usize {
    called(Api::CallReplyLength);
    Reply::given(reply).map_or(0, |reply| reply.length())
}

extern "C" fn protocol(reply: Handle, length: Out<usize>) -> *const c_char {
    called(Api::CallReplyProto);
    let Some(reply) = Reply::given(reply) else { return std::ptr::null() };
    let wire = reply.wire();
    length.put(wire.len());
    StringRef::new(&wire).pointer()
}

/// None of the answers is one; servers say so by the smallest number.
extern "C" fn integer(_reply: Handle) -> i64 {
    called(Api::CallReplyInteger);
    i64::MIN
}

extern "C" fn string_pointer(reply: Handle, length: Out<usize>) -> *const c_char {
    called(Api::CallReplyStringPtr);
    let Some(text) = text(reply) else {
        length.put(0);
        return std::ptr::null();
    };
    length.put(text.bytes().len());
    text.pointer()
}

extern "C" fn array_element(reply: Handle, index: usize) -> Handle {
    called(Api::CallReplyArrayElement);
    let Some(Reply::Array(elements)) = Reply::given(reply) else { return Handle::NULL };
    elements.into_iter().nth(index).map_or(Handle::NULL, Reply::give)
}

extern "C" fn map_element(
    reply: Handle,
    index: usize,
    key: Out<Handle>,
    value: Out<Handle>,
) -> c_int {
    called(Api::CallReplyMapElement);
    let Some(Reply::Map(elements)) = Reply::given(reply) else { return ERR };
    let Some((first, second)) = elements.into_iter().nth(index) else { return ERR };
    key.put(first.give());
    value.put(second.give());
    OK
}

extern "C" fn create_string(reply: Handle) -> StringRef {
    called(Api::CreateStringFromCallReply);
    text(reply).map_or(StringRef::NULL, |text| StringRef::new(&text.bytes()))
}

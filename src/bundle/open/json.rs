//! Reading a `module.json` that anybody may have written.
//!
//! In: its bytes. Out: the object they are, and a [`Finding`] for all by which one reader understands
//! something else than another.

use std::cell::RefCell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::archive::zip::shown;
use crate::finding::Finding;

/// The entry's name.
pub const NAME: &str = "module.json";
/// The most that is read, in bytes: a command takes some 200, so that this is enough for 5,000. An
/// object takes a hundred times the bytes of its text.
pub const LARGEST: u64 = 1 << 20;

const MARK: &[u8] = b"\xef\xbb\xbf";
/// Keys that stand twice are not all shown.
const SHOWN: usize = 20;

/// The object that `bytes` are, or the finding that they are none.
pub fn parse(bytes: &[u8], findings: &mut Vec<Finding>) -> Option<Map<String, Value>> {
    let text = bytes.strip_prefix(MARK).unwrap_or(bytes);
    if text.len() < bytes.len() {
        let text = "module.json begins with a byte order mark, which not all readers skip";
        findings.push(Finding::warning("module_json_mark", text));
    }
    let twice = RefCell::new(Vec::new());
    let read = std::str::from_utf8(text)
        .map_err(|error| {
            let text = format!("byte {} of module.json is not UTF-8", error.valid_up_to());
            Finding::error("module_json_not_utf8", text)
        })
        .and_then(|text| {
            let mut from = serde_json::Deserializer::from_str(text);
            let value = Noting { at: &At::Root, twice: &twice }.deserialize(&mut from);
            value.and_then(|value| from.end().map(|()| value)).map_err(|error| {
                Finding::error("module_json_invalid", format!("module.json is no JSON: {error}"))
            })
        });
    findings.extend(twice.into_inner().into_iter().map(|key| {
        let text = format!("{key} stands in module.json twice, and readers differ in which counts");
        Finding::error("module_json_duplicate_key", text)
    }));
    let finding = match read {
        Ok(Value::Object(object)) => return Some(object),
        Ok(other) => {
            let text = format!("module.json is {}, and must be an object", kind(&other));
            Finding::error("module_json_not_object", text)
        }
        Err(finding) => finding,
    };
    findings.push(finding);
    None
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// Where a value stands.
enum At<'a> {
    Root,
    Key(&'a At<'a>, &'a str),
    Item(&'a At<'a>, usize),
}

/// `commands[3].flags`
impl fmt::Display for At<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            At::Root => Ok(()),
            At::Item(list, index) => write!(f, "{list}[{index}]"),
            At::Key(object, key) => {
                let dot = if matches!(object, At::Root) { "" } else { "." };
                write!(f, "{object}{dot}{}", shown(key.as_bytes()).trim_matches('"'))
            }
        }
    }
}

/// Reads a value as [`Value`] does, and notes keys that stand twice in an object.
struct Noting<'a> {
    at: &'a At<'a>,
    twice: &'a RefCell<Vec<String>>,
}

impl<'de> DeserializeSeed<'de> for Noting<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Noting<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        loop {
            let at = At::Item(self.at, list.len());
            match from.next_element_seed(Noting { at: &at, twice: self.twice })? {
                Some(value) => list.push(value),
                None => return Ok(list.into()),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = from.next_key::<String>()? {
            let at = At::Key(self.at, &key);
            if object.contains_key(&key) && self.twice.borrow().len() < SHOWN {
                self.twice.borrow_mut().push(at.to_string());
            }
            let value = from.next_value_seed(Noting { at: &at, twice: self.twice })?;
            object.insert(key, value);
        }
        Ok(object.into())
    }
}

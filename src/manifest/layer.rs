//! Some fields with their values, from one source.

use std::collections::BTreeMap;

use serde_json::Value;

use super::fields::{self, FIELDS, Field, Otherwise};
use crate::error::BundleError;

/// Fields and values that one source gives: the author, the file, the host, the options.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layer(BTreeMap<&'static str, Value>);

impl Layer {
    /// What every field is when nobody gives it.
    pub fn defaults() -> Self {
        let value = |field: &Field| match field.otherwise {
            Otherwise::Absent => None,
            Otherwise::Empty => Some(field.kind.empty()),
            Otherwise::Text(text) => Some(text.into()),
            Otherwise::Number(number) => Some(number.into()),
        };
        Self(FIELDS.iter().filter_map(|field| Some((field.name, value(field)?))).collect())
    }

    /// What `--set FIELD=VALUE` options give, the later over the earlier.
    ///
    /// # Errors
    /// [`BundleError::UnknownField`], [`BundleError::BadAssignment`].
    pub fn from_assignments(assignments: &[String]) -> Result<Self, BundleError> {
        let mut layer = Self::default();
        for assignment in assignments {
            let bad = |why: String| BundleError::BadAssignment { text: assignment.clone(), why };
            let (name, text) =
                assignment.split_once('=').ok_or_else(|| bad("there is no = in it".to_owned()))?;
            let field = fields::named(name)?;
            let value = field.kind.read_argument(text).map_err(|error| bad(error.to_string()))?;
            if value.is_null() {
                return Err(bad("it gives no value".to_owned()));
            }
            layer.set(field, value);
        }
        Ok(layer)
    }

    /// Gives a field a value; null says nothing.
    pub fn set(&mut self, field: &'static Field, value: Value) {
        if !value.is_null() {
            self.0.insert(field.name, value);
        }
    }

    /// Gives the field `name` a value.
    ///
    /// # Panics
    /// Where the table of fields has no such name.
    pub fn put(&mut self, name: &'static str, value: impl Into<Value>) {
        let field = fields::find(name).expect("a field of the table");
        self.set(field, value.into());
    }

    /// The fields with their values.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &Value)> {
        self.0.iter().map(|(name, value)| (*name, value))
    }

    /// The text of a field that is a text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str()
    }
}

impl IntoIterator for Layer {
    type Item = (&'static str, Value);
    type IntoIter = std::collections::btree_map::IntoIter<&'static str, Value>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

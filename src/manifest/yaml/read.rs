//! From a [`Node`] to values, by serde.
//!
//! In: a node, and the type it shall be. Out: the value, or a [`Fault`] that knows the place of the
//! innermost node that is wrong, and the way to it.

use std::fmt::Display;

use serde::de::{
    self, DeserializeSeed, Deserializer, Error as _, IntoDeserializer, MapAccess, SeqAccess,
    Visitor,
};

use super::scalar::Scalar;
use super::{Content, Fault, Node};

impl de::Error for Fault {
    fn custom<T: Display>(what: T) -> Self {
        Self::new(None, what.to_string())
    }
}

impl Node {
    /// What went wrong here, unless it is known to have gone wrong further in.
    fn fault(&self, mut fault: Fault) -> Fault {
        fault.at.get_or_insert(self.at);
        fault
    }

    fn visit<'de, V: Visitor<'de>>(&self, visitor: V) -> Result<V::Value, Fault> {
        match &self.content {
            Content::List(items) => visitor.visit_seq(Items(items.iter().enumerate())),
            Content::Mapping(pairs) => visitor.visit_map(Pairs(pairs.iter(), None)),
            Content::Scalar { text, .. } => match self.scalar().unwrap_or(Scalar::Text) {
                Scalar::Null => visitor.visit_unit(),
                Scalar::Boolean(value) => visitor.visit_bool(value),
                Scalar::Integer(value) => number(value, visitor),
                Scalar::Float(value) if value.is_finite() => visitor.visit_f64(value),
                Scalar::Float(_) => Err(Fault::custom(format!("{text} is no number of JSON"))),
                Scalar::Date | Scalar::Text => visitor.visit_str(text),
            },
        }
    }

    /// The text as it was typed, whatever it looks like; null is none.
    fn typed<'de, V: Visitor<'de>>(&self, visitor: V) -> Result<V::Value, Fault> {
        match self.text() {
            Some(_) if self.scalar() == Some(Scalar::Null) => {
                Err(Fault::custom("nothing, where a text must stand"))
            }
            Some(text) => visitor.visit_str(text),
            None => self.visit(visitor),
        }
    }
}

fn number<'de, V: Visitor<'de>>(value: i128, visitor: V) -> Result<V::Value, Fault> {
    match (i64::try_from(value), u64::try_from(value)) {
        (_, Ok(value)) => visitor.visit_u64(value),
        (Ok(value), _) => visitor.visit_i64(value),
        _ => visitor.visit_f64(value as f64),
    }
}

impl<'de> Deserializer<'de> for &Node {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.visit(visitor).map_err(|fault| self.fault(fault))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let value = match self.scalar() {
            Some(Scalar::Null) => visitor.visit_none(),
            _ => visitor.visit_some(self),
        };
        value.map_err(|fault| self.fault(fault))
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.typed(visitor).map_err(|fault| self.fault(fault))
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_str(visitor)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum ignored_any
    }
}

struct Items<'a>(std::iter::Enumerate<std::slice::Iter<'a, Node>>);

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Fault> {
        let Some((index, node)) = self.0.next() else { return Ok(None) };
        seed.deserialize(node)
            .map(Some)
            .map_err(|fault| node.fault(fault).below(&format!("[{index}]")))
    }
}

struct Pairs<'a>(std::slice::Iter<'a, (Node, Node)>, Option<&'a (Node, Node)>);

impl<'de> MapAccess<'de> for Pairs<'_> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Fault> {
        self.1 = self.0.next();
        let Some((key, _)) = self.1 else { return Ok(None) };
        // A key is a text even where it looks like nothing.
        let text = key.text().unwrap_or_default();
        let read = seed.deserialize(IntoDeserializer::<Fault>::into_deserializer(text));
        read.map(Some).map_err(|fault| key.fault(fault))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Fault> {
        let (key, value) = self.1.expect("a key before its value");
        let below = |fault: Fault| value.fault(fault).below(key.text().unwrap_or_default());
        seed.deserialize(value).map_err(below)
    }
}

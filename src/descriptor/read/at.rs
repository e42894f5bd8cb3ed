//! From the nodes of a text to values, with every fault in words that a person understands.
//!
//! In: a [`Node`]. Out: whatever a function from [`At`] makes of it. Where it makes nothing of it,
//! or keys are unknown, twice there or missing, that is noted among the [`Faults`], and reading goes
//! on: all that is wrong with a text is told at once. What the keys mean is not known here.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use crate::manifest::yaml::{Content, Mark, Node};
use crate::nearest::nearest;
use crate::wording::{listed, short};

/// How many faults are told; the others are counted.
const MOST: usize = 20;

/// As much of a text as messages show, in characters.
pub const SHOWN: usize = 60;

/// What is wrong with a text.
#[derive(Default)]
pub struct Faults {
    found: RefCell<Vec<(Mark, String)>>,
    further: Cell<usize>,
}

impl Faults {
    /// Notes one; words for those that are only counted are not made.
    pub fn note(&self, at: Mark, what: impl FnOnce() -> String) {
        let mut found = self.found.borrow_mut();
        match found.len() < MOST {
            true => found.push((at, what())),
            false => self.further.set(self.further.get() + 1),
        }
    }

    /// Those that are told, in the order of the text, and how many there are besides.
    pub fn all(self) -> (Vec<(Mark, String)>, usize) {
        let mut found = self.found.into_inner();
        found.sort_by_key(|(at, _)| *at);
        (found, self.further.get())
    }
}

/// Something that stands in a text, and what messages call it: "source of artifact 1 of hello".
#[derive(Clone, Copy)]
pub struct At<'a> {
    pub node: &'a Node,
    name: &'a str,
    /// What messages call that in which it stands; empty where that has no name.
    owner: &'a str,
    faults: &'a Faults,
}

impl<'a> At<'a> {
    pub fn new(node: &'a Node, name: &'a str, faults: &'a Faults) -> Self {
        Self { node, name, owner: "", faults }
    }

    /// What messages call it.
    fn what(&self) -> String {
        match self.owner {
            "" => self.name.to_owned(),
            owner => format!("{} of {owner}", self.name),
        }
    }

    /// Notes that something else should stand here.
    pub fn wanted<T>(&self, wanted: &str) -> Option<T> {
        let here = || match &self.node.content {
            Content::List(_) => "a list".to_owned(),
            Content::Mapping(_) => "a mapping".to_owned(),
            Content::Scalar { .. } if self.node.is_null() => "nothing".to_owned(),
            Content::Scalar { text, .. } => format!("the text {:?}", short(text, SHOWN)),
        };
        self.faults.note(self.node.at, || {
            format!("{}: {wanted} is wanted, here is {}", self.what(), here())
        });
        None
    }

    /// A text that passes; `wanted` says what passes.
    pub fn text(&self, wanted: &str, passes: impl FnOnce(&str) -> bool) -> Option<String> {
        match self.node.text().filter(|text| !self.node.is_null() && passes(text)) {
            Some(text) => Some(text.to_owned()),
            None => self.wanted(wanted),
        }
    }

    /// What `read` makes of a mapping.
    pub fn mapping<T>(&self, read: impl FnOnce(&mut Fields<'_>) -> T) -> Option<T> {
        let Content::Mapping(pairs) = &self.node.content else { return self.wanted("a mapping") };
        let owner = self.what();
        let mut fields = Fields::new(*self, &owner, pairs);
        let read = read(&mut fields);
        fields.end();
        Some(read)
    }

    /// The pairs of a mapping whose keys are the author's: what `read` makes of each.
    pub fn pairs<T>(&self, read: impl Fn(At<'_>, At<'_>) -> Option<T>) -> Option<Vec<T>> {
        let Content::Mapping(pairs) = &self.node.content else { return self.wanted("a mapping") };
        let each = |(key, value): &(Node, Node)| {
            let name = key.text().unwrap_or_default();
            let (name, owner) = (&short(name, SHOWN), &self.what());
            read(At { node: key, ..*self }, At { node: value, name, owner, faults: self.faults })
        };
        Some(pairs.iter().filter_map(each).collect())
    }
}

/// A list of what `each` makes of its items.
pub fn list<T>(each: impl Fn(At<'_>) -> Option<T>) -> impl Fn(At<'_>) -> Option<Vec<T>> {
    move |at| {
        let Content::List(items) = &at.node.content else { return at.wanted("a list") };
        let of_each =
            |(n, node)| each(At { node, name: &format!("{} {}", singular(at.name), n + 1), ..at });
        Some(items.iter().enumerate().filter_map(of_each).collect())
    }
}

/// What one of several things is called.
fn singular(name: &str) -> String {
    match (name.strip_suffix("ies"), name.strip_suffix('s')) {
        (Some(stem), _) => format!("{stem}y"),
        (_, Some(stem)) => stem.to_owned(),
        _ => name.to_owned(),
    }
}

/// The members of a mapping, by key.
pub struct Fields<'a> {
    at: At<'a>,
    /// What messages call the mapping.
    owner: &'a str,
    pairs: &'a [(Node, Node)],
    known: Vec<&'static str>,
    /// Keys of which one must be there, and none is.
    missing: Vec<Vec<&'static str>>,
    /// Keys that have been dealt with, though they are not known.
    refused: Vec<&'static str>,
    /// The known keys that are there, and null.
    pub nulls: BTreeSet<&'static str>,
    /// Whether authors may have keys of their own here, which begin with `x-`.
    pub extensible: bool,
}

impl<'a> Fields<'a> {
    fn new(at: At<'a>, owner: &'a str, pairs: &'a [(Node, Node)]) -> Self {
        let (known, missing, refused) = (Vec::new(), Vec::new(), Vec::new());
        let nulls = BTreeSet::new();
        Self { at, owner, pairs, known, missing, refused, nulls, extensible: false }
    }

    fn find(&self, key: &str) -> Option<&'a (Node, Node)> {
        self.pairs.iter().find(|(own, _)| own.text() == Some(key))
    }

    /// What `read` makes of the value of `key`, unless that is not there or null.
    pub fn get<T>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(At<'_>) -> Option<T>,
    ) -> Option<T> {
        self.known.push(key);
        let (_, node) = self.find(key)?;
        if node.is_null() {
            self.nulls.insert(key);
            return None;
        }
        read(At { node, name: key, owner: self.owner, faults: self.at.faults })
    }

    /// The same of a key that must be there.
    pub fn need<T: Default>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(At<'_>) -> Option<T>,
    ) -> T {
        self.need_one_of(&[key]);
        self.get(key, read).unwrap_or_default()
    }

    /// One of these keys must be there.
    pub fn need_one_of(&mut self, keys: &[&'static str]) {
        let is_there = |key: &&str| self.find(key).is_some_and(|(_, node)| !node.is_null());
        if !keys.iter().any(is_there) {
            self.missing.push(keys.to_vec());
        }
    }

    /// Notes `why` where there is such a key.
    pub fn refuse(&mut self, key: &'static str, why: &str) {
        if let Some((key, _)) = self.find(key) {
            self.at.faults.note(key.at, || format!("{}: {why}", self.owner));
        }
        self.refused.push(key);
    }

    /// Notes which keys are not known, and which are missing though no unknown one looks like them.
    fn end(self) {
        let mut meant = Vec::new();
        for (key, name) in self.pairs.iter().filter_map(|(key, _)| Some((key, key.text()?))) {
            if !self.may_have(name) {
                self.at.faults.note(key.at, || self.unknown(name, &mut meant));
            }
        }
        for keys in self.missing.iter().filter(|keys| !keys.iter().any(|key| meant.contains(key))) {
            let what = || format!("{} has no {}", self.owner, listed(keys, "or"));
            self.at.faults.note(self.at.node.at, what);
        }
    }

    fn may_have(&self, key: &str) -> bool {
        let is_own = self.extensible && key.starts_with("x-");
        is_own || self.known.contains(&key) || self.refused.contains(&key)
    }

    /// What to say of a key that is not known; what it looks like is added to what is `meant`.
    fn unknown(&self, key: &str, meant: &mut Vec<&str>) -> String {
        let near = nearest(key, self.known.iter().copied(), 1);
        let advice = match near[..] {
            [near] => format!("did you mean {near:?}?"),
            _ => format!("there are {}", listed(&self.known, "and")),
        };
        meant.extend(near);
        format!("unknown key {:?} in {}; {advice}", short(key, SHOWN), self.owner)
    }
}

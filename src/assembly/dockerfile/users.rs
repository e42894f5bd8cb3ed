//! Who runs what, so that USER stands only where something needs it.
//!
//! In: who runs things in the base image, and who is needed next. Out: the instructions that change it.

use super::instruction::Instruction;
use super::script::Script;

/// Who runs things at some point of a Dockerfile.
#[derive(Debug)]
pub struct Users {
    /// Whom the base image and the scripts leave, if that is known.
    left: Option<String>,
    /// Who it is now, if that is known.
    pub now: Option<String>,
    /// Whether it could not be restored, as it is not known.
    pub is_lost: bool,
}

impl Users {
    /// At the beginning.
    pub fn new(base: Option<&String>) -> Self {
        Self { left: base.cloned(), now: base.cloned(), is_lost: false }
    }

    /// For something that this user runs.
    pub fn needed(&mut self, user: &str) -> Option<Instruction> {
        if self.now.as_deref().is_some_and(|now| is_same(now, user)) {
            return None;
        }
        self.now = Some(user.to_owned());
        Some(Instruction::User(user.to_owned()))
    }

    /// For something whose author knows nothing of other users.
    pub fn restored(&mut self) -> Option<Instruction> {
        match self.left.clone() {
            Some(left) if left.chars().all(is_plain) => self.needed(&left),
            // As its author wrote it.
            Some(left) if self.now != self.left => {
                self.now = self.left.clone();
                Some(Instruction::Written(format!("USER {left}")))
            }
            Some(_) => None,
            None => {
                self.is_lost |= self.now.is_some();
                None
            }
        }
    }

    /// Before an author's instructions; afterwards it is whom they leave.
    pub fn before(&mut self, script: &Script) -> Option<Instruction> {
        let restored = script.runs_first().then(|| self.restored()).flatten();
        if let Some(user) = script.user() {
            self.left = Some(user.to_owned());
            self.now = self.left.clone();
        }
        restored
    }
}

/// The name of a user, and of the groups, who may do everything.
const ROOTS: [&str; 6] = ["root", "0", "root:root", "0:0", "root:0", "0:root"];

fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_.:-".contains(c)
}

fn is_same(one: &str, other: &str) -> bool {
    one == other || [one, other].iter().all(|user| ROOTS.contains(user))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assembly::dockerfile::escape::Escape;

    #[test]
    fn it_is_said_where_it_changes_only() {
        let user = |name: &str| Some(Instruction::User(name.to_owned()));
        let script = |text| Script::read(text, Escape::Backslash);
        let mut users = Users::new(Some(&"redis".to_owned()));
        assert_eq!(users.restored(), None);
        assert_eq!(users.needed("root"), user("root"));
        assert_eq!(users.needed("0:0"), None);
        assert_eq!(users.before(&script("ENV A b")), None);
        assert_eq!(users.before(&script("RUN a\nUSER b")), user("redis"));
        assert_eq!((users.needed("root"), users.restored()), (user("root"), user("b")));
        users.before(&script("USER ${C:-c}"));
        assert_eq!(users.restored(), None);
        users.needed("root");
        assert_eq!(users.restored(), Some(Instruction::Written("USER ${C:-c}".to_owned())));
    }

    #[test]
    fn who_is_not_known_is_missed_only_where_it_was_changed() {
        let mut users = Users::new(None);
        assert_eq!((users.restored(), users.is_lost), (None, false));
        users.needed("root");
        assert_eq!((users.restored(), users.is_lost), (None, true));
    }
}

//! What no Dockerfile can say, or none that does only that.
//!
//! In: a [`Plan`]. Out: whether its Dockerfile means what the plan says. Whether it can be built is
//! not known here.

use super::escape::{Escape, Piece, pieces};
use super::script::Script;
use crate::assembly::{Part, Plan, dockerfile, needs_base_user};
use crate::descriptor::document::Platform;
use crate::error::AssemblyError;
use crate::wording::short;

/// As much of a text as messages show, in characters.
const SHOWN: usize = 60;

/// As many bytes of a line old builders take.
const LONGEST: usize = 65_535;

/// Whether a plan can be written.
///
/// # Errors
/// [`AssemblyError::Unbuildable`].
pub fn check(plan: &Plan) -> Result<(), AssemblyError> {
    let all = Texts::of(plan);
    let wrong = |(who, name, text, is): &Text<'_>| {
        let (what, advice) = is.wrong(text, plan.platform)?;
        Some(unbuildable(who, format!("{name} {what}: {:?}", short(text, SHOWN)), advice))
    };
    match all.0.iter().find_map(wrong).or_else(|| as_a_whole(plan)) {
        Some(error) => Err(error),
        None => Ok(()),
    }
}

fn unbuildable(who: &str, what: String, advice: &str) -> AssemblyError {
    AssemblyError::Unbuildable { origin: who.to_owned(), what, advice: advice.to_owned() }
}

fn as_a_whole(plan: &Plan) -> Option<AssemblyError> {
    let mut parts = plan.modules.iter().chain([&plan.target]);
    if plan.platform == Platform::Windows
        && let Some(part) = parts.find(|part| part.packages.is_some())
    {
        let what = "it wants packages, and Windows has no manager of packages".to_owned();
        return Some(unbuildable(&part.name, what, "leave `packages` out"));
    }
    let has_digest = |part: &&Part| part.copies.iter().any(|copy| copy.sha256.is_some());
    if plan.base == "scratch"
        && let Some(part) = plan.modules.iter().chain([&plan.target]).find(has_digest)
    {
        let what = "there is nothing in scratch that checks a sha256".to_owned();
        let advice = "take the sha256 away, or begin with an image that has sha256sum";
        return Some(unbuildable(&part.name, what, advice));
    }
    if needs_base_user(plan) {
        let what =
            "something changes who runs things, and who did so before is not known".to_owned();
        return Some(unbuildable(&plan.base, what, "say it by `baseuser`, or --baseuser USER"));
    }
    let text = dockerfile(plan);
    let (n, line) = text.lines().enumerate().find(|(_, line)| line.len() > LONGEST)?;
    let what = format!("line {} of its Dockerfile has {} bytes", n + 1, line.len());
    Some(unbuildable(&plan.base, what, "builders take no more than 65535: make it shorter"))
}

/// Who wants it, what it is, the text, and what may stand in it.
type Text<'a> = (&'a str, &'static str, &'a str, Kind);

/// The texts of a plan.
struct Texts<'a>(Vec<Text<'a>>);

impl<'a> Texts<'a> {
    fn of(plan: &'a Plan) -> Self {
        let mut all = Self(Vec::new());
        let base = &plan.base[..];
        all.add(base, "the base image", Kind::Word, [base]);
        all.add(base, "its user", Kind::User, &plan.base_user);
        all.add(base, "the script of the target", Kind::Script, &plan.script);
        plan.modules.iter().chain([&plan.target]).for_each(|part| all.part(part));
        all.add(base, "a volume", Kind::Trimmed, &plan.volumes);
        all.add(base, "run.user", Kind::User, &plan.user);
        all.add(base, "run.workdir", Kind::Last, &plan.workdir);
        all.add(base, "run.entrypoint", Kind::Argument, plan.entrypoint.iter().flatten());
        all.add(base, "the command", Kind::Argument, plan.cmd.iter().flatten());
        all
    }

    fn add<T: AsRef<str> + ?Sized + 'a>(
        &mut self,
        who: &'a str,
        name: &'static str,
        kind: Kind,
        texts: impl IntoIterator<Item = &'a T>,
    ) {
        self.0.extend(texts.into_iter().map(|text| (who, name, text.as_ref(), kind)));
    }

    fn part(&mut self, part: &'a Part) {
        let who = &part.name[..];
        let stage = part.stage.iter().flat_map(|stage| [&stage.name, &stage.image]);
        self.add(who, "its image", Kind::Word, stage);
        let packages = part.packages.iter().flat_map(|packages| &packages.install);
        self.add(who, "a package", Kind::Package, packages);
        self.add(who, "the name of a variable", Kind::Name, part.envs.iter().map(|it| &it.0));
        self.add(who, "the value of a variable", Kind::Value, part.envs.iter().map(|it| &it.1));
        self.add(who, "the name of a label", Kind::Name, part.labels.iter().map(|it| &it.0));
        self.add(who, "the value of a label", Kind::Value, part.labels.iter().map(|it| &it.1));
        self.add(who, "its script", Kind::Script, &part.script);
        for copy in &part.copies {
            let from = if copy.stage.is_some() { Kind::Path } else { Kind::Local };
            self.add(who, "a path of an artifact", from, [&copy.source]);
            self.add(who, "a path of an artifact", Kind::Path, [&copy.target]);
            self.add(who, "the stage of an artifact", Kind::Word, &copy.stage);
            self.add(who, "the owner of an artifact", Kind::User, &copy.user);
            self.add(who, "the mode of an artifact", Kind::Mode, &copy.mode);
        }
        if let Some(execute) = &part.execute {
            self.add(who, "a folder", Kind::Local, [&execute.source]);
            self.add(who, "a folder", Kind::Argument, [&execute.folder]);
            let scripts = &execute.scripts;
            self.add(who, "a script to execute", Kind::Argument, scripts.iter().map(|it| &it.path));
            self.add(who, "who executes a script", Kind::User, scripts.iter().map(|it| &it.user));
        }
    }
}

/// What a text is for.
#[derive(Clone, Copy)]
enum Kind {
    /// In quotes.
    Value,
    /// Of a variable or a label.
    Name,
    /// With variables, perhaps.
    Path,
    /// The same, in the build context.
    Local,
    /// The same, without blanks around it.
    Trimmed,
    /// The same, and what its line ends with.
    Last,
    /// An image or a stage.
    Word,
    User,
    Mode,
    Package,
    /// In JSON, of no shell.
    Argument,
    Script,
}

const DROPPED: (&str, &str) = ("begins or ends with what a builder drops", "give it another name");

/// What a builder takes for an option of the instruction.
const FLAG: &str = "--";

const ONE_LINE: (&str, &str) = ("has a line end or NUL", "no Dockerfile can have that there");

impl Kind {
    /// What is wrong with a text, and what to do about it.
    fn wrong(self, text: &str, platform: Platform) -> Option<(&'static str, &'static str)> {
        let escape = Escape::of(platform);
        let is_lines = text.contains(['\n', '\r', '\0']);
        let is_wild = |c: char| c.is_whitespace() || c.is_control() || "\"'`$\\".contains(c);
        let is_word = !text.is_empty() && !text.contains(is_wild);
        let unless = |holds: bool, what, advice| (!holds).then_some((what, advice));
        match self {
            Self::Argument => text.contains('\0').then_some(("has a NUL", "no system takes one")),
            Self::Script => script(text, escape),
            _ if is_lines => Some(ONE_LINE),
            Self::Value => None,
            Self::Name => unless(
                is_word && !text.contains('=') && !text.starts_with(FLAG),
                "is no name",
                "write letters, digits, _ . and -",
            ),
            Self::Path => path(text, escape),
            Self::Local if escape == Escape::Backslash && plain(text, escape).contains('\\') => {
                Some(("has a backslash", "BuildKit does not find it: give it another name"))
            }
            Self::Local if text.contains(|c: char| c.is_control() && c != '\t') => Some((
                "has a control character",
                "BuildKit cannot ask for it: give it another name",
            )),
            Self::Trimmed if text.trim() != text => Some(DROPPED),
            Self::Last if text.starts_with(FLAG) => {
                Some(("begins as an option of the builder does", "write it as an absolute path"))
            }
            Self::Last if text.trim() != text || text.ends_with(escape.char()) => Some(DROPPED),
            Self::Local | Self::Trimmed | Self::Last => path(text, escape),
            Self::Word => unless(is_word, "is no reference", "write it as NAME:TAG"),
            Self::User => unless(is_user(text, escape), "is no user", "write USER or USER:GROUP"),
            Self::Mode => {
                let is_mode = text.bytes().all(|byte| matches!(byte, b'0'..=b'7'));
                unless(is_mode && !text.is_empty(), "is no mode", "write octal digits: \"0644\"")
            }
            Self::Package => {
                unless(is_word && !text.starts_with('-'), "is no name", "write the name of one")
            }
        }
    }
}

/// A path without its literal dollars.
fn plain(text: &str, escape: Escape) -> String {
    text.replace(&[escape.char(), '$'].iter().collect::<String>(), "")
}

fn path(text: &str, escape: Escape) -> Option<(&'static str, &'static str)> {
    let is_odd = |piece: &Piece| matches!(piece, Piece::Text(text) if text.contains("${"));
    if text.is_empty() {
        Some(("is empty", "write a path"))
    } else if pieces(&plain(text, escape), escape).iter().any(is_odd) {
        Some(("has a variable of a kind that not all know", "write $NAME or ${NAME}"))
    } else {
        let is_no_name = escape == Escape::Backtick && text.contains('"');
        is_no_name.then_some(("has a quote", "no file of Windows can be called so"))
    }
}

/// It is written as it is.
fn is_user(text: &str, escape: Escape) -> bool {
    let is_windows = escape == Escape::Backtick;
    let is_inner =
        |c: char| c.is_alphanumeric() || "_.-:@+${}".contains(c) || is_windows && c == '\\';
    let is_bare =
        |piece: &Piece| matches!(piece, Piece::Text(text) if text.contains(['$', '{', '}']));
    !text.is_empty()
        && !text.starts_with(['-', ':'])
        && text.chars().all(is_inner)
        && !pieces(text, escape).iter().any(is_bare)
}

fn script(text: &str, escape: Escape) -> Option<(&'static str, &'static str)> {
    let script = Script::read(text, escape);
    if text.contains('\0') {
        return Some(("has a NUL", "no builder takes one"));
    }
    let begins = script.instructions.iter().any(|(keyword, _)| keyword == "FROM");
    let another = ("begins another image", "FROM is what `image` and `baseimage` are for");
    let open = |what| (what, "what stands after it would be part of it: end it");
    script.open.map(open).or(begins.then_some(another))
}

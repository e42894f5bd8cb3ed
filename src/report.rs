//! What rampkit says to a person: everything here goes to stderr.
//!
//! stdout belongs to the product (a path, or the data asked for), so that it can be piped.

use std::error::Error as _;
use std::fmt::{Arguments, Display};
use std::io::{IsTerminal as _, Write as _};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::error::Error;
use crate::progress::{Meter, Step, Tasks};
use crate::warning::Warning;
use crate::wording::tame;

const GOOD: Style = AnsiColor::Green.on_default().bold();
const WARN: Style = AnsiColor::Yellow.on_default().bold();
const BAD: Style = AnsiColor::Red.on_default().bold();
const HINT: Style = AnsiColor::Cyan.on_default().bold();

/// What takes no longer than this needs no bar.
const PATIENCE: Duration = Duration::from_millis(500);
/// How often a bar is drawn.
const TICK: Duration = Duration::from_millis(100);

/// A voice on stderr, coloured where stderr is a terminal.
#[derive(Clone)]
pub struct Report {
    quiet: bool,
    /// What stands before each message.
    label: String,
}

impl Report {
    /// A quiet report says only warnings and errors.
    pub fn new(quiet: bool) -> Self {
        Self { quiet, label: String::new() }
    }

    /// The same voice, which says before each message what it is about.
    pub fn about(&self, label: &str) -> Self {
        Self { label: format!("{}: ", harmless(label)), ..*self }
    }

    /// One step that is done: a verb in the past tense, and what it was done to.
    pub fn done(&self, verb: &str, what: impl Display) {
        if !self.quiet {
            say(format_args!("{GOOD}{verb:>10}{GOOD:#} {}{}", self.label, harmless(what)));
        }
    }

    /// A text that was asked for and is no product, also by whoever wants to hear nothing else.
    pub fn aside(&self, text: impl Display) {
        say(format_args!("{}{}", self.label, harmless(text)));
    }

    /// Does `work`, and on a terminal shows how far it is as soon as that takes a while.
    pub fn watching<T>(&self, meter: &Meter, work: impl FnOnce() -> T) -> T {
        let show = |bar: &ProgressBar| meter.now().into_iter().for_each(|step| show(bar, step));
        self.drawing(show, work)
    }

    /// Does `work` on several tasks, and on a terminal shows how many are done and which are not yet.
    pub fn watching_tasks<T>(&self, tasks: &Tasks, work: impl FnOnce() -> T) -> T {
        self.drawing(|bar| show_tasks(bar, tasks), work)
    }

    fn drawing<T>(&self, show: impl Fn(&ProgressBar) + Send, work: impl FnOnce() -> T) -> T {
        if self.quiet || !std::io::stderr().is_terminal() {
            return work();
        }
        thread::scope(|scope| {
            // Dropped when the work is over, it ends the drawing.
            let (_working, watched) = channel();
            // Where there can be no thread, there is no bar.
            let drawing = move || draw(show, &watched);
            let _ = thread::Builder::new().spawn_scoped(scope, drawing);
            work()
        })
    }

    /// A warning with its advice.
    pub fn warning(&self, warning: &Warning) {
        let (label, message) = (&self.label, harmless(&warning.message));
        say(format_args!("{WARN}warning:{WARN:#} {label}{message}"));
        if let Some(advice) = &warning.advice {
            say(format_args!("{HINT}   hint:{HINT:#} {}", harmless(advice)));
        }
    }

    /// An error, its causes, and what to do.
    pub fn error(&self, error: &Error) {
        say(format_args!("{BAD}error:{BAD:#} {}{}", self.label, harmless(error)));
        let mut cause = error.source();
        while let Some(error) = cause {
            say(format_args!("{BAD}caused by:{BAD:#} {}", harmless(error)));
            cause = error.source();
        }
        if let Some(hint) = error.hint() {
            say(format_args!("{HINT}hint:{HINT:#} {}", harmless(hint)));
        }
    }
}

/// Draws a bar until the other end of the channel is gone.
fn draw(show: impl Fn(&ProgressBar), watched: &Receiver<()>) {
    let goes_on = |time| matches!(watched.recv_timeout(time), Err(RecvTimeoutError::Timeout));
    if !goes_on(PATIENCE) {
        return;
    }
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    loop {
        show(&bar);
        if !goes_on(TICK) {
            return bar.finish_and_clear();
        }
    }
}

fn show(bar: &ProgressBar, step: Step) {
    let template = match step.total {
        Some(_) => "{prefix:>10.green.bold} {msg} [{bar:30}] {bytes} of {total_bytes}",
        None => "{prefix:>10.green.bold} {msg} {bytes}",
    };
    let style = ProgressStyle::with_template(template).expect("a template");
    bar.set_style(style.progress_chars("=> "));
    bar.set_prefix(step.verb);
    bar.set_message(harmless(step.what));
    bar.set_length(step.total.unwrap_or_default());
    bar.set_position(step.done);
}

fn show_tasks(bar: &ProgressBar, tasks: &Tasks) {
    let now = tasks.now();
    let template = "{prefix:>10.green.bold} [{bar:30}] {pos} of {len}: {wide_msg}";
    let style = ProgressStyle::with_template(template).expect("a template");
    bar.set_style(style.progress_chars("=> "));
    bar.set_prefix(tasks.verb());
    bar.set_message(harmless(now.running.join(", ")));
    bar.set_length(tasks.total() as u64);
    bar.set_position(now.done as u64);
}

/// What names and words of strangers in a message would do to a terminal is undone; that it has several
/// lines is our own doing.
fn harmless(message: impl Display) -> String {
    let message = message.to_string();
    message.split('\n').map(tame).collect::<Vec<_>>().join("\n")
}

/// Writes a line. That nobody listens any more is no reason to stop.
fn say(line: Arguments) {
    let _ = writeln!(anstream::stderr(), "{line}");
}

//! A location in a text, as people look for it.

/// The longest line that is shown, in bytes.
const LONGEST: usize = 200;

/// Line, column and the line itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    line: usize,
    column: usize,
    source: String,
}

impl Location {
    /// `line` and `column` are counted from 1. A line that is no text, or too long to look at, is
    /// not shown.
    pub fn new(text: &str, line: usize, column: usize) -> Self {
        Self::of_line(text.lines().nth(line.saturating_sub(1)).unwrap_or_default(), line, column)
    }

    /// The same, where the line itself is known.
    pub fn of_line(source: &str, line: usize, column: usize) -> Self {
        let is_text = !source
            .contains(|c: char| c != '\t' && c.is_control() || c == char::REPLACEMENT_CHARACTER);
        let is_shown = is_text && source.len() <= LONGEST;
        // A tab is one column, and often what is wrong.
        let source = if is_shown { source.replace('\t', "→") } else { String::new() };
        Self { line, column, source }
    }

    /// The location of a byte of `text`; a mark at its start is no column.
    pub fn of_byte(text: &str, at: usize) -> Self {
        let before = text[..at].trim_start_matches('\u{feff}');
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        Self::new(text.trim_start_matches('\u{feff}'), line, column)
    }

    /// The number of the line, counted from 1.
    pub fn line(&self) -> usize {
        self.line
    }

    /// A reader's message without the location in it, which is said elsewhere.
    pub fn out_of(&self, message: &str) -> String {
        message.replace(&format!(" at line {} column {}", self.line, self.column), "")
    }

    /// Whether the line has what programs that fill in templates would follow.
    pub(super) fn is_of_template(&self) -> bool {
        ["{{", "{%"].iter().any(|mark| self.source.contains(mark))
    }

    /// `:3:5`, to stand behind a path.
    pub fn suffix(&self) -> String {
        format!(":{}:{}", self.line, self.column)
    }

    /// The line with a mark below the column, each on a line of its own.
    pub fn excerpt(&self) -> String {
        if self.source.is_empty() {
            return String::new();
        }
        let margin = self.line.to_string();
        let blank = " ".repeat(margin.len());
        let before = " ".repeat(self.column.saturating_sub(1));
        format!("\n {margin} | {}\n {blank} | {before}^", self.source)
    }
}

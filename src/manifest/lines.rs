//! The lines of a YAML text that may not be one yet: a template.
//!
//! In: line after line. Out: where its comment begins, and whether the next begins within a text.

/// Knows after each line whether the next begins in a text of several lines.
#[derive(Default)]
pub struct Reader {
    /// The quote that is open.
    quote: Option<char>,
    /// The indent of the line that began a block of text.
    block: Option<usize>,
}

impl Reader {
    /// Whether the next line begins within quotes.
    pub fn is_within_quotes(&self) -> bool {
        self.quote.is_some()
    }

    /// Where the comment of the next line begins; its end where it has none.
    pub fn comment_of(&mut self, line: &str) -> usize {
        let indent = line.len() - line.trim_start_matches(' ').len();
        if self.block.is_some_and(|outer| indent > outer || line.trim().is_empty()) {
            return line.len();
        }
        self.block = None;
        let comment = self.scan(line);
        let said = line[..comment].trim_end();
        let header = said.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-'));
        let before = header.strip_suffix(['|', '>']);
        if self.quote.is_none() && before.is_some_and(|it| it.is_empty() || it.ends_with(' ')) {
            self.block = Some(indent);
        }
        comment
    }

    /// The same for a line that is in no block; opens and closes quotes.
    fn scan(&mut self, line: &str) -> usize {
        let (mut blank, mut starts, mut is_property) = (true, true, false);
        let mut characters = line.char_indices().peekable();
        while let Some((at, c)) = characters.next() {
            match self.quote {
                Some('"') if c == '\\' => drop(characters.next()),
                // Two of them are one, and do not end the text.
                Some('\'') if c == '\'' && characters.next_if(|(_, c)| *c == '\'').is_some() => {}
                Some(quote) if c == quote => self.quote = None,
                Some(_) => {}
                None if c == '#' && blank => return at,
                None if starts && matches!(c, '"' | '\'') => self.quote = Some(c),
                None => {}
            }
            // A tag or an anchor, behind which a text begins.
            is_property = (is_property && !c.is_whitespace()) || (starts && matches!(c, '!' | '&'));
            blank = c.is_whitespace();
            starts = (starts && (blank || is_property))
                || matches!(c, ':' | '-' | '?' | '[' | '{' | ',');
        }
        line.len()
    }
}

//! Instructions that an author wrote, as far as others must know what they do.
//!
//! In: a text that stands in a Dockerfile as it is. Out: its instructions, and whether it ends where
//! another can begin. The rules are those of BuildKit's parser: lines that go on, comments in between,
//! and heredocs.

use std::str::Lines;

use super::escape::Escape;

/// What a script says.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Script {
    /// Each instruction, in upper case, with the rest of its line.
    pub instructions: Vec<(String, String)>,
    /// What is missing at its end.
    pub open: Option<&'static str>,
}

impl Script {
    /// Reads a script.
    pub fn read(text: &str, escape: Escape) -> Self {
        let mut script = Self::default();
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            if !is_silent(line) {
                let line = script.whole_line(line, &mut lines, escape);
                let (word, rest) =
                    line.trim().split_once(char::is_whitespace).unwrap_or((line.trim(), ""));
                let keyword = word.to_uppercase();
                script.pass_documents(&keyword, rest, &mut lines);
                script.instructions.push((keyword, rest.trim().to_owned()));
            }
        }
        script
    }

    /// Whom it leaves, if it says so.
    pub fn user(&self) -> Option<&str> {
        let mut users = self.instructions.iter().filter(|(keyword, _)| keyword == "USER");
        users.next_back().map(|(_, user)| &user[..])
    }

    /// Whether it runs something before it says by whom.
    pub fn runs_first(&self) -> bool {
        let decides = |(keyword, _): &&(String, String)| matches!(&keyword[..], "RUN" | "USER");
        self.instructions.iter().find(decides).is_some_and(|(keyword, _)| keyword == "RUN")
    }

    fn whole_line(&mut self, first: &str, lines: &mut Lines<'_>, escape: Escape) -> String {
        let mut whole = String::new();
        let mut line = first;
        while let Some(start) = line.trim_end_matches([' ', '\t', '\r']).strip_suffix(escape.char())
        {
            whole += start;
            match lines.find(|line| !is_silent(line)) {
                Some(next) => line = next,
                None => {
                    self.open = Some("goes on after its last line");
                    return whole;
                }
            }
        }
        whole + line
    }

    /// The lines of a heredoc are not instructions.
    fn pass_documents(&mut self, keyword: &str, rest: &str, lines: &mut Lines<'_>) {
        match keyword {
            "RUN" | "COPY" | "ADD" => {}
            "ONBUILD" => {
                let (word, rest) = rest.trim().split_once(char::is_whitespace).unwrap_or_default();
                return self.pass_documents(&word.to_uppercase(), rest, lines);
            }
            _ => return,
        }
        for (end, has_tabs) in documents(rest) {
            let is_end = |line: &str| match has_tabs {
                true => line.trim_start_matches('\t') == end,
                false => line == end,
            };
            if !lines.any(is_end) {
                self.open = Some("has a heredoc without an end");
            }
        }
    }
}

/// A comment, or nothing.
fn is_silent(line: &str) -> bool {
    let line = line.trim_start();
    line.is_empty() || line.starts_with('#')
}

/// The ends of the heredocs that a line begins, each with whether tabs may stand before it.
fn documents(line: &str) -> Vec<(String, bool)> {
    let flags_end = line.split_whitespace().find(|word| !word.starts_with("--"));
    if flags_end.is_some_and(|word| word.starts_with('[')) {
        return Vec::new(); // JSON
    }
    words(line).iter().filter_map(|word| document(word)).collect()
}

fn document(word: &str) -> Option<(String, bool)> {
    let word = word.trim_start_matches(|c: char| c.is_ascii_digit()).strip_prefix("<<")?;
    let (has_tabs, name) = match word.strip_prefix('-') {
        Some(name) => (true, name),
        None => (false, word),
    };
    let end = name.replace(['"', '\''], "");
    (!end.is_empty() && !end.contains('<')).then_some((end, has_tabs))
}

/// The words of a line, with their quotes.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    for c in line.chars() {
        match quote {
            Some(open) if c == open => quote = None,
            None if matches!(c, '"' | '\'') => quote = Some(c),
            None if c.is_whitespace() => {
                words.push(String::new());
                continue;
            }
            _ => {}
        }
        words.last_mut().expect("there is one").push(c);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (String, Option<&'static str>) {
        let script = Script::read(text, Escape::Backslash);
        let told = script.instructions.iter().map(|(keyword, rest)| format!("{keyword} {rest}"));
        (told.collect::<Vec<_>>().join("|"), script.open)
    }

    #[test]
    fn lines_go_on_over_comments_and_heredocs_are_no_instructions() {
        for (text, instructions) in [
            ("ENV A b\nrun mkdir -p $A/\nWORKDIR /data", "ENV A b|RUN mkdir -p $A/|WORKDIR /data"),
            ("RUN a \\\n # USER x\n\n  && b\\ \n USER y\n", "RUN a   && b USER y"),
            ("RUN <<EOF cat\nUSER x\nEOF\nUSER y", "RUN <<EOF cat|USER y"),
            ("COPY <<-'E' <<F /x/\n\tE\nUSER x\nF\nUSER y", "COPY <<-'E' <<F /x/|USER y"),
            ("ONBUILD run <<EOF\nFROM x\nEOF\nUSER y", "ONBUILD run <<EOF|USER y"),
            ("RUN echo '<<EOF'\nUSER x", "RUN echo '<<EOF'|USER x"),
            ("RUN [\"a\", \"<<EOF\"]\nUSER x\r\n", "RUN [\"a\", \"<<EOF\"]|USER x"),
        ] {
            assert_eq!(read(text), (instructions.to_owned(), None));
        }
    }

    #[test]
    fn what_would_take_in_the_next_instruction_is_seen() {
        for text in [
            "RUN a \\",
            "RUN a && \\\n\n# b\n",
            "RUN <<EOF\nEOF x\n",
            "onbuild RUN <<EOF",
            "RUN a\\\\",
        ] {
            assert!(read(text).1.is_some(), "{text:?}");
        }
        let ends = |text| Script::read(text, Escape::Backtick).open;
        assert_eq!((ends("RUN a \\"), ends("RUN a `").is_some()), (None, true));
    }

    #[test]
    fn whoever_comes_last_stays() {
        let script = |text| Script::read(text, Escape::Backslash);
        assert_eq!(script("USER a\nRUN b\nuser c\n").user(), Some("c"));
        assert_eq!(script("RUN <<E\nUSER a\nE").user(), None);
        let first = |text| script(text).runs_first();
        assert_eq!((first("RUN a\nUSER b"), first("ENV A b\nUSER b\nRUN a")), (true, false));
    }
}

//! How things are said to people: what strangers wrote, numbers of things, lists, sizes.

/// A stranger's text on one line, in which nothing is left that a terminal would obey or not show.
pub fn tame(text: &str) -> String {
    let mut tame = String::with_capacity(text.len());
    for c in text.chars() {
        match is_wild(c) {
            true => tame.extend(c.escape_default()),
            false => tame.push(c),
        }
    }
    tame
}

/// Whether a terminal acts on it, turns the direction of writing, or shows nothing.
pub fn is_wild(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

/// The text, or as much of its start as `most` characters hold, and a sign that there is more.
pub fn short(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some(_) => text.chars().take(most - 1).chain(['…']).collect(),
    }
}

/// The text without the logins that addresses in it hold: what stands between `://` and `@`.
pub fn without_logins(text: &str) -> String {
    let mut parts = text.split("://");
    let mut told = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let is_end = |c: char| c.is_whitespace() || "/?#".contains(c);
        let host = part[..part.find(is_end).unwrap_or(part.len())].rfind('@');
        told.push_str("://");
        told.push_str(&part[host.map_or(0, |at| at + 1)..]);
    }
    told
}

/// One word for any shell, whatever it holds.
pub fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''").replace('!', r"'\!'"))
}

/// One word as a person types it to a shell: quoted where it must be.
pub fn typed(text: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "_-./,:=@%+".contains(c);
    match !text.is_empty() && text.chars().all(is_plain) {
        true => text.to_owned(),
        false => quoted(text),
    }
}

/// "1 warning", "2 warnings"
pub fn plural(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// `a, b and c` or `a, b or c`
pub fn listed(words: &[impl AsRef<str>], and: &str) -> String {
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} {and} {last}", rest.join(", ")),
        _ => words.concat(),
    }
}

/// `a, b`, or as many of them as `most`, and the number of the rest: `a, b and 3 more`
pub fn first(words: &[String], most: usize) -> String {
    match words.len().checked_sub(most) {
        None | Some(0) => words.join(", "),
        Some(more) => format!("{} and {more} more", words[..most].join(", ")),
    }
}

/// "2040 bytes", "15.5 kB", "154 MB": in powers of 1000.
pub fn size(bytes: u64) -> String {
    const UNITS: [&str; 6] = ["kB", "MB", "GB", "TB", "PB", "EB"];
    if bytes < 10_000 {
        return format!("{bytes} byte{}", if bytes == 1 { "" } else { "s" });
    }
    let mut value = bytes as f64 / 1000.0;
    let mut unit = 0;
    while value >= 999.5 {
        value /= 1000.0;
        unit += 1;
    }
    let digits = if value < 99.95 { 1 } else { 0 };
    format!("{value:.digits$} {}", UNITS[unit])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_wild_is_left() {
        assert_eq!(tame("a\x1b[31m\nb\u{9b}2J\u{202e}é中"), r"a\u{1b}[31m\nb\u{9b}2J\u{202e}é中");
    }

    #[test]
    fn a_path_is_one_word_for_a_shell() {
        assert_eq!(quoted("/a"), "'/a'");
        assert_eq!(typed("../deps/ä-1.2_x.zip"), "../deps/ä-1.2_x.zip");
        assert_eq!(typed("/a b"), "'/a b'");
        assert_eq!(typed("it's!"), r"'it'\''s'\!''");
        assert_eq!(typed("$x"), "'$x'");
        assert_eq!(typed(""), "''");
    }

    #[test]
    fn addresses_keep_no_login() {
        for (text, told) in [
            ("'https://ann:se@cret@h:81/a@b' and ssh://git@h", "'https://h:81/a@b' and ssh://h"),
            ("https://h/a@b ann@h http://", "https://h/a@b ann@h http://"),
            ("https://h?a@b, https://h ann@h", "https://h?a@b, https://h ann@h"),
        ] {
            assert_eq!(without_logins(text), told);
        }
    }

    #[test]
    fn sizes_and_lists() {
        let sizes = [0, 1, 9_999, 10_000, 15_456, 99_949, 99_950, 999_499, 999_500, u64::MAX];
        let shown: Vec<String> = sizes.into_iter().map(size).collect();
        let expected = ["0 bytes", "1 byte", "9999 bytes", "10.0 kB", "15.5 kB", "99.9 kB"];
        assert_eq!(shown[..6], expected);
        assert_eq!(shown[6..], ["100 kB", "999 kB", "1.0 MB", "18.4 EB"]);
        assert_eq!(short("abcdef", 4), "abc…");
        assert_eq!(listed(&["a"], "or"), "a");
        assert_eq!(listed(&["a", "b", "c"], "or"), "a, b or c");
    }
}

//! A reader of redis.conf of our own: as `sdssplitargs` and what calls it, from byte to byte.

/// The lines that set something: each its directive in lower case, and the words behind it. None
/// where a server would not start.
pub fn read(text: &[u8]) -> Option<Vec<(String, Vec<Vec<u8>>)>> {
    let mut all = Vec::new();
    for line in text.split(|byte| *byte == b'\n') {
        let blank = |byte: &u8| b" \t\r\n".contains(byte);
        let start = line.iter().position(|byte| !blank(byte)).unwrap_or(line.len());
        let end = line.iter().rposition(|byte| !blank(byte)).map_or(start, |last| last + 1);
        let line = &line[start..end];
        if line.is_empty() || line[0] == b'#' {
            continue;
        }
        let mut words = words(line)?;
        let name = String::from_utf8(words.remove(0)).ok()?.to_ascii_lowercase();
        all.push((name, words));
    }
    Some(all)
}

/// The words of a line; none where its quotes do not pair.
pub fn words(line: &[u8]) -> Option<Vec<Vec<u8>>> {
    let at = |place: usize| line.get(place).copied().unwrap_or(0);
    let space = |byte: u8| matches!(byte, b' ' | 9..=13);
    let (mut words, mut p) = (Vec::new(), 0);
    loop {
        while space(at(p)) {
            p += 1;
        }
        if at(p) == 0 {
            return Some(words);
        }
        let (mut word, mut quote) = (Vec::new(), 0);
        loop {
            let c = at(p);
            match quote {
                b'"' if c == b'\\' && at(p + 1) == b'x' && hex(at(p + 2), at(p + 3)).is_some() => {
                    word.extend(hex(at(p + 2), at(p + 3)));
                    p += 3;
                }
                b'"' if c == b'\\' && at(p + 1) != 0 => {
                    p += 1;
                    let known = b"n\nr\rt\tb\x08a\x07".chunks(2).find(|pair| pair[0] == at(p));
                    word.push(known.map_or(at(p), |pair| pair[1]));
                }
                b'\'' if c == b'\\' && at(p + 1) == b'\'' => {
                    p += 1;
                    word.push(b'\'');
                }
                b'"' | b'\'' if c == quote => {
                    if at(p + 1) != 0 && !space(at(p + 1)) {
                        return None;
                    }
                    p += 1;
                    break;
                }
                b'"' | b'\'' if c == 0 => return None,
                0 if c == b'"' || c == b'\'' => quote = c,
                0 if matches!(c, b' ' | b'\n' | b'\r' | b'\t' | 0) => break,
                _ => word.push(c),
            }
            p += 1;
        }
        words.push(word);
    }
}

fn hex(high: u8, low: u8) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    u8::try_from(16 * digit(high)? + digit(low)?).ok()
}

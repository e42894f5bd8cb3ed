//! How wide a text is, and where it is broken.
//!
//! In: a text and the size of its letters. Out: a width that no usual font exceeds, lines that fit.
//! Source of the widths: DejaVu Sans Bold, the widest of the fonts that systems come with.

/// Hundredths of the size, of the characters from space to `~`.
#[rustfmt::skip]
const WIDTHS: [u8; 95] = [
    35, 46, 53, 84, 70, 101, 88, 31, 46, 46, 53, 84, 38, 42, 38, 37,
    70, 70, 70, 70, 70, 70, 70, 70, 70, 70, 40, 40, 84, 84, 84, 58,
    100, 78, 77, 74, 83, 69, 69, 83, 84, 38, 38, 78, 64, 100, 84, 85,
    74, 85, 77, 73, 69, 82, 78, 111, 78, 73, 73, 46, 37, 46, 84, 50,
    50, 68, 72, 60, 72, 68, 44, 72, 72, 35, 35, 67, 35, 105, 72, 69,
    72, 72, 50, 60, 48, 72, 66, 93, 65, 66, 59, 72, 37, 72, 84,
];

/// A bold text is so wide; the same text that is not, less.
pub(super) const BOLD: f64 = 1.0;
/// How wide a text is that is not bold.
pub(super) const REGULAR: f64 = 0.92;

/// The width of a text whose letters have this size.
pub(super) fn width(text: &str, size: f64, weight: f64) -> f64 {
    let hundredths: u32 = text.chars().map(hundredths).sum();
    f64::from(hundredths) * size * weight / 100.0
}

fn hundredths(c: char) -> u32 {
    let ascii = u32::from(c).checked_sub(32).and_then(|at| WIDTHS.get(at as usize));
    match (ascii, c) {
        (Some(width), _) => u32::from(*width),
        // Marks above or below the letter before.
        (None, '\u{300}'..='\u{36f}') => 0,
        // Letters of Europe; the widest of the others are as wide as high.
        (None, '\u{a0}'..='\u{24f}' | '\u{370}'..='\u{52f}') => 85,
        (None, _) => 110,
    }
}

/// The text in lines that are at most so wide, broken behind a mark if there is one.
pub(super) fn lines(text: &str, size: f64, weight: f64, most: f64) -> Vec<String> {
    let mut lines = vec![String::new()];
    for part in text.split_inclusive([' ', '-', '_', '/', '.', ':', '@', '+', ',']) {
        for piece in pieces(part, size, weight, most) {
            let last = lines.last_mut().expect("there is one");
            match width(last, size, weight) + width(&piece, size, weight) > most {
                true if !last.is_empty() => lines.push(piece),
                _ => last.push_str(&piece),
            }
        }
    }
    lines
}

/// What is too wide for a line is broken anywhere.
fn pieces(part: &str, size: f64, weight: f64, most: f64) -> Vec<String> {
    if width(part, size, weight) <= most {
        return vec![part.to_owned()];
    }
    let mut pieces = vec![String::new()];
    for c in part.chars() {
        let last = pieces.last_mut().expect("there is one");
        if width(last, size, weight) + width(c.encode_utf8(&mut [0; 4]), size, weight) > most {
            pieces.push(String::new());
        }
        pieces.last_mut().expect("there is one").push(c);
    }
    pieces
}

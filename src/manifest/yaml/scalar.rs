//! What a scalar without quotes is, in YAML 1.1.
//!
//! In: its text. Out: nothing, true or false, a number, a date, or a text. Source: the resolver of
//! PyYAML, which lacks some of YAML 1.1 (`y` and `n` are texts there).

/// What a scalar is.
#[derive(Clone, Debug, PartialEq)]
pub enum Scalar {
    /// `~`, `null`, or nothing at all.
    Null,
    /// `yes`, `on`, `true` and their opposites, in any case.
    Boolean(bool),
    /// A whole number: decimal, `0x1f`, `0b11`, octal `017`, in parts of sixty `1:30`.
    Integer(i128),
    /// A number with a point: `7.0`, `1.5e+3`, `.inf`, `1:30.5`.
    Float(f64),
    /// A date, with or without a time.
    Date,
    /// Anything else.
    Text,
}

/// Whether `text` says true or false, if either.
pub fn truth(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "yes" | "on" | "true" => Some(true),
        "no" | "off" | "false" => Some(false),
        _ => None,
    }
}

/// What `text` is where it stands without quotes.
pub fn resolve(text: &str) -> Scalar {
    if matches!(text, "" | "~" | "null" | "Null" | "NULL") {
        return Scalar::Null;
    }
    if let Some(truth) = truth(text) {
        return Scalar::Boolean(truth);
    }
    let (sign, digits) = match text.strip_prefix(['-', '+']) {
        Some(digits) if text.starts_with('-') => (-1, digits),
        Some(digits) => (1, digits),
        None => (1, text),
    };
    if let Some(number) = integer(digits) {
        return Scalar::Integer(number * sign);
    }
    match float(digits) {
        Some(number) if number.is_nan() && digits != text => Scalar::Text,
        Some(number) => Scalar::Float(number * sign as f64),
        None if is_date(text) => Scalar::Date,
        None => Scalar::Text,
    }
}

/// A whole number without its sign; nothing where it is too large for anybody.
fn integer(text: &str) -> Option<i128> {
    let based = |digits: &str, base| {
        let digits = digits.replace('_', "");
        // It would take a sign too.
        let is_plain = digits.chars().all(|c| c.is_ascii_hexdigit());
        i128::from_str_radix(&digits, base).ok().filter(|_| is_plain)
    };
    if let Some(digits) = text.strip_prefix("0b") {
        return based(digits, 2);
    }
    if let Some(digits) = text.strip_prefix("0x") {
        return based(digits, 16);
    }
    match text.as_bytes() {
        [b'0'] => Some(0),
        [b'0', ..] if is_number(text) => based(text, 8),
        [b'1'..=b'9', ..] => {
            let (first, rest) = text.split_once(':').unwrap_or((text, ""));
            let first = based(first, 10).filter(|_| is_number(first))?;
            if rest.is_empty() {
                (!text.contains(':')).then_some(first)
            } else {
                sixties(first, rest)
            }
        }
        _ => None,
    }
    .filter(|number| *number < i128::MAX / 2)
}

/// Further parts of sixty: `30:15` behind `1:`.
fn sixties(first: i128, rest: &str) -> Option<i128> {
    rest.split(':').try_fold(first, |sum, part| {
        let is_part = matches!(part.as_bytes(), [b'0'..=b'9'] | [b'0'..=b'5', b'0'..=b'9']);
        let part = part.parse::<i128>().ok().filter(|_| is_part)?;
        sum.checked_mul(60)?.checked_add(part)
    })
}

/// A number with a point, without its sign.
fn float(text: &str) -> Option<f64> {
    match text {
        ".inf" | ".Inf" | ".INF" => return Some(f64::INFINITY),
        ".nan" | ".NaN" | ".NAN" => return Some(f64::NAN),
        _ => {}
    }
    let (whole, fraction) = text.split_once('.')?;
    let (fraction, exponent) = match fraction.split_once(['e', 'E']) {
        Some((fraction, exponent)) => (fraction, Some(exponent)),
        None => (fraction, None),
    };
    // An exponent has its sign.
    let is_exponent = |text: &str| text.strip_prefix(['-', '+']).is_some_and(is_digits);
    if !fraction.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_')
        || !exponent.is_none_or(is_exponent)
    {
        return None;
    }
    let parse = |whole: &str| -> Option<f64> {
        let exponent = exponent.map(|it| format!("e{it}")).unwrap_or_default();
        format!("{whole}.{fraction}0{exponent}").replace('_', "").parse().ok()
    };
    match whole.split_once(':') {
        Some((first, rest)) if is_number(first) && exponent.is_none() => {
            let sum = sixties(first.replace('_', "").parse().ok()?, rest)?;
            parse(&sum.to_string())
        }
        None if is_number(whole) => parse(whole),
        None if whole.is_empty() && fraction.starts_with(|c: char| c.is_ascii_digit()) => {
            parse("0")
        }
        _ => None,
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Digits, and underlines behind the first.
fn is_number(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
        && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_')
}

/// `2024-01-31`, or the same with a time behind it.
fn is_date(text: &str) -> bool {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '-').unwrap_or(text.len());
    let (day, rest) = text.split_at(end);
    match day.split('-').map(str::len).collect::<Vec<_>>()[..] {
        [4, 2, 2] if rest.is_empty() => true,
        [4, 1..=2, 1..=2] => is_time(rest),
        _ => false,
    }
}

/// `T10:00:00.5 +01:00`, or the same with blanks in the place of the T.
fn is_time(text: &str) -> bool {
    let blank = [' ', '\t'];
    let clock = text.strip_prefix(['T', 't']).unwrap_or(text.trim_start_matches(blank));
    let end = clock.find(|c: char| !c.is_ascii_digit() && c != ':').unwrap_or(clock.len());
    let (clock, rest) = clock.split_at(end);
    let rest = match rest.strip_prefix('.') {
        Some(fraction) => fraction.trim_start_matches(|c: char| c.is_ascii_digit()),
        None => rest,
    };
    let zone = rest.trim_start_matches(blank);
    let is_zone = match zone.strip_prefix(['-', '+']) {
        Some(zone) => {
            zone.chars().all(|c| c.is_ascii_digit() || c == ':')
                && matches!(
                    zone.split(':').map(str::len).collect::<Vec<_>>()[..],
                    [1..=2] | [1..=2, 2]
                )
        }
        None => matches!(zone, "" | "Z"),
    };
    is_zone
        && text.starts_with(['T', 't', ' ', '\t'])
        && matches!(clock.split(':').map(str::len).collect::<Vec<_>>()[..], [1..=2, 2, 2])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalars_are_what_the_reference_packer_takes_them_for() {
        let text =
            ["y", "n", "1e3", "1.5e3", "08", "1:60", "0x", "1.2.3", "-", ".", "0b2", "1:", "._1"];
        for text in text {
            assert_eq!(resolve(text), Scalar::Text, "{text}");
        }
        for (text, number) in [
            ("0", 0),
            ("-12", -12),
            ("1_000", 1000),
            ("017", 15),
            ("+0x1F", 31),
            ("0b11", 3),
            ("1:30", 90),
            ("1:30:15", 5415),
        ] {
            assert_eq!(resolve(text), Scalar::Integer(number), "{text}");
        }
        for (text, number) in [
            ("7.0", 7.0),
            ("1_0.5", 10.5),
            (".5", 0.5),
            ("1.", 1.0),
            ("1.5e+3", 1500.0),
            ("1:30.5", 90.5),
        ] {
            assert_eq!(resolve(text), Scalar::Float(number), "{text}");
        }
        for text in ["2024-01-31", "2024-1-31T10:00:00Z", "2024-01-31 10:00:00.5 +01:00"] {
            assert_eq!(resolve(text), Scalar::Date, "{text}");
        }
        assert_eq!(resolve("YES"), Scalar::Boolean(true));
        assert_eq!(resolve("Null"), Scalar::Null);
    }
}

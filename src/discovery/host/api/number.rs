//! Numbers as the strings that servers write for them and read.
//!
//! In: a number or bytes. Out: text, or the number; nothing where a server reads none. The rules are
//! those of `d2string`, `string2ll`, `string2ull` and `string2d` (util.c), and from Redis 7.2 on of
//! `fpconv_dtoa`.

use std::ffi::{CStr, CString, c_char};

use crate::discovery::host::foreign::set_errno;
use crate::discovery::profile::{Profile, redis};

/// Up to here servers before 7.0 write whole numbers without an exponent.
const MOST_WHOLE_BEFORE: f64 = 4_503_599_627_370_496.0;
/// The same from 7.0 on.
const MOST_WHOLE: f64 = 4_611_686_018_427_387_904.0;

/// As a server of this version writes it.
pub fn text(number: f64, profile: Profile) -> String {
    let most = if profile.has(redis(7, 0)) { MOST_WHOLE } else { MOST_WHOLE_BEFORE };
    plain(number, most).unwrap_or_else(|| match profile.has(redis(7, 2)) {
        true => shortest(number),
        false => seventeen_digits(number),
    })
}

/// As libc writes it.
fn seventeen_digits(number: f64) -> String {
    let mut text: [c_char; 64] = [0; 64];
    // SAFETY: there is as much room as told, and what is written ends with a zero byte.
    let text = unsafe {
        libc::snprintf(text.as_mut_ptr(), text.len(), c"%.17g".as_ptr(), number);
        CStr::from_ptr(text.as_ptr())
    };
    text.to_string_lossy().into_owned()
}

/// By the fewest digits that are read as the same number.
fn shortest(number: f64) -> String {
    let (digits, exponent) = digits(&format!("{number:e}"));
    let sign = if number < 0.0 { "-" } else { "" };
    let count = i32::try_from(digits.len()).unwrap_or_default();
    // The number is digits * 10^scale.
    let scale = exponent - count + 1;
    let short =
        (scale >= 0 && exponent < count + 7) || (scale < 0 && (scale > -7 || exponent.abs() < 4));
    if short {
        return format!("{sign}{}", with_point(&digits, exponent));
    }
    let (first, rest) = digits.split_at(1);
    let point = if rest.is_empty() { "" } else { "." };
    let mark = if exponent < 0 { '-' } else { '+' };
    format!("{sign}{first}{point}{rest}e{mark}{}", exponent.abs())
}

/// Those that have no digits behind a point.
fn plain(number: f64, most_whole: f64) -> Option<String> {
    match number {
        _ if number.is_nan() => Some("nan".to_owned()),
        _ if number.is_infinite() => Some(if number < 0.0 { "-inf" } else { "inf" }.to_owned()),
        _ if number == 0.0 => Some(if number.is_sign_negative() { "-0" } else { "0" }.to_owned()),
        _ if number.fract() == 0.0 && number.abs() <= most_whole => Some(format!("{number:.0}")),
        _ => None,
    }
}

/// The digits and the exponent of a text such as `-1.25e-7`.
fn digits(scientific: &str) -> (String, i32) {
    let (digits, exponent) = scientific.split_once('e').unwrap_or((scientific, "0"));
    let digits = digits.chars().filter(char::is_ascii_digit).collect();
    (digits, exponent.parse().unwrap_or_default())
}

/// Digits, the first of which stands for 10^exponent, without an exponent.
fn with_point(digits: &str, exponent: i32) -> String {
    let Ok(before) = usize::try_from(exponent + 1) else {
        return format!("0.{}{digits}", "0".repeat(exponent.unsigned_abs() as usize - 1));
    };
    match digits.len() > before {
        true if before == 0 => format!("0.{digits}"),
        true => format!("{}.{}", &digits[..before], &digits[before..]),
        false => format!("{digits:0<before$}"),
    }
}

/// A whole number as servers write it: no space, no plus, no leading zero.
pub fn integer(text: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(text).ok()?;
    let number: i64 = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}

/// The same, or what libc's strtoull reads; negative ones are none.
pub fn unsigned(text: &[u8]) -> Option<u64> {
    if let Some(number) = integer(text) {
        return u64::try_from(number).ok();
    }
    let text = std::str::from_utf8(text).ok()?;
    let trimmed = text.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '\x0b');
    match trimmed.strip_prefix('-') {
        Some(digits) if !digits.starts_with('+') => digits.parse().ok().map(u64::wrapping_neg),
        Some(_) => None,
        None => trimmed.parse().ok(),
    }
}

/// What libc's strtod reads, without space before or anything behind; no nan.
pub fn double(text: &[u8]) -> Option<f64> {
    let starts_well = text.first().is_some_and(|byte| !byte.is_ascii_whitespace() && *byte != 11);
    let text = CString::new(text).ok().filter(|_| starts_well)?;
    let mut end = std::ptr::null_mut();
    set_errno(0);
    // SAFETY: both are what strtod asks for.
    let number = unsafe { libc::strtod(text.as_ptr(), &raw mut end) };
    let all = end.addr() - text.as_ptr().addr() == text.count_bytes();
    let out_of_range = std::io::Error::last_os_error().raw_os_error() == Some(libc::ERANGE)
        && (number.is_infinite() || number == 0.0);
    (all && !out_of_range && !number.is_nan()).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_as_text() {
        let [old, new] = ["6.2", "7.4"].map(|version| version.parse().unwrap());
        let both = |number| (text(number, old), text(number, new));
        let pair = |old: &str, new: &str| (old.to_owned(), new.to_owned());
        assert_eq!(both(0.1), pair("0.10000000000000001", "0.1"));
        assert_eq!(both(-3.25), pair("-3.25", "-3.25"));
        assert_eq!(both(42.0), pair("42", "42"));
        assert_eq!(both(1e300), pair("1.0000000000000001e+300", "1e+300"));
        assert_eq!(both(1.5e-9), pair("1.5e-09", "1.5e-9"));
        assert_eq!(both(1e21), pair("1e+21", "1e+21"));
        assert_eq!(both(123456.789), pair("123456.789", "123456.789"));
        assert_eq!(both(0.00025), pair("0.00025000000000000001", "0.00025"));
        assert_eq!(both(1e17), pair("1e+17", "100000000000000000"));
        assert_eq!(both(-0.0), pair("-0", "-0"));
        assert_eq!(both(f64::NEG_INFINITY), pair("-inf", "-inf"));
    }

    #[test]
    fn texts_as_numbers() {
        assert_eq!(integer(b"-12"), Some(-12));
        assert_eq!([&b"012"[..], b"+1", b" 1", b"-0", b"", b"1.0"].map(integer), [None; 6]);
        assert_eq!(unsigned(b"18446744073709551615"), Some(u64::MAX));
        assert_eq!((unsigned(b"-1"), unsigned(b" 007")), (None, Some(7)));
        assert_eq!((double(b"1e3"), double(b"0x10")), (Some(1000.0), Some(16.0)));
        assert_eq!([&b" 1"[..], b"1 ", b"nan", b"1e999", b""].map(double), [None; 5]);
    }
}

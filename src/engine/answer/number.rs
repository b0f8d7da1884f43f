//! Numbers: exact decimals of at most 28 digits (R8, R9).

use rust_decimal::Decimal;

use super::InvalidAnswer;

/// Digits a number may have, leading zeros not counted.
const MOST_DIGITS: usize = 28;

/// Reads a number as people write it: a sign, `.` or `٫` as decimal point, and `,`, `٬` or a blank between full groups of three.
/// Our choice: one number keeps to one kind of separator, its first group does not start with 0 (`0,125` may be meant as a fraction),
/// and a digit stands on both sides of the point.
pub(super) fn accept(answer: &str, min: Option<Decimal>, max: Option<Decimal>) -> Result<Decimal, InvalidAnswer> {
    let number = read(answer)?;
    if min.is_some_and(|min| number < min) {
        return Err(InvalidAnswer::BelowMinimum);
    }
    if max.is_some_and(|max| number > max) {
        return Err(InvalidAnswer::AboveMaximum);
    }
    Ok(number)
}

fn read(answer: &str) -> Result<Decimal, InvalidAnswer> {
    let (negative, unsigned) = match answer.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => (true, rest),
        None => (false, answer.strip_prefix('+').unwrap_or(answer)),
    };
    let (whole, fraction) = match unsigned.split_once(['.', '٫']) {
        Some((whole, fraction)) if is_digits(fraction) => (whole, fraction),
        Some(_) => return Err(InvalidAnswer::NoNumber),
        None => (unsigned, ""),
    };
    let separator = whole.chars().find(|character| !character.is_ascii_digit());
    match separator {
        None if is_digits(whole) => {}
        Some(',' | '٬' | ' ' | '\u{a0}' | '\u{202f}') => {
            let mut groups = whole.split(separator.unwrap_or(','));
            let first = groups.next().unwrap_or_default();
            if !is_digits(first)
                || first.len() > 3
                || first.starts_with('0')
                || !groups.all(|group| group.len() == 3 && is_digits(group))
            {
                return Err(InvalidAnswer::NoNumber);
            }
        }
        _ => return Err(InvalidAnswer::NoNumber),
    }
    let mut mantissa: i128 = 0;
    let mut digits = 0;
    let fraction = fraction.trim_end_matches('0');
    for digit in whole.bytes().chain(fraction.bytes()).filter(u8::is_ascii_digit) {
        digits += usize::from(digits > 0 || digit != b'0');
        if digits > MOST_DIGITS {
            return Err(InvalidAnswer::TooManyDigits);
        }
        mantissa = mantissa * 10 + i128::from(digit - b'0');
    }
    let scale = u32::try_from(fraction.len()).unwrap_or(u32::MAX);
    let signed = if negative { -mantissa } else { mantissa };
    Decimal::try_from_i128_with_scale(signed, scale).map_err(|_| InvalidAnswer::TooManyDigits)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Reads a number strictly, for conditions: an optional minus, digits, and a fraction if any; at most 28 digits. A leading `+` makes
/// it text, so that phone numbers are compared letter for letter.
pub fn parse_decimal(text: &str) -> Option<Decimal> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let plain = unsigned.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if plain && !unsigned.is_empty() { read(text).ok() } else { None }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::{Question, tests::accept};
    use super::*;
    use proptest::prelude::*;

    const ANY: Question = Question::Number { min: None, max: None };

    #[test]
    fn r08_numbers_are_exact_and_lose_their_trailing_zeros() {
        for (answer, normal) in [
            ("42", "42"),
            ("007", "7"),
            ("-0", "0"),
            ("+3.50", "3.5"),
            ("٤٢", "42"),
            ("1٫5", "1.5"),
            ("1,234,567", "1234567"),
            ("1 234.0", "1234"),
            ("١٬٢٣٤", "1234"),
            ("-0.10", "-0.1"),
            ("\u{200e}12", "12"),
            ("9999999999999999999999999999", "9999999999999999999999999999"),
            ("0.0000000000000000000000000001", "0.0000000000000000000000000001"),
        ] {
            assert_eq!(accept(&ANY, answer).as_deref(), Ok(normal), "{answer}");
        }
    }

    #[test]
    fn r08_what_only_looks_like_a_number_is_none() {
        for answer in [
            "1,5",
            "1e3",
            "5.",
            ".5",
            "0x10",
            "NaN",
            "1,23,456",
            "0,125",
            "1,2345",
            "12,34,567",
            ",5",
            "1,234 567",
            "--1",
            "+",
            "1.2.3",
            "1.2,3",
            "4 2",
            "ten",
        ] {
            assert_eq!(accept(&ANY, answer), Err(InvalidAnswer::NoNumber), "{answer}");
        }
        assert_eq!(accept(&ANY, "99999999999999999999999999999"), Err(InvalidAnswer::TooManyDigits));
    }

    #[test]
    fn r09_both_bounds_are_included_and_named() {
        let question = Question::Number { min: Some(Decimal::from(1)), max: Some("10.50".parse().unwrap()) };
        assert_eq!(accept(&question, "1").as_deref(), Ok("1"));
        assert_eq!(accept(&question, "10.5").as_deref(), Ok("10.5"));
        assert_eq!(accept(&question, "0.99"), Err(InvalidAnswer::BelowMinimum));
        assert_eq!(InvalidAnswer::AboveMaximum.explain(&question, " 15"), "15 is above the maximum 10.5");
    }

    #[test]
    fn conditions_read_numbers_strictly() {
        assert_eq!(parse_decimal("1.50"), Some(Decimal::new(15, 1)));
        for text in ["+1", " 1", "1,000", "", "-", ".", "1.", "--1", "٤"] {
            assert_eq!(parse_decimal(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn numbers_survive_their_own_writing(mantissa in any::<i64>(), scale in 0u32..20) {
            let number = Decimal::new(mantissa, scale).normalize();
            prop_assert_eq!(accept(&ANY, &number.to_string()), Ok(number.to_string()));
            prop_assert_eq!(parse_decimal(&number.to_string()), Some(number));
        }
    }
}

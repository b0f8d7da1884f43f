//! Phone numbers: a country calling code and digits, in E.164 form (R11).

use super::InvalidAnswer;

/// Reads a phone number. Blanks, dots, dashes and brackets are tolerated. No national numbering plans are known here: the help page's
/// own example 60112233455 is valid.
pub(super) fn accept(answer: &str) -> Result<String, InvalidAnswer> {
    // A bracket may stand before the plus: (+962) 79 …
    let digits = answer.trim_start_matches(['(', ' ']);
    let digits = digits.strip_prefix(['+', '＋']).unwrap_or(digits);
    let mut number = String::with_capacity(16);
    number.push('+');
    for (at, character) in digits.char_indices() {
        match character {
            // +962 (0)79 …: the zero is dialled at home only.
            '0' if (2..=4).contains(&number.len()) && is_trunk_zero(digits, at) => {}
            '0'..='9' => number.push(character),
            ' ' | '\u{a0}' | '\u{202f}' | '.' | '-' | '\u{2010}'..='\u{2013}' | '(' | ')' => {}
            _ => return Err(InvalidAnswer::NoPhone),
        }
        if number.len() > 64 {
            return Err(InvalidAnswer::PhoneLength);
        }
    }
    match number.as_bytes() {
        [_] => Err(InvalidAnswer::NoPhone),
        [_, b'0', ..] => Err(InvalidAnswer::NoCountryCode),
        all if (8..=15).contains(&(all.len() - 1)) => Ok(number),
        _ => Err(InvalidAnswer::PhoneLength),
    }
}

/// Whether the zero at this byte stands alone in brackets.
fn is_trunk_zero(digits: &str, at: usize) -> bool {
    let before = digits.get(..at).is_some_and(|before| before.trim_end().ends_with('('));
    before && digits.get(at + 1..).is_some_and(|after| after.trim_start().starts_with(')'))
}

#[cfg(test)]
mod tests {
    use super::super::{Question, tests::accept};
    use super::*;

    #[test]
    fn r11_a_phone_number_is_country_code_and_number() {
        for (answer, normal) in [
            ("60112233455", "+60112233455"),
            ("+962 79 000-0000", "+962790000000"),
            ("+1 (206) 555.1212", "+12065551212"),
            ("\u{202a}+٩٦٢٧٩٠٠٠٠٠٠٠\u{202c}", "+962790000000"),
            ("+962 (0)79 000 0000", "+962790000000"),
            ("44 ( 0 ) 20 7946 0018", "+442079460018"),
            ("+٩٦٢ (٠) ٧٩٠٠٠٠٠٠٠", "+962790000000"),
            ("+1 (206) 555 (0) 1234", "+120655501234"),
            ("12345678", "+12345678"),
            ("(+962) 790000000", "+962790000000"),
            ("123456789012345", "+123456789012345"),
        ] {
            assert_eq!(accept(&Question::Phone, answer).as_deref(), Ok(normal), "{answer}");
        }
        for (answer, reason) in [
            ("0790000000", InvalidAnswer::NoCountryCode),
            ("00962790000000", InvalidAnswer::NoCountryCode),
            ("(0)790000000", InvalidAnswer::NoCountryCode),
            ("+0790000000", InvalidAnswer::NoCountryCode),
            ("1234567", InvalidAnswer::PhoneLength),
            ("1234567890123456", InvalidAnswer::PhoneLength),
            ("++12345678", InvalidAnswer::NoPhone),
            ("12345678+", InvalidAnswer::NoPhone),
            ("call me", InvalidAnswer::NoPhone),
            ("---", InvalidAnswer::NoPhone),
        ] {
            assert_eq!(accept(&Question::Phone, answer), Err(reason), "{answer}");
        }
    }
}

//! Digits of any script: ٣, ३ and 3 are the same answer.

use std::borrow::Cow;

/// The zeros of every run of ten decimal digits in Unicode 17 (general category Nd), in order.
const ZEROS: [u32; 77] = [
    0x0030, 0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0DE6,
    0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40,
    0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10, 0x104A0, 0x10D30, 0x10D40, 0x11066,
    0x110F0, 0x11136, 0x111D0, 0x112F0, 0x11450, 0x114D0, 0x11650, 0x116C0, 0x116D0, 0x116DA, 0x11730, 0x118E0,
    0x11950, 0x11BF0, 0x11C50, 0x11D50, 0x11DA0, 0x11DE0, 0x11F50, 0x16130, 0x16A60, 0x16AC0, 0x16B50, 0x16D70,
    0x1CCF0, 0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6, 0x1E140, 0x1E2F0, 0x1E4F0, 0x1E5F1, 0x1E950, 0x1FBF0,
];

/// The value of a decimal digit of any script.
pub fn digit(character: char) -> Option<u8> {
    let code = u32::from(character);
    let run = ZEROS.partition_point(|zero| *zero <= code).checked_sub(1)?;
    u8::try_from(code - ZEROS.get(run)?).ok().filter(|value| *value < 10)
}

/// The text with the decimal digits of every script written as ASCII digits.
pub fn to_ascii_digits(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || !text.chars().any(|c| !c.is_ascii() && digit(c).is_some()) {
        return Cow::Borrowed(text);
    }
    text.chars().map(|character| digit(character).map_or(character, |value| char::from(b'0' + value))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_runs_are_in_order_and_apart() {
        assert!(ZEROS.windows(2).all(|pair| pair[0] + 10 <= pair[1]));
    }

    #[test]
    fn every_run_is_numeric_and_its_neighbours_are_no_digits() {
        for zero in ZEROS {
            for value in 0..10 {
                let Some(character) = char::from_u32(zero + value) else { continue };
                assert!(character.is_numeric(), "{:x}", zero + value);
                assert_eq!(digit(character).map(u32::from), Some(value));
            }
        }
        assert!(['a', '²', '½', 'Ⅷ', '/', ':', '\u{65f}', '\u{66a}'].into_iter().all(|other| digit(other).is_none()));
    }

    #[test]
    fn digits_of_any_script_become_ascii() {
        assert_eq!(to_ascii_digits("٣ ۳ ३ ３ 𝟗 3"), "3 3 3 3 9 3");
        assert!(matches!(to_ascii_digits("نعم 12"), Cow::Borrowed(_)));
    }
}

//! Cells that a spreadsheet program shows and does not run.

use std::borrow::Cow;

/// What a spreadsheet program takes for the start of a formula, or strips to find one: also the wide forms of East Asian keyboards.
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// The text as a cell. One that a spreadsheet program would run as a formula gets an apostrophe in front, as people type it there.
///
/// A number with a sign stays, and so does a telephone number such as `+962790000000`: digits with at most one decimal point run nothing
/// (our choice; `+1-555-0100` gets the apostrophe, for it would be shown as −654).
pub(super) fn safe(text: &str) -> Cow<'_, str> {
    if text.starts_with(FORMULA) && !is_number(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// Whether the text is a sign, digits, and at most a decimal point with further digits.
fn is_number(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    unsigned.split_once('.').map_or_else(|| digits(unsigned), |(whole, part)| digits(whole) && digits(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_defused() {
        for text in [
            "=1+1",
            "+1+1",
            "-2+cmd|' /C calc'!A0",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "\n=1",
            "＝1",
            "-",
            "+",
            "-.5",
            "5-",
            "+1-555-0100",
        ] {
            let wanted = if text == "5-" { text.to_owned() } else { format!("'{text}") };
            assert_eq!(safe(text), wanted);
        }
    }

    #[test]
    fn numbers_and_words_stay() {
        for text in ["-5", "+962790000000", "3.5", "-3.5", "", "Ana", "a=b", "'quoted'", "12/31/2026"] {
            assert_eq!(safe(text), text);
        }
    }
}

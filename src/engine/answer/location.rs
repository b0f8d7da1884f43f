//! Places: a location message, or `(a, b)` written out.

use rust_decimal::Decimal;

use super::InvalidAnswer;
use super::number::parse_decimal;

/// Reads `(a, b)`, with or without the brackets (our choice): latitude first, unless only the other order is possible. The help page
/// asks for longitude first and gives an example with latitude first.
pub(super) fn accept(answer: &str) -> Result<String, InvalidAnswer> {
    let inner = match (answer.strip_prefix('('), answer.ends_with(')')) {
        (Some(inner), true) => inner.strip_suffix(')').unwrap_or(inner),
        (None, false) => answer,
        _ => return Err(InvalidAnswer::NoLocation),
    };
    let (first, second) = inner.split_once([',', '،']).ok_or(InvalidAnswer::NoLocation)?;
    let degrees = |text: &str| {
        let text = text.trim().replace('٫', ".");
        parse_decimal(text.strip_prefix('+').unwrap_or(&text)).ok_or(InvalidAnswer::NoLocation)
    };
    let (first, second) = (degrees(first)?, degrees(second)?);
    normal(first, second).or_else(|_| normal(second, first))
}

/// The normal form `lat,lon` of a place.
pub(super) fn normal(latitude: Decimal, longitude: Decimal) -> Result<String, InvalidAnswer> {
    if latitude.abs() > Decimal::from(90) || longitude.abs() > Decimal::from(180) {
        return Err(InvalidAnswer::NotOnEarth);
    }
    Ok(format!("{},{}", latitude.normalize(), longitude.normalize()))
}

#[cfg(test)]
mod tests {
    use super::super::{Question, tests::accept};
    use super::*;

    #[test]
    fn a_place_is_latitude_first_unless_it_cannot_be() {
        for (answer, normal) in [
            ("(3.1545313, 101.7151839)", "3.1545313,101.7151839"),
            ("(101.7151839, 3.1545313)", "3.1545313,101.7151839"),
            ("31.950,35.91", "31.95,35.91"),
            ("(-90, 180)", "-90,180"),
            ("(٣١٫٩، 35)", "31.9,35"),
        ] {
            assert_eq!(accept(&Question::Location, answer).as_deref(), Ok(normal), "{answer}");
        }
        for answer in ["(1,2", "1;2", "here", "(1,2,3)", "(a, b)"] {
            assert_eq!(accept(&Question::Location, answer), Err(InvalidAnswer::NoLocation), "{answer}");
        }
        assert_eq!(accept(&Question::Location, "(91, 181)"), Err(InvalidAnswer::NotOnEarth));
        assert_eq!(accept(&Question::Location, "(100, 100)"), Err(InvalidAnswer::NotOnEarth));
    }
}

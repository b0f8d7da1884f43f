//! Ratings: one to five, as a digit or as that many stars (R14).

use rust_decimal::Decimal;

use super::InvalidAnswer;

/// Reads a rating.
pub(super) fn accept(answer: &str) -> Result<Decimal, InvalidAnswer> {
    if let [digit @ b'1'..=b'5'] = answer.as_bytes() {
        return Ok(Decimal::from(digit - b'0'));
    }
    let mut stars = 0u8;
    for character in answer.chars() {
        match character {
            '★' | '⭐' | '🌟' => stars = stars.saturating_add(1),
            // The mark that asks for a colourful star, and blanks between stars.
            '\u{fe0f}' | ' ' if stars > 0 => {}
            _ => return Err(InvalidAnswer::NoRating),
        }
    }
    if (1..=5).contains(&stars) { Ok(Decimal::from(stars)) } else { Err(InvalidAnswer::NoRating) }
}

#[cfg(test)]
mod tests {
    use super::super::{Question, tests::accept};
    use super::*;

    #[test]
    fn r14_a_rating_is_one_to_five() {
        for (answer, normal) in [("1", "1"), (" ٥ ", "5"), ("★★★", "3"), ("⭐️⭐️", "2"), ("⭐ ⭐", "2")]
        {
            assert_eq!(accept(&Question::Rating, answer).as_deref(), Ok(normal), "{answer}");
        }
        for answer in ["0", "6", "3.5", "05", "★★★★★★", "☆", "five", "3 stars", "-1"] {
            assert_eq!(accept(&Question::Rating, answer), Err(InvalidAnswer::NoRating), "{answer}");
        }
    }
}

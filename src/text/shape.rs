//! Arabic letters in the forms they take beside each other, for terminals that draw every letter alone.
//!
//! Unicode keeps these forms as characters of their own ("presentation forms"). They are for drawing only: they search and compare as
//! other letters, so nothing here is ever stored. The tables are those of `ar-reshaper`; the joining is done here, by grapheme, because
//! vowel marks must stay on their letter and the cursor must find its way back.

use std::borrow::Cow;

use ar_reshaper::form::{Forms, LettersType};
use ar_reshaper::letters::letters_db::LETTERS_ARABIC;

static LETTERS: [LettersType; LETTERS_ARABIC.len()] = LETTERS_ARABIC;

/// Stands between two letters that must not join.
const NON_JOINER: char = '\u{200C}';
/// Makes a letter join even where no letter follows.
const JOINER: char = '\u{200D}';
const LAM: char = '\u{0644}';

/// Lam with an alef is one sign: alone, and joined to the letter before.
const LAM_ALEF: [(char, char, char); 4] = [
    ('\u{0622}', '\u{FEF5}', '\u{FEF6}'),
    ('\u{0623}', '\u{FEF7}', '\u{FEF8}'),
    ('\u{0625}', '\u{FEF9}', '\u{FEFA}'),
    ('\u{0627}', '\u{FEFB}', '\u{FEFC}'),
];

/// One grapheme as far as joining is concerned.
#[derive(Clone, Copy)]
struct Letter<'a> {
    base: char,
    /// Its marks and joiners.
    rest: &'a str,
    forms: Option<&'static Forms>,
}

impl<'a> Letter<'a> {
    fn of(grapheme: &'a str) -> Self {
        let mut chars = grapheme.chars();
        let base = chars.next().unwrap_or_default();
        let forms = is_arabic(base).then(|| LETTERS.iter().find(|(letter, _)| *letter == base)).flatten();
        Self { base, rest: chars.as_str(), forms: forms.map(|(_, forms)| forms) }
    }

    fn joins_before(self) -> bool {
        self.forms.is_some_and(|forms| forms.end != '\0' || forms.medial != '\0')
    }

    fn joins_after(self) -> bool {
        self.forms.is_some_and(|forms| forms.initial != '\0' || forms.medial != '\0')
    }

    /// Whether it is joined to what follows it.
    fn joins(self, next: Option<Letter<'_>>) -> bool {
        self.joins_after()
            && !self.rest.contains(NON_JOINER)
            && (self.rest.ends_with(JOINER) || next.is_some_and(Letter::joins_before))
    }
}

/// The graphemes of a line, in logical order, as they are drawn; `None` when none of them changes. An alef that became part of a lam
/// before it is empty.
pub(super) fn shaped<'a>(graphemes: &[(usize, &'a str)]) -> Option<Vec<Cow<'a, str>>> {
    if !graphemes.iter().any(|(_, grapheme)| grapheme.chars().next().is_some_and(is_arabic)) {
        return None;
    }
    let letters: Vec<Letter<'_>> = graphemes.iter().map(|(_, grapheme)| Letter::of(grapheme)).collect();
    let mut drawn: Vec<Cow<'a, str>> = Vec::with_capacity(letters.len());
    let mut joined = false;
    let mut swallowed = false;
    for (index, (letter, (_, grapheme))) in letters.iter().zip(graphemes).enumerate() {
        if std::mem::take(&mut swallowed) {
            drawn.push(Cow::Borrowed(""));
            joined = false;
            continue;
        }
        let next = letters.get(index + 1).copied();
        let joins = letter.joins(next);
        let before = std::mem::replace(&mut joined, joins) && letter.joins_before();
        let ligature = next.filter(|_| letter.base == LAM && joins).and_then(|next| {
            let (_, alone, end) = LAM_ALEF.into_iter().find(|(alef, ..)| *alef == next.base)?;
            Some((if before { end } else { alone }, next.rest))
        });
        if let Some((sign, marks)) = ligature {
            swallowed = true;
            drawn.push(Cow::Owned(format!("{sign}{}{marks}", letter.rest)));
            continue;
        }
        let form = letter.forms.map(|forms| match (before, joins) {
            (true, true) => forms.medial,
            (true, false) => forms.end,
            (false, true) => forms.initial,
            (false, false) => forms.isolated,
        });
        drawn.push(match form.filter(|form| *form != '\0' && *form != letter.base) {
            Some(form) => Cow::Owned(format!("{form}{}", letter.rest)),
            None => Cow::Borrowed(grapheme),
        });
    }
    Some(drawn)
}

/// Whether a character stands in the blocks that hold letters to be joined.
const fn is_arabic(character: char) -> bool {
    matches!(character, '\u{0620}'..='\u{06FF}' | '\u{0750}'..='\u{077F}')
}

#[cfg(test)]
mod tests {
    use unicode_normalization::UnicodeNormalization;
    use unicode_segmentation::UnicodeSegmentation;

    use super::*;

    fn joined(text: &str) -> String {
        let graphemes: Vec<(usize, &str)> = text.grapheme_indices(true).collect();
        shaped(&graphemes).map_or_else(|| text.to_owned(), |drawn| drawn.concat())
    }

    #[test]
    fn letters_take_the_form_of_their_place() {
        assert_eq!(joined("سلم"), "\u{FEB3}\u{FEE0}\u{FEE2}");
        assert_eq!(joined("نعم"), "\u{FEE7}\u{FECC}\u{FEE2}");
        // Ra and dal join nothing after them.
        assert_eq!(joined("در"), "\u{FEA9}\u{FEAD}");
        assert_eq!(joined("مدر س"), "\u{FEE3}\u{FEAA}\u{FEAD} \u{FEB1}");
        assert_eq!(joined("hello 12"), "hello 12");
    }

    #[test]
    fn persian_letters_join_and_a_non_joiner_keeps_apart() {
        assert_eq!(joined("گچپ"), "\u{FB94}\u{FB7D}\u{FB57}");
        assert_eq!(joined("می\u{200c}خواهم").chars().nth(1), Some('\u{FBFD}'));
        assert_eq!(joined("ه\u{200d}"), "\u{FEEB}\u{200d}");
    }

    #[test]
    fn marks_stay_on_their_letters() {
        assert_eq!(joined("سَلْم"), "\u{FEB3}\u{64e}\u{FEE0}\u{652}\u{FEE2}");
        assert_eq!(joined("لَا"), "\u{FEFB}\u{64e}");
    }

    #[test]
    fn lam_and_alef_are_one_sign() {
        assert_eq!(joined("سلام"), "\u{FEB3}\u{FEFC}\u{FEE1}");
        assert_eq!(joined("لا لأ لإ لآ"), "\u{FEFB} \u{FEF7} \u{FEF9} \u{FEF5}");
        assert_eq!(joined("ل\u{200c}ا"), "\u{FEDD}\u{200c}\u{FE8D}");
    }

    #[test]
    fn every_form_is_a_form_of_its_letter() {
        for (letter, forms) in &LETTERS {
            for form in [forms.isolated, forms.initial, forms.medial, forms.end] {
                if is_arabic(*letter) && ('\u{FB50}'..='\u{FEFF}').contains(&form) {
                    let plain = |character: char| character.nfkc().collect::<String>();
                    assert_eq!(plain(form), plain(*letter), "{letter} {form}");
                }
            }
        }
    }
}

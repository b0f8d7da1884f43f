//! The markup of WhatsApp in one line of a message: `*bold*`, `_italic_`, `~struck out~`. What only looks like it stays as it is written.

use std::borrow::Cow;

use ratatui::style::Modifier;

use super::look::columns;

/// A piece of a line that is drawn otherwise: the column it starts at, its text, how.
pub type Mark = (u16, String, Modifier);

/// The line without the signs of the markup, and what is drawn otherwise.
pub fn drawn(line: &str) -> (Cow<'_, str>, Vec<Mark>) {
    if !line.contains(['*', '_', '~']) {
        return (Cow::Borrowed(line), Vec::new());
    }
    let (mut out, mut marks) = (String::with_capacity(line.len()), Vec::new());
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let after = rest.get(first.len_utf8()..).unwrap_or_default();
        let marked = how(first).filter(|_| !out.ends_with(char::is_alphanumeric)).zip(inside(after, first));
        if let Some((how, text)) = marked {
            marks.push((columns(&out), text.to_owned(), how));
            out.push_str(text);
            rest = after.get(text.len() + first.len_utf8()..).unwrap_or_default();
        } else {
            out.push(first);
            rest = after;
        }
    }
    (Cow::Owned(out), marks)
}

const fn how(sign: char) -> Option<Modifier> {
    match sign {
        '*' => Some(Modifier::BOLD),
        '_' => Some(Modifier::ITALIC),
        '~' => Some(Modifier::CROSSED_OUT),
        _ => None,
    }
}

/// What stands between a sign that was just read and the next of its kind: words that touch both, and no word runs on behind.
fn inside(after: &str, sign: char) -> Option<&str> {
    let (text, behind) = after.split_once(sign)?;
    let touches = !text.is_empty() && !text.starts_with(char::is_whitespace) && !text.ends_with(char::is_whitespace);
    (touches && !behind.starts_with(char::is_alphanumeric)).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_around_words_are_drawn_and_others_stay() {
        let (line, marks) = drawn("Your *order* is _on its way_, ~late~");
        assert_eq!(line, "Your order is on its way, late");
        let bold = (5, "order".to_owned(), Modifier::BOLD);
        let italic = (14, "on its way".to_owned(), Modifier::ITALIC);
        assert_eq!(marks, [bold, italic, (26, "late".to_owned(), Modifier::CROSSED_OUT)]);
        for plain in ["2 * 3 * 4", "snake_case_name", "*open", "a*b*c", "**", "$279"] {
            assert_eq!(drawn(plain), (Cow::Borrowed(plain), Vec::new()), "{plain}");
        }
        assert_eq!(drawn("*نعم*").0, "نعم", "Arabic is set bold too");
    }
}

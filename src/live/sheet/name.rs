//! File names for sheets: what a person typed becomes one safe name, and different names never share one.

use std::fmt::Write as _;

use crate::files::is_reserved;
use crate::text;

/// The most bytes of a spreadsheet's or a sheet's name in a file name. Both, a mark and the ending stay far below 255 bytes.
const MOST_BYTES: usize = 96;
/// Stands before the mark of a changed name, and in no unchanged one.
const MARK: char = '~';

/// The file name for a sheet of a spreadsheet: `<spreadsheet> - <sheet>.csv`.
///
/// It holds no separator, no control, invisible or reserved character, no `..`, no reserved Windows name, no dot or hyphen at its start,
/// and at most 255 bytes. A name that had to be changed, or that another pair of names could give too, ends in a mark made from the
/// names as they were, so that different names have different files. Names that differ in nothing but case or Unicode normal form are
/// different too; a file system that sees no such difference puts their rows into one file.
pub(super) fn file_name(spreadsheet: &str, sheet: &str) -> String {
    let (first, second) = (cleaned(spreadsheet), cleaned(sheet));
    let mut name = format!("{first} - {second}");
    if is_reserved(&name) {
        name.insert(0, '_');
    }
    let ambiguous = name.matches(" - ").count() > 1;
    if ambiguous || name != format!("{spreadsheet} - {sheet}") || spreadsheet.is_empty() || sheet.is_empty() {
        let _ = write!(name, " {MARK}{:016x}", fingerprint(spreadsheet, sheet));
    }
    name + ".csv"
}

/// One of the names with nothing in it that a file system would object to.
fn cleaned(name: &str) -> String {
    let visible = text::strip_invisible(name);
    let mut cleaned = String::with_capacity(visible.len().min(MOST_BYTES));
    for character in visible.chars() {
        let safe = if is_safe(character) && !(character == '.' && cleaned.ends_with('.')) { character } else { '_' };
        if cleaned.len() + safe.len_utf8() > MOST_BYTES {
            break;
        }
        cleaned.push(safe);
    }
    let end = cleaned.trim_end_matches([' ', '.']).len();
    cleaned.truncate(end);
    if cleaned.is_empty() || cleaned.starts_with(['.', '-', ' ']) {
        cleaned.insert(0, '_');
    }
    cleaned
}

fn is_safe(character: char) -> bool {
    let reserved = ['/', '\\', ':', '*', '?', '"', '<', '>', '|', MARK];
    character == ' ' || !(character.is_whitespace() || character.is_control() || reserved.contains(&character))
}

/// FNV-1a over both names and where one ends. A file's name must not change with the compiler, as the standard hasher may.
fn fingerprint(spreadsheet: &str, sheet: &str) -> u64 {
    // 0xff is in no UTF-8 text.
    let bytes = spreadsheet.bytes().chain([0xff]).chain(sheet.bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn plain_names_stay_as_they_are() {
        assert_eq!(file_name("Sales leads", "Sheet1"), "Sales leads - Sheet1.csv");
        assert_eq!(file_name("عملاء", "2026 (Q1)"), "عملاء - 2026 (Q1).csv");
    }

    #[test]
    fn what_a_file_system_objects_to_is_changed_and_marked() {
        let stem = |spreadsheet, sheet| {
            let name = file_name(spreadsheet, sheet);
            let (stem, mark) = name.rsplit_once(" ~").unwrap_or_else(|| panic!("{name} has a mark"));
            assert_eq!(mark.len(), 16 + 4, "{name}");
            stem.to_owned()
        };
        assert_eq!(stem("../../etc/passwd", "x"), "_.__.__etc_passwd - x");
        assert_eq!(stem("a:b*c?", "d|e\n"), "a_b_c_ - d_e");
        assert_eq!(stem("CON.x", "s"), "_CON.x - s");
        assert_eq!(stem("lpt¹.x", "s"), "_lpt¹.x - s");
        assert_eq!(stem("-rf", ".hidden"), "_-rf - _.hidden");
        assert_eq!(stem("", " "), "_ - _");
        assert_eq!(stem("a\u{202e}b", "c"), "ab - c");
    }

    #[test]
    fn a_hyphen_between_blanks_does_not_mix_two_sheets_up() {
        assert_ne!(file_name("a - b", "c"), file_name("a", "b - c"));
    }

    #[test]
    fn a_name_that_ends_like_a_mark_is_no_mark() {
        let marked = file_name("a/b", "c");
        let stem = marked.strip_suffix(".csv").unwrap();
        let (spreadsheet, sheet) = stem.split_once(" - ").unwrap();
        assert_ne!(file_name(spreadsheet, sheet), marked);
    }

    /// Names with more than their share of trouble.
    fn names() -> impl Strategy<Value = String> {
        prop_oneof![
            "[ab./\\\\:~ -]{0,6}",
            "(con|NUL|com[1-9]|aux)(\\.[a-z])?",
            "\\PC{0,200}",
            any::<String>(),
            "[\u{200b}\u{202e}\u{feff}\0\r\n\ta. ]{0,5}",
        ]
    }

    proptest! {
        #[test]
        fn every_name_is_safe(spreadsheet in names(), sheet in names()) {
            let name = file_name(&spreadsheet, &sheet);
            prop_assert!(name.len() <= 255);
            prop_assert_eq!(std::path::Path::new(&name).extension().unwrap(), "csv");
            prop_assert!(!name.contains(".."));
            prop_assert!(!name.starts_with(['.', '-', ' ']));
            prop_assert!(!name.contains(['/', '\\', ':', '*', '?', '"', '<', '>', '|']));
            prop_assert!(!name.chars().any(char::is_control));
            prop_assert!(!is_reserved(&name));
            prop_assert_eq!(std::path::Path::new(&name).components().count(), 1);
        }

        #[test]
        fn different_names_have_different_files(a in names(), b in names(), c in names(), d in names()) {
            prop_assert_eq!((&a, &b) == (&c, &d), file_name(&a, &b) == file_name(&c, &d));
            prop_assert_eq!(a == b, file_name(&a, &b) == file_name(&b, &a));
        }
    }
}

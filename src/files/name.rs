//! Names that every system takes for a file.

/// Whether Windows takes the name for a device, which it does in any case and whatever stands behind the first dot.
pub fn is_reserved(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_uppercase();
    let numbered = |device: &str| {
        stem.strip_prefix(device).is_some_and(|number| {
            let mut number = number.chars();
            matches!(number.next(), Some('0'..='9' | '¹' | '²' | '³')) && number.next().is_none()
        })
    };
    matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$") || numbered("COM") || numbered("LPT")
}

/// The stem of a generated file name, changed where it would be a device or lose its end: Windows drops dots and blanks there.
pub fn safe_name(stem: &str) -> String {
    let mut safe = stem.trim_end_matches([' ', '.']).to_owned();
    if safe.is_empty() || is_reserved(&safe) {
        safe.insert(0, '_');
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_and_lost_ends_are_avoided() {
        for (stem, wanted) in [
            ("con", "_con"),
            ("Nul", "_Nul"),
            ("com1", "_com1"),
            ("LPT9.x", "_LPT9.x"),
            ("aux ", "_aux"),
            ("prn. .", "_prn"),
            ("..", "_"),
            ("menu.", "menu"),
            ("com10", "com10"),
            ("console", "console"),
            ("menu", "menu"),
        ] {
            assert_eq!(safe_name(stem), wanted, "{stem:?}");
        }
    }
}

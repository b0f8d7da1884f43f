//! "Did you mean": the known word that a mistyped one was probably meant to be.

use strsim::osa_distance;

/// The candidate a word was probably meant to be, if one is near enough.
///
/// Case, `-` and blanks against `_` make no difference. Otherwise at most a third of the letters may differ, one at least and three at
/// most, and not those people get right: a word of one or two letters must be the same, and of more than one mistake none is in the
/// first letter. A far-fetched suggestion is worse than none. Of equally near candidates the first wins.
pub fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = normal(word);
    let length = word.chars().count();
    let most = if length <= 2 { 0 } else { (length / 3).clamp(1, 3) };
    let first = word.chars().next();
    candidates
        .into_iter()
        .filter_map(|candidate| {
            let known = normal(candidate);
            // Texts of very different length are far apart; no need to find out how far.
            let near = known.chars().count().abs_diff(length) <= most;
            near.then(|| (osa_distance(&word, &known), candidate))
        })
        .filter(|(distance, candidate)| {
            *distance <= most && (*distance <= 1 || normal(candidate).chars().next() == first)
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

fn normal(word: &str) -> String {
    word.trim().to_lowercase().replace(['-', ' '], "_")
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYS: [&str; 6] = ["send_message", "ask_question", "jump_to", "wait", "is_equal_to", "is_not_equal_to"];

    #[test]
    fn typing_mistakes_are_recognised() {
        assert_eq!(did_you_mean("send_mesage", KEYS), Some("send_message"));
        assert_eq!(did_you_mean("jumpt_o", KEYS), Some("jump_to"));
        assert_eq!(did_you_mean("wiat", KEYS), Some("wait"));
        assert_eq!(did_you_mean("is_eqal_to", KEYS), Some("is_equal_to"));
    }

    #[test]
    fn case_hyphens_and_blanks_make_no_difference() {
        assert_eq!(did_you_mean("Ask Question", KEYS), Some("ask_question"));
        assert_eq!(did_you_mean("JUMP-TO", KEYS), Some("jump_to"));
    }

    #[test]
    fn other_words_are_no_suggestions() {
        assert_eq!(did_you_mean("colour", KEYS), None);
        assert_eq!(did_you_mean("", KEYS), None);
        assert_eq!(did_you_mean("at", ["to", "on"]), None);
        assert_eq!(did_you_mean("as", ["at", "is"]), None);
        assert_eq!(did_you_mean("fields", ["yields", "builds"]), Some("yields"));
        assert_eq!(did_you_mean("notice", ["office", "police"]), None);
        assert_eq!(did_you_mean("customer_service", ["consumer_device"]), None);
        assert_eq!(did_you_mean(&"x".repeat(100_000), KEYS), None);
    }

    #[test]
    fn of_equally_near_words_the_first_wins() {
        assert_eq!(did_you_mean("tab", ["tag", "tap"]), Some("tag"));
        assert_eq!(did_you_mean("tap", ["tag", "tap"]), Some("tap"));
    }
}

//! "Did you mean": the known word that a mistyped one was probably meant to be.

use strsim::osa_distance;

/// Names that are looked at for one suggestion, so that a long list keeps nobody waiting (our choice).
const MOST_LOOKED_AT: usize = 1_000;

/// Names that a list of what there is spells out; the rest is counted.
const MOST_LISTED: usize = 10;

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
        // A letter has at most four bytes: what is far too long or too short needs no copy.
        .filter(|candidate| candidate.len() <= 4 * (word.len() + most) && word.len() <= 4 * (candidate.len() + most))
        .take(4 * MOST_LOOKED_AT)
        .filter_map(|candidate| {
            let known = normal(candidate);
            // Texts of very different length are far apart; no need to find out how far.
            let near = known.chars().count().abs_diff(length) <= most;
            near.then_some((known, candidate))
        })
        .take(MOST_LOOKED_AT)
        .map(|(known, candidate)| (osa_distance(&word, &known), known, candidate))
        .filter(|(distance, known, _)| *distance <= most && (*distance <= 1 || known.chars().next() == first))
        .map(|(distance, _, candidate)| (distance, candidate))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The names there are, to be listed in a message: all of a few, else the ten closest to a word "and N more".
///
/// Each stands in backticks, as findings quote.
pub fn closest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(word, known, '`')
}

/// The same in double quotes, as messages of a rehearsal quote.
pub fn closest_said<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(word, known, '"')
}

fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>, quote: char) -> String {
    let listed = |names: Vec<&str>| -> String {
        names.into_iter().map(|name| format!("{quote}{name}{quote}")).collect::<Vec<_>>().join(", ")
    };
    let known: Vec<&str> = known.into_iter().collect();
    if known.len() <= MOST_LISTED {
        return listed(known);
    }
    let wanted: String = normal(word).chars().take(LONGEST).collect();
    let mut near: Vec<(usize, &str)> = known
        .iter()
        .take(MOST_LOOKED_AT)
        .map(|name| (osa_distance(&wanted, &normal(name).chars().take(LONGEST).collect::<String>()), *name))
        .collect();
    // Stable: of equally near names those that stand first come first.
    near.sort_by_key(|(distance, _)| *distance);
    let shown: Vec<&str> = near.into_iter().take(MOST_LISTED).map(|(_, name)| name).collect();
    let rest = known.len() - shown.len();
    format!("{} and {rest} more", listed(shown))
}

/// Letters of a name that are compared for nearness: names are short, and files may hold anything.
const LONGEST: usize = 60;

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
    fn of_many_names_the_ten_closest_are_listed() {
        assert_eq!(closest("x", ["b", "a"]), "`b`, `a`");
        assert_eq!(closest_said("x", ["b", "a"]), "\"b\", \"a\"");
        let names: Vec<String> = (0..5_000).map(|number| format!("name{number}")).collect();
        let list = closest("name77", names.iter().map(String::as_str));
        assert!(list.starts_with("`name77`, `name7`, ") && list.ends_with(" and 4990 more"), "{list}");
        assert_eq!(list.split(", ").count(), 10);
    }

    #[test]
    fn of_equally_near_words_the_first_wins() {
        assert_eq!(did_you_mean("tab", ["tag", "tap"]), Some("tag"));
        assert_eq!(did_you_mean("tap", ["tag", "tap"]), Some("tap"));
    }
}

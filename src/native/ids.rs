//! Ids: readable ones of ours from the platform's names, and six hexadecimal digits of theirs from ours. Both depend on nothing but the
//! file, so that the same file always gives the same ids.

use std::collections::{HashMap, HashSet};

use super::document::Document;
use super::json::At;
use super::remark::{Carried, Findings};

/// The longest id made from a name; longer names are cut at a word.
const LONGEST: usize = 40;

/// Our id for every step of a document, by its place in the records; connectors and the trigger have none.
pub(super) fn assign(document: &Document<'_>, found: &mut Findings) -> Vec<Option<String>> {
    let steps: Vec<usize> = (0..document.records.len())
        .filter(|index| *index != document.trigger && !document.records[*index].is_connector())
        .collect();
    let wanted = |index: usize| document.records[index].name.and_then(slug);
    let mut shared: HashMap<String, usize> = HashMap::new();
    for index in &steps {
        if let Some(slug) = wanted(*index) {
            *shared.entry(slug).or_default() += 1;
        }
    }
    let mut ids = vec![None; document.records.len()];
    let mut taken: HashSet<String> = HashSet::new();
    // Names that stand alone first, so that no made-up id takes one of theirs.
    for pass in [true, false] {
        for index in &steps {
            let record = &document.records[*index];
            let slug = wanted(*index);
            let alone = slug.as_ref().is_some_and(|slug| shared.get(slug) == Some(&1));
            if alone != pass {
                continue;
            }
            let id = match slug {
                Some(slug) if alone => slug,
                Some(slug) => format!("{slug}_{}", ascii(&record.id)),
                None => format!("n_{}", ascii(&record.id)),
            };
            let id = unique(&id, &mut taken);
            if !alone && record.name.and_then(self::slug).is_some() {
                let text =
                    format!("several steps are called {}: this one is `{id}`, with its native id", record.called());
                found.remark(Carried::Guessed, &record.at, Some(&id), text);
                if let Some(remark) = found.remarks.last_mut() {
                    remark.only_ids = true;
                }
            }
            ids[*index] = Some(id);
        }
    }
    ids
}

/// A readable id for a step that had none, from its name or else its native id.
#[allow(clippy::implicit_hasher)] // One caller, with the usual set.
pub fn readable_id(name: Option<&str>, native: &str, taken: &mut HashSet<String>) -> String {
    let id = name.and_then(slug).unwrap_or_else(|| format!("n_{}", ascii(native)));
    unique(&id, taken)
}

/// An id that is not taken yet.
pub(super) fn unique(id: &str, taken: &mut HashSet<String>) -> String {
    let mut free = id.to_owned();
    let mut count = 1_usize;
    while !taken.insert(free.clone()) {
        count += 1;
        free = format!("{id}_{count}");
    }
    free
}

/// A name in the letters an id may have: `Ask for consent?` becomes `ask_for_consent`. `None` when too little of it is left to read.
pub(super) fn slug(name: &str) -> Option<String> {
    let letters = name.chars().filter(|c| c.is_alphanumeric()).count();
    let mut slug = String::new();
    let mut kept = 0;
    for c in name.chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
            kept += 1;
        } else if !slug.is_empty() && !slug.ends_with('_') && c != '\'' && c != '’' {
            slug.push('_');
        }
        if slug.len() > LONGEST && slug.ends_with('_') {
            break;
        }
    }
    slug.truncate(LONGEST + 10);
    let mut slug = slug.trim_end_matches('_').to_owned();
    // Half of a name that is lost (another script) would mislead.
    if kept == 0 || kept * 2 < letters && slug.len() < LONGEST {
        return None;
    }
    if slug.starts_with(|c: char| c.is_ascii_digit()) {
        slug.insert_str(0, "n_");
    }
    // `step_N` belongs to steps without an id.
    let reserved = slug.strip_prefix("step_").is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()));
    if reserved {
        slug.insert_str(0, "the_");
    }
    Some(slug)
}

/// Words that say what a step does, before the name of what it does it with.
const DOING: [&str; 20] = [
    "add the tag ",
    "add tag ",
    "add ",
    "remove the tag ",
    "remove tag ",
    "set tag ",
    "tag as ",
    "tag: ",
    "tag ",
    "trigger the workflow ",
    "trigger workflow ",
    "trigger ",
    "start the workflow ",
    "start workflow ",
    "start ",
    "go to ",
    "send on ",
    "send via ",
    "send through ",
    "send by ",
];
/// Words that name nothing.
const NOTHING: [&str; 9] =
    ["tag", "workflow", "flow", "another workflow", "another", "contact", "contact tag", "channel", "it"];

/// The name of a thing, where the name of the step that uses it tells it: `Add tag VIP`, `Trigger Welcome flow`.
pub(super) fn told_by(step: &str) -> Option<String> {
    let step = step.trim();
    let begins = |doing: &&&str| step.get(..doing.len()).is_some_and(|start| start.eq_ignore_ascii_case(doing));
    let doing = DOING.iter().find(begins)?;
    let rest = step.get(doing.len()..)?.trim().trim_matches(['"', '“', '”', '\'']);
    // Default names end in a number, and a sentence is no name.
    let plain = rest.split('#').next().unwrap_or_default().trim().to_lowercase();
    let good = !NOTHING.contains(&plain.as_str())
        && !rest.contains(['#', ',', '/', '&', ':', '.', '$', '{'])
        && rest.split_whitespace().count() <= 4
        && rest.chars().any(char::is_alphabetic);
    good.then(|| rest.to_owned())
}

/// What of a native id may stand in one of ours.
fn ascii(id: &str) -> String {
    let kept: String = id.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').take(LONGEST).collect();
    if kept.is_empty() { "x".to_owned() } else { kept }
}

/// Six hexadecimal digits for one of our ids, which no other record of the file has.
pub(super) fn native(ours: &str, taken: &mut HashSet<String>) -> String {
    let mut number = fingerprint(ours);
    loop {
        let id = format!("{number:06x}");
        if taken.insert(id.clone()) {
            return id;
        }
        number = (number + 1) & 0xff_ffff;
    }
}

/// A number of 24 bits from a text (FNV-1a, folded): stable for ever, as ids in files must be.
pub(super) fn fingerprint(text: &str) -> u32 {
    let hash = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    u32::try_from((hash ^ (hash >> 24) ^ (hash >> 48)) & 0xff_ffff).unwrap_or_default()
}

/// A name for something of which only the id is known: `tag_12345`.
pub(super) fn placeholder(what: &str, at: &At<'_>) -> String {
    format!("{what}_{}", ascii(&at.as_scalar().unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_ids_people_can_type() {
        for (name, id) in [
            ("Ask for consent", Some("ask_for_consent")),
            ("Branch #7", Some("branch_7")),
            ("  Don't -- wait!  ", Some("dont_wait")),
            ("4 hours", Some("n_4_hours")),
            ("Step 3", Some("the_step_3")),
            ("السؤال الأول", None),
            ("السؤال 1", None),
            ("VIP عميل", None),
            ("***", None),
        ] {
            assert_eq!(slug(name).as_deref(), id, "{name}");
        }
        assert!(slug(&"long name ".repeat(50)).is_some_and(|slug| slug.len() <= LONGEST + 10));
    }

    #[test]
    fn the_name_of_a_step_may_tell_what_it_uses() {
        for (step, name) in [
            ("Add tag VIP", Some("VIP")),
            ("Tag as lead", Some("lead")),
            ("Trigger Welcome flow", Some("Welcome flow")),
            ("Send via WhatsApp", Some("WhatsApp")),
            ("Trigger Another Workflow #8", None),
            ("Update Contact Tag #2", None),
            ("Add Comment #3", None),
            ("Add tag 90210", None),
            ("Add tags: VIP, lead", None),
            ("Say goodbye", None),
        ] {
            assert_eq!(told_by(step).as_deref(), name, "{step}");
        }
    }

    #[test]
    fn native_ids_are_six_digits_and_never_twice_the_same() {
        let mut taken = HashSet::new();
        let first = native("welcome", &mut taken);
        let second = native("welcome", &mut taken);
        assert!(first != second && first.len() == 6 && second.bytes().all(|byte| byte.is_ascii_hexdigit()));
        assert_eq!(first, native("welcome", &mut HashSet::new()));
    }
}

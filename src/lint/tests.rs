//! Every rule's example trips exactly that rule.
#![allow(clippy::unwrap_used)]

use super::{RULES, lint};
use crate::flow::load_text;

const HEAD: &str = "version: 1
name: Test
workspace:
  tags: [vip]
  contact_fields: [{ id: city, type: text }, { id: age, type: number }]
  lifecycle: [Customer]
  closing_categories: [Solved]
  users: [{ id: ana, name: Ana }]
  teams: { Sales: [ana] }
  channels: [{ id: wa, type: whatsapp }]
steps:
";

#[test]
fn every_example_trips_its_rule() {
    for rule in RULES {
        let mut loaded = load_text("test.yaml", &format!("{HEAD}{}\n", rule.example));
        assert!(loaded.flow.is_some(), "{}: {:?}", rule.id, loaded.diagnostics);
        lint(&mut loaded);
        let found: Vec<_> = loaded.diagnostics.iter().map(|finding| finding.id).collect();
        assert_eq!(found, [rule.id]);
    }
}

#[test]
fn rules_have_ids_of_their_own() {
    let mut ids: Vec<_> = RULES.iter().map(|rule| rule.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), RULES.len());
}

//! Files made to be slow: each would keep a quadratic reader busy for minutes, and is answered at once or refused by a limit.

use super::super::load::load_text;
use super::loaded;
use crate::diagnostic::{human, json};
use crate::engine::{Contact, Instant, Program, Session};

const HEAD: &str = "version: 1\nname: A\n";

fn list(count: usize, item: impl Fn(usize) -> String) -> String {
    (0..count).map(item).collect::<Vec<_>>().join(", ")
}

/// What is found, with the size of it as people and programs read it.
fn ids(text: &str) -> (Vec<&'static str>, usize) {
    let loaded = loaded(&format!("{HEAD}{text}"));
    let size = human::render(&loaded.diagnostics, &loaded.sources, false).len()
        + json::render(&loaded.diagnostics, &loaded.sources).len();
    let mut ids: Vec<&'static str> = loaded.diagnostics.iter().map(|finding| finding.id).collect();
    ids.dedup();
    (ids, size)
}

#[test]
fn more_entries_than_a_workspace_can_need_are_refused() {
    let steps = "steps: [open_conversation]\n";
    let huge = 150_000;
    for workspace in [
        format!("channels: [{}]", list(huge / 5, |i| format!("{{ id: c{i}, type: sms }}"))),
        format!("contact_fields: [{}]", list(huge / 5, |i| format!("{{ id: c{i}, type: text }}"))),
        format!("users: [{}]", list(huge / 2, |i| format!("{{ id: c{i} }}"))),
        format!("teams: {{ {} }}", list(huge, |i| format!("t{i}: [u{i}]"))),
        format!("teams: {{ t: [{}] }}", list(huge, |i| format!("u{i}"))),
        format!("tags: [{}]", list(huge, |i| format!("u{i}"))),
        format!("lifecycle: [{}]", list(huge, |i| format!("u{i}"))),
        format!("closing_categories: [{}]", list(huge, |i| format!("u{i}"))),
        format!("workflows: [{}]", list(huge / 5, |i| format!("{{ name: c{i}, external: true }}"))),
        format!("contacts: {{ {} }}", list(huge, |i| format!("c{i}: {{ id: a }}"))),
        format!("contacts: {{ a: {{ fields: {{ {} }} }} }}", list(huge, |i| format!("c{i}: 1"))),
        format!("contacts: {{ a: {{ tags: [{}] }} }}", list(huge, |i| format!("c{i}"))),
        format!("mocks: {{ {} }}", list(huge / 5, |i| format!("a.yaml#c{i}: [{{ status: 200 }}]"))),
    ] {
        let (ids, size) = ids(&format!("workspace: {{ {workspace} }}\n{steps}"));
        assert!(ids.contains(&"too-many-entries"), "{ids:?} {}", &workspace[..40]);
        assert!(size < 1 << 20, "{size} {}", &workspace[..40]);
    }
}

#[test]
fn more_entries_than_a_flow_can_need_are_refused() {
    let huge = 150_000;
    let tags = list(huge, |i| format!("t{i}"));
    let fields = list(huge, |i| format!("t{i}: 1"));
    let form = list(huge, |i| format!("t{i}: text"));
    for flow in [
        format!("steps: [{{ update_contact_tag: {{ add: [{tags}] }} }}]"),
        format!("contact: {{ fields: {{ {fields} }} }}\nsteps: [open_conversation]"),
        format!("contact: {{ tags: [{tags}] }}\nsteps: [open_conversation]"),
        format!("trigger: {{ shortcut: {{ form: {{ {form} }} }} }}\nsteps: [open_conversation]"),
        format!("trigger: {{ contact_tag_updated: {{ added: [{tags}] }} }}\nsteps: [open_conversation]"),
    ] {
        let (ids, size) = ids(&flow);
        assert!(ids.contains(&"too-many-entries"), "{ids:?} {}", &flow[..40]);
        assert!(size < 1 << 20, "{size} {}", &flow[..40]);
    }
    // Spread over many lists it is as much.
    let spread =
        list(90, |step| format!("{{ update_contact_tag: {{ add: [{}] }} }}", list(1_000, |i| format!("t{step}_{i}"))));
    assert!(ids(&format!("steps: [{spread}]")).0.contains(&"too-many-entries"));
}

#[test]
fn findings_list_the_ten_closest_names() {
    let tags = list(9_000, |i| format!("abcdefgh{i}"));
    let used = list(9_000, |i| format!("zzz{i}"));
    let (found, size) =
        ids(&format!("workspace: {{ tags: [{tags}] }}\nsteps: [{{ update_contact_tag: {{ add: [{used}] }} }}]"));
    assert_eq!(found, ["unknown-tag"]);
    // Two thousand findings of a few hundred bytes: a list of every name would be 80 MB.
    assert!(size < 4 << 20, "{size}");
}

#[test]
fn the_largest_lists_that_are_read_play_at_once() {
    let users = list(9_000, |i| format!("{{ id: u{i} }}"));
    let tags = list(9_000, |i| format!("t{i}"));
    let text =
        format!("{HEAD}workspace: {{ users: [{users}] }}\nsteps: [{{ update_contact_tag: {{ add: [{tags}] }} }}]\n");
    let flow = load_text("a.yaml", &text).flow.unwrap();
    let program = std::sync::Arc::new(Program::compile_flow(&flow).unwrap());
    let contact: Contact = program.default_contact().clone();
    let session = Session::start(&program, contact, Instant::from_millis(0).unwrap(), &mut ());
    assert!(session.ended().is_some());
}

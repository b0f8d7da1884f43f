//! Help that leads: what people write by mistake is answered with what they meant, in words that can be copied.

use super::{loaded, with_steps};

/// What is found in a text, as messages with their help.
fn told_of(text: &str) -> String {
    let found = loaded(text).diagnostics;
    found.iter().map(|it| format!("{} => {}\n", it.message, it.help.as_deref().unwrap_or_default())).collect()
}

/// The same, of steps.
fn told(steps: &str) -> String {
    told_of(&with_steps(steps))
}

#[test]
fn parts_of_an_answer_written_as_variables_and_paths_are_turned_into_a_list() {
    let request = |saved: &str| told(&format!("- http_request: {{ url: \"https://a.b/c\", save_response: {saved} }}"));
    let says = "each part that is kept needs its `path` and the `variable` it goes to => write a list: save_response: ";
    assert_eq!(request("{ status: $.status }"), format!("{says}[{{ path: $.status, variable: status }}]\n"));
    assert_eq!(
        request("{ status: $.status, first: \"$.rows[0].id\" }"),
        format!("{says}[{{ path: $.status, variable: status }}, {{ path: '$.rows[0].id', variable: first }}]\n")
    );
}

#[test]
fn a_field_with_its_value_is_told_apart() {
    assert_eq!(
        told("- update_contact_field: { city: Amman }"),
        "`update_contact_field` names the field and its value apart => write it like this: update_contact_field: { field: \
         city, value: Amman }\n"
    );
}

#[test]
fn an_empty_value_of_a_field_is_cleared_with_null() {
    assert_eq!(
        told("- update_contact_field: { field: city, value: \"\" }"),
        "`value` is empty => to clear the field, write `value: null`\n"
    );
}

#[test]
fn a_time_written_as_a_mapping_is_told_as_one_text() {
    assert_eq!(
        told("- wait: { hours: 2 }"),
        "`wait` takes a time as one text, but this is a mapping => write it as one text: 2 hours\n"
    );
    assert!(told("- wait: { days: 1, hours: 12 }").ends_with("write it as one text: 1 day 12 hours\n"));
}

#[test]
fn a_side_branch_that_is_only_a_time_is_told_where_the_time_goes() {
    assert_eq!(
        told("- ask_question: { text: Hi, type: text, timeout_branch: 10 minutes }"),
        "`timeout_branch` needs its steps, but only a time is written here => write the time as `after`: timeout_branch: \
         { after: 10 minutes, steps: [{ send_message: Hello? }] }\n"
    );
}

#[test]
fn a_setting_beside_its_action_is_moved_inside() {
    assert_eq!(
        told("- assign_to: { workspace: true }\n  timeout_branch: [{ id: late, send_message: x }]\n- jump_to: late"),
        "`timeout_branch` stands beside `assign_to`, but is one of its settings => move it inside `assign_to`\n"
    );
}

#[test]
fn a_template_written_as_a_word_gets_its_text_as_body() {
    assert_eq!(
        told("- send_message: { template: welcome, text: Hi there }"),
        "a template is written with its name and its body => write it like this: template: { name: welcome, body: \"Hi \
         there\" }\n"
    );
    assert!(told("- send_message: { template: welcome }").contains("template: { name: welcome, body: \"Hello!\" }"));
    assert!(
        told("- send_message: { template: { name: a, body: b }, text: c }").contains("is its `body`: take `text` out")
    );
}

#[test]
fn the_name_of_a_contact_is_told_in_two_parts() {
    let card = |name: &str| {
        told_of(&format!("version: 1\nname: T\ncontact: {{ name: {name} }}\nsteps: [open_conversation]\n"))
    };
    let says = "a contact has no `name`: it has a first name and a last name => write ";
    assert_eq!(card("Sara Ali"), format!("{says}firstname: Sara, lastname: Ali\n"));
    assert_eq!(card("Sara"), format!("{says}`firstname` and `lastname`\n"));
}

#[test]
fn a_trigger_under_type_is_written_by_its_name() {
    let flow =
        |trigger: &str| told_of(&format!("version: 1\nname: T\ntrigger: {trigger}\nsteps: [open_conversation]\n"));
    let says = "a trigger is written with its name, without `type` => ";
    assert_eq!(
        flow("{ type: conversation_opened }"),
        format!("{says}write it like this: trigger: conversation_opened\n")
    );
    assert_eq!(
        flow("{ type: tag_added, tag: vip }"),
        format!("{says}its settings go under its name, as in trigger: {{ contact_tag_updated: {{ added: [vip] }} }}\n")
    );
    assert!(
        flow("{ type: shortcutt }").starts_with("there is no trigger called `shortcutt` => did you mean `shortcut`?")
    );
}

#[test]
fn a_subject_with_a_word_gets_its_operator() {
    let when = |when: &str| told(&format!("- branch:\n  - {{ when: {{ {when} }}, steps: [open_conversation] }}"));
    let says = "this condition does not say how to compare => write it like this: ";
    assert_eq!(
        when("assignee_status: assigned"),
        format!("{says}assignee_status: {{ is_not_equal_to: unassigned }}\n")
    );
    assert_eq!(when("conversation_status: open"), format!("{says}conversation_status: {{ is_equal_to: open }}\n"));
    assert_eq!(when("tags: vip"), format!("{says}tags: {{ has_any_of: [vip] }}\n"));
    assert_eq!(
        when("assignee_status: { is_equal_to: assigned }"),
        "`assigned` is not a value for `assignee_status` => to ask whether anybody is, write assignee_status: { \
         is_not_equal_to: unassigned }\n"
    );
    assert!(when("field: $contact.city, exists: true").ends_with("write it without the `$`: city\n"));
}

#[test]
fn steps_below_a_branch_whose_arms_all_jump_there_are_told_how_to_stand() {
    let arm = "- branch:\n  - { when: { tags: { exists: true } }, steps: [{ jump_to: a }] }\n";
    let below = "- { id: a, send_message: Hi }";
    let says = "every arm of this branch jumps to `a`, but nothing may stand below a branch => ";
    assert_eq!(
        told(&format!("{arm}{below}")),
        format!("{says}end the branch with `- else: continue`: without it nothing follows a branch\n")
    );
    assert_eq!(
        told(&format!("{arm}  - else: [{{ jump_to: {{ step: a }} }}]\n{below}")),
        format!("{says}write `- else: continue` in the place of the else arm that jumps to `a`\n")
    );
    assert!(
        told(&format!("{arm}  - else: [open_conversation, {{ jump_to: a }}]\n{below}")).contains("into the else arm")
    );
    assert_eq!(told(&format!("{arm}  - else: continue\n{below}")), "");
}

#[test]
fn the_lines_of_a_text_are_told_to_be_indented_deeper() {
    let says = "this text is not indented deeper than the key it belongs to => indent every line of the text by two blanks \
                more than its key\n";
    for steps in [
        "  - send_message: |\n    hello there\n  - open_conversation",
        "  - send_message: >-\n   hello\n   there",
        "  - send_message:\n      text: |\n      hello",
        "  - send_message: |\n    Hello: there\n    more",
    ] {
        assert_eq!(told(steps), says, "{steps}");
    }
}

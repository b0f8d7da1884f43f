//! Nesting, aliases, and files made to be slow.

use super::*;

/// `levels` steps nested in one another, as timeout branches.
fn nested_steps(levels: usize, flow: bool) -> String {
    let mut text = String::from("version: 1\nname: deep\nsteps:");
    if flow {
        for _ in 0..levels {
            text.push_str(" [{ask_question: {text: x, type: text, timeout_branch: {after: 1 day, steps:");
        }
        text.push_str(" []");
        text.push_str(&"}}}]".repeat(levels));
        return text;
    }
    for level in 0..levels {
        let pad = " ".repeat(level * 8 + 2);
        let _ = write!(
            text,
            "\n{pad}- ask_question:\n{pad}    text: x\n{pad}    type: text\n{pad}    timeout_branch:\n{pad}      after: 1 day\n{pad}      steps:"
        );
    }
    text
}

#[test]
fn a_hundred_nested_steps_load_in_block_and_in_flow_style() {
    on_small_stack(|| {
        for flow in [false, true] {
            let parsed = read(&nested_steps(100, flow));
            assert!(parsed.diagnostics.is_empty(), "{:?}", parsed.diagnostics);
            let root = parsed.root.unwrap();
            // What is derived on the tree recurses; it must fit the stack as well.
            let copy = root.clone();
            assert_eq!(copy, root);
        }
    });
}

#[test]
fn the_deepest_tree_there_can_be_is_copied_compared_and_dropped() {
    on_small_stack(|| {
        for text in
            [format!("{}{}", "[".repeat(MAX_DEPTH), "]".repeat(MAX_DEPTH)), "- ".repeat(MAX_DEPTH), "? ".repeat(3)]
        {
            let parsed = read(&text);
            if let Some(root) = parsed.root {
                let copy = root.clone();
                assert_eq!(copy, root);
            }
        }
        let deepest = format!("{}x{}", "{a: ".repeat(MAX_DEPTH), "}".repeat(MAX_DEPTH));
        assert!(read(&deepest).root.is_some());
        let deeper = format!("[{deepest}]");
        assert!(read(&deeper).root.is_none());
    });
}

#[test]
fn ten_thousand_levels_are_a_clear_error_at_once() {
    let maps: String = (0..10_000).fold(String::new(), |mut text, level| {
        let _ = writeln!(text, "{}a:", " ".repeat(level.min(3000)));
        text
    });
    let shapes = [
        "[".repeat(10_000),
        "{a: ".repeat(10_000),
        "- ".repeat(10_000),
        "? ".repeat(10_000),
        "[{".repeat(10_000),
        "- [".repeat(10_000),
        maps,
    ];
    for shape in shapes {
        on_small_stack(move || {
            let parsed = read(&shape);
            assert!(parsed.root.is_none());
            assert!(parsed.diagnostics.iter().any(|finding| finding.severity == Severity::Error), "{}", &shape[..20]);
        });
    }
    assert_snapshot!(brief(&format!("{}{}", "[".repeat(1001), "]".repeat(1001))), @r#"too-deep at "[": flatten the file: `jump_to` and `trigger_workflow` lead elsewhere without nesting"#);
}

#[test]
fn aliases_cannot_nest_deeper_than_the_limit() {
    let half = MAX_DEPTH * 2 / 3;
    let text =
        format!("- &a {}{}\n- {}*a {}\n", "[".repeat(half), "]".repeat(half), "[".repeat(half), "]".repeat(half));
    assert!(read(&text).diagnostics.iter().any(|finding| finding.id == "too-deep"));
}

#[test]
fn alias_bombs_are_refused_at_once() {
    let mut laughs = String::from("a0: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha]\n");
    for level in 1..12 {
        let uses = vec![format!("*a{}", level - 1); 9].join(", ");
        let _ = writeln!(laughs, "a{level}: &a{level} [{uses}]");
    }
    let long = format!("a: &a {}\nb: [{}]\n", "x".repeat(1 << 20), "*a, ".repeat(1000));
    let nested = (0..900).map(|level| format!("{}- &a{level}\n", " ".repeat(level))).collect::<Vec<_>>().concat();
    let nested = format!("{nested}{}", format!("{}- x\n", " ".repeat(900)).repeat(1000));
    for bomb in [laughs.clone(), long] {
        on_small_stack(move || assert!(brief(&bomb).contains("alias-bomb")));
    }
    on_small_stack(move || assert!(read(&nested).root.is_some()));
    assert_snapshot!(findings(&laughs), @"
    error[alias-bomb]: the aliases of this file add up to more than a flow can ever need
     --> a.yaml:6:10
      |
    6 | a5: &a5 [*a4, *a4, *a4, *a4, *a4, *a4, *a4, *a4, *a4]
      |          ^^^ with `*a4` it is too much
      |
      = help: write the values out instead of referring to them with `*name`
    ");
    assert_snapshot!(findings("a: &a [x, *a]\n"), @"
    error[recursive-alias]: `*a` stands inside the very value it refers to
     --> a.yaml:1:11
      |
    1 | a: &a [x, *a]
      |           ^^
      |
      = help: write the inner value out, or use `jump_to` to repeat steps
    ");
}

#[test]
fn findings_of_a_broken_file_are_bounded() {
    let text = "a: 1\n".repeat(50_000);
    assert_eq!(read(&text).diagnostics.len(), MAX_FINDINGS);
}

#[test]
fn a_long_list_in_braces_is_read_in_one_pass() {
    for entry in ["b, ", "b: c, ", "{{x}}, ", "[], "] {
        let text = format!("{{a: x, {}}}", entry.repeat(30_000 / entry.len()));
        let parsed = read(&text);
        assert!(parsed.root.is_some() || !parsed.diagnostics.is_empty(), "{entry}");
    }
}

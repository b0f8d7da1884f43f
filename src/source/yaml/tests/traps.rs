//! The traps of YAML, and what an author is told about each.

use super::*;

#[test]
fn repeated_keys_are_errors_at_both_places() {
    let text = "نص: 🎉\nb: 1\nنص: x\n";
    assert_snapshot!(findings(text), @"
    error[repeated-key]: `نص` stands twice in the same mapping
     --> a.yaml:3:1
      |
    1 | نص: 🎉
      | -- first here
    2 | b: 1
    3 | نص: x
      | ^^ again here
      |
      = help: keep one of the two; for several values, write a list
    ");
    assert_snapshot!(show(&read(text).root.unwrap()), @r#"{"نص": "🎉", "b": "1"}"#);
}

#[test]
fn tags_merge_keys_and_second_documents_are_errors_with_help() {
    assert_snapshot!(findings("a: !Important خبر\nb: !!str 1\nc: &c {d: 1}\ne:\n  <<: *c\n  f: 2\n---\ng: 1\n"), @r#"
    error[yaml-tag]: `!Important` is a YAML tag; tags have no meaning here
     --> a.yaml:1:4
      |
    1 | a: !Important خبر
      |    ^^^^^^^^^^
      |
      = help: remove `!Important`, or put the text in quotes: "!Important خبر"

    error[yaml-tag]: `!!str` is a YAML tag; tags have no meaning here
     --> a.yaml:2:4
      |
    2 | b: !!str 1
      |    ^^^^^
      |
      = help: remove `!!str`

    error[merge-key]: merge keys (`<<`) are not part of the format
     --> a.yaml:5:3
      |
    5 |   <<: *c
      |   ^^
      |
      = help: write the entries out, or refer to one whole value with `*name`

    error[several-documents]: a second document starts here; one file is one document
     --> a.yaml:7:1
      |
    7 | ---
      | ^^^
      |
      = help: remove the line `---`, or move what follows it to a file of its own
    "#);
    let kept = read("a: !Important x\nb: &b {c: 1}\nd: {<<: *b, e: 2}\n").root.unwrap();
    assert_eq!(show(&kept), r#"{"a": "x", "b": {"c": "1"}, "d": {"e": "2"}}"#);
    assert_eq!(tree("---\na: 1\n...\n"), "{\"a\": \"1\"}");
}

#[test]
fn an_empty_file_says_so() {
    assert_snapshot!(findings("# nothing yet\n"), @"
    error[empty-file]: the file is empty
     --> a.yaml:1:1
      |
    1 | # nothing yet
      | ^
      |
      = help: write at least what its kind requires; a flow needs `version`, `name` and `steps`
    ");
    assert_snapshot!(findings(""), @"
    error[empty-file]: the file is empty
    --> a.yaml:1:1
     = help: write at least what its kind requires; a flow needs `version`, `name` and `steps`
    ");
}

#[test]
fn a_text_cut_by_a_comment_is_a_warning() {
    let text = "a: 🎉 نادنا على #4\nb: Ticket #12\nc: Or press # to talk\nd: #4 is yours\n";
    assert_snapshot!(findings(text), @r##"
    warning[cut-by-comment]: this text ends before ` #`: YAML takes the rest as a comment
     --> a.yaml:1:16
      |
    1 | a: 🎉 نادنا على #4
      |                 ^^ not part of the text
      |
      = help: put the text in quotes: "🎉 نادنا على #4"; if a comment is meant, put two blanks before `#`

    warning[cut-by-comment]: this text ends before ` #`: YAML takes the rest as a comment
     --> a.yaml:2:11
      |
    2 | b: Ticket #12
      |           ^^^ not part of the text
      |
      = help: put the text in quotes: "Ticket #12"; if a comment is meant, put two blanks before `#`

    warning[cut-by-comment]: this text ends before ` #`: YAML takes the rest as a comment
     --> a.yaml:3:13
      |
    3 | c: Or press # to talk
      |             ^^^^^^^^^ not part of the text
      |
      = help: put the text in quotes: "Or press # to talk"; if a comment is meant, put two blanks before `#`

    warning[cut-by-comment]: nothing is left of this text: YAML takes ` #` as the start of a comment
     --> a.yaml:4:4
      |
    4 | d: #4 is yours
      |    ^^^^^^^^^^^ not part of the text
      |
      = help: put the text in quotes: "#4 is yours"; if a comment is meant, put two blanks before `#`
    "##);
    assert!(read(text).diagnostics.iter().all(|finding| finding.severity == Severity::Warning));
}

#[test]
fn comments_as_people_write_them_are_no_warning() {
    let text = "version: 1 # required\nversion2: 1 #required\ncontact: ana  # who\ncontact2: ana # who\ntext: Hi there     #todo\n\
                steps: #todo\n  - wait: 4h # a while\n  - \"a b\" # c\n  - [a b] # c\nkey words: #\n  a\n";
    assert_eq!(brief(text), "");
}

#[test]
fn a_text_that_starts_like_yaml_is_told_to_take_quotes() {
    assert_snapshot!(findings("a: 1\ntext: {{$city}} مدينة 🎉\n"), @r#"
    error[needs-quotes]: a text cannot start with `{` without quotes
     --> a.yaml:2:7
      |
    2 | text: {{$city}} مدينة 🎉
      |       ^^^^^^^^^^^^^^^^^^
      |
      = help: put the text in quotes: "{{$city}} مدينة 🎉"
    "#);
    assert_snapshot!(findings("text: {{$city}}\nb: 1\n"), @r#"
    error[needs-quotes]: a text cannot start with `{` without quotes
     --> a.yaml:1:7
      |
    1 | text: {{$city}}
      |       ^^^^^^^^^
      |
      = help: put the text in quotes: "{{$city}}"
    "#);
    assert_snapshot!(findings("- a: *bold* text 🎉\n"), @r#"
    error[needs-quotes]: a text cannot start with `*` without quotes
     --> a.yaml:1:6
      |
    1 | - a: *bold* text 🎉
      |      ^^^^^^^^^^^^^^
      |
      = help: put the text in quotes: "*bold* text 🎉"
    "#);
    assert_snapshot!(findings("- a: @ana مرحبا\n"), @r#"
    error[needs-quotes]: a text cannot start with `@` without quotes
     --> a.yaml:1:6
      |
    1 | - a: @ana مرحبا
      |      ^^^^^^^^^^
      |
      = help: put the text in quotes: "@ana مرحبا"
    "#);
    assert_snapshot!(findings("نص: Note: the office is closed\n"), @r#"
    error[needs-quotes]: a text that holds `: ` needs quotes: YAML takes the colon as the end of a key
     --> a.yaml:1:5
      |
    1 | نص: Note: the office is closed
      |     ^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: put the text in quotes: "Note: the office is closed"
    "#);
    assert_snapshot!(findings("a: { text: Hello, world, and more, type: text }\n"), @r#"
    error[needs-quotes]: the comma ends this text: inside `{…}` it starts the next entry
     --> a.yaml:1:12
      |
    1 | a: { text: Hello, world, and more, type: text }
      |            ^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: put the text in quotes: "Hello, world, and more"
    "#);
    assert_snapshot!(findings("a: &more news\n"), @r#"
    warning[needs-quotes]: `&more` is not part of the text: YAML reads it as an anchor
     --> a.yaml:1:4
      |
    1 | a: &more news
      |    ^^^^^^^^^^
      |
      = help: put the text in quotes: "&more news", or remove `&more`
    "#);
}

#[test]
fn the_rest_of_the_indicators_take_quotes_too() {
    let cases = [
        "a: `code`",
        "a: % off",
        "a: *bold*",
        "a: * item",
        "a: & more",
        "a: > more",
        "a: |more",
        "a: , more",
        "a: ] more",
        "a: [link] more",
        "a: \"Hi\" he said",
        "a: 'don't'",
        "a: - b",
        "a: {text: Note: x}",
        "a: {text: @ana, b: c}",
        "a: {text: {{$city}} is nice}",
        "- {{$city}} is nice",
        "- *bold* x",
        "a: *name",
        "a: !Wow it works",
        "a: \"\\d\"",
        "a: Hello #4\n  you",
        "a: &a x\nb: *a is it",
        "a: {b: 1\nc: 2",
    ];
    let told = cases.map(|case| format!("{case}\n  {}", brief(case))).concat();
    assert_snapshot!(told, @r#"
    a: `code`
      needs-quotes at "`code`": put the text in quotes: "`code`"
    a: % off
      needs-quotes at "% off": put the text in quotes: "% off"
    a: *bold*
      needs-quotes at "*bold*": put the text in quotes: "*bold*"
    a: * item
      needs-quotes at "* item": put the text in quotes: "* item"
    a: & more
      needs-quotes at "& more": put the text in quotes: "& more"
    a: > more
      needs-quotes at "> more": put the text in quotes: "> more"
    a: |more
      needs-quotes at "|more": put the text in quotes: "|more"
    a: , more
      needs-quotes at ", more": put the text in quotes: ", more"
    a: ] more
      needs-quotes at "] more": put the text in quotes: "] more"
    a: [link] more
      needs-quotes at "[link] more": put the text in quotes: "[link] more"
    a: "Hi" he said
      quote-in-text at "he said": write \" for a quote inside double quotes, or put the whole text in single quotes
    a: 'don't'
      quote-in-text at "t'": write '' for an apostrophe inside single quotes, or put the whole text in double quotes
    a: - b
      yaml-syntax at "- b": start the list on the next line; if a text is meant, put the text in quotes: "- b"
    a: {text: Note: x}
      needs-quotes at "Note: x": put the text in quotes: "Note: x"
    a: {text: @ana, b: c}
      needs-quotes at "@ana": put the text in quotes: "@ana"
    a: {text: {{$city}} is nice}
      needs-quotes at "{{$city}} is nice": put the text in quotes: "{{$city}} is nice"
    - {{$city}} is nice
      needs-quotes at "{{$city}} is nice": put the text in quotes: "{{$city}} is nice"
    - *bold* x
      needs-quotes at "*bold* x": put the text in quotes: "*bold* x"
    a: *name
      unknown-alias at "*name": mark the value it should repeat with `&name`; if a text is meant, put the text in quotes: "*name"
    a: !Wow it works
      yaml-tag at "!Wow": remove `!Wow`, or put the text in quotes: "!Wow it works"
    a: "\d"
      unknown-escape at "\"\\d\"": write \\ for a backslash, or put the text in single quotes
    a: Hello #4
      you
      needs-quotes at "Hello #4": put the text in quotes: "Hello #4"
    a: &a x
    b: *a is it
      yaml-syntax at "is it": check the commas, brackets and colons around it; a text that holds such characters belongs in quotes
    a: {b: 1
    c: 2
      unclosed-bracket at "{b: 1": write `}` where it ends; if it is part of a text, put the text in quotes: "{b: 1"
    "#);
    for case in cases {
        assert!(!read(case).diagnostics.is_empty(), "{case}");
    }
}

#[test]
fn a_bare_step_inside_braces_is_no_cut_text() {
    assert_eq!(
        tree("- { id: x, open_conversation }\n- {close_conversation}\n"),
        "[{\"id\": \"x\", \"open_conversation\": -}, {\"close_conversation\": -}]"
    );
}

#[test]
fn a_joined_text_is_taken_as_it_was_meant() {
    assert_eq!(
        show(&read("{ text: Hello, world , type: text }").root.unwrap()),
        "{\"text\": \"Hello, world\", \"type\": \"text\"}"
    );
    assert_eq!(show(&read("a: {{$city}}").root.unwrap()), "{\"a\": \"{{$city}}\"}");
}

#[test]
fn syntax_errors_are_located_and_explained() {
    assert_snapshot!(findings("a:\n\tb: 1\n"), @"
    error[tab-indentation]: there is a tab here; YAML indents with blanks only
     --> a.yaml:2:1
      |
    2 |  b: 1
      | ^
      |
      = help: replace the tab by blanks, two for each level
    ");
    assert_snapshot!(findings("a: \"مرحبا 🎉\nb: 1\n"), @r#"
    error[unclosed-quote]: this quote is never closed: "
     --> a.yaml:1:4
      |
    1 | a: "مرحبا 🎉
      |    ^^^^^^^^^
      |
      = help: write another " where the text ends
    "#);
    assert_snapshot!(findings("a:\n    b: 1\n  c: 2\n"), @"
    error[bad-indentation]: this line is not indented like the ones it belongs to
     --> a.yaml:3:3
      |
    3 |   c: 2
      |   ^^^^
      |
      = help: indent keys of one mapping alike, and start every item of a list with `- ` in the same column
    ");
    assert_snapshot!(findings("a: Hello\n  b: 1\n"), @"
    error[bad-indentation]: this line has become part of the text above it
     --> a.yaml:2:3
      |
    1 | a: Hello
      |    ----- the text starts here
    2 |   b: 1
      |   ^^^^
      |
      = help: indent the line exactly as the keys beside it, or put the whole text in quotes
    ");
    assert_snapshot!(findings("name:Foo\nsteps: []\n"), @"
    error[missing-blank]: a blank is missing behind the colon
     --> a.yaml:1:1
      |
    1 | name:Foo
      | ^^^^^^^^
      |
      = help: write `name: Foo`
    ");
    assert_snapshot!(findings("a: [Yes, No\nb: 1\n"), @r#"
    error[unclosed-bracket]: this `[` is never closed
     --> a.yaml:1:4
      |
    1 | a: [Yes, No
      |    ^^^^^^^^
    2 | b: 1
      | ---- this line is taken as part of it
      |
      = help: write `]` where it ends; if it is part of a text, put the text in quotes: "[Yes, No"
    "#);
    assert_snapshot!(findings("a: {b: c]\n"), @"
    error[unclosed-bracket]: this `{` is closed by `]`
     --> a.yaml:1:4
      |
    1 | a: {b: c]
      |    ^^^^^^
      |
      = help: close it with `}`
    ");
    assert_snapshot!(findings("a: x\n- b\n"), @"
    error[bad-indentation]: this line is not indented like the ones it belongs to
     --> a.yaml:2:1
      |
    2 | - b
      | ^^^
      |
      = help: indent keys of one mapping alike, and start every item of a list with `- ` in the same column
    ");
    assert_snapshot!(findings("a: b\nc\nd: e\n"), @"
    error[yaml-syntax]: a key and a colon are expected here, such as `name: …`
     --> a.yaml:2:1
      |
    2 | c
      | ^
      |
      = help: check the commas, brackets and colons around it; a text that holds such characters belongs in quotes
    ");
    assert_snapshot!(findings("a: {b: 1 c\n"), @r#"
    error[unclosed-bracket]: this `{` is never closed
     --> a.yaml:1:4
      |
    1 | a: {b: 1 c
      |    ^^^^^^^
      |
      = help: write `}` where it ends; if it is part of a text, put the text in quotes: "{b: 1 c"
    "#);
    assert_snapshot!(findings(": x\n? [a]\n: b\n"), @r#"
    error[no-key]: there is a value here but no key before it
     --> a.yaml:1:1
      |
    1 | : x
      | ^^^
      |
      = help: write a key before the colon, or put the text in quotes

    error[needs-quotes]: a key must be a text, not a list or a mapping
     --> a.yaml:2:3
      |
    2 | ? [a]
      |   ^^^
      |
      = help: put the text in quotes: "[a]"
    "#);
}

#[test]
fn texts_without_their_quotes_do_not_hide_what_comes_after() {
    let text = "a: *bold*\nb: @ana\nc: {{$city}} now\nd: Note: x\ne: 1\ne: 2\n";
    let found: Vec<(&str, u32)> =
        read(text).diagnostics.iter().map(|finding| (finding.id, finding.labels[0].span.start)).collect();
    assert_eq!(
        found,
        [("needs-quotes", 3), ("needs-quotes", 13), ("needs-quotes", 21), ("needs-quotes", 38), ("repeated-key", 51)]
    );
    assert!(read(text).root.is_some());
}

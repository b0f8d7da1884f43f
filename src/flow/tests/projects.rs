//! Projects: flows that reach each other, read from folders.

use std::fmt::Write as _;
use std::path::Path;

use super::super::model::{Action, Mock, WorkflowTarget, all_steps};
use super::super::{LoadOptions, LoadedProject, Project, check_files, load_project};
use crate::diagnostic::human;
use crate::lint::{lint_checked, lint_project};
use insta::assert_snapshot;
use tempfile::TempDir;

/// A folder with these files. What is not a whole file is the steps of a flow.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let text = if text.contains("version:") { (*text).to_owned() } else { flow(text) };
        std::fs::write(path, text).unwrap();
    }
    folder
}

fn flow(steps: &str) -> String {
    format!("version: 1\nname: A flow\nsteps: [{steps}]\n")
}

fn load(folder: &TempDir, name: &str) -> LoadedProject {
    let mut loaded = load_project(&folder.path().join(name), &LoadOptions::default()).unwrap();
    lint_project(&mut loaded);
    loaded.diagnostics.retain(|finding| !super::OF_WHOLE_FLOWS.contains(&finding.id));
    loaded
}

/// Findings as people read them, with the folder taken out.
fn shown(folder: &TempDir, text: &str) -> String {
    text.replace(&format!("{}/", folder.path().display()), "")
}

fn findings(folder: &TempDir, name: &str) -> String {
    let loaded = load(folder, name);
    shown(folder, &human::render(&loaded.diagnostics, &loaded.sources, false))
}

fn clean(folder: &TempDir, name: &str) -> Project {
    assert_eq!(findings(folder, name), "");
    load(folder, name).project.unwrap()
}

fn targets(project: &Project, flow: usize) -> Vec<WorkflowTarget> {
    let steps = all_steps(&project.flows[flow].steps);
    let calls = steps.into_iter().filter_map(|step| match &step.action {
        Action::TriggerWorkflow(call) => Some(call.target.clone()),
        _ => None,
    });
    calls.collect()
}

fn names(loaded: &LoadedProject) -> Vec<String> {
    loaded
        .sources
        .iter()
        .map(|(_, file)| Path::new(file.name()).file_name().unwrap().to_str().unwrap().to_owned())
        .collect()
}

const BRANCH: &str = "{ branch: [{ when: { variable: v, exists: true }, steps: [{ trigger_workflow: b.yaml }] }, { else: [{ trigger_workflow: sub/c.yaml }] }] }";

#[test]
fn every_flow_that_is_reached_is_read_once_in_the_order_it_is_reached() {
    let folder = folder(&[
        ("a.yaml", BRANCH),
        ("b.yaml", "{ trigger_workflow: ./sub/../sub/c.yaml }"),
        ("sub/c.yaml", "{ id: here, wait: 1h }, { trigger_workflow: { workflow: d.yaml, step: there } }"),
        ("sub/d.yaml", "{ id: there, wait: 1h }"),
    ]);
    let project = clean(&folder, "a.yaml");
    assert_eq!(project.flows.len(), 4);
    assert_eq!(names(&load(&folder, "a.yaml")), ["a.yaml", "b.yaml", "c.yaml", "d.yaml"]);
    assert_eq!(targets(&project, 0), [WorkflowTarget::Flow(1), WorkflowTarget::Flow(2)]);
    assert_eq!(targets(&project, 1), [WorkflowTarget::Flow(2)]);
    assert_eq!(targets(&project, 2), [WorkflowTarget::Flow(3)]);
}

const WORKSPACE: &str = "version: 1
tags: [vip]
workflows: [{ name: Survey, file: flows/survey.yaml }, { name: Old, external: true }, { name: Gone, file: gone.yaml }]
mocks:
  flows/survey.yaml#lookup: [{ status: 200 }]
  flows/survey.yaml#own: [{ status: 200 }]
  flows/survey.yaml#lokup: [{ status: 200 }]
  flows/elsewhere.yaml#lookup: [{ status: 200 }]
  other.yaml#x: [{ status: 200 }]
";

const SURVEY: &str = "version: 1
name: Survey
steps:
- { id: lookup, http_request: { url: $u } }
- { id: own, http_request: { url: $u } }
mocks: { own: { error: dns } }
";

#[test]
fn a_workspace_names_workflows_and_answers_for_their_steps() {
    let folder = folder(&[
        ("workspace.yaml", WORKSPACE),
        (
            "flows/main.yaml",
            "version: 1\nname: Main\nworkspace: ../workspace.yaml\nsteps: [{ branch: [{ when: { variable: v, exists: true }, steps: [{ trigger_workflow: Old }] }, { else: continue }] }, { trigger_workflow: Survey }]",
        ),
        ("flows/survey.yaml", SURVEY),
        ("other.yaml", "{ wait: 1h }"),
    ]);
    let loaded = load(&folder, "flows/main.yaml");
    let found = shown(&folder, &human::render(&loaded.diagnostics, &loaded.sources, false));
    assert_snapshot!(found, @"
    warning[unknown-mock]: `flows/survey.yaml` has no step with the id `lokup`
     --> flows/../workspace.yaml:7:3
      |
    7 |   flows/survey.yaml#lokup: [{ status: 200 }]
      |   ^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: did you mean `flows/survey.yaml#lookup`?

    warning[unknown-mock]: there is no file `flows/elsewhere.yaml` for this mock
     --> flows/../workspace.yaml:8:3
      |
    8 |   flows/elsewhere.yaml#lookup: [{ status: 200 }]
      |   ^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: write the path relative to the workspace file, then `#` and the id of the step
    ");
    let project = loaded.project.unwrap();
    assert_eq!(targets(&project, 0), [WorkflowTarget::External("Old".into()), WorkflowTarget::Flow(1)]);
    let mocks = &project.flows[1].mocks;
    assert_eq!(mocks.iter().map(|mocks| mocks.step.value.as_str()).collect::<Vec<_>>(), ["own", "lookup"]);
    assert_eq!(mocks[0].answers, [Mock::Error("dns".into())]);
}

#[test]
fn the_workspace_of_the_first_flow_holds_for_all() {
    let folder = folder(&[
        ("one.yaml", "version: 1\ntags: [vip]\n"),
        ("two.yaml", "version: 1\ntags: [lead]\n"),
        ("a.yaml", "version: 1\nname: A\nworkspace: one.yaml\nsteps: [{ trigger_workflow: b.yaml }]"),
        ("b.yaml", "version: 1\nname: B\nworkspace: two.yaml\nsteps: [{ update_contact_tag: { add: vip } }]"),
    ]);
    let project = clean(&folder, "a.yaml");
    assert_eq!(project.flows[1].workspace.tags.as_ref().unwrap(), &["vip"]);
    let options = LoadOptions { workspace: Some(folder.path().join("two.yaml")) };
    let mut loaded = load_project(&folder.path().join("a.yaml"), &options).unwrap();
    lint_project(&mut loaded);
    loaded.diagnostics.retain(|finding| !super::OF_WHOLE_FLOWS.contains(&finding.id));
    assert_eq!(loaded.diagnostics.iter().map(|finding| finding.id).collect::<Vec<_>>(), ["unknown-tag"]);
    assert_eq!(names(&loaded), ["a.yaml", "two.yaml", "b.yaml"]);
}

#[test]
fn what_cannot_be_triggered_is_told_where_it_is_called() {
    let folder = folder(&[
        ("workspace.yaml", WORKSPACE.split_once("mocks").unwrap().0),
        (
            "a.yaml",
            "version: 1
name: A
workspace: workspace.yaml
steps:
- branch:
  - { when: { variable: v, is_equal_to: 1 }, steps: [{ trigger_workflow: tragets/b.yaml }] }
  - { when: { variable: v, is_equal_to: 2 }, steps: [{ trigger_workflow: targets/bb.yaml }] }
  - { when: { variable: v, is_equal_to: 3 }, steps: [{ trigger_workflow: Survy }] }
  - { when: { variable: v, is_equal_to: 4 }, steps: [{ trigger_workflow: Gone }] }
  - { when: { variable: v, is_equal_to: 5 }, steps: [{ trigger_workflow: workspace.yaml }] }
  - { when: { variable: v, is_equal_to: 6 }, steps: [{ trigger_workflow: { workflow: targets/b.yaml, step: stpe } }] }
  - { when: { variable: v, is_equal_to: 7 }, steps: [{ trigger_workflow: targets/broken.yaml }] }
  - { when: { variable: v, is_equal_to: 8 }, steps: [{ trigger_workflow: targets/opened.yaml }] }
  - { when: { variable: v, is_equal_to: 9 }, steps: [{ trigger_workflow: { workflow: targets/b.yaml, step: step } }] }
",
        ),
        ("targets/b.yaml", "{ id: step, wait: 1h }"),
        ("targets/broken.yaml", "{ wiat: 1h }"),
        ("targets/opened.yaml", "version: 1\nname: B\ntrigger: conversation_opened\nsteps: [{ wait: 1h }]"),
    ]);
    assert!(load(&folder, "a.yaml").project.is_none());
    assert_snapshot!(findings(&folder, "a.yaml"), @"
    error[missing-workflow]: the workflow `tragets/b.yaml` cannot be read: there is no file `tragets/b.yaml`; check the path
     --> a.yaml:6:74
      |
    6 |   - { when: { variable: v, is_equal_to: 1 }, steps: [{ trigger_workflow: tragets/b.yaml }] }
      |                                                                          ^^^^^^^^^^^^^^
      |
      = help: a path is taken relative to this file. List a workflow that lives only on the platform in the workspace: workflows: [{ name: …, external: true }]

    error[missing-workflow]: the workflow `targets/bb.yaml` cannot be read: there is no file `targets/bb.yaml`; check the path
     --> a.yaml:7:74
      |
    7 |   - { when: { variable: v, is_equal_to: 2 }, steps: [{ trigger_workflow: targets/bb.yaml }] }
      |                                                                          ^^^^^^^^^^^^^^^
      |
      = help: did you mean `targets/b.yaml`?

    error[missing-workflow]: the workflow `Survy` cannot be read: there is no file `Survy`; check the path
     --> a.yaml:8:74
      |
    8 |   - { when: { variable: v, is_equal_to: 3 }, steps: [{ trigger_workflow: Survy }] }
      |                                                                          ^^^^^
      |
      = help: did you mean `Survey`?

    error[missing-workflow]: the workflow `Gone` cannot be read: there is no file `gone.yaml`; check the path
     --> a.yaml:9:74
      |
    9 |   - { when: { variable: v, is_equal_to: 4 }, steps: [{ trigger_workflow: Gone }] }
      |                                                                          ^^^^
      |
     ::: workspace.yaml:3:89
      |
    3 | workflows: [{ name: Survey, file: flows/survey.yaml }, { name: Old, external: true }, { name: Gone, file: gone.ya...
      |                                                                                         ^^^^ listed here
      |
      = help: mend the path in the workspace; it is taken relative to the workspace file

    error[not-a-flow]: `workspace.yaml` is no flow: it has no `steps`
      --> a.yaml:10:74
       |
    10 |   - { when: { variable: v, is_equal_to: 5 }, steps: [{ trigger_workflow: workspace.yaml }] }
       |                                                                          ^^^^^^^^^^^^^^
       |
       = help: name the file of a flow, or a workflow that the workspace lists under `workflows`

    error[unknown-step-id]: `targets/b.yaml` has no step with the id `stpe`
      --> a.yaml:11:108
       |
    11 | ...trigger_workflow: { workflow: targets/b.yaml, step: stpe } }] }
       |                                                        ^^^^
       |
       = help: did you mean `step`? possible here: `step`

    error[broken-workflow]: the workflow `targets/broken.yaml` has errors of its own
      --> a.yaml:12:74
       |
    12 |   - { when: { variable: v, is_equal_to: 7 }, steps: [{ trigger_workflow: targets/broken.yaml }] }
       |                                                                          ^^^^^^^^^^^^^^^^^^^
       |
       = help: mend the errors in targets/broken.yaml

    warning[trigger-not-manual]: the trigger of `targets/opened.yaml` is conversation_opened: the product starts only manual ones
      --> a.yaml:13:74
       |
    13 |   - { when: { variable: v, is_equal_to: 8 }, steps: [{ trigger_workflow: targets/opened.yaml }] }
       |                                                                          ^^^^^^^^^^^^^^^^^^^
       |
       = help: write `trigger: manual` in targets/opened.yaml

    error[unknown-step]: there is no step called `wiat`
     --> targets/broken.yaml:3:11
      |
    3 | steps: [{ wiat: 1h }]
      |           ^^^^
      |
      = help: did you mean `wait`? possible here: `send_message`, `ask_question`, `assign_to`, `branch`, `update_contact_tag`, `update_contact_field`, `open_conversation`, `close_conversation`, `add_comment`, `jump_to`, `wait`, `trigger_workflow`, `date_time`, `http_request`, `add_google_sheets_row`, `respond_with_ai`, `update_lifecycle`
    ");
}

#[test]
fn a_flow_that_is_not_there_is_wrong_usage() {
    let folder = folder(&[("workspace.yaml", "version: 1\ntags: [vip]\n")]);
    assert!(load_project(&folder.path().join("a.yaml"), &LoadOptions::default()).is_err());
    assert!(check_files(&[folder.path().join("a.yaml")]).is_err());
    let loaded = load(&folder, "workspace.yaml");
    assert!(loaded.project.is_none());
    assert_eq!(loaded.diagnostics[0].id, "not-a-flow");
}

#[test]
fn loops_that_never_wait_are_errors() {
    let itself = folder(&[("a.yaml", "{ send_message: Hi }, { trigger_workflow: a.yaml }")]);
    assert_snapshot!(findings(&itself, "a.yaml"), @"
    error[workflow-loop]: these workflows trigger each other for ever without waiting for anything: a.yaml → a.yaml
     --> a.yaml:3:51
      |
    3 | steps: [{ send_message: Hi }, { trigger_workflow: a.yaml }]
      |                                                   ^^^^^^
      |
      = help: put a question or a `wait` into one of them, or end one without the trigger
    ");
    let three = folder(&[
        (
            "a.yaml",
            "{ date_time: { business_hours: { mon: 09:00-17:00 }, failure_branch: [{ trigger_workflow: b.yaml }] } }",
        ),
        ("b.yaml", "{ assign_to: { user: ana } }, { trigger_workflow: { workflow: c.yaml, step: in } }"),
        ("c.yaml", "{ wait: 1h }, { id: in, trigger_workflow: b.yaml }"),
    ]);
    assert_snapshot!(findings(&three, "a.yaml"), @"
    error[workflow-loop]: these workflows trigger each other for ever without waiting for anything: b.yaml → c.yaml#in → b.yaml
     --> c.yaml:3:51
      |
    3 | steps: [{ wait: 1h }, { id: in, trigger_workflow: b.yaml }]
      |                                                   ^^^^^^
      |
      = help: put a question or a `wait` into one of them, or end one without the trigger
    ");
    // A jump leads past the wait.
    let jump = folder(&[("a.yaml", "{ jump_to: end }, { wait: 1h }, { id: end, trigger_workflow: a.yaml }")]);
    assert_eq!(load(&jump, "a.yaml").diagnostics[0].id, "workflow-loop");
}

#[test]
fn loops_that_wait_are_warnings() {
    for waiting in [
        "{ wait: 1h }",
        "{ ask_question: { text: Hi, type: text } }",
        "{ assign_to: { team: Sales } }",
        "{ http_request: { url: $u } }",
        "{ respond_with_ai: { objective: answer_questions } }",
    ] {
        let folder = folder(&[
            ("a.yaml", "{ trigger_workflow: b.yaml }"),
            ("b.yaml", &format!("{waiting}, {{ trigger_workflow: a.yaml }}")),
        ]);
        let loaded = load(&folder, "a.yaml");
        let ids: Vec<_> = loaded.diagnostics.iter().map(|finding| finding.id).collect();
        assert_eq!(ids, ["workflow-loop-waits"], "{waiting}");
        assert!(loaded.diagnostics[0].message.contains("a.yaml → b.yaml → a.yaml"), "{:?}", loaded.diagnostics);
        assert_eq!(loaded.project.unwrap().flows.len(), 2);
    }
}

#[test]
fn what_can_never_go_round_is_no_loop() {
    let folder = folder(&[
        ("a.yaml", "{ id: first, trigger_workflow: b.yaml }"),
        (
            "b.yaml",
            "{ wait: 1h }, { branch: [{ when: { variable: v, exists: true }, steps: [{ trigger_workflow: { workflow: c.yaml, step: end } }] }] }",
        ),
        // Entered at its end, it does not come to the trigger.
        (
            "c.yaml",
            "{ branch: [{ when: { variable: v, exists: true }, steps: [{ trigger_workflow: a.yaml }] }, { else: continue }] }, { id: end, wait: 1h }",
        ),
    ]);
    assert_eq!(findings(&folder, "a.yaml"), "");
    assert_eq!(findings(&folder, "c.yaml"), "");
}

#[test]
fn each_loop_is_told_once_whoever_is_checked() {
    let folder = folder(&[
        ("a.yaml", "{ trigger_workflow: b.yaml }"),
        ("b.yaml", "{ trigger_workflow: c.yaml }"),
        ("c.yaml", "{ trigger_workflow: a.yaml }"),
        ("d.yaml", "{ trigger_workflow: a.yaml }"),
    ]);
    let files: Vec<_> = ["d.yaml", "c.yaml", "b.yaml", "a.yaml"].iter().map(|name| folder.path().join(name)).collect();
    let mut checked = check_files(&files).unwrap();
    lint_checked(&mut checked);
    checked.diagnostics.retain(|finding| !super::OF_WHOLE_FLOWS.contains(&finding.id));
    let messages: Vec<_> = checked.diagnostics.iter().map(|finding| finding.message.as_str()).collect();
    assert_eq!(
        messages,
        ["these workflows trigger each other for ever without waiting for anything: c.yaml → a.yaml → b.yaml → c.yaml"]
    );
    assert_eq!(checked.sources.iter().count(), 4);
}

#[test]
fn a_folder_is_read_once_for_each_workspace() {
    let folder = folder(&[
        ("one.yaml", "version: 1\ntags: [vip, VIP]\nusers: [{ id: a, id: b }]\n"),
        ("two.yaml", "version: 1\ntags: [lead]\n"),
        ("a.yaml", "version: 1\nname: A\nworkspace: one.yaml\nsteps: [{ trigger_workflow: b.yaml }]"),
        ("b.yaml", "version: 1\nname: B\nworkspace: ./one.yaml\nsteps: [{ update_contact_tag: { add: vpi } }]"),
        ("c.yaml", "version: 1\nname: C\nworkspace: two.yaml\nsteps: [{ trigger_workflow: b.yaml }]"),
        ("d.yaml", "version: 1\nname: D\nworkspace: { tags: [x] }\nsteps: [{ update_contact_tag: { add: y } }]"),
        ("e.yaml", "version: 1\nname: E\nworkspace: nowhere.yaml\nsteps: [{ update_contact_tag: { add: y } }]"),
    ]);
    let files = ["a.yaml", "b.yaml", "c.yaml", "d.yaml", "e.yaml", "one.yaml", "./a.yaml"];
    let files: Vec<_> = files.iter().map(|name| folder.path().join(name)).collect();
    let mut checked = check_files(&files).unwrap();
    lint_checked(&mut checked);
    checked.diagnostics.retain(|finding| !super::OF_WHOLE_FLOWS.contains(&finding.id));
    assert_eq!(checked.sources.iter().count(), 7);
    assert_snapshot!(shown(&folder, &human::render(&checked.diagnostics, &checked.sources, false)), @"
    error[repeated-key]: `id` stands twice in the same mapping
     --> one.yaml:3:18
      |
    3 | users: [{ id: a, id: b }]
      |           --     ^^ again here
      |           |
      |           first here
      |
      = help: keep one of the two; for several values, write a list

    warning[unknown-tag]: the workspace has no tag `vpi`
     --> b.yaml:4:38
      |
    4 | steps: [{ update_contact_tag: { add: vpi } }]
      |                                      ^^^
      |
      = help: did you mean `vip`? If not, add `vpi` to the workspace's list

    warning[unknown-tag]: the workspace has no tag `y`
     --> d.yaml:4:38
      |
    4 | steps: [{ update_contact_tag: { add: y } }]
      |                                      ^
      |
      = help: add it to the workspace's list, or use one of those: `x`

    error[missing-workspace]: the workspace file `nowhere.yaml` cannot be read: there is no file `nowhere.yaml`; check the path
     --> e.yaml:3:12
      |
    3 | workspace: nowhere.yaml
      |            ^^^^^^^^^^^^
      |
      = help: A path is taken relative to this file.
    ");
}

#[test]
fn workflows_that_all_trigger_each_other_are_told_in_a_moment() {
    let count = 60;
    let folder = tempfile::tempdir().unwrap();
    for from in 0..count {
        let mut text = String::from("version: 1\nname: A\nsteps:\n");
        for to in (0..count).step_by(7) {
            let _ = writeln!(
                text,
                "- branch: [{{ when: {{ variable: v, is_equal_to: {to} }}, steps: [{{ trigger_workflow: f{to}.yaml }}] }}, {{ else: continue }}]"
            );
        }
        std::fs::write(folder.path().join(format!("f{from}.yaml")), text + "- wait: 1h\n").unwrap();
    }
    let files: Vec<_> = (0..count).map(|number| folder.path().join(format!("f{number}.yaml"))).collect();
    let checked = check_files(&files).unwrap();
    let loops = checked.diagnostics.iter().filter(|finding| finding.id == "workflow-loop").count();
    // Nine flows trigger themselves and each other in pairs.
    assert_eq!(loops, 9 + 9 * 8 / 2);
}

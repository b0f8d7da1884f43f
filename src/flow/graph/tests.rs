//! Graphs of small flows, and labels that would break the formats.

use super::*;
use crate::flow::load::{LoadOptions, load_text};
use crate::flow::{Project, load_project};
use proptest::prelude::*;

fn of(steps: &str) -> Drawing {
    Drawing::from(graph(
        &load_text("g.yaml", &format!("version: 1\nname: 'A \"graph\" [x]'\nsteps:\n{steps}")).flow.unwrap(),
    ))
}

const MENU: &str = "
  - id: menu
    ask_question:
      text: Tea or coffee?
      type: multiple_choice
      options: [Tea, Coffee]
      timeout_branch: { after: 1 hour }
      failure_branch: [{ send_message: Please choose }, { jump_to: { step: menu, max_jumps: 1 } }]
  - branch:
      - { name: Tea, when: { variable: x, is_equal_to: Tea }, steps: [{ send_message: 'Tea; \"hot\"' }] }
      - else: continue
  - jump_to: menu
  - wait: 1 day
";

#[test]
fn a_flow_becomes_a_mermaid_flowchart() {
    insta::assert_snapshot!(mermaid(&of(MENU)), @r##"
    flowchart TD
      subgraph f0["A #34;graph#34; #91;x#93;"]
        f0n0(["started by hand"])
        f0n1[/"Ask: Tea or coffee?"/]
        f0n2["Send: Please choose"]
        f0n3{"branch"}
        f0n4["Send: Tea#59; #34;hot#34;"]
        f0n5["jump to"]
        f0n6["Wait 1 day"]
        f0n7(["the workflow ends"])
        f0n0 --> f0n1
        f0n1 -->|"no answer in 1 hour"| f0n7
        f0n1 -->|"fails"| f0n2
        f0n2 -.->|"once"| f0n1
        f0n1 --> f0n3
        f0n3 -->|"Tea"| f0n4
        f0n3 -->|"Else"| f0n5
        f0n5 -.->|"up to 10 times"| f0n1
        f0n5 -->|"then"| f0n6
      end
    "##);
}

#[test]
fn a_flow_becomes_a_dot_digraph() {
    insta::assert_snapshot!(dot(&of("  - send_message: 'a \\ \"b\"'\n")), @r#"
    digraph flows {
      node [fontname="sans-serif", shape=box, style=rounded];
      edge [fontname="sans-serif", fontsize=10];
      subgraph cluster_0 {
        label="A \"graph\" [x]";
        f0n0 [label="started by hand", shape=oval];
        f0n1 [label="Send: a \\ \"b\""];
        f0n0 -> f0n1 [label=""];
      }
    }
    "#);
}

#[test]
fn every_edge_of_a_shipped_flow_joins_two_nodes_and_every_step_is_reached() {
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/flows")).unwrap() {
        let loaded = crate::flow::load::check_file(&entry.unwrap().path()).unwrap();
        let Some(flow) = loaded.flow else { continue };
        let graph = graph(&flow);
        for edge in &graph.edges {
            assert!(edge.from < graph.nodes.len() && edge.to < graph.nodes.len(), "{edge:?}");
        }
        for node in 1..graph.nodes.len() {
            assert!(graph.edges.iter().any(|edge| edge.to == node), "{}: {:?}", graph.name, graph.nodes[node]);
        }
    }
}

const SURVEY: &str = "version: 1
name: Main
workspace: { workflows: [{ name: Elsewhere, external: true }] }
steps:
- assign_to: { team: Sales, timeout_branch: { after: 1 hour } }
- id: ask
  http_request: { method: POST, url: https://example.com/orders, failure_branch: [{ trigger_workflow: { workflow: b.yaml, step: menu } }] }
- add_google_sheets_row: { spreadsheet: Leads, sheet: S, row: { A: b } }
- respond_with_ai:
    objective: collect_information
    collect: [{ variable: budget }]
    speak_to_human_branch: [{ assign_to: { user: ana } }, { assign_to: nobody }]
    unable_branch: [{ assign_to: { workspace: true } }]
    idle_branch: [{ trigger_workflow: { workflow: Elsewhere, step: x } }]
    failure_branch: [{ unknown_step: { type: snooze } }]
- trigger_workflow: b.yaml
";

fn pair() -> Project {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.yaml"), SURVEY).unwrap();
    let other = "version: 1\nname: Other\nsteps: [{ wait: 1h }, { id: menu, trigger_workflow: a.yaml }]\n";
    std::fs::write(folder.path().join("b.yaml"), other).unwrap();
    let loaded = load_project(&folder.path().join("a.yaml"), &LoadOptions::default()).unwrap();
    loaded.project.unwrap_or_else(|| panic!("{:?}", loaded.diagnostics))
}

#[test]
fn flows_that_trigger_each_other_are_drawn_together() {
    let project = pair();
    insta::assert_snapshot!(mermaid(&super::project(&project)), @r#"
    flowchart TD
      subgraph f0["Main"]
        f0n0(["started by hand"])
        f0n1["Assign to team Sales"]
        f0n2["POST https://example.com/orders"]
        f0n3["Trigger: b.yaml"]
        f0n4["Add a row to Leads"]
        f0n5[/"AI: collect information"/]
        f0n6["Assign to ana"]
        f0n7["Take the assignee away"]
        f0n8["Assign to somebody"]
        f0n9["Trigger: Elsewhere"]
        f0n10["unknown step: snooze"]
        f0n11["Trigger: b.yaml"]
        f0n12(["the workflow ends"])
        f0n0 --> f0n1
        f0n1 -->|"nobody in 1 hour"| f0n12
        f0n1 --> f0n2
        f0n2 -->|"no response"| f0n3
        f0n2 --> f0n4
        f0n4 --> f0n5
        f0n5 -->|"wants a human"| f0n6
        f0n6 --> f0n7
        f0n5 -->|"cannot answer"| f0n8
        f0n5 -->|"silent for 7 days"| f0n9
        f0n5 -->|"fails"| f0n10
        f0n5 --> f0n11
      end
      subgraph f1["Other"]
        f1n0(["started by hand"])
        f1n1["Wait 1 hour"]
        f1n2["Trigger: a.yaml"]
        f1n0 --> f1n1
        f1n1 --> f1n2
      end
      x0[["Elsewhere"]]
      f0n3 -.->|"triggers"| f1n2
      f0n9 -.->|"triggers, at x"| x0
      f0n11 -.->|"triggers"| f1n0
      f1n2 -.->|"triggers"| f0n0
    "#);
    insta::assert_snapshot!(dot(&super::project(&project)).lines().rev().take(8).collect::<Vec<_>>().join("\n"), @r#"
    }
      f1n2 -> f0n0 [label="triggers", style=dashed];
      f0n11 -> f1n0 [label="triggers", style=dashed];
      f0n9 -> x0 [label="triggers, at x", style=dashed];
      f0n3 -> f1n2 [label="triggers", style=dashed];
      x0 [label="Elsewhere", shape=box3d];
      }
        f1n1 -> f1n2 [label=""];
    "#);
}

#[test]
fn a_flow_on_its_own_shows_the_others_as_one_node_each() {
    let project = pair();
    let alone = drawing(&[&project.flows[0]], |_, call| Lead::Elsewhere(call.workflow.value.clone()));
    assert_eq!(alone.outside, ["b.yaml", "Elsewhere"]);
    let ends: Vec<End> = alone.links.iter().map(|link| link.to).collect();
    assert_eq!(ends, [End::Outside(0), End::Outside(1), End::Outside(0)]);
    assert_eq!(alone.links[0].label, "triggers, at menu");
}

proptest! {
    #[test]
    fn labels_never_leave_their_quotes(text in "\\PC{1,60}") {
        let node = |label: &str| Node { label: label.to_owned(), shape: Shape::Choice };
        let graph = Graph { name: text.clone(), nodes: vec![node(&text), node(&text)], edges: vec![Edge { from: 0, to: 1, label: text.clone(), jump: true }] };
        let link = |to| Link { from: (0, 1), to, label: text.clone() };
        let drawing = Drawing { graphs: vec![graph], outside: vec![text.clone()], links: vec![link(End::Outside(0)), link(End::Node(0, 0))] };
        let quotes = |line: &str| line.replace("\\\\", "").replace("\\\"", "").matches('"').count();
        for line in dot(&drawing).lines() {
            prop_assert!(quotes(line) % 2 == 0 && quotes(line) <= 2 + 2 * line.matches("fontname").count(), "{}", line);
        }
        for line in mermaid(&drawing).lines() {
            prop_assert!(matches!(line.matches('"').count(), 0 | 2), "{}", line);
        }
    }
}

//! Graphs of small flows, and labels that would break the formats.

use super::*;
use crate::flow::load::load_text;
use proptest::prelude::*;

fn of(steps: &str) -> Graph {
    graph(&load_text("g.yaml", &format!("version: 1\nname: 'A \"graph\" [x]'\nsteps:\n{steps}")).flow.unwrap())
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
    insta::assert_snapshot!(mermaid(&[of(MENU)]), @r##"
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
    insta::assert_snapshot!(dot(&[of("  - send_message: 'a \\ \"b\"'\n")]), @r#"
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

proptest! {
    #[test]
    fn labels_never_leave_their_quotes(text in "\\PC{1,60}") {
        let node = |label: &str| Node { label: label.to_owned(), shape: Shape::Choice };
        let graph = Graph { name: text.clone(), nodes: vec![node(&text), node(&text)], edges: vec![Edge { from: 0, to: 1, label: text, jump: true }] };
        let quotes = |line: &str| line.replace("\\\\", "").replace("\\\"", "").matches('"').count();
        for line in dot(std::slice::from_ref(&graph)).lines() {
            prop_assert!(quotes(line) % 2 == 0 && quotes(line) <= 2 + 2 * line.matches("fontname").count(), "{}", line);
        }
        for line in mermaid(&[graph]).lines() {
            prop_assert!(matches!(line.matches('"').count(), 0 | 2), "{}", line);
        }
    }
}

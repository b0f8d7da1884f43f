//! Workflows that trigger each other in a circle.
//!
//! The product refuses to publish what it sees as a loop. Here a loop that can go round without waiting for anything is an error, because a
//! run in it never rests; one that waits on its way is a warning.

use std::collections::{HashMap, HashSet, VecDeque};
use std::path::Path;

use super::super::model::{TriggerWorkflow, WorkflowTarget};
use super::library::Entry;
use super::reach::Ways;
use crate::diagnostic::Diagnostic;

/// Loops that are told at most, of each kind (our choice): workflows that all trigger each other have more than anybody can count.
const MOST_LOOPS: usize = 50;

/// A flow, entered at its start or at a step.
type Node<'f> = (usize, Option<&'f str>);

/// A trigger that can be reached from a node.
struct Edge<'f> {
    from: usize,
    to: usize,
    call: &'f TriggerWorkflow,
    /// Whether it can be reached without waiting.
    at_once: bool,
    /// Whether it can be reached without waiting for anything but the outside world.
    calls: bool,
}

#[derive(Default)]
struct Graph<'f> {
    nodes: Vec<Node<'f>>,
    edges: Vec<Edge<'f>>,
    /// For each node its edges.
    out: Vec<Vec<usize>>,
}

/// The findings about every loop.
pub(super) fn find(entries: &[Entry]) -> Vec<Diagnostic> {
    let graph = graph(entries);
    let circles = graph.circles();
    let mut told: HashSet<Vec<usize>> = HashSet::new();
    let mut findings = Vec::new();
    for at_once in [true, false] {
        let before = told.len();
        for (number, edge) in graph.edges.iter().enumerate().filter(|(_, edge)| edge.at_once == at_once) {
            if told.len() - before >= MOST_LOOPS {
                break;
            }
            if circles.get(edge.from) != circles.get(edge.to) {
                continue;
            }
            let Some(back) = graph.shortest(edge.to, edge.from, at_once) else { continue };
            let mut ring = vec![number];
            ring.extend(back);
            graph.turn(&mut ring);
            if told.insert(ring.clone()) {
                findings.extend(graph.finding(entries, &ring, at_once));
            }
        }
    }
    findings
}

/// Every flow as it is entered, from the starts of those that were asked for.
fn graph(entries: &[Entry]) -> Graph<'_> {
    let ways: Vec<Option<Ways<'_>>> =
        entries.iter().map(|entry| entry.flow.as_ref().filter(|_| !entry.broken).map(Ways::new)).collect();
    let mut graph = Graph::default();
    graph.nodes.extend(entries.iter().zip(0..).filter(|(entry, _)| entry.asked).map(|(_, flow)| (flow, None)));
    let mut places: HashMap<Node<'_>, usize> = graph.nodes.iter().copied().zip(0..).collect();
    let mut from = 0;
    while let Some((flow, entry)) = graph.nodes.get(from).copied() {
        let mut out = Vec::new();
        let reached = ways.get(flow).and_then(Option::as_ref).map(|ways| ways.triggers(entry)).unwrap_or_default();
        for reached in reached {
            let WorkflowTarget::Flow(target) = reached.call.target else { continue };
            let node = (target, reached.call.step.as_ref().map(|step| step.value.as_str()));
            let to = *places.entry(node).or_insert_with(|| {
                graph.nodes.push(node);
                graph.nodes.len() - 1
            });
            out.push(graph.edges.len());
            graph.edges.push(Edge { from, to, call: reached.call, at_once: reached.at_once, calls: reached.calls });
        }
        graph.out.push(out);
        from += 1;
    }
    graph
}

impl Graph<'_> {
    fn out(&self, node: usize) -> impl Iterator<Item = (usize, &Edge<'_>)> {
        let edges = self.out.get(node).into_iter().flatten();
        edges.filter_map(|number| Some((*number, self.edges.get(*number)?)))
    }

    /// For each node the number of its circle: two nodes lead to each other if and only if they have the same (Kosaraju).
    fn circles(&self) -> Vec<usize> {
        let mut into: Vec<Vec<usize>> = vec![Vec::new(); self.nodes.len()];
        for edge in &self.edges {
            if let Some(into) = into.get_mut(edge.to) {
                into.push(edge.from);
            }
        }
        let mut done = Vec::with_capacity(self.nodes.len());
        let mut seen = vec![false; self.nodes.len()];
        for start in 0..self.nodes.len() {
            // A node comes twice: when it is entered, and when all behind it is done.
            let mut open = vec![(start, false)];
            while let Some((node, left)) = open.pop() {
                if left {
                    done.push(node);
                } else if seen.get_mut(node).is_some_and(|seen| !std::mem::replace(seen, true)) {
                    open.push((node, true));
                    open.extend(self.out(node).map(|(_, edge)| (edge.to, false)));
                }
            }
        }
        let mut circles = vec![usize::MAX; self.nodes.len()];
        for start in done.into_iter().rev() {
            let mut open = vec![start];
            while let Some(node) = open.pop() {
                let Some(circle) = circles.get_mut(node).filter(|circle| **circle == usize::MAX) else { continue };
                *circle = start;
                open.extend(into.get(node).into_iter().flatten());
            }
        }
        circles
    }

    /// The edges of a shortest way; when asked for, only those without waiting.
    fn shortest(&self, from: usize, to: usize, at_once: bool) -> Option<Vec<usize>> {
        let mut came: HashMap<usize, Option<usize>> = HashMap::from([(from, None)]);
        let mut open = VecDeque::from([from]);
        while let Some(node) = open.pop_front() {
            if node == to {
                break;
            }
            for (number, edge) in self.out(node).filter(|(_, edge)| edge.at_once || !at_once) {
                came.entry(edge.to).or_insert_with(|| {
                    open.push_back(edge.to);
                    Some(number)
                });
            }
        }
        let mut way = Vec::new();
        let mut node = to;
        while let Some(number) = came.get(&node)? {
            way.push(*number);
            node = self.edges.get(*number)?.from;
        }
        way.reverse();
        Some(way)
    }

    /// Turns a ring of edges so that it starts at its first flow.
    fn turn(&self, ring: &mut [usize]) {
        let starts = ring.iter().enumerate();
        let first = starts.min_by_key(|(_, number)| self.edges.get(**number).map(|edge| edge.from)).map(|(at, _)| at);
        ring.rotate_left(first.unwrap_or_default());
    }

    /// The finding about a ring, at the trigger that closes it.
    fn finding(&self, entries: &[Entry], ring: &[usize], at_once: bool) -> Option<Diagnostic> {
        let first = self.edges.get(*ring.first()?)?;
        let last = self.edges.get(*ring.last()?)?;
        let folder = entries.first()?.path.parent().unwrap_or(Path::new(""));
        let shown = |node: usize| {
            let (flow, step) = self.nodes.get(node)?;
            let path = &entries.get(*flow)?.path;
            let path = path.strip_prefix(folder).unwrap_or(path).display();
            Some(step.map_or_else(|| path.to_string(), |step| format!("{path}#{step}")))
        };
        let names: Option<Vec<String>> =
            ring.iter().map(|number| shown(self.edges.get(*number)?.from)).chain([shown(first.from)]).collect();
        let way = names?.join(" → ");
        let file = entries.get(self.nodes.get(last.from)?.0)?.file;
        let span = last.call.workflow.span;
        Some(if at_once {
            let message = format!("these workflows trigger each other for ever without waiting for anything: {way}");
            let help = "put a question or a `wait` into one of them, or end one without the trigger";
            Diagnostic::error("workflow-loop", file, span, message).help(help)
        } else if ring.iter().all(|edge| self.edges.get(*edge).is_some_and(|edge| edge.calls)) {
            let message =
                format!("these workflows trigger each other in a circle that waits for the outside world only: {way}");
            let help = "with --live-http or --ai-endpoint it would call out for real again and again, and stops after 100 \
                        requests; put a question or a `wait` into it";
            Diagnostic::warning("workflow-loop-waits", file, span, message).help(help)
        } else {
            let message = format!("these workflows trigger each other in a circle: {way}");
            let help = "each round waits for something, so it can run; make sure that a contact gets out of it";
            Diagnostic::warning("workflow-loop-waits", file, span, message).help(help)
        })
    }
}

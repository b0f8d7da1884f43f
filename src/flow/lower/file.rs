//! A whole file: the keys of a flow, of a workspace file, of a contact file.

use super::mapping::Fields;
use super::value::Value;
use super::workspace::{OWN_KEYS, has_key};
use super::{Lowering, quoted};
use crate::flow::model::{ContactChoice, Flow, Spanned, Trigger};
use crate::flow::workspace::{ContactCard, Workspace};
use crate::source::{Node, NodeKind, Span};

const FLOW_EXAMPLE: &str = "version: 1, name: My flow, steps: [...]";

/// A flow's mapping before its workspace is known.
pub(in crate::flow) struct FlowParts<'n> {
    fields: Fields<'n>,
    workspace: Option<Value<'n>>,
}

/// Where a flow says its workspace is.
pub(in crate::flow) enum WorkspaceChoice {
    /// It says nothing.
    BuiltIn,
    /// A path relative to the flow's file.
    Path(Spanned<String>),
    /// Written down in the flow; `None` when it has errors.
    Inline(Option<Box<Workspace>>),
}

impl FlowParts<'_> {
    /// Whether the flow says anything about its workspace.
    pub(in crate::flow) fn choice(&self, low: &mut Lowering<'_>) -> WorkspaceChoice {
        match self.workspace {
            None => WorkspaceChoice::BuiltIn,
            Some(value) => match value.node.kind {
                NodeKind::Map(_) => WorkspaceChoice::Inline(low.workspace_mapping(value).map(Box::new)),
                _ => low.spanned(value, "`workspace`").map_or(WorkspaceChoice::Inline(None), WorkspaceChoice::Path),
            },
        }
    }
}

impl Lowering<'_> {
    /// Opens the mapping of a flow file.
    pub(in crate::flow) fn open_flow<'n>(&mut self, root: &'n Node) -> Option<FlowParts<'n>> {
        let mut fields = self.root(root, "a flow", FLOW_EXAMPLE)?;
        let workspace = fields.take("workspace");
        Some(FlowParts { fields, workspace })
    }

    /// Reads a flow, whose workspace must be in place. What comes back is only of use when no error was found.
    pub(in crate::flow) fn flow(&mut self, parts: FlowParts<'_>) -> Option<Flow> {
        let FlowParts { mut fields, .. } = parts;
        if let Some(version) = fields.require(self, "version") {
            self.version(version);
        }
        let name = fields.require(self, "name").and_then(|name| self.text(name, "`name`")).map(str::to_owned);
        let description =
            fields.take("description").and_then(|text| self.text(text, "`description`")).map(str::to_owned);
        let contact = fields.take("contact").and_then(|contact| self.contact_choice(contact));
        let trigger = fields.take("trigger").map_or(Some(Trigger::default()), |trigger| self.trigger(trigger));
        let stop_on = fields.take("settings").map(|settings| self.settings(settings)).unwrap_or_default();
        let steps = fields.require(self, "steps").map(|steps| {
            if steps.items().is_empty() {
                let help = "add a step below it, such as `- send_message: Hello!`";
                self.error("no-steps", steps.place(), "this flow has no steps", help);
            }
            self.steps(steps)
        });
        let mocks = fields.take("mocks").map(|mocks| self.mocks(mocks)).unwrap_or_default();
        self.targets.extend(mocks.iter().map(|mocks| mocks.step.clone()));
        let respondio = fields.take("respondio").and_then(|native| self.respondio(native));
        fields.finish(self);
        self.check_targets();
        let (file, workspace) = (self.file, self.workspace.clone()?);
        Some(Flow {
            file,
            name: name?,
            description,
            workspace,
            contact,
            trigger: trigger?,
            stop_on,
            mocks,
            steps: steps?,
            respondio,
        })
    }

    /// Reads a workspace file.
    pub(in crate::flow) fn workspace_file(&mut self, root: &Node) -> Option<Workspace> {
        let value = self.root_value(root, "a workspace")?;
        self.workspace_mapping(value)
    }

    /// Reads a contact file.
    pub(in crate::flow) fn contact_file(&mut self, root: &Node, workspace: &Workspace) -> Option<ContactCard> {
        let value = self.root_value(root, "a contact")?;
        self.contact_card(value, Some(workspace))
    }

    /// Reports that a flow's workspace file cannot be read.
    pub(in crate::flow) fn missing_workspace(&mut self, path: &Spanned<String>, reason: &str, help: &str) {
        let message = format!("the workspace file {} {reason}", quoted(&path.value));
        self.error("missing-workspace", path.span, message, help);
    }

    /// Reports that what a flow names as its workspace is none. Nothing of that file is told.
    pub(in crate::flow) fn not_a_workspace(&mut self, path: &Spanned<String>) {
        let message = format!("the file {} is no workspace", quoted(&path.value));
        let help = "name a workspace file: a mapping with `version: 1` and keys such as `channels` and `contacts`";
        self.error("not-a-workspace", path.span, message, help);
    }

    fn contact_choice(&mut self, value: Value<'_>) -> Option<ContactChoice> {
        if let NodeKind::Map(_) = value.node.kind {
            let workspace = self.workspace.take();
            let card = self.contact_card(value, workspace.as_ref());
            self.workspace = workspace;
            return card.map(|card| ContactChoice::Inline(Box::new(card)));
        }
        let name = self.spanned(value, "`contact`")?;
        let Some(workspace) = &self.workspace else { return None };
        if workspace.contact(&name.value).is_none() {
            let known: Vec<String> = workspace.contacts.iter().map(|(name, _)| name.clone()).collect();
            let message = format!("the workspace has no contact called {}", quoted(&name.value));
            self.unknown("unknown-contact", name.span, message, &name.value, known.iter().map(String::as_str));
            return None;
        }
        Some(ContactChoice::Named(name))
    }

    fn root<'n>(&mut self, root: &'n Node, what: &'static str, example: &str) -> Option<Fields<'n>> {
        let value = self.root_value(root, what)?;
        self.fields(value, what, example)
    }

    /// The value of a whole file.
    fn root_value<'n>(&mut self, root: &'n Node, what: &str) -> Option<Value<'n>> {
        if let NodeKind::Null = root.kind {
            let help = format!("write {what} into it");
            self.error(
                "empty-file",
                Span::new(root.span.start, root.span.start),
                "there is nothing in this file",
                help,
            );
            return None;
        }
        Some(Value::item(root))
    }
}

/// Whether a file is a workspace: it has keys of one, and none that only a flow has.
pub(in crate::flow) fn looks_like_workspace(root: &Node) -> bool {
    let NodeKind::Map(entries) = &root.kind else { return false };
    !has_key(entries, &["steps", "name", "trigger"]) && has_key(entries, &OWN_KEYS)
}

/// Whether a file is meant as a flow: it has steps.
pub(in crate::flow) fn looks_like_flow(root: &Node) -> bool {
    let NodeKind::Map(entries) = &root.kind else { return false };
    has_key(entries, &["steps"])
}

/// What a flow says about its workspace, without a look into it.
pub(in crate::flow) enum WorkspaceWord<'n> {
    /// Nothing.
    Absent,
    /// A path.
    Path(&'n str),
    /// Something else: a mapping, or a mistake.
    Here,
}

/// Looks up what a flow says about its workspace.
pub(in crate::flow) fn workspace_word(root: &Node) -> WorkspaceWord<'_> {
    let NodeKind::Map(entries) = &root.kind else { return WorkspaceWord::Here };
    let found = entries.iter().find(|(key, _)| Value::item(key).scalar() == Some("workspace"));
    match found.map(|(_, value)| Value::item(value).scalar()) {
        None => WorkspaceWord::Absent,
        Some(Some(path)) => WorkspaceWord::Path(path),
        Some(None) => WorkspaceWord::Here,
    }
}

/// Where a flow says what its workspace is.
pub(in crate::flow) fn workspace_span(root: &Node) -> Span {
    let NodeKind::Map(entries) = &root.kind else { return root.span };
    let found = entries.iter().find(|(key, _)| Value::item(key).scalar() == Some("workspace"));
    found.map_or(root.span, |(key, value)| if let NodeKind::Map(_) = value.kind { key.span } else { value.span })
}

/// What a file is taken for by whoever names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::flow) enum Expected {
    Flow,
    Workspace,
    Contact,
}

impl Expected {
    /// What people call it.
    pub(in crate::flow) const fn what(self) -> &'static str {
        match self {
            Self::Flow => "flow",
            Self::Workspace => "workspace",
            Self::Contact => "contact",
        }
    }

    /// Whether a file can be meant as one: a mapping with a key that such files have, or a text that was to become one. Of anything else
    /// nothing is quoted, for a path can lead to any file of the machine.
    pub(in crate::flow) fn fits(self, text: &str, root: Option<&Node>) -> bool {
        let (own, known): (&[&str], &[&str]) = match self {
            Self::Flow => (&["version", "steps"], &[]),
            Self::Workspace => (&["version", "mocks"], &OWN_KEYS),
            Self::Contact => (&super::contact::KEYS, &[]),
        };
        let starts = |line: &str, key: &str| {
            line.strip_prefix(key).is_some_and(|rest| rest.trim_start_matches(' ').starts_with(':'))
        };
        match root {
            Some(Node { kind: NodeKind::Map(entries), .. }) => has_key(entries, own) || has_key(entries, known),
            // An empty file has nothing to quote.
            Some(Node { kind: NodeKind::Null, .. }) => true,
            Some(_) => false,
            None => {
                text.trim().is_empty() || text.lines().any(|line| own.iter().chain(known).any(|key| starts(line, key)))
            }
        }
    }
}

//! From the document to the program.

mod action;
mod text;

use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;

use smol_str::SmolStr;

use super::outline::sides;
use super::{
    Action, Channel, ChannelId, FieldKind, FormEntry, OutlineRow, Program, RowKind, STANDARD_FIELDS, Side, Step,
    StepId, Team, Trigger, TriggerOn, User, Workflow, WorkflowId,
};
use crate::engine::contact::Contact;
use crate::flow::FieldType;
use crate::flow::model::{self, ContactChoice, Flow};
use crate::flow::project::Project;
use crate::flow::workspace::Workspace;

/// Why a document cannot be compiled. A document that was loaded without errors always compiles.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CompileError {
    /// A jump to a step that is not there.
    #[error("no step is called \"{0}\"")]
    UnknownStep(String),
    /// A channel the workspace does not have.
    #[error("the workspace has no channel \"{0}\"")]
    UnknownChannel(String),
    /// A contact the workspace does not have.
    #[error("the workspace has no contact \"{0}\"")]
    UnknownContact(String),
    /// A workflow the project does not have.
    #[error("the project has no workflow \"{0}\"")]
    UnknownWorkflow(String),
    /// There is no flow at all, or there are more steps than a program can hold.
    #[error("there is no flow to run, or there are too many steps")]
    Steps,
}

impl Program {
    /// Compiles a project: the flows that reach each other, in the workspace of the first.
    pub fn compile(project: &Project) -> Result<Self, CompileError> {
        Self::compile_all(&project.flows.iter().collect::<Vec<_>>())
    }

    /// Compiles a flow on its own. Other workflows it triggers are taken as living only on the platform.
    pub fn compile_flow(flow: &Flow) -> Result<Self, CompileError> {
        Self::compile_all(&[flow])
    }

    fn compile_all(flows: &[&Flow]) -> Result<Self, CompileError> {
        let flow = *flows.first().ok_or(CompileError::Steps)?;
        let mut compiler = Compiler::new(flow);
        for (flow, index) in flows.iter().zip(0u16..) {
            let start = compiler.ids.len();
            if flows.len() > 1 {
                compiler.row(0, RowKind::Workflow(WorkflowId(index)));
            }
            compiler.number(&flow.steps, u16::from(flows.len() > 1));
            compiler.ranges.push(start..compiler.ids.len());
            compiler.names.push(flow.name.clone());
        }
        let mut workflows = Vec::with_capacity(flows.len());
        for (flow, index) in flows.iter().zip(0u16..) {
            let workflow = WorkflowId(index);
            let first = compiler.steps(workflow, &flow.steps)?;
            compiler.resolve_jumps()?;
            compiler.mocks(workflow, &flow.mocks);
            let trigger = compiler.trigger(&flow.trigger);
            workflows.push(Workflow {
                name: flow.name.clone(),
                description: flow.description.clone(),
                trigger,
                stop_on: flow.stop_on,
                first,
            });
        }
        let mut hasher = DefaultHasher::new();
        for flow in flows {
            (&flow.name, format!("{:?}{:?}", flow.trigger, flow.steps)).hash(&mut hasher);
            format!("{:?}", flow.mocks).hash(&mut hasher);
        }
        format!("{:?}", flow.workspace).hash(&mut hasher);

        let assigns = compiler.steps.iter().flatten().any(|step| matches!(step.action, Action::AssignTo(_)));
        let turns = if assigns { compiler.teams.len() + 1 } else { 0 };
        let outside = |step: &Step| matches!(step.action, Action::HttpRequest(_) | Action::RespondWithAi(_));
        let asks = compiler.steps.iter().flatten().any(outside);
        let enrols = flows.iter().any(|flow| flow.trigger.once_per_contact);
        let mut program = Self {
            workflows,
            steps: compiler.steps.into_iter().flatten().collect(),
            outline: compiler.outline,
            places: Vec::new(),
            channels: compiler.channels,
            variables: compiler.variables,
            field_names: compiler.field_names,
            fields: compiler.fields,
            users: compiler.users,
            teams: compiler.teams,
            users_listed: flow.workspace.users.is_some(),
            contacts: Vec::new(),
            default_contact: Contact::default(),
            zone: flow.workspace.timezone,
            ignore_case: flow.workspace.ignore_case,
            jumps: compiler.jumps,
            mocked: compiler.mocked,
            turns,
            asks,
            enrols,
            heard: flows.iter().fold(0, |heard, flow| heard | (1 << flow.trigger.on.word() as u16)),
            fingerprint: hasher.finish(),
        };
        program.contacts = flow
            .workspace
            .contacts
            .iter()
            .map(|(name, card)| (SmolStr::new(name), program.contact(name, card)))
            .collect();
        program.default_contact = match &flow.contact {
            Some(ContactChoice::Inline(card)) => program.contact("contact", card),
            Some(ContactChoice::Named(name)) => program
                .contact_named(&name.value)
                .cloned()
                .ok_or_else(|| CompileError::UnknownContact(name.value.clone()))?,
            None => match program.contacts.first() {
                Some((_, contact)) => contact.clone(),
                None => Workspace::default()
                    .contacts
                    .first()
                    .map(|(name, card)| program.contact(name, card))
                    .unwrap_or_default(),
            },
        };
        Ok(program)
    }

    /// The slot of a contact field the program knows.
    pub(in crate::engine) fn field_slot(&self, name: &str) -> Option<usize> {
        self.field_names.iter().position(|known| known == name)
    }

    /// The slot of a variable the program knows.
    pub(in crate::engine) fn variable_slot(&self, name: &str) -> Option<usize> {
        self.variables.iter().position(|known| known == name)
    }
}

/// The users of a workspace: those it lists, then those only its teams name.
fn people(workspace: &Workspace) -> (Vec<User>, Vec<Team>) {
    let listed = workspace.users.iter().flatten();
    let mut users: Vec<User> = listed
        .map(|user| User {
            id: SmolStr::new(&user.id),
            name: user.name.clone().unwrap_or_else(|| user.id.clone()),
            online: user.online,
            open_contacts: user.open_contacts,
        })
        .collect();
    let mut teams = Vec::new();
    for (name, ids) in workspace.teams.iter().flatten() {
        let mut members: Vec<usize> = ids.iter().map(|id| user_number(&mut users, id)).collect();
        members.sort_unstable();
        members.dedup();
        teams.push(Team { name: name.clone(), members });
    }
    (users, teams)
}

/// The position of a user. Who is not known yet is online and has no open contacts (our choice).
fn user_number(users: &mut Vec<User>, id: &str) -> usize {
    users.iter().position(|user| user.id == id).unwrap_or_else(|| {
        users.push(User { id: SmolStr::new(id), name: id.to_owned(), online: true, open_contacts: 0 });
        users.len() - 1
    })
}

/// What is known while a document is compiled.
struct Compiler {
    /// Ids of all steps in document order: a step's number is its position.
    ids: Vec<SmolStr>,
    /// The number the next step in document order has.
    next: usize,
    steps: Vec<Option<Step>>,
    /// Jumps whose target is not known yet: the jumping step and the wanted id, in the same workflow.
    pending: Vec<(usize, WorkflowId, String)>,
    outline: Vec<OutlineRow>,
    /// The numbers of each workflow's steps.
    ranges: Vec<Range<usize>>,
    /// The names of the workflows.
    names: Vec<String>,
    users: Vec<User>,
    teams: Vec<Team>,
    channels: Vec<Channel>,
    variables: Vec<SmolStr>,
    field_names: Vec<SmolStr>,
    fields: Vec<FieldKind>,
    jumps: usize,
    mocked: usize,
}

impl Compiler {
    fn new(flow: &Flow) -> Self {
        let workspace = &flow.workspace;
        let (users, teams) = people(workspace);
        let standard =
            STANDARD_FIELDS.map(|(name, kind)| (SmolStr::new_static(name), FieldKind { kind, options: vec![] }));
        let declared = workspace
            .contact_fields
            .iter()
            .flatten()
            .map(|field| (SmolStr::new(&field.id), FieldKind { kind: field.kind, options: field.options.clone() }));
        let (field_names, fields) = standard.into_iter().chain(declared).unzip();
        let channels = workspace.channels.iter().map(|channel| Channel {
            id: SmolStr::new(&channel.id),
            kind: channel.kind,
            name: channel.name.clone().unwrap_or_else(|| channel.kind.title().to_owned()),
        });
        Self {
            ids: Vec::new(),
            next: 0,
            steps: Vec::new(),
            pending: Vec::new(),
            outline: Vec::new(),
            ranges: Vec::new(),
            names: Vec::new(),
            users,
            teams,
            channels: channels.collect(),
            variables: Vec::new(),
            field_names,
            fields,
            jumps: 0,
            mocked: 0,
        }
    }

    /// Gives every step its number, in document order, and writes the outline.
    fn number(&mut self, steps: &[model::Step], depth: u16) {
        for step in steps {
            let id = StepId(u32::try_from(self.ids.len()).unwrap_or(u32::MAX));
            self.ids.push(SmolStr::new(&step.id));
            self.steps.push(None);
            self.row(depth, RowKind::Step(id));
            for (kind, steps) in sides(id, &step.action) {
                self.row(depth + 1, kind);
                self.number(steps, depth + 2);
            }
        }
    }

    fn row(&mut self, depth: u16, kind: RowKind) {
        self.outline.push(OutlineRow { depth, kind });
    }

    /// Compiles a list of steps in document order; its first step.
    fn steps(&mut self, workflow: WorkflowId, steps: &[model::Step]) -> Result<Option<StepId>, CompileError> {
        let mut first = None;
        let mut previous: Option<usize> = None;
        for step in steps {
            let number = self.next;
            self.next += 1;
            let id = StepId(u32::try_from(number).map_err(|_| CompileError::Steps)?);
            first.get_or_insert(id);
            if let Some(Some(before)) = previous.and_then(|before| self.steps.get_mut(before)) {
                before.next = Some(id);
            }
            let action = self.action(workflow, number, &step.action)?;
            if let Some(slot) = self.steps.get_mut(number) {
                *slot = Some(Step {
                    id: SmolStr::new(&step.id),
                    name: step.name.clone(),
                    note: step.note.clone(),
                    workflow,
                    action,
                    next: None,
                    mocks: None,
                });
            }
            previous = Some(number);
        }
        Ok(first)
    }

    fn resolve_jumps(&mut self) -> Result<(), CompileError> {
        for (number, workflow, wanted) in std::mem::take(&mut self.pending) {
            let target = self.step_named(workflow, &wanted)?;
            if let Some(Some(Step { action: Action::JumpTo { to, .. }, .. })) = self.steps.get_mut(number) {
                *to = target;
            }
        }
        Ok(())
    }

    /// The step of a workflow that has this id.
    fn step_named(&self, workflow: WorkflowId, wanted: &str) -> Result<StepId, CompileError> {
        let range = self.ranges.get(workflow.index()).cloned().unwrap_or_default();
        let ids = self.ids.get(range.clone()).unwrap_or_default();
        let position = ids.iter().position(|id| id == wanted).map(|position| range.start + position);
        let number = position.ok_or_else(|| CompileError::UnknownStep(wanted.to_owned()))?;
        Ok(StepId(u32::try_from(number).map_err(|_| CompileError::Steps)?))
    }

    /// Gives the steps of a workflow their rehearsed answers.
    fn mocks(&mut self, workflow: WorkflowId, mocks: &[model::Mocks]) {
        for mock in mocks {
            let step = self.step_named(workflow, &mock.step.value).ok();
            if let Some(Some(step)) = step.and_then(|step| self.steps.get_mut(step.index()))
                && step.mocks.is_none()
                && !mock.answers.is_empty()
            {
                step.mocks = Some((self.mocked, mock.answers.clone()));
                self.mocked += 1;
            }
        }
    }

    fn trigger(&mut self, trigger: &model::Trigger) -> Trigger {
        let values = |names: &[model::Spanned<String>]| names.iter().map(|name| name.value.clone()).collect();
        let on = match &trigger.on {
            model::TriggerOn::Manual => TriggerOn::Manual,
            model::TriggerOn::ConversationOpened { source } => TriggerOn::ConversationOpened { source: source.clone() },
            model::TriggerOn::ConversationClosed { source } => TriggerOn::ConversationClosed { source: source.clone() },
            model::TriggerOn::ContactTagUpdated { added, removed } => {
                TriggerOn::ContactTagUpdated { added: values(added), removed: values(removed) }
            }
            model::TriggerOn::ContactFieldUpdated { fields } => {
                TriggerOn::ContactFieldUpdated { fields: fields.iter().map(|field| self.field(&field.value)).collect() }
            }
            model::TriggerOn::Shortcut { form, example } => TriggerOn::Shortcut {
                form: form
                    .iter()
                    .map(|(name, kind)| FormEntry {
                        name: name.value.clone(),
                        kind: FieldKind { kind: *kind, options: Vec::new() },
                        slot: self.variable(&name.value),
                    })
                    .collect(),
                example: example.clone(),
            },
            model::TriggerOn::IncomingWebhook { payload, example } => TriggerOn::IncomingWebhook {
                payload: payload.iter().map(|(name, path)| (path.clone(), self.variable(&name.value))).collect(),
                example: example.clone(),
            },
            model::TriggerOn::ClickToChatAd { ads } => TriggerOn::ClickToChatAd { ads: values(ads) },
            model::TriggerOn::LifecycleUpdated { to } => TriggerOn::LifecycleUpdated { to: values(to) },
        };
        let when = trigger.when.as_ref().map(|when| self.arm(String::new(), when, None));
        Trigger { name: trigger.on.word(), on, when, once_per_contact: trigger.once_per_contact }
    }

    fn side(&mut self, workflow: WorkflowId, side: Option<&model::Side>) -> Result<Side, CompileError> {
        Ok(match side {
            None => Side::Absent,
            Some(steps) => self.steps(workflow, steps)?.map_or(Side::Empty, Side::To),
        })
    }

    fn channel(&self, id: &str) -> Result<ChannelId, CompileError> {
        let position = self.channels.iter().position(|channel| channel.id == id);
        let index = position.and_then(|position| u16::try_from(position).ok());
        index.map(ChannelId).ok_or_else(|| CompileError::UnknownChannel(id.to_owned()))
    }

    fn variable(&mut self, name: &str) -> usize {
        slot(&mut self.variables, name)
    }

    fn field(&mut self, name: &str) -> usize {
        let slot = slot(&mut self.field_names, name);
        if slot == self.fields.len() {
            self.fields.push(FieldKind { kind: FieldType::Text, options: Vec::new() });
        }
        slot
    }
}

/// The position of a name in a list, appended when it is new.
fn slot(names: &mut Vec<SmolStr>, name: &str) -> usize {
    names.iter().position(|known| known == name).unwrap_or_else(|| {
        names.push(SmolStr::new(name));
        names.len() - 1
    })
}

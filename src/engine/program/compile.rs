//! From the document to the program.

use std::hash::{DefaultHasher, Hash, Hasher};

use smol_str::SmolStr;

use super::outline::{question_sides, sides};
use super::{
    Action, Arm, AskQuestion, Branch, Channel, ChannelId, Comparand, Condition, Content, DateTime, FieldKind, Hours,
    MessageTemplate, Operand, Otherwise, OutlineRow, Piece, Program, RowKind, STANDARD_FIELDS, SendMessage, Side, Step,
    StepId, Subject, Text, Trigger, User, Variable, Workflow, WorkflowId,
};
use crate::engine::answer::{Question, parse_decimal};
use crate::engine::contact::Contact;
use crate::flow::condition::{self, Conditions};
use crate::flow::model::{self, ContactChoice, Flow};
use crate::flow::project::Project;
use crate::flow::workspace::Workspace;
use crate::flow::{FieldType, QuestionType};
use crate::template::{ContactProperty, Part, Template, Variable as Named};

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
    /// There are no steps, or more than a program can hold.
    #[error("a workflow has 1 to 100 steps")]
    Steps,
}

impl Program {
    /// Compiles a project: the flows that reach each other, in the workspace of the first.
    pub fn compile(project: &Project) -> Result<Self, CompileError> {
        Self::compile_flow(project.flows.first().ok_or(CompileError::Steps)?)
    }

    /// Compiles a flow on its own. Other workflows it triggers are taken as living only on the platform.
    pub fn compile_flow(flow: &Flow) -> Result<Self, CompileError> {
        let mut compiler = Compiler::new(&flow.workspace);
        let workflow = WorkflowId(0);
        compiler.number(&flow.steps, 0);
        let first = compiler.steps(workflow, &flow.steps)?.ok_or(CompileError::Steps)?;
        compiler.resolve_jumps()?;
        let trigger = match &flow.trigger.on {
            model::TriggerOn::ConversationOpened { source } => Trigger::ConversationOpened {
                source: source.clone(),
                when: flow.trigger.when.as_ref().map(|when| compiler.arm(String::new(), when, None)),
            },
            _ => Trigger::Manual,
        };
        let mut hasher = DefaultHasher::new();
        (&flow.name, format!("{:?}", flow.steps), format!("{:?}", flow.workspace)).hash(&mut hasher);

        let mut program = Self {
            workflows: vec![Workflow {
                name: flow.name.clone(),
                description: flow.description.clone(),
                trigger,
                stop_on: flow.stop_on,
                first,
            }],
            steps: compiler.steps.into_iter().flatten().collect(),
            outline: compiler.outline,
            channels: compiler.channels,
            variables: compiler.variables,
            field_names: compiler.field_names,
            fields: compiler.fields,
            users: users(&flow.workspace),
            contacts: Vec::new(),
            default_contact: Contact::default(),
            zone: flow.workspace.timezone,
            ignore_case: flow.workspace.ignore_case,
            jumps: compiler.jumps,
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

fn users(workspace: &Workspace) -> Vec<User> {
    let users = workspace.users.iter().flatten();
    users
        .map(|user| User {
            id: SmolStr::new(&user.id),
            name: user.name.clone().unwrap_or_else(|| user.id.clone()),
            online: user.online,
        })
        .collect()
}

/// What is known while a document is compiled.
struct Compiler {
    /// Ids of all steps in document order: a step's number is its position.
    ids: Vec<SmolStr>,
    /// The number the next step in document order has.
    next: usize,
    steps: Vec<Option<Step>>,
    /// Jumps whose target is not known yet: the jumping step and the wanted id.
    pending: Vec<(usize, String)>,
    outline: Vec<OutlineRow>,
    channels: Vec<Channel>,
    variables: Vec<SmolStr>,
    field_names: Vec<SmolStr>,
    fields: Vec<FieldKind>,
    jumps: usize,
}

impl Compiler {
    fn new(workspace: &Workspace) -> Self {
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
            channels: channels.collect(),
            variables: Vec::new(),
            field_names,
            fields,
            jumps: 0,
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
                });
            }
            previous = Some(number);
        }
        Ok(first)
    }

    fn action(&mut self, workflow: WorkflowId, number: usize, action: &model::Action) -> Result<Action, CompileError> {
        Ok(match action {
            model::Action::SendMessage(send) => Action::SendMessage(Box::new(self.send_message(workflow, send)?)),
            model::Action::AskQuestion(ask) => Action::AskQuestion(Box::new(self.ask_question(workflow, ask)?)),
            model::Action::Branch(branch) => self.branch(workflow, branch)?,
            model::Action::UpdateContactTag { add, remove } => {
                Action::UpdateContactTag { add: self.names(add), remove: self.names(remove) }
            }
            model::Action::UpdateContactField { field, value } => Action::UpdateContactField {
                field: self.field(&field.value),
                value: value.as_ref().map(|value| self.text(&value.value)),
            },
            model::Action::OpenConversation => Action::OpenConversation,
            model::Action::CloseConversation { category, summary } => Action::CloseConversation {
                category: category.as_ref().map(|category| self.name(&category.value)),
                summary: summary.as_ref().map(|summary| self.text(summary)),
            },
            model::Action::AddComment { text, mentions } => {
                Action::AddComment { text: self.text(text), mentions: mentions.clone() }
            }
            model::Action::JumpTo { step, max_jumps } => {
                self.pending.push((number, step.value.clone()));
                self.jumps += 1;
                // The target is filled in once every step has its number.
                Action::JumpTo { to: StepId(0), counter: self.jumps - 1, max: *max_jumps }
            }
            model::Action::Wait(span) => Action::Wait(*span),
            model::Action::DateTime(look) => Action::DateTime(Box::new(DateTime {
                zone: look.timezone,
                hours: match &look.hours {
                    model::Hours::Business(ranges) => Hours::Business(ranges.clone()),
                    model::Hours::Range { from, to } => Hours::Range { from: *from, to: *to },
                },
                outside: self.side(workflow, look.failure_branch.as_ref())?,
            })),
            model::Action::UpdateLifecycle(stage) => {
                Action::UpdateLifecycle(stage.as_ref().map(|stage| self.name(&stage.value)))
            }
            _ => return Err(CompileError::Steps),
        })
    }

    fn resolve_jumps(&mut self) -> Result<(), CompileError> {
        for (number, wanted) in std::mem::take(&mut self.pending) {
            let position = self.ids.iter().position(|id| *id == wanted);
            let target = position.ok_or(CompileError::UnknownStep(wanted))?;
            if let Some(Some(Step { action: Action::JumpTo { to, .. }, .. })) = self.steps.get_mut(number) {
                *to = StepId(u32::try_from(target).map_err(|_| CompileError::Steps)?);
            }
        }
        Ok(())
    }

    fn side(&mut self, workflow: WorkflowId, side: Option<&model::Side>) -> Result<Side, CompileError> {
        Ok(match side {
            None => Side::Absent,
            Some(steps) => self.steps(workflow, steps)?.map_or(Side::Empty, Side::To),
        })
    }

    fn send_message(&mut self, workflow: WorkflowId, send: &model::SendMessage) -> Result<SendMessage, CompileError> {
        let content = self.content(&send.content);
        let channel = send.channel.as_ref().map(|channel| self.channel(&channel.value)).transpose()?;
        let mut by_id = Vec::new();
        let mut by_type = Vec::new();
        for (key, content) in &send.per_channel {
            let content = self.content(content);
            if let Ok(id) = self.channel(&key.value) {
                by_id.push((id, content));
                continue;
            }
            let of_type = self.channels.iter().zip(0u16..).filter(|(channel, _)| channel.kind.as_str() == key.value);
            by_type.extend(of_type.map(|(_, id)| (ChannelId(id), content.clone())));
        }
        by_id.append(&mut by_type);
        Ok(SendMessage {
            content,
            channel,
            per_channel: by_id,
            failure: self.side(workflow, send.failure_branch.as_ref())?,
        })
    }

    fn content(&mut self, content: &model::Content) -> Content {
        match content {
            model::Content::Text(text) => Content::Text(self.text(text)),
            model::Content::Attachment { kind, url, name } => Content::Attachment {
                kind: *kind,
                url: self.text(url),
                name: name.as_ref().map(|name| self.text(name)),
            },
            model::Content::Template(template) => Content::Template(Box::new(MessageTemplate {
                name: template.name.clone(),
                language: template.language.clone(),
                header: template.header.as_ref().map(|header| self.text(header)),
                body: template.body.as_ref().map(|body| self.text(body)),
                parameters: template.parameters.iter().map(|parameter| self.text(parameter)).collect(),
                buttons: template.buttons.iter().map(|button| self.name(button)).collect(),
            })),
        }
    }

    fn ask_question(&mut self, workflow: WorkflowId, ask: &model::AskQuestion) -> Result<AskQuestion, CompileError> {
        let options: Vec<String> = ask.options.iter().map(|option| option.value.clone()).collect();
        let question = match ask.kind {
            QuestionType::Text => Question::Text,
            QuestionType::MultipleChoice => Question::multiple_choice(&options, ask.exact),
            QuestionType::Number => Question::Number { min: ask.min, max: ask.max },
            QuestionType::Date => Question::Date { formats: ask.date_formats.clone() },
            QuestionType::Phone => Question::Phone,
            QuestionType::Email => Question::Email,
            QuestionType::Url => Question::Url,
            QuestionType::Rating => Question::Rating,
            QuestionType::Location => Question::Location,
        };
        let text = self.text(&ask.text);
        let save_field = ask.save_as.field.as_ref().map(|field| self.field(&field.value));
        let save_variable = ask.save_as.variable.as_ref().map(|variable| self.variable(&variable.value));
        // Side branches are compiled in document order, which is the order of `sides`.
        let mut on = [Side::Absent; 4];
        for (side, to) in question_sides(ask).into_iter().zip(&mut on) {
            *to = self.side(workflow, side.map(|(_, steps)| steps))?;
        }
        let [on_timeout, joint, invalid, sending_failed] = on;
        let is_joint = matches!(ask.failures, model::FailureBranches::Joint(_));
        Ok(AskQuestion {
            text,
            question,
            options,
            save_field,
            save_variable,
            save_tag: ask.save_as.tag,
            timeout: ask.timeout,
            on_timeout,
            on_invalid: if is_joint { joint } else { invalid },
            on_sending_failed: if is_joint { joint } else { sending_failed },
        })
    }

    fn branch(&mut self, workflow: WorkflowId, branch: &model::Branch) -> Result<Action, CompileError> {
        let mut arms = Vec::with_capacity(branch.arms.len());
        for (arm, number) in branch.arms.iter().zip(1..) {
            let name = arm.name.clone().unwrap_or_else(|| format!("arm_{number}"));
            let compiled = self.arm(name, &arm.when, None);
            let to = self.steps(workflow, &arm.steps)?;
            arms.push(Arm { to, ..compiled });
        }
        let otherwise = match &branch.otherwise {
            model::Otherwise::Absent => Otherwise::Steps(None),
            model::Otherwise::Steps(steps) => Otherwise::Steps(self.steps(workflow, steps)?),
            model::Otherwise::Continue => Otherwise::Continue,
        };
        Ok(Action::Branch(Branch { arms, otherwise }))
    }

    fn arm(&mut self, name: String, when: &Conditions, to: Option<StepId>) -> Arm {
        let conditions = when.list.iter().map(|condition| self.condition(condition)).collect();
        Arm { name, joiner: when.joiner, conditions, to }
    }

    fn condition(&mut self, condition: &condition::Condition) -> Condition {
        let subject = match &condition.subject {
            condition::Subject::Field(name) => Subject::Field(self.field(name)),
            condition::Subject::Variable(name) => Subject::Variable(self.variable(name)),
            condition::Subject::Tags => Subject::Tags,
            condition::Subject::LastIncomingMessage => Subject::LastIncomingMessage,
            condition::Subject::LastIncomingMessageTime => Subject::LastIncomingMessageTime,
            condition::Subject::LastInteractedChannel => Subject::LastInteractedChannel,
            condition::Subject::AssigneeStatus => Subject::AssigneeStatus,
            condition::Subject::ConversationStatus => Subject::ConversationStatus,
            condition::Subject::Lifecycle => Subject::Lifecycle,
        };
        let operand = match &condition.operand {
            condition::Operand::None => Operand::None,
            condition::Operand::One(value) => Operand::One(self.comparand(value)),
            condition::Operand::Two(low, high) => Operand::Two(self.comparand(low), self.comparand(high)),
            condition::Operand::Many(values) => Operand::Many(values.iter().map(|value| self.text(value)).collect()),
            condition::Operand::Ago(span) => Operand::Ago(*span),
        };
        Condition { subject, operator: condition.operator, operand }
    }

    fn comparand(&mut self, value: &Template) -> Comparand {
        let text = self.text(value);
        let number = if text.is_fixed() { parse_decimal(&text.source) } else { None };
        Comparand { text, number }
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

    /// A name that may hold variables, such as a tag.
    fn name(&mut self, name: &str) -> Text {
        self.text(&Template::parse(name))
    }

    fn names(&mut self, names: &[model::Spanned<String>]) -> Vec<Text> {
        names.iter().map(|name| self.name(&name.value)).collect()
    }

    fn text(&mut self, template: &Template) -> Text {
        let source = template.source().into();
        if template.is_plain() {
            return Text { source, pieces: Vec::new() };
        }
        let mut pieces = Vec::with_capacity(template.parts().len());
        for part in template.parts() {
            pieces.push(match part {
                Part::Text(range) => Piece::Literal(template.slice(range).into()),
                Part::Variable { name, source } => Piece::Variable {
                    name: match name {
                        Named::Contact(ContactProperty::Name) => Variable::ContactName,
                        Named::Contact(ContactProperty::Id) => Variable::ContactId,
                        Named::Contact(ContactProperty::Tags) => Variable::ContactTags,
                        Named::Contact(ContactProperty::Lifecycle) => Variable::ContactLifecycle,
                        Named::Contact(ContactProperty::Field(field)) => Variable::Field(self.field(field)),
                        Named::Assignee(property) => Variable::Assignee(*property),
                        Named::Conversation(property) => Variable::Conversation(*property),
                        Named::Channel(property) => Variable::Channel(*property),
                        Named::System(property) => Variable::System(*property),
                        Named::Unknown(_) => Variable::Unknown,
                        Named::Workflow(name) => Variable::Workflow(self.variable(name)),
                    },
                    source: template.slice(source).into(),
                },
            });
        }
        Text { source, pieces }
    }
}

/// The position of a name in a list, appended when it is new.
fn slot(names: &mut Vec<SmolStr>, name: &str) -> usize {
    names.iter().position(|known| known == name).unwrap_or_else(|| {
        names.push(SmolStr::new(name));
        names.len() - 1
    })
}

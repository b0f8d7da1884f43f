//! Actions, from the document to the program.

use super::super::{
    Action, Arm, AskQuestion, AssignTarget, AssignTo, Branch, ChannelId, Collect, Content, DateTime, Hours, HttpBody,
    HttpRequest, JsonText, MessageTemplate, Otherwise, RespondWithAi, SendMessage, SheetRow, Side, StepId, Team,
    TriggerWorkflow, WorkflowId,
};
use super::{CompileError, Compiler, user_number};
use crate::engine::answer::Question;
use crate::flow::QuestionType;
use crate::flow::model::{self, JsonTemplate, WorkflowTarget};

/// The compiled side branches of a step, by key.
struct Sides(Vec<(&'static str, Side)>);

impl Sides {
    fn of(&self, key: &str) -> Side {
        self.0.iter().find(|(known, _)| *known == key).map_or(Side::Absent, |(_, side)| *side)
    }
}

impl Compiler {
    /// Compiles the side branches of a step in document order, which is the order they were numbered in.
    fn sides(&mut self, workflow: WorkflowId, action: &model::Action) -> Result<Sides, CompileError> {
        let sides = action.sides().into_iter();
        let sides = sides.map(|(key, steps)| Ok((key, self.side(workflow, Some(steps))?)));
        Ok(Sides(sides.collect::<Result<_, CompileError>>()?))
    }

    pub(super) fn action(
        &mut self,
        workflow: WorkflowId,
        number: usize,
        action: &model::Action,
    ) -> Result<Action, CompileError> {
        Ok(match action {
            model::Action::SendMessage(send) => Action::SendMessage(Box::new(self.send_message(workflow, send)?)),
            model::Action::AskQuestion(ask) => Action::AskQuestion(Box::new(self.ask_question(workflow, action, ask)?)),
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
                self.pending.push((number, workflow, step.value.clone()));
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
            model::Action::AssignTo(assign) => Action::AssignTo(Box::new(self.assign_to(workflow, assign)?)),
            model::Action::TriggerWorkflow(trigger) => {
                Action::TriggerWorkflow(Box::new(self.trigger_workflow(trigger)?))
            }
            model::Action::HttpRequest(request) => Action::HttpRequest(Box::new(self.http_request(workflow, request)?)),
            model::Action::AddGoogleSheetsRow(row) => Action::AddGoogleSheetsRow(Box::new(SheetRow {
                spreadsheet: self.text(&row.spreadsheet),
                sheet: self.text(&row.sheet),
                row: row.row.iter().map(|(column, cell)| (column.clone(), self.text(cell))).collect(),
            })),
            model::Action::RespondWithAi(ai) => Action::RespondWithAi(Box::new(self.respond_with_ai(workflow, ai)?)),
            model::Action::Unknown(step) => Action::Unknown(step.clone()),
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

    fn ask_question(
        &mut self,
        workflow: WorkflowId,
        action: &model::Action,
        ask: &model::AskQuestion,
    ) -> Result<AskQuestion, CompileError> {
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
        let sides = self.sides(workflow, action)?;
        let joint = sides.of("failure_branch");
        let is_joint = matches!(ask.failures, model::FailureBranches::Joint(_));
        Ok(AskQuestion {
            text,
            question,
            options,
            save_field,
            save_variable,
            save_tag: ask.save_as.tag,
            timeout: ask.timeout,
            on_timeout: sides.of("timeout_branch"),
            on_invalid: if is_joint { joint } else { sides.of("invalid_branch") },
            on_sending_failed: if is_joint { joint } else { sides.of("sending_failed_branch") },
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

    fn assign_to(&mut self, workflow: WorkflowId, assign: &model::AssignTo) -> Result<AssignTo, CompileError> {
        let to = match &assign.to {
            model::AssignTarget::User(user) => {
                let text = self.name(&user.value);
                if text.is_fixed() && !self.users.iter().any(|known| known.is_called(&user.value)) {
                    user_number(&mut self.users, &user.value);
                }
                AssignTarget::User(text)
            }
            model::AssignTarget::Team(team) => {
                let known = self.teams.iter().position(|known| known.name == team.value);
                AssignTarget::Team(known.unwrap_or_else(|| {
                    self.teams.push(Team { name: team.value.clone(), members: Vec::new() });
                    self.teams.len() - 1
                }))
            }
            model::AssignTarget::Workspace => AssignTarget::Workspace,
            model::AssignTarget::Nobody => AssignTarget::Nobody,
        };
        Ok(AssignTo {
            to,
            logic: assign.logic,
            only_online: assign.only_online,
            max_open_contacts: assign.max_open_contacts,
            timeout: assign.timeout,
            on_timeout: self.side(workflow, assign.timeout_branch.as_ref())?,
        })
    }

    fn trigger_workflow(&mut self, trigger: &model::TriggerWorkflow) -> Result<TriggerWorkflow, CompileError> {
        let written = trigger.workflow.value.clone();
        let index = match &trigger.target {
            WorkflowTarget::Unresolved => return Ok(TriggerWorkflow { name: written, to: None }),
            WorkflowTarget::External(name) => return Ok(TriggerWorkflow { name: name.clone(), to: None }),
            WorkflowTarget::Flow(index) => *index,
        };
        let name = self.names.get(index).ok_or_else(|| CompileError::UnknownWorkflow(written.clone()))?.clone();
        let workflow = WorkflowId(u16::try_from(index).map_err(|_| CompileError::Steps)?);
        let to = match &trigger.step {
            Some(step) => Some(self.step_named(workflow, &step.value)?),
            // A workflow's steps are numbered in document order.
            None => self
                .ranges
                .get(index)
                .filter(|range| !range.is_empty())
                .and_then(|range| u32::try_from(range.start).ok().map(StepId)),
        };
        Ok(TriggerWorkflow { name, to: Some((workflow, to)) })
    }

    fn http_request(
        &mut self,
        workflow: WorkflowId,
        request: &model::HttpRequest,
    ) -> Result<HttpRequest, CompileError> {
        Ok(HttpRequest {
            method: request.method,
            url: self.text(&request.url),
            headers: request.headers.iter().map(|(name, value)| (name.clone(), self.text(value))).collect(),
            content_type: request.content_type.clone(),
            body: request.body.as_ref().map(|body| match body {
                model::HttpBody::Text(text) => HttpBody::Text(self.text(text)),
                model::HttpBody::Json(json) => HttpBody::Json(self.json(json)),
            }),
            save: request
                .save_response
                .iter()
                .map(|save| (save.path.clone(), self.variable(&save.variable.value)))
                .collect(),
            save_status: request.save_status.as_ref().map(|variable| self.variable(&variable.value)),
            failure: self.side(workflow, request.failure_branch.as_ref())?,
        })
    }

    fn json(&mut self, json: &JsonTemplate) -> JsonText {
        match json {
            JsonTemplate::Fixed(value) => JsonText::Fixed(value.clone()),
            JsonTemplate::Text(text) => JsonText::Text(self.text(text)),
            JsonTemplate::List(items) => JsonText::List(items.iter().map(|item| self.json(item)).collect()),
            JsonTemplate::Map(entries) => {
                JsonText::Map(entries.iter().map(|(key, value)| (key.clone(), self.json(value))).collect())
            }
        }
    }

    fn respond_with_ai(
        &mut self,
        workflow: WorkflowId,
        ai: &model::RespondWithAi,
    ) -> Result<RespondWithAi, CompileError> {
        Ok(RespondWithAi {
            objective: ai.objective,
            instructions: ai.instructions.as_ref().map(|text| self.text(text)),
            knowledge: ai.knowledge.clone(),
            collect: ai
                .collect
                .iter()
                .map(|collect| Collect {
                    variable: collect.variable.value.as_str().into(),
                    description: collect.description.clone(),
                    slot: self.variable(&collect.variable.value),
                })
                .collect(),
            on_speak_to_human: self.side(workflow, ai.speak_to_human_branch.as_ref())?,
            on_unable: self.side(workflow, ai.unable_branch.as_ref())?,
            idle: ai.idle,
            on_idle: self.side(workflow, ai.idle_branch.as_ref())?,
            on_failure: self.side(workflow, ai.failure_branch.as_ref())?,
        })
    }
}

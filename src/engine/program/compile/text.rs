//! Texts and conditions, from the document to the program.

use super::super::{Arm, Comparand, Condition, Operand, Piece, StepId, Subject, Text, Variable};
use super::Compiler;
use crate::engine::answer::parse_decimal;
use crate::flow::condition::{self, Conditions};
use crate::flow::model;
use crate::template::{ContactProperty, Part, Template, Variable as Named};

impl Compiler {
    pub(super) fn arm(&mut self, name: String, when: &Conditions, to: Option<StepId>) -> Arm {
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

    /// A name that may hold variables, such as a tag.
    pub(super) fn name(&mut self, name: &str) -> Text {
        self.text(&Template::parse(name))
    }

    pub(super) fn names(&mut self, names: &[model::Spanned<String>]) -> Vec<Text> {
        names.iter().map(|name| self.name(&name.value)).collect()
    }

    pub(super) fn text(&mut self, template: &Template) -> Text {
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

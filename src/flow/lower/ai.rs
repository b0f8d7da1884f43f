//! `respond_with_ai`: what it is for, what it should find out, and where it leads.

use super::mapping::Fields;
use super::side::SideAt;
use super::value::Value;
use super::{Lowering, limits};
use crate::flow::model::{AiObjective, Collect, RespondWithAi};

const EXAMPLE: &str = "respond_with_ai: { objective: answer_questions, knowledge: [Price list] }";

impl Lowering<'_> {
    pub(super) fn respond_with_ai(&mut self, value: Value<'_>) -> Option<Box<RespondWithAi>> {
        let mut fields = self.fields(value, "`respond_with_ai`", EXAMPLE)?;
        let sides = [
            SideAt { what: "`speak_to_human_branch`", value: fields.take("speak_to_human_branch"), clock: false },
            SideAt { what: "`unable_branch`", value: fields.take("unable_branch"), clock: false },
            SideAt { what: "`idle_branch`", value: fields.take("idle_branch"), clock: true },
            SideAt { what: "`failure_branch`", value: fields.take("failure_branch"), clock: false },
        ];
        let ai = self.ai(fields);
        // Read last and from here, so that steps nested in side branches stay shallow on the stack.
        let mut idle = limits::LONGEST_WAIT;
        let [speak_to_human, unable, idle_branch, failure] = self.sides(sides, &mut idle);
        let mut ai = ai?;
        ai.speak_to_human_branch = speak_to_human;
        ai.unable_branch = unable;
        ai.idle = idle;
        ai.idle_branch = idle_branch;
        ai.failure_branch = failure;
        Some(ai)
    }

    /// Everything but the side branches.
    fn ai(&mut self, mut fields: Fields<'_>) -> Option<Box<RespondWithAi>> {
        let objective = fields
            .require(self, "objective")
            .and_then(|word| self.word(word, "`objective`", AiObjective::ALL, AiObjective::as_str));
        let instructions = fields.take("instructions").and_then(|text| self.template(text, "`instructions`"));
        let knowledge = fields.take("knowledge").map(|list| self.texts(list, "`knowledge`")).unwrap_or_default();
        let collect_at = fields.take("collect");
        let collect = collect_at.map(|list| self.collect(list)).unwrap_or_default();
        let at = fields.at();
        fields.finish(self);
        match (objective, collect_at) {
            (Some(AiObjective::CollectInformation), None) => {
                let help = "add it: collect: [{ variable: budget, description: how much they can spend }]";
                self.error("missing-key", at, "collect_information needs `collect`: what should be found out", help);
            }
            (Some(AiObjective::CollectInformation), Some(list)) if list.items().is_empty() => {
                let help = "write what should be found out: collect: [{ variable: budget }]";
                self.error("empty-list", list.place(), "`collect` names nothing", help);
            }
            (Some(AiObjective::AnswerQuestions), Some(list)) => {
                let message =
                    "`collect` belongs to the objective collect_information, but this one is answer_questions";
                self.error(
                    "setting-misfit",
                    list.at,
                    message,
                    "take it out, or write `objective: collect_information`",
                );
            }
            _ => {}
        }
        Some(Box::new(RespondWithAi {
            objective: objective?,
            instructions,
            knowledge: knowledge.into_iter().map(|source| source.value).collect(),
            collect,
            speak_to_human_branch: None,
            unable_branch: None,
            idle: limits::LONGEST_WAIT,
            idle_branch: None,
            failure_branch: None,
        }))
    }

    fn collect(&mut self, list: Value<'_>) -> Vec<Collect> {
        let mut collect = Vec::new();
        for item in self.entries(list, usize::MAX) {
            let example = "collect: [{ variable: budget, description: how much they can spend }]";
            let Some(mut fields) = self.fields(item, "`collect`", example) else { continue };
            let variable = fields.require(self, "variable").and_then(|name| self.variable(name, "`variable`"));
            let description =
                fields.take("description").and_then(|text| self.text(text, "`description`")).map(str::to_owned);
            fields.finish(self);
            collect.extend(variable.map(|variable| Collect { variable, description }));
        }
        collect
    }
}

//! `assign_to`: to whom, and how somebody is chosen among several.

use super::mapping::Fields;
use super::side::SideAt;
use super::value::Value;
use super::{Lowering, NameKind, limits, quoted};
use crate::flow::model::{AssignLogic, AssignTarget, AssignTo};
use crate::source::NodeKind;

const EXAMPLE: &str = "assign_to: { team: Sales, only_online: true }";

impl Lowering<'_> {
    pub(super) fn assign_to(&mut self, value: Value<'_>) -> Option<Box<AssignTo>> {
        let NodeKind::Map(_) = value.node.kind else {
            let word = self.text(value, "`assign_to`")?;
            if word != "nobody" {
                let message = format!("`assign_to` does not say what {} is", quoted(word));
                let help = "write `{ user: … }`, `{ team: … }`, `{ workspace: true }` or `nobody`";
                self.error("unknown-word", value.place(), message, help);
                return None;
            }
            return Some(Box::new(plain(AssignTarget::Nobody)));
        };
        let mut fields = self.fields(value, "`assign_to`", EXAMPLE)?;
        let to = self.assign_target(&mut fields);
        let logic = fields.take("logic");
        let only_online = fields.take("only_online");
        let most = fields.take("max_open_contacts");
        let timeout = fields.take("timeout_branch");
        fields.finish(self);
        if let Some(AssignTarget::User(_)) = to {
            let rules = [(logic, "logic"), (only_online, "only_online"), (most, "max_open_contacts")];
            for (given, key) in rules.into_iter().filter_map(|(given, key)| Some((given?, key))) {
                let message = format!("`{key}` chooses among several people, but `user` names one");
                self.error(
                    "setting-misfit",
                    given.at,
                    message,
                    "take it out, or assign to a `team` or the `workspace`",
                );
            }
            if let Some(given) = timeout {
                let message = "nobody is waited for here: a user named by `user` is assigned at once";
                let help = "take `timeout_branch` out, or assign to a `team` or the `workspace`";
                self.error("setting-misfit", given.at, message, help);
            }
        }
        let mut assign = Box::new(plain(AssignTarget::Workspace));
        let logic = logic.and_then(|logic| self.word(logic, "`logic`", AssignLogic::ALL, AssignLogic::as_str));
        assign.logic = logic.unwrap_or(AssignLogic::RoundRobin);
        assign.only_online = only_online.and_then(|only| self.boolean(only, "`only_online`")).unwrap_or_default();
        assign.max_open_contacts = most.and_then(|most| self.whole(most, "`max_open_contacts`", 1..=1_000_000));
        let side = SideAt { what: "`timeout_branch`", value: timeout, clock: true };
        [assign.timeout_branch] = self.sides([side], &mut assign.timeout);
        assign.to = to?;
        Some(assign)
    }

    /// The one target of an assignment.
    fn assign_target(&mut self, fields: &mut Fields<'_>) -> Option<AssignTarget> {
        let user = fields.take("user");
        let team = fields.take("team");
        let workspace = fields.take("workspace");
        let given: Vec<Value<'_>> = [user, team, workspace].into_iter().flatten().collect();
        match given.as_slice() {
            [_] => {}
            [] => {
                let help =
                    "add `user:`, `team:` or `workspace: true`. To take the assignee away, write `assign_to: nobody`";
                self.error("missing-key", fields.at(), "`assign_to` does not say to whom", help);
                return None;
            }
            [first, second, ..] => {
                self.error_also(
                    "several-targets",
                    (
                        second.at,
                        "a contact is assigned to a user, a team or the workspace: only one of them".to_owned(),
                    ),
                    (first.at, "the first one"),
                    "keep one",
                );
                return None;
            }
        }
        if let Some(user) = user {
            let user = self.spanned(user, "`user`")?;
            self.notice_name(NameKind::User, &user);
            return Some(AssignTarget::User(user));
        }
        if let Some(team) = team {
            let team = self.spanned(team, "`team`")?;
            self.notice_name(NameKind::Team, &team);
            return Some(AssignTarget::Team(team));
        }
        let value = workspace?;
        if !self.boolean(value, "`workspace`")? {
            let help = "write `workspace: true`, or name a `user` or a `team`";
            self.error("wrong-type", value.place(), "`workspace: false` assigns to nobody in particular", help);
            return None;
        }
        Some(AssignTarget::Workspace)
    }
}

/// An assignment without rules.
fn plain(to: AssignTarget) -> AssignTo {
    AssignTo {
        to,
        logic: AssignLogic::RoundRobin,
        only_online: false,
        max_open_contacts: None,
        timeout: limits::LONGEST_WAIT,
        timeout_branch: None,
    }
}

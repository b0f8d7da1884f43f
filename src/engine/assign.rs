//! Assignment: who is eligible, who is chosen, and how many contacts everybody has open.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::event::{Kind, Sink};
use super::program::{Action, AssignTarget, AssignTo, Program, StepId, User};
use super::run::{Machine, Next};
use super::session::{State, WaitKind, emit};
use crate::flow::model::AssignLogic;

/// A user as the rehearsal stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Staff {
    /// Presence.
    pub online: bool,
    /// Open contacts, this one included when it is assigned to the user and its conversation is open.
    pub open_contacts: u32,
}

impl From<&User> for Staff {
    fn from(user: &User) -> Self {
        Self { online: user.online, open_contacts: user.open_contacts }
    }
}

/// Why a user cannot be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ineligible {
    /// Another team is asked.
    OtherTeam,
    /// Only users who are online count.
    Offline,
    /// Only users with fewer open contacts than this count.
    Busy(u32),
}

/// Where a session waits for somebody to assign to: what stands against each user, in the program's order; empty elsewhere.
pub(super) fn candidates(program: &Program, state: &State) -> Vec<Option<Ineligible>> {
    let wait = state.wait.filter(|wait| wait.kind == WaitKind::Assignment);
    let Some(Action::AssignTo(assign)) = wait.map(|wait| &program.step(wait.step).action) else { return Vec::new() };
    let members = members(program, assign);
    let against = |(user, staff): (usize, &Staff)| {
        if members.contains(&user) { against(assign, *staff) } else { Some(Ineligible::OtherTeam) }
    };
    state.world().staff.iter().enumerate().map(against).collect()
}

/// What stands against a member.
fn against(assign: &AssignTo, staff: Staff) -> Option<Ineligible> {
    if assign.only_online && !staff.online {
        return Some(Ineligible::Offline);
    }
    assign.max_open_contacts.filter(|most| staff.open_contacts >= *most).map(Ineligible::Busy)
}

/// Who is asked: positions in the program's users, in their order.
fn members(program: &Program, assign: &AssignTo) -> Vec<usize> {
    match assign.to {
        AssignTarget::Team(team) => program.teams.get(team).map(|team| team.members.clone()).unwrap_or_default(),
        _ => (0..program.users().len()).collect(),
    }
}

impl<S: Sink> Machine<'_, S> {
    /// `assign_to`: assigns at once, or waits until somebody is eligible.
    #[inline(never)]
    pub(super) fn assign_to(&mut self, step: StepId, assign: &AssignTo, next: Option<StepId>) -> Next {
        match &assign.to {
            AssignTarget::Nobody => {
                if self.state.contact.assignee.is_some() {
                    self.unassign(Some(step), "by the step");
                }
                Next::Step(next)
            }
            AssignTarget::User(user) => {
                let Some(wanted) = self.filled(step, user, "the user's name") else { return Next::Step(next) };
                let id =
                    self.program.user_called(&wanted).map_or_else(|| SmolStr::new(&wanted), |user| user.id.clone());
                if self.state.contact.assignee.as_ref() != Some(&id) {
                    self.assign(Some(step), id, None, "named by the step");
                }
                Next::Step(next)
            }
            AssignTarget::Team(_) | AssignTarget::Workspace => {
                if self.assign_somebody(step, assign) {
                    return Next::Step(next);
                }
                if S::WANTS {
                    let reason = self.nobody(assign);
                    let team = team_name(self.program, assign);
                    emit!(self, step, Kind::AssignmentWaiting { team, reason: &reason });
                }
                self.wait(step, WaitKind::Assignment, self.state.now.saturating_add(assign.timeout))
            }
        }
    }

    /// Looks again whether somebody is eligible, after something changed.
    pub(super) fn reconsider(&mut self) {
        let Some(wait) = self.state.wait.filter(|wait| wait.kind == WaitKind::Assignment) else { return };
        let program = self.program;
        let step = program.step(wait.step);
        let Action::AssignTo(assign) = &step.action else { return };
        if !self.eligible(assign).is_empty() {
            self.cancel_wait();
            self.assign_somebody(wait.step, assign);
            self.go(Some(wait.step), Next::Step(step.next));
        }
    }

    /// Assigns to whoever is next by the step's rules; whether anybody was eligible.
    fn assign_somebody(&mut self, step: StepId, assign: &AssignTo) -> bool {
        let eligible = self.eligible(assign);
        // Who has the turn goes on where this team, or the workspace, last stopped.
        let turn = match assign.to {
            AssignTarget::Team(team) => team + 1,
            _ => 0,
        };
        let last = self.state.world().turns.get(turn).copied().flatten();
        let chosen = match assign.logic {
            AssignLogic::RoundRobin => {
                let after = |user: &&usize| last.is_none_or(|last| **user > usize::from(last));
                eligible.iter().find(after).or(eligible.first()).copied()
            }
            AssignLogic::LeastOpenContacts => eligible.iter().copied().min_by_key(|user| self.open_contacts(*user)),
        };
        let Some(chosen) = chosen else { return false };
        let Some(user) = self.program.users().get(chosen) else { return false };
        let reason = match assign.logic {
            AssignLogic::RoundRobin => {
                if let (Some(slot), Ok(chosen)) = (self.state.world_mut().turns.get_mut(turn), u16::try_from(chosen)) {
                    *slot = Some(chosen);
                }
                "next in turn (round robin)".to_owned()
            }
            AssignLogic::LeastOpenContacts => format!("fewest open contacts ({})", self.open_contacts(chosen)),
        };
        let team = team_name(self.program, assign);
        self.assign(Some(step), user.id.clone(), team, &reason);
        true
    }

    /// Who may be chosen: positions in the program's users, in their order.
    fn eligible(&self, assign: &AssignTo) -> Vec<usize> {
        let is_eligible =
            |user: &usize| self.state.world().staff.get(*user).is_some_and(|staff| against(assign, *staff).is_none());
        members(self.program, assign).into_iter().filter(is_eligible).collect()
    }

    fn open_contacts(&self, user: usize) -> u32 {
        self.state.world().staff.get(user).map_or(0, |staff| staff.open_contacts)
    }

    /// Why nobody is eligible, in words.
    fn nobody(&self, assign: &AssignTo) -> String {
        let whole = match assign.to {
            AssignTarget::Team(team) => self.program.teams.get(team).map_or("the team", |team| &team.name),
            _ => "the workspace",
        };
        let members = members(self.program, assign);
        if members.is_empty() {
            return format!("{whole} has no users");
        }
        let online = members.iter().filter_map(|user| self.state.world().staff.get(*user)).any(|staff| staff.online);
        match (assign.only_online, assign.max_open_contacts) {
            (true, _) if !online => format!("nobody in {whole} is online"),
            (true, Some(most)) => format!("nobody in {whole} is online and has fewer than {most} open contacts"),
            (_, Some(most)) => format!("nobody in {whole} has fewer than {most} open contacts"),
            (..) => format!("nobody in {whole} is eligible"),
        }
    }

    /// Assigns the contact to a user.
    pub(super) fn assign(&mut self, step: Option<StepId>, user: SmolStr, team: Option<&str>, reason: &str) {
        self.state.count_assignee(self.program, -1);
        self.state.contact.assignee = Some(user);
        self.state.count_assignee(self.program, 1);
        let user = self.state.contact.assignee.as_deref().unwrap_or_default();
        super::session::tell(&mut *self.sink, self.state.now, self.state.workflow, step, || Kind::Assigned {
            user,
            team,
            reason,
        });
    }

    /// Assigns the contact to nobody.
    pub(super) fn unassign(&mut self, step: Option<StepId>, reason: &str) {
        self.state.count_assignee(self.program, -1);
        let user = self.state.contact.assignee.take();
        emit!(self, step, Kind::Unassigned { user: user.as_deref(), reason });
    }
}

impl State {
    /// Whether a user is online now. Who is not known is not.
    pub(super) fn is_online(&self, program: &Program, id: &str) -> bool {
        let user = program.users().iter().position(|user| user.id == id);
        user.and_then(|user| self.world().staff.get(user)).is_some_and(|staff| staff.online)
    }

    /// Counts this contact in or out of its assignee's open contacts, while its conversation is open.
    pub(super) fn count_assignee(&mut self, program: &Program, by: i32) {
        let Some(assignee) = self.contact.assignee.as_deref().filter(|_| self.open) else { return };
        let user = program.users().iter().position(|user| user.id == assignee);
        if let Some(staff) = user.and_then(|user| self.world_mut().staff.get_mut(user)) {
            staff.open_contacts = staff.open_contacts.saturating_add_signed(by);
        }
    }
}

/// The name of the team a step assigns to.
fn team_name<'p>(program: &'p Program, assign: &AssignTo) -> Option<&'p str> {
    match assign.to {
        AssignTarget::Team(team) => program.teams.get(team).map(|team| team.name.as_str()),
        _ => None,
    }
}

//! How long a contact may have been silent at each step: messages that come after the channel's window has closed, and arms that wait
//! for a contact whose message would have ended the run.

use std::collections::HashMap;
use std::rc::Rc;
use std::time::Duration;

use super::super::condition::{Condition, Conditions, Joiner, Operand, Operator, Subject};
use super::super::facts::Noticed;
use super::super::model::{Action, AssignTarget, Branch, Content, Flow, Otherwise, SendMessage, Side, Step};
use super::super::words::ChannelType;
use super::super::workspace::Workspace;
use super::{Place, branches, places};
use crate::source::Span;

/// How long a channel takes free texts after the contact's last message.
const WINDOW: Duration = Duration::from_hours(24);

/// Steps that one look at a flow visits, whatever its loops (our choice): beyond them findings are missed, and none is wrong.
const MOST_VISITS: usize = 50_000;

/// How often each jump was made on the way to a place.
type Jumps<'f> = Rc<HashMap<&'f str, u8>>;

/// Which silence is followed: the longest that can be, or the shortest.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Extent {
    Longest,
    Shortest,
}

pub(super) fn look(flow: &Flow, found: &mut Vec<(Span, Noticed)>) {
    if flow.workspace.channels.iter().any(|channel| channel.kind == ChannelType::Whatsapp) {
        let mut late: Vec<&Step> = Walk::over(flow, Extent::Longest).late;
        late.sort_by_key(|step| step.span);
        found.extend(late.into_iter().map(|step| (step.span, Noticed::LateText)));
    }
    if flow.stop_on.incoming_message {
        let silence = Walk::over(flow, Extent::Shortest).silence;
        for (step, branch) in branches(flow) {
            let Some(silence) = silence.get(step.id.as_str()) else { continue };
            for arm in branch.arms.iter().filter(|arm| always_over(&arm.when, *silence)) {
                found.push((arm.span, Noticed::StoppedBefore(*silence)));
            }
        }
    }
}

/// Whether conditions need a message that is younger than it can be.
fn always_over(when: &Conditions, silence: Duration) -> bool {
    let over = |condition: &Condition| less_than(condition).is_some_and(|ago| ago <= silence);
    match when.joiner {
        Joiner::All => when.list.iter().any(over),
        Joiner::Any => when.list.iter().all(over),
    }
}

/// `last_incoming_message_time: { is_less_than_ago: … }`
fn less_than(condition: &Condition) -> Option<Duration> {
    match (&condition.subject, condition.operator, &condition.operand) {
        (Subject::LastIncomingMessageTime, Operator::IsLessThanAgo, Operand::Ago(ago)) => Some(*ago),
        _ => None,
    }
}

struct Walk<'f> {
    workspace: &'f Workspace,
    extent: Extent,
    places: HashMap<&'f str, Place<'f>>,
    /// The silence at each step that was reached.
    silence: HashMap<&'f str, Duration>,
    open: Vec<(Place<'f>, Duration, Jumps<'f>)>,
    /// The jumps on the way to the step that is looked at.
    jumps: Jumps<'f>,
    /// Steps whose message comes too late.
    late: Vec<&'f Step>,
}

impl<'f> Walk<'f> {
    fn over(flow: &'f Flow, extent: Extent) -> Self {
        let mut walk = Self {
            workspace: &flow.workspace,
            extent,
            places: places(flow),
            silence: HashMap::new(),
            open: vec![((flow.steps.as_slice(), 0), Duration::ZERO, Jumps::default())],
            jumps: Jumps::default(),
            late: Vec::new(),
        };
        let mut visits: usize = 0;
        while let Some(((list, index), silence, jumps)) = walk.open.pop() {
            let Some(step) = list.get(index) else { continue };
            let silence = silence.min(WINDOW * 30);
            let known = walk.silence.get(step.id.as_str());
            let better = known.is_none_or(|known| match extent {
                // Beyond the window it makes no difference how far.
                Extent::Longest => silence.min(WINDOW) > *known,
                Extent::Shortest => silence < *known,
            });
            if better && visits < MOST_VISITS {
                visits = visits.saturating_add(1);
                walk.jumps = jumps;
                let kept = if extent == Extent::Longest { silence.min(WINDOW) } else { silence };
                walk.silence.insert(&step.id, kept);
                walk.step((list, index), step, kept);
            }
        }
        walk
    }

    fn to(&mut self, place: Place<'f>, silence: Duration) {
        self.open.push((place, silence, Rc::clone(&self.jumps)));
    }

    fn side(&mut self, side: Option<&'f Side>, silence: Duration) {
        if let Some(side) = side {
            self.to((side.as_slice(), 0), silence);
        }
    }

    /// Goes on from a step to everything that may come next.
    fn step(&mut self, (list, index): Place<'f>, step: &'f Step, silence: Duration) {
        let next = (list, index.saturating_add(1));
        match &step.action {
            Action::SendMessage(send) => {
                self.side(send.failure_branch.as_ref(), silence);
                if self.is_late(step, silence, send.failure_branch.as_ref(), Some(send)) {
                    return;
                }
                self.to(next, silence);
            }
            Action::AskQuestion(ask) => {
                self.side(ask.failures.sending_failed(), silence);
                self.side(ask.failures.invalid(), Duration::ZERO);
                self.to(next, Duration::ZERO);
                if self.is_late(step, silence, ask.failures.sending_failed(), None) {
                    return;
                }
                // Nobody answered: the silence goes on. A rejected answer would have been a message.
                let waited = match self.extent {
                    Extent::Longest => silence.saturating_add(ask.timeout),
                    Extent::Shortest => Duration::ZERO,
                };
                self.side(ask.timeout_branch.as_ref(), waited);
            }
            Action::Wait(time) => self.to(next, silence.saturating_add(*time)),
            Action::AssignTo(assign) => {
                if matches!(assign.to, AssignTarget::Team(_) | AssignTarget::Workspace) {
                    self.side(assign.timeout_branch.as_ref(), silence.saturating_add(assign.timeout));
                }
                self.to(next, silence);
            }
            Action::RespondWithAi(ai) => {
                self.side(ai.speak_to_human_branch.as_ref(), Duration::ZERO);
                self.side(ai.unable_branch.as_ref(), Duration::ZERO);
                let idle = if self.extent == Extent::Longest { silence.saturating_add(ai.idle) } else { ai.idle };
                self.side(ai.idle_branch.as_ref(), idle);
                self.side(ai.failure_branch.as_ref(), Duration::ZERO);
                self.to(next, Duration::ZERO);
            }
            Action::Branch(branch) => self.branch(branch, next, silence),
            Action::JumpTo { step: target, max_jumps } => {
                self.to(next, silence);
                let made = self.jumps.get(step.id.as_str()).copied().unwrap_or_default();
                if let Some(place) = self.places.get(target.value.as_str()).copied().filter(|_| made < *max_jumps) {
                    // A loop adds up its silence, but no more often than the jump is made.
                    let mut jumps = HashMap::clone(&self.jumps);
                    jumps.insert(step.id.as_str(), made.saturating_add(1));
                    self.open.push((place, silence, Rc::new(jumps)));
                }
            }
            Action::TriggerWorkflow(_) | Action::Unknown(_) => {}
            other => {
                for (_, side) in other.sides() {
                    self.to((side.as_slice(), 0), silence);
                }
                self.to(next, silence);
            }
        }
    }

    fn branch(&mut self, branch: &'f Branch, next: Place<'f>, silence: Duration) {
        let conditions = || branch.arms.iter().flat_map(|arm| &arm.when.list);
        // A branch that looks at the channel, or at how long ago the contact wrote, was made by somebody who thought of the window.
        let minds = |condition: &Condition| {
            matches!(condition.subject, Subject::LastInteractedChannel | Subject::LastIncomingMessageTime)
        };
        if self.extent == Extent::Longest && conditions().any(minds) {
            return;
        }
        for arm in &branch.arms {
            self.to((arm.steps.as_slice(), 0), silence);
        }
        match &branch.otherwise {
            Otherwise::Absent => {}
            Otherwise::Steps(steps) => self.to((steps.as_slice(), 0), silence),
            Otherwise::Continue => self.to(next, silence),
        }
    }

    /// Whether a free text comes after the window. What follows it on the same way would be the same mistake.
    fn is_late(
        &mut self,
        step: &'f Step,
        silence: Duration,
        failed: Option<&Side>,
        send: Option<&SendMessage>,
    ) -> bool {
        let handled = failed.is_some_and(|side| !side.is_empty());
        if self.extent == Extent::Shortest || silence < WINDOW || handled {
            return false;
        }
        let late = send.is_none_or(|send| self.sends_free_text(send));
        if late {
            self.late.push(step);
        }
        late
    }

    /// Whether a message is no template on some WhatsApp channel it may go out on.
    fn sends_free_text(&self, send: &SendMessage) -> bool {
        let fixed = send.channel.as_ref().map(|channel| channel.value.as_str());
        let possible = self.workspace.channels.iter().filter(|channel| fixed.is_none_or(|fixed| fixed == channel.id));
        possible.filter(|channel| channel.kind == ChannelType::Whatsapp).any(|channel| {
            let named =
                |word: &str| send.per_channel.iter().find(|(key, _)| key.value == word).map(|(_, content)| content);
            let content = named(&channel.id).or_else(|| named(channel.kind.as_str())).unwrap_or(&send.content);
            !matches!(content, Content::Template(_))
        })
    }
}

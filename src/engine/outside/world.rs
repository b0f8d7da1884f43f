//! What a session knows of people and systems outside the conversation: only programs that need it keep it.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::super::assign::Staff;
use super::super::input::OutsideFault;
use super::super::program::Program;
use super::super::session::{State, WaitKind};
use super::{Request, Speaker};

/// Users, enrolment, mocks, and what is asked of the outside world.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub(in crate::engine) struct World {
    /// The users as they stand, in the program's order.
    pub(in crate::engine) staff: Vec<Staff>,
    /// Who was assigned last by round robin: in the workspace, then in each team.
    pub(in crate::engine) turns: Vec<Option<u16>>,
    /// The workflows the contact ever entered, when one of them takes it once only.
    pub(in crate::engine) enrolled: Vec<bool>,
    /// How often each mocked step was answered.
    pub(in crate::engine) mocks: Vec<u32>,
    /// How the next request by HTTP and the next to an AI fail.
    #[serde(default)]
    pub(in crate::engine) faults: [Option<OutsideFault>; 2],
    /// What is asked of the outside world.
    pub(in crate::engine) request: Option<Request>,
    /// What was said in the conversation with an AI.
    pub(in crate::engine) talk: Vec<(Speaker, SmolStr)>,
    /// What the contact said while the AI's reply was waited for, a line each.
    pub(in crate::engine) unheard: Option<SmolStr>,
    /// Requests since somebody last did something: what live answers cause is caused by that.
    #[serde(default)]
    pub(in crate::engine) asked: u16,
}

/// The world of a program that needs none.
pub(in crate::engine) static NOTHING: World = World {
    staff: Vec::new(),
    turns: Vec::new(),
    enrolled: Vec::new(),
    mocks: Vec::new(),
    faults: [None, None],
    request: None,
    talk: Vec::new(),
    unheard: None,
    asked: 0,
};

impl World {
    /// The world a session of this program starts in.
    pub(in crate::engine) fn of(program: &Program) -> Option<Box<Self>> {
        let needed = !program.users.is_empty() || program.turns > 0 || program.enrols || program.asks;
        needed.then(|| {
            Box::new(Self {
                staff: program.users.iter().map(Staff::from).collect(),
                turns: vec![None; program.turns],
                enrolled: vec![false; if program.enrols { program.workflows.len() } else { 0 }],
                mocks: vec![0; program.mocked],
                faults: [None, None],
                request: None,
                talk: Vec::new(),
                unheard: None,
                asked: 0,
            })
        })
    }

    /// Whether a restored state fits the program.
    pub(in crate::engine) fn fits(state: &State, program: &Program) -> bool {
        let (world, fresh) = (state.world(), Self::of(program).unwrap_or_default());
        let asks = state.wait.is_some_and(|wait| matches!(wait.kind, WaitKind::Http | WaitKind::Ai));
        world.staff.len() == fresh.staff.len()
            && world.turns.len() == fresh.turns.len()
            && world.enrolled.len() == fresh.enrolled.len()
            && world.mocks.len() == fresh.mocks.len()
            && world.request.is_some() == asks
    }
}

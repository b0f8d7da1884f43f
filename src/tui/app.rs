//! The state of the screen: a rehearsal, what was read from its events, and where the user looks and types.

use std::collections::BTreeSet;
use std::time::Duration;

use ratatui::layout::{Position, Size};

use crate::engine::{Instant, StepId, WaitKind};
use crate::flow::QuestionType;
use crate::rehearsal::{Act, Files, Outcome, Refused, Rehearsal};

use super::Options;
use super::action::Action;
use super::asking::Asking;
use super::chat::Chat;
use super::clock::Clock;
use super::courier::{Courier, Outside};
use super::ending::Earlier;
use super::fold::Fold;
use super::glyphs::Glyphs;
use super::input::{self, Input};
use super::journey::{self, Held};
use super::look::{Look, cells};
use super::popup::Popup;
use super::view::Hit;
use super::view::layout::Layout;

/// A toast leaves by itself after so long (our choice).
const TOAST: Duration = Duration::from_secs(8);

/// The state of the screen. Changed by [`update`](super::update) only, drawn by [`view`](super::view).
#[derive(Debug)]
pub struct App {
    /// The session and its history.
    pub rehearsal: Rehearsal,
    /// What is read again at a start from the beginning; without it the same version starts over.
    pub files: Option<Box<dyn Files>>,
    /// What was read from its events.
    pub fold: Fold,
    /// Real time on its way into the session.
    pub clock: Clock,
    /// How it looks.
    pub look: Look,
    /// Where the chat is scrolled to.
    pub chat: Chat,
    /// What was pressed while time moves.
    pub held: Held,
    /// What is being typed.
    pub input: Input,
    /// Which pane takes the keys.
    pub focus: Focus,
    /// Where the panes are scrolled to.
    pub panes: Panes,
    /// What is asked of the outside world, and what is switched on there.
    pub asking: Asking,
    /// What of the outside world is switched on.
    pub outside: Outside,
    /// What earlier runs reached, before the run was started over.
    pub earlier: Earlier,
    /// What lies over the screen.
    pub popup: Option<Popup>,
    /// What is said at the foot of the screen until the next key.
    pub toast: Option<Toast>,
    /// Whether leaving was asked for once, with something to lose.
    pub asked_to_quit: bool,
    /// The command picked out of those a typed slash lists.
    pub slash: usize,
    /// Real time the toast has been seen, and which it was.
    pub toast_seen: Duration,
    toast_before: Option<Toast>,
    /// What the caller has to do.
    pub effect: Option<Effect>,
    /// The size of the terminal.
    pub size: Size,
    /// What a click does where, as it was drawn last; the topmost first.
    pub hits: Vec<Hit>,
}

/// Which pane takes the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Focus {
    /// The chat input.
    Input,
    /// The contact.
    Contact,
    /// The workflow variables.
    Variables,
    /// Why it went that way.
    Decisions,
    /// The flow as a tree.
    Outline,
    /// Everything pending.
    Timers,
}

impl Focus {
    /// Every pane in the order of `Tab`.
    pub const ALL: [Self; 6] =
        [Self::Input, Self::Contact, Self::Variables, Self::Decisions, Self::Outline, Self::Timers];
    /// The panes beside the chat, from the top.
    pub const SIDE: [Self; 5] = [Self::Contact, Self::Variables, Self::Decisions, Self::Outline, Self::Timers];

    /// Its place beside the chat; `None` for the input.
    pub fn side_index(self) -> Option<usize> {
        Self::SIDE.iter().position(|pane| *pane == self)
    }
}

/// Where the panes beside the chat are scrolled to.
#[derive(Debug, Clone, Default)]
pub struct Panes {
    /// Lines scrolled in each pane, in the order of [`Focus::SIDE`]; `None` follows what is current.
    pub scrolled: [Option<usize>; 5],
    /// The decision under the cursor, the newest being 0.
    pub decision: usize,
    /// The step under the cursor of the outline; `None` for the one that waits or ran last.
    pub step: Option<StepId>,
    /// Decisions, by event, that are not as they come: the newest opened, the others closed.
    pub toggled: BTreeSet<usize>,
}

/// What is said at the foot of the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Toast {
    /// The words.
    pub text: String,
    /// Whether something went wrong.
    pub is_error: bool,
}

/// What the caller has to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Leave.
    Quit,
    /// Give the terminal to the shell until it is resumed.
    Suspend,
}

impl App {
    /// A screen of this size on a rehearsal. With a courier requests are really carried outside.
    pub fn new(rehearsal: Rehearsal, options: &Options, courier: Option<Box<dyn Courier>>, size: Size) -> Self {
        let look = Look {
            palette: options.theme.palette(options.color),
            glyphs: Glyphs::of(options.ascii),
            bidi: options.bidi,
        };
        let mut fold = Fold::default();
        fold.catch_up(&rehearsal);
        let mut app = Self {
            rehearsal,
            files: None,
            fold,
            clock: Clock::new(options.speed),
            look,
            chat: Chat::default(),
            held: Held::default(),
            input: Input::default(),
            focus: Focus::Input,
            panes: Panes::default(),
            asking: Asking::by(courier),
            outside: options.outside,
            earlier: Earlier::default(),
            popup: None,
            toast: None,
            asked_to_quit: false,
            slash: 0,
            toast_seen: Duration::ZERO,
            toast_before: None,
            effect: None,
            size,
            hits: Vec::new(),
        };
        // What happened before the screen opened, as when a session is resumed, is no news to the world outside.
        if app.rehearsal.acts().next().is_none() {
            app.tell_courier(0);
        }
        app.follow_request();
        app
    }

    /// The virtual instant as the clock shows it.
    pub fn now(&self) -> Instant {
        self.rehearsal.session().now().saturating_add(self.clock.passed())
    }

    /// The shown time until the next timer.
    pub fn until_deadline(&self) -> Option<Duration> {
        self.rehearsal.session().next_deadline().map(|deadline| deadline.since(self.now()))
    }

    /// The texts that can be picked: what answers the pending question, else the buttons of the newest template.
    pub fn options(&self) -> &[String] {
        match self.answers() {
            [] => self.fold.buttons().pressable().map_or(&[], |(_, titles)| titles),
            answers => answers,
        }
    }

    /// The event of the template whose buttons can be picked now, by its index in the log.
    pub fn template_open(&self) -> Option<usize> {
        self.fold.buttons().pressable().filter(|_| self.answers().is_empty()).map(|(event, _)| event)
    }

    /// The texts that answer the pending question: its options, or the stars of a rating.
    fn answers(&self) -> &[String] {
        let session = self.rehearsal.session();
        let Some(wait) = session.waiting().filter(|wait| wait.kind == WaitKind::Question) else { return &[] };
        let step = session.program().step(wait.step);
        if step.question().is_some_and(|question| question.kind() == QuestionType::Rating) {
            return rating();
        }
        step.options()
    }

    /// The rest of the option that the input begins.
    pub fn completion(&self) -> Option<&str> {
        let typed = self.input.editor.text();
        if typed.is_empty() {
            return None;
        }
        self.options().iter().find_map(|option| {
            let mut rest = option.chars();
            let begins = typed.chars().all(|c| rest.next().is_some_and(|o| o.to_lowercase().eq(c.to_lowercase())));
            Some(rest.as_str()).filter(|rest| begins && !rest.is_empty())
        })
    }

    /// Does something after the time that has passed, and reads what came of it.
    pub fn act(&mut self, act: Act) -> Result<Outcome, Refused> {
        let passed = self.clock.take();
        let outcome = self.rehearsal.set_out_after(passed, act, journey::SLICE);
        match outcome {
            Ok(outcome) => {
                self.done(outcome);
                if self.rehearsal.journey().is_some() {
                    self.arrive();
                }
            }
            Err(_) => self.clock.give_back(passed),
        }
        outcome
    }

    /// Lets real time go by. Returns whether the screen shows something else now.
    pub fn tick(&mut self, real: Duration) -> bool {
        if self.go_on() {
            // The clock stands while a move of time is under way.
            return true;
        }
        let before = self.now().millis() / 1000;
        let faded = self.fade(real);
        self.clock.run(real);
        let due = self.rehearsal.session().next_deadline().is_some_and(|deadline| deadline <= self.now());
        if due {
            self.reach_deadlines();
        }
        let answered = self.poll_courier();
        if due {
            self.leave_to_banner();
        }
        due || answered || faded || self.now().millis() / 1000 != before
    }

    /// Takes a toast away that was seen long enough. Returns whether it went.
    fn fade(&mut self, real: Duration) -> bool {
        let is_same = self.toast == self.toast_before;
        self.toast_seen = if is_same { self.toast_seen.saturating_add(real) } else { Duration::ZERO };
        self.toast_before.clone_from(&self.toast);
        let is_over = self.toast.is_some() && is_same && self.toast_seen >= TOAST;
        if is_over {
            (self.toast, self.toast_before) = (None, None);
        }
        is_over
    }

    /// How long nothing changes by itself, in real time.
    pub fn next_wake(&self) -> Option<Duration> {
        if self.rehearsal.journey().is_some() {
            return Some(Duration::ZERO);
        }
        let session = self.rehearsal.session();
        let clock = self.clock.next_wake(session.now(), session.next_deadline());
        let toast = self.toast.as_ref().map(|_| TOAST.saturating_sub(self.toast_seen).max(Duration::from_millis(40)));
        [clock, self.next_poll(), toast].into_iter().flatten().min()
    }

    /// Reads the events of something that was done, and tells the courier of them.
    pub(super) fn done(&mut self, outcome: Outcome) {
        self.caught_up();
        self.tell_courier(outcome.events_from);
    }

    /// Reads the new events.
    fn caught_up(&mut self) {
        self.fold.catch_up(&self.rehearsal);
        self.chat.grew();
        self.after_change();
    }

    /// Reads the log after it was cut back.
    pub fn cut_back(&mut self) {
        self.clock.reset();
        self.fold.cut_back(&self.rehearsal);
        self.chat.forget_from(0);
        let kept = self.rehearsal.log().len();
        self.panes.toggled.retain(|event| *event < kept);
        self.after_change();
    }

    fn after_change(&mut self) {
        self.input.highlighted = None;
        self.panes.decision = self.panes.decision.min(self.fold.decisions().len().saturating_sub(1));
        self.follow_request();
    }

    /// Where everything stands now.
    pub fn layout(&self) -> Layout {
        let columns = Layout::input_columns(self.size);
        let typed = input::lay_out(&self.input.editor, self.look.bidi, usize::from(columns));
        Layout::of(self.size, cells(typed.lines.len()))
    }

    /// Lays out what the chat shows; to be called before drawing.
    pub fn prepare(&mut self) {
        let area = self.layout().messages;
        let mut chat = std::mem::take(&mut self.chat);
        chat.prepare(self, area);
        self.chat = chat;
    }

    /// What a click at a place does.
    pub fn hit(&self, place: Position) -> Option<Action> {
        self.hits.iter().find(|(area, _)| area.contains(place)).and_then(|(_, action)| *action)
    }
}

/// The answers of a rating.
fn rating() -> &'static [String] {
    use std::sync::LazyLock;
    static STARS: LazyLock<[String; 5]> = LazyLock::new(|| [1, 2, 3, 4, 5].map(|stars| stars.to_string()));
    STARS.as_slice()
}

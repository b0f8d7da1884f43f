//! The floor of workload W: the same conversation written out by hand, without an engine. What any engine is measured against.

use std::collections::HashMap;

/// The replies of workload W, in order; `None` is a day that passes.
pub const REPLIES: [Option<&str>; 9] = [
    Some("pizza"),
    Some("Sales"),
    Some("ana@example.com"),
    Some("+12065551212"),
    Some("42"),
    Some("12/31/2026"),
    Some("5"),
    None,
    Some("No thanks"),
];

#[derive(Clone, Copy, PartialEq)]
enum Stage {
    Choice,
    Email,
    Phone,
    Seats,
    Date,
    Rating,
    Extra,
    Reminder,
    Done,
}

/// One conversation: its variables by name, its tags, and its transcript when one is kept.
pub struct Conversation {
    variables: HashMap<String, String>,
    tags: Vec<String>,
    now: u64,
    transcript: Option<Vec<(u64, u8, String)>>,
    last: String,
    /// How many messages the bot sent.
    pub sent: usize,
}

/// Plays the whole workload, with or without a transcript.
///
/// # Panics
///
/// When the conversation is not the workload's.
pub fn play(keep: bool) -> Conversation {
    let mut conversation = Conversation {
        variables: HashMap::new(),
        tags: Vec::new(),
        now: 1_800_000_000_000,
        transcript: keep.then(Vec::new),
        last: String::new(),
        sent: 0,
    };
    conversation.set("name", "Ben Haggerty");
    conversation.say("Hi {name}, welcome to Acme!");
    let mut stage = conversation.ask(Stage::Choice);
    for reply in REPLIES {
        stage = conversation.reply(stage, std::hint::black_box(reply));
    }
    assert!(stage == Stage::Done && conversation.sent == 14 && conversation.tags == ["happy"]);
    conversation
}

impl Conversation {
    fn set(&mut self, name: &str, value: &str) {
        self.variables.insert(name.to_owned(), value.to_owned());
    }

    fn say(&mut self, template: &str) {
        let mut text = std::mem::take(&mut self.last);
        text.clear();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            text.push_str(before);
            let (name, after) = after.split_once('}').unwrap_or((after, ""));
            text.push_str(self.variables.get(name).map_or("", String::as_str));
            rest = after;
        }
        text.push_str(rest);
        self.sent += 1;
        if let Some(transcript) = &mut self.transcript {
            transcript.push((self.now, 0, text.clone()));
        }
        self.last = text;
    }

    fn ask(&mut self, stage: Stage) -> Stage {
        self.say(match stage {
            Stage::Choice => "What do you need? 1) Sales 2) Support 3) Billing 4) Other things",
            Stage::Email => "What is your email?",
            Stage::Phone => "Your phone number?",
            Stage::Seats => "How many seats (1-100)?",
            Stage::Date => "When would you like to start (mm/dd/yyyy)?",
            Stage::Rating => "Rate us 1-5",
            Stage::Extra => "Anything else we should know?",
            Stage::Reminder => "Just a reminder: anything else we should know?",
            Stage::Done => "Thanks {name}! We noted {choice}, {email} and {date}.",
        });
        stage
    }

    fn reply(&mut self, stage: Stage, reply: Option<&str>) -> Stage {
        let Some(text) = reply else {
            self.now += 86_400_000;
            return if stage == Stage::Extra { self.ask(Stage::Reminder) } else { stage };
        };
        self.now += 5_000;
        if let Some(transcript) = &mut self.transcript {
            transcript.push((self.now, 1, text.to_owned()));
        }
        let (name, fits, next) = match stage {
            Stage::Choice => {
                if !["Sales", "Support", "Billing", "Other things"].contains(&text) {
                    self.say("Sorry, that's not one of the options.");
                    return self.ask(stage);
                }
                self.set("choice", text);
                self.say(match text {
                    "Sales" => "Great, a sales expert will help you.",
                    "Support" => "Great, a support expert will help you.",
                    "Billing" => "Great, a billing expert will help you.",
                    _ => "Great, an expert will help you.",
                });
                return self.ask(Stage::Email);
            }
            Stage::Email => ("email", is_email(text), Stage::Phone),
            Stage::Phone => ("phone", is_phone(text), Stage::Seats),
            Stage::Seats => ("seats", number(text, 1, 100).is_some(), Stage::Date),
            Stage::Date => ("date", is_date(text), Stage::Rating),
            Stage::Rating => {
                let Some(stars) = number(text, 1, 5) else { return self.ask(stage) };
                self.set("rating", text);
                let (tag, thanks) = if stars > 3 {
                    ("happy", "Thank you for the high rating!")
                } else {
                    ("unhappy", "Sorry to hear that.")
                };
                self.tags.push(tag.to_owned());
                self.say(thanks);
                return self.ask(Stage::Extra);
            }
            Stage::Extra | Stage::Reminder => ("extra", true, Stage::Done),
            Stage::Done => return stage,
        };
        if !fits {
            return self.ask(stage);
        }
        self.set(name, text);
        self.ask(next)
    }
}

fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let dotted = domain.split_once('.').is_some_and(|(before, after)| !before.is_empty() && !after.is_empty());
    !local.is_empty() && !domain.contains('@') && !text.contains(char::is_whitespace) && dotted
}

fn is_phone(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or(text);
    (7..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn number(text: &str, min: i64, max: i64) -> Option<i64> {
    text.trim().parse().ok().filter(|number| (min..=max).contains(number))
}

fn is_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes[2] != b'/' || bytes[5] != b'/' {
        return false;
    }
    let (Ok(month), Ok(day), Ok(year)) =
        (text[0..2].parse::<usize>(), text[3..5].parse::<u32>(), text[6..10].parse::<u32>())
    else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = [31, if leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    (1..=12).contains(&month) && day >= 1 && day <= days[month - 1]
}

//! Commands: what an operator types in line mode and in the palette, parsed from one line.

use std::time::Duration;

use rust_decimal::Decimal;

use super::answer;
use crate::diagnostic::did_you_mean;
use crate::engine::event::Source;
use crate::engine::{AttachmentKind, Fault, NoAnswer, Outside, OutsideFault};
use crate::flow::duration::parse_duration;
use crate::flow::model::AiOutcome;

/// A line an operator typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Something that changes the session and can be undone.
    Act(Act),
    /// Take back so many acts.
    Undo(usize),
    /// Do so many acts again.
    Redo(usize),
    /// Start over at the same instant, with the files read again.
    Restart,
    /// Start over as another contact of the workspace.
    Contact(String),
    /// Show something.
    Query(Query),
    /// Leave.
    Quit,
}

/// Something that changes the session: the unit of undo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// The contact writes a text.
    Say(String),
    /// The contact sends a file.
    Attach(AttachmentKind, String),
    /// The contact sends a place: latitude and longitude in degrees.
    Location(Decimal, Decimal),
    /// Time moves so far.
    Forward(Duration),
    /// Time moves to the next timer.
    Next,
    /// Time moves to an instant, as it was written.
    Until(String),
    /// The contact writes on another channel from now on.
    Channel(String),
    /// A channel is connected.
    Connect(String),
    /// A channel is cut, or every one.
    Disconnect(Option<String>),
    /// The next send fails.
    Fault(Fault),
    /// The next request to the outside world fails.
    FaultOutside(Outside, OutsideFault),
    /// The mock of this number answers next at a step.
    Mock(String, usize),
    /// An agent writes.
    Agent(String),
    /// An agent closes the conversation.
    Close,
    /// An agent stops the workflow.
    Stop,
    /// The operator sets what has this name, a field or a variable; `None` clears it.
    Set(String, Option<String>),
    /// The operator sets a field; `None` clears it.
    SetField(String, Option<String>),
    /// The operator sets a variable; `None` clears it.
    SetVariable(String, Option<String>),
    /// The operator adds a tag.
    Tag(String),
    /// The operator removes a tag.
    Untag(String),
    /// The operator moves the contact to a lifecycle stage; `None` to none.
    Lifecycle(Option<String>),
    /// An agent assigns the contact to a user; `None` unassigns it.
    Assign(Option<String>),
    /// A user comes online or goes offline.
    Presence(String, bool),
    /// A user has another number of open contacts.
    Load(String, u32),
    /// An agent picks a shortcut: the workflow's name, when several have one, and the form.
    Shortcut(Option<String>, Vec<(String, String)>),
    /// A request comes in from outside.
    Webhook(serde_json::Value),
    /// The contact comes by a click-to-chat ad.
    Ad(Option<String>),
    /// The outside world answers what was asked.
    Answer(Answer, Source),
}

/// An answer of the outside world.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// An HTTP response.
    Http {
        /// Its status.
        status: u16,
        /// Its body.
        body: String,
    },
    /// No HTTP response: why, in a word such as `timeout`.
    NoHttp(String),
    /// What an AI says.
    Ai {
        /// To the contact; empty says nothing.
        say: String,
        /// How the conversation came out; `None` goes on talking.
        outcome: Option<AiOutcome>,
        /// What it found out, by variable.
        collected: Vec<(String, String)>,
    },
    /// The AI could not be asked: why, in a word such as `timeout`.
    NoAi(String),
}

/// Something to show that changes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Query {
    /// The whole state.
    State,
    /// Everything pending.
    Timers,
    /// The last decision.
    Why,
    /// The commands.
    Help,
}

/// Why a line is no command. The words say how to mend it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CommandError {
    /// No such command.
    #[error("there is no command /{name}{}", hint.map_or(String::from("; /help lists them"), |hint| format!("; did you mean /{hint}?")))]
    Unknown {
        /// What was typed.
        name: String,
        /// A command that is spelled alike.
        hint: Option<&'static str>,
    },
    /// The rest of the line cannot be read.
    #[error("{problem}; write it like {example}")]
    Malformed {
        /// What is wrong.
        problem: String,
        /// A line that works.
        example: &'static str,
    },
    /// The contract names it and this version does not have it.
    #[error("/{0} is not there yet in this version")]
    NotYet(&'static str),
}

/// One command, for `/help`, the palette and the documentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CommandHelp {
    /// The word after the slash.
    pub name: &'static str,
    /// What follows it, in the notation of usage lines; empty for nothing.
    pub arguments: &'static str,
    /// A line that works.
    pub example: &'static str,
    /// What it does.
    pub summary: &'static str,
}

macro_rules! commands {
    ($($name:literal $arguments:literal $example:literal $summary:literal;)+) => {
        /// Every command, in the order of the documentation.
        pub const COMMANDS: &[CommandHelp] = &[$(CommandHelp { name: $name, arguments: $arguments, example: $example, summary: $summary }),+];
    };
}

commands! {
    "forward" "DURATION" "/forward 1 day" "move time forward, firing every timer on the way";
    "next" "" "/next" "move time to the next timer";
    "until" "INSTANT" "/until 2026-01-05T09:00" "move time to an instant, or to the next 09:00";
    "undo" "[N]" "/undo 2" "take back the last input, or the last N";
    "redo" "[N]" "/redo" "do again what was taken back";
    "restart" "" "/restart" "read the files again and start over at the same instant";
    "contact" "NAME" "/contact ana" "start over as another contact of the workspace";
    "channel" "ID" "/channel web" "write on another channel from now on";
    "connect" "ID" "/connect wa" "connect a channel";
    "disconnect" "[ID]" "/disconnect wa" "cut a channel, or every one";
    "fault" "CAUSE or http|ai STATUS|WHY" "/fault http 503" "make the next send fail: expired_api_key, network, window_closed or rejected; after http or ai the next request: a status, timeout, refused ...";
    "mock" "STEP N" "/mock lookup 2" "choose which mock of a step answers next, counted from 1";
    "attach" "KIND URL" "/attach image https://example.com/a.png" "send a file: image, video, audio or file";
    "location" "LAT,LON" "/location 31.95,35.91" "send a place";
    "agent" "TEXT" "/agent I will take over" "an agent writes from the inbox";
    "close" "" "/close" "an agent closes the conversation";
    "stop" "" "/stop" "an agent stops the workflow";
    "set" "NAME=VALUE" "/set city=Amman" "set a contact field or a variable (field.NAME and var.NAME say which); an empty value clears it";
    "tag" "NAME" "/tag vip" "add a tag";
    "untag" "NAME" "/untag vip" "remove a tag";
    "lifecycle" "[STAGE]" "/lifecycle Customer" "move the contact to a lifecycle stage, or to none";
    "assign" "USER" "/assign ana@example.com" "an agent assigns the contact: a user's id or name, or nobody";
    "presence" "USER on|off" "/presence ana@example.com off" "a user comes online or goes offline";
    "load" "USER NUMBER" "/load ana@example.com 3" "a user has another number of open contacts";
    "http" "STATUS [JSON]" "/http 200 {\"id\": 7}" "answer the HTTP request: a status with a body, or why none came, such as timeout";
    "ai" "[OUTCOME:] TEXT" "/ai We open at nine" "answer as the AI; with success:, speak_to_human:, unable: or failure: in front the conversation ends so, and {\"say\", \"outcome\", \"collected\"} gives all";
    "shortcut" "[WORKFLOW] [NAME=VALUE ...]" "/shortcut reason=late delivery" "an agent picks a shortcut and fills in its form";
    "webhook" "[JSON]" "/webhook {\"order\": {\"id\": 7}}" "a request comes in from outside";
    "ad" "[AD]" "/ad Summer sale" "the contact comes by a click-to-chat ad";
    "state" "" "/state" "show contact, variables and what is waited for";
    "timers" "" "/timers" "show everything pending";
    "why" "" "/why" "explain the last decision, failed send, rejected answer or end, whichever came last";
    "help" "" "/help" "show the commands";
    "quit" "" "/quit" "leave";
}

/// Commands of the contract that a later version brings.
const NOT_YET: [&str; 1] = ["save"];

/// Reads one line: a contact message, or a command after `/`. `//` sends a text that starts with a slash.
pub fn parse(line: &str) -> Result<Command, CommandError> {
    let Some(command) = line.strip_prefix('/') else { return Ok(Command::Act(Act::Say(line.to_owned()))) };
    if command.starts_with('/') {
        return Ok(Command::Act(Act::Say(command.to_owned())));
    }
    let (name, rest) = command.split_once(char::is_whitespace).unwrap_or((command, ""));
    let rest = rest.trim();
    let name = name.trim();
    let Some(help) = COMMANDS.iter().find(|help| help.name == name) else {
        if let Some(later) = NOT_YET.into_iter().find(|later| *later == name) {
            return Err(CommandError::NotYet(later));
        }
        let hint = did_you_mean(name, COMMANDS.iter().map(|help| help.name));
        return Err(CommandError::Unknown { name: name.to_owned(), hint });
    };
    let malformed = |problem: String| CommandError::Malformed { problem, example: help.example };
    let needed = |what: &str| {
        if rest.is_empty() { Err(malformed(format!("/{name} needs {what}"))) } else { Ok(rest.to_owned()) }
    };
    let count = || match rest {
        "" => Ok(1),
        number => match number.parse() {
            Ok(count) if count > 0 => Ok(count),
            _ => Err(malformed(format!("\"{number}\" is no count"))),
        },
    };
    if help.arguments.is_empty() && !rest.is_empty() {
        return Err(malformed(format!("/{name} takes nothing after it")));
    }
    let act = match name {
        "forward" => {
            let written = needed("a duration")?;
            match parse_duration(&written).map_err(|error| malformed(error.to_string()))? {
                Duration::ZERO => return Err(malformed("no time would pass".to_owned())),
                span => Act::Forward(span),
            }
        }
        "next" => Act::Next,
        "until" => Act::Until(needed("an instant")?),
        "undo" => return Ok(Command::Undo(count()?)),
        "redo" => return Ok(Command::Redo(count()?)),
        "restart" => return Ok(Command::Restart),
        "contact" => return Ok(Command::Contact(needed("the name of a contact")?)),
        "channel" => Act::Channel(needed("the id of a channel")?),
        "connect" => Act::Connect(needed("the id of a channel")?),
        "disconnect" => Act::Disconnect(Some(rest.to_owned()).filter(|id| !id.is_empty())),
        "fault" => fault(&needed("a cause")?).map_err(malformed)?,
        "mock" => {
            let mock = rest.rsplit_once(char::is_whitespace);
            let mock = mock.and_then(|(step, number)| Some((step.trim().to_owned(), number.parse().ok()?)));
            let (step, number) = mock.ok_or_else(|| malformed("/mock needs a step, then a number".to_owned()))?;
            Act::Mock(step, number)
        }
        "attach" => {
            let (kind, url) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
            let known = AttachmentKind::named(kind).ok_or_else(|| {
                malformed(unknown_word(kind, "kind of attachment", AttachmentKind::ALL, AttachmentKind::as_str))
            })?;
            match url.trim() {
                "" => return Err(malformed("/attach needs the file's address".to_owned())),
                url => Act::Attach(known, url.to_owned()),
            }
        }
        "location" => {
            let inner = rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).unwrap_or(rest);
            let place = inner.split_once(',').and_then(|(latitude, longitude)| {
                Some((latitude.trim().parse().ok()?, longitude.trim().parse().ok()?))
            });
            let (latitude, longitude) = place.ok_or_else(|| malformed(format!("\"{rest}\" is no place")))?;
            Act::Location(latitude, longitude)
        }
        "agent" => Act::Agent(needed("what the agent writes")?),
        "close" => Act::Close,
        "stop" => Act::Stop,
        "set" => {
            let (target, value) =
                rest.split_once('=').ok_or_else(|| malformed("/set needs a name and a value".into()))?;
            let value = Some(value.trim().to_owned()).filter(|value| !value.is_empty());
            match target.trim().split_once('.') {
                Some(("field", name)) => Act::SetField(name.to_owned(), value),
                Some(("var" | "variable", name)) => Act::SetVariable(name.to_owned(), value),
                Some(_) => {
                    return Err(malformed(format!("\"{}\" names neither a field nor a variable", target.trim())));
                }
                None if target.trim().is_empty() => return Err(malformed("/set needs a name and a value".into())),
                None => Act::Set(target.trim().to_owned(), value),
            }
        }
        "tag" => Act::Tag(needed("a tag")?),
        "untag" => Act::Untag(needed("a tag")?),
        "lifecycle" => Act::Lifecycle(Some(rest.to_owned()).filter(|stage| !stage.is_empty())),
        "assign" => Act::Assign(Some(needed("a user, or nobody")?).filter(|user| user != "nobody")),
        "presence" => match rest.rsplit_once(char::is_whitespace) {
            Some((user, "on" | "online")) => Act::Presence(user.trim().to_owned(), true),
            Some((user, "off" | "offline")) => Act::Presence(user.trim().to_owned(), false),
            _ => return Err(malformed("/presence needs a user, then on or off".to_owned())),
        },
        "load" => {
            let load = rest.rsplit_once(char::is_whitespace);
            let load = load.and_then(|(user, count)| Some((user.trim().to_owned(), count.parse().ok()?)));
            let (user, count) = load.ok_or_else(|| malformed("/load needs a user, then a number".to_owned()))?;
            Act::Load(user, count)
        }
        "http" => Act::Answer(answer::http(&needed("a status")?).map_err(malformed)?, Source::Operator),
        "ai" => Act::Answer(answer::ai(&needed("what the AI says")?).map_err(malformed)?, Source::Operator),
        "shortcut" => {
            let (workflow, form) = answer::form(rest);
            Act::Shortcut(workflow, form)
        }
        "webhook" => {
            let json = if rest.is_empty() { "{}" } else { rest };
            Act::Webhook(serde_json::from_str(json).map_err(|error| malformed(format!("this is no JSON: {error}")))?)
        }
        "ad" => Act::Ad(Some(rest.to_owned()).filter(|ad| !ad.is_empty())),
        "state" => return Ok(Command::Query(Query::State)),
        "timers" => return Ok(Command::Query(Query::Timers)),
        "why" => return Ok(Command::Query(Query::Why)),
        "help" => return Ok(Command::Query(Query::Help)),
        _ => return Ok(Command::Quit),
    };
    Ok(Command::Act(act))
}

/// Reads `network`, `http 503` or `ai timeout`.
fn fault(written: &str) -> Result<Act, String> {
    let (first, rest) = written.split_once(char::is_whitespace).unwrap_or((written, ""));
    let Some(to) = Outside::named(first) else {
        let mut words: Vec<&str> = Fault::ALL.iter().map(|fault| fault.as_str()).collect();
        words.extend(["http 503", "http timeout", "ai timeout"]);
        let unknown = || format!("\"{written}\" is no fault (there are {})", words.join(", "));
        return Fault::named(written).map(Act::Fault).ok_or_else(unknown);
    };
    let words = || NoAnswer::ALL.iter().map(|why| why.as_str()).collect::<Vec<_>>().join(", ");
    let rest = rest.trim();
    let failure = OutsideFault::named(rest).ok_or_else(|| match rest.parse::<u32>() {
        Ok(number) => format!("{number} is no HTTP status: they go from 100 to 599"),
        Err(_) if rest.is_empty() => format!("/fault {to} needs a status, or why no answer comes ({})", words()),
        Err(_) => format!("\"{rest}\" is neither a status nor why no answer comes ({})", words()),
    })?;
    Ok(Act::FaultOutside(to, failure))
}

fn unknown_word<T: Copy>(word: &str, what: &str, all: &[T], name: fn(T) -> &'static str) -> String {
    let words: Vec<&str> = all.iter().map(|word| name(*word)).collect();
    format!("\"{word}\" is no {what} (there are {})", words.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_example_of_the_help_is_read() {
        for help in COMMANDS {
            assert!(parse(help.example).is_ok(), "{}", help.example);
        }
    }

    #[test]
    fn what_is_no_command_is_a_message() {
        let say = |text: &str| Ok(Command::Act(Act::Say(text.into())));
        assert_eq!(parse("hello"), say("hello"));
        assert_eq!(parse(""), say(""));
        assert_eq!(parse("//stop"), say("/stop"));
        assert_eq!(parse(" /stop"), say(" /stop"));
    }

    #[test]
    fn faults_reach_the_outside_world() {
        let outside = |to, failure| Ok(Command::Act(Act::FaultOutside(to, failure)));
        assert_eq!(parse("/fault http 503"), outside(Outside::Http, OutsideFault::Status(503)));
        assert_eq!(parse("/fault http  refused"), outside(Outside::Http, OutsideFault::NoAnswer(NoAnswer::Refused)));
        assert_eq!(parse("/fault ai timeout"), outside(Outside::Ai, OutsideFault::NoAnswer(NoAnswer::Timeout)));
        assert_eq!(parse("/fault network"), Ok(Command::Act(Act::Fault(Fault::Network))));
        assert_eq!(parse("/mock look up 2"), Ok(Command::Act(Act::Mock("look up".into(), 2))));
    }

    #[test]
    fn mistakes_say_how_to_mend_them() {
        let error = |line: &str| parse(line).map(|_| ()).map_err(|error| error.to_string());
        assert_eq!(error("/froward 1 day"), Err("there is no command /froward; did you mean /forward?".into()));
        assert_eq!(error("/undo x"), Err("\"x\" is no count; write it like /undo 2".into()));
        assert_eq!(error("/next now"), Err("/next takes nothing after it; write it like /next".into()));
        assert_eq!(error("/save x"), Err("/save is not there yet in this version".into()));
        assert_eq!(
            error("/fault fire"),
            Err("\"fire\" is no fault (there are expired_api_key, network, window_closed, rejected, http 503, http timeout, ai timeout); write it like /fault http 503".into())
        );
        assert!(error("/set city").is_err() && error("/set =x").is_err() && error("/set x.city=Amman").is_err());
        assert!(error("/fault http").is_err() && error("/fault ai 7").is_err() && error("/mock lookup").is_err());
        assert!(error("/location here").is_err() && error("/attach").is_err());
    }
}

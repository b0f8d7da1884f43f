//! A first word that is neither a command nor a file: what was probably meant.

use std::path::Path;

use clap::CommandFactory as _;

use super::Arguments;
use crate::diagnostic::{did_you_mean, listed};

/// Commands that people expect and this version does not have, with what does the job today.
const ABSENT: [(&str, &str); 4] = [
    (
        "new",
        "copy a flow that is like yours and change it, or start a file with `version: 1`, `name:` and `steps:`, as docs/format.md shows",
    ),
    ("test", "pipe a conversation into line mode and compare what it prints: rehearse play FLOW --plain"),
    ("explain", "docs/format.md explains every warning, and each finding says how to mend it"),
    ("help", "write: rehearse --help, or rehearse check --help"),
];

/// What to say to a first word that looks like a command, but is none, and is the name of no file either.
pub(super) fn mistaken(word: &str) -> Option<String> {
    let looks = word.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    let program = Arguments::command();
    let commands: Vec<&str> = program.get_subcommands().map(clap::Command::get_name).collect();
    if !looks || commands.contains(&word) || Path::new(word).exists() {
        return None;
    }
    let absent = ABSENT.iter().find(|(absent, _)| *absent == word).map(|(_, instead)| *instead);
    let help = match (absent, did_you_mean(word, commands.iter().copied())) {
        (Some(instead), _) => instead.to_owned(),
        (None, Some(meant)) => format!("did you mean `rehearse {meant}`?"),
        (None, None) => "a flow is named by its file, such as: rehearse flows/consent.yaml".to_owned(),
    };
    Some(format!("there is no command and no file `{word}`; {help}\nCommands: {}", listed(commands)))
}

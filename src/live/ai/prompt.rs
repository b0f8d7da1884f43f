//! What the model is told: its task, what it knows, and the shape of its answer.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{AiObjective, AiRequest, Role};

/// The messages to send: what to do, then what was said.
pub(super) fn messages(request: &AiRequest) -> Vec<Value> {
    let mut messages = vec![json!({ "role": "system", "content": instructions(request) })];
    for (role, text) in &request.conversation {
        let role = match role {
            Role::Contact => "user",
            Role::Assistant => "assistant",
        };
        messages.push(json!({ "role": role, "content": text }));
    }
    // Many servers answer nothing when nobody has written.
    if request.conversation.iter().all(|(role, _)| *role != Role::Contact) {
        messages.push(json!({ "role": "user", "content": "(The customer has not written yet. Begin.)" }));
    }
    messages
}

/// The system prompt.
fn instructions(request: &AiRequest) -> String {
    let mut text =
        String::from("You write to a customer of a company in a chat. Be brief and use the customer's language.\n");
    text += match request.objective {
        AiObjective::AnswerQuestions => {
            "Your task: answer the customer's questions. Success is when the questions are answered and the customer needs nothing more.\n"
        }
        AiObjective::CollectInformation => {
            "Your task: collect information from the customer. Success is when you have every item. Ask for what is missing.\n"
        }
    };
    if !request.collect.is_empty() {
        text += "\nItems to collect (key: what it is):\n";
        for (variable, description) in &request.collect {
            let _ = writeln!(text, "- {variable}: {description}");
        }
    }
    if let Some(instructions) = &request.instructions {
        let _ = writeln!(text, "\nInstructions of the company:\n{instructions}");
    }
    if !request.knowledge.is_empty() {
        text += "\nWhat you know. Say nothing about the company that is not in here:\n";
        for known in &request.knowledge {
            let _ = writeln!(text, "---\n{known}");
        }
        text += "---\n";
    }
    text + "\nAnswer with one JSON object and nothing else:\n\
           {\"say\": \"what the customer reads next\", \"outcome\": null, \"collected\": {}}\n\
           \"outcome\" is null while the chat goes on, \"success\" when the task is done, \"speak_to_human\" when the customer asks for a \
           person, \"unable\" when you cannot help.\n\
           \"collected\" holds every item the customer has given so far in the whole chat, by its key, as text; leave out what is missing.\n"
}

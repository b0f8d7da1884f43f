//! What holds for every native file, and native files made from arbitrary bytes. Shared by the property tests and the fuzz target.

use rehearsal::diagnostic::{human, json};
use rehearsal::flow::compare::differences;
use rehearsal::flow::load;
use rehearsal::flow::write::{self, WorkspaceRef};
use rehearsal::native::{self, Options};
use serde_json::{Value, json};

/// A file that is refused says why; one that is taken comes back as it was, from the model and from its YAML. Says whether it was taken.
pub fn hold(text: &str) -> bool {
    let loaded = native::load_text("fuzz.json", text, &Options::default());
    let findings = human::render(&loaded.diagnostics, &loaded.sources, false);
    let _ = json::render(&loaded.diagnostics, &loaded.sources);
    let Some(project) = loaded.project else {
        assert!(!loaded.diagnostics.is_empty(), "a file that is refused says why");
        return false;
    };
    let original = sorted(serde_json::from_str(text.trim_start_matches('\u{feff}')).expect("what is taken is JSON"));
    let exported = native::export(&project);
    same(&original, &sorted(exported[0].json.clone()), &findings);
    let again: Value = serde_json::from_str(&exported[0].text()).expect("what is written is JSON");
    same(&original, &sorted(again), "as text");
    let flow = &project.flows[0];
    let yaml = write::flow(flow, WorkspaceRef::Inline);
    let read = load::load_text("fuzz.yaml", &yaml);
    let Some(back) = read.flow else {
        panic!("what was imported loads:\n{}\n{yaml}", human::render(&read.diagnostics, &read.sources, false));
    };
    assert_eq!(differences(flow, &back), None, "{yaml}");
    let apart = native::aside::apart(&project, &[]).remove(0);
    let aside = apart.aside;
    let readable = write::flow(&apart.flow, WorkspaceRef::Inline);
    let read = load::load_text("readable.yaml", &readable);
    let mut from_aside = read.flow.expect("what is for reading loads");
    let mut project = project.clone();
    let target = |flow: &rehearsal::flow::Flow| {
        let mut targets = Vec::new();
        native::each_step(&mut flow.steps.clone(), &mut |step| {
            if let rehearsal::flow::Action::TriggerWorkflow(trigger) = &step.action {
                targets.push(trigger.target.clone());
            }
        });
        targets
    };
    // The workflow itself is the only other one that is there: tie what names it, as a loader of projects would.
    let mut back = back;
    for tied in [&mut back, &mut from_aside] {
        let mut targets = target(flow).into_iter();
        native::each_step(&mut tied.steps, &mut |step| {
            if let rehearsal::flow::Action::TriggerWorkflow(trigger) = &mut step.action {
                trigger.target = targets.next().unwrap_or_default();
            }
        });
    }
    project.flows[0] = back;
    same(&original, &sorted(native::export(&project)[0].json.clone()), &yaml);
    // And from the flow for reading with the file beside it.
    native::aside::attach(&mut from_aside, &aside).expect("what was written is taken");
    project.flows[0] = from_aside;
    same(&original, &sorted(native::export(&project)[0].json.clone()), &readable);
    true
}

/// A document with its records in the order of their ids: their order means nothing.
pub fn sorted(mut document: Value) -> Value {
    if let Some(records) = document.get_mut("workflow").and_then(Value::as_array_mut) {
        records.sort_by_key(|record| record["id"].to_string());
    }
    document
}

#[track_caller]
fn same(original: &Value, exported: &Value, beside: &str) {
    if original != exported {
        let lines = |value: &Value| serde_json::to_string_pretty(&by_key(value)).unwrap_or_default();
        let (left, right) = (lines(original), lines(exported));
        let first: Vec<_> = left.lines().zip(right.lines()).filter(|(a, b)| a != b).take(6).collect();
        panic!("it comes back otherwise: {first:#?}\n{left}\n{right}\n{beside}");
    }
}

/// A value with the keys of its objects by the alphabet, so that two of them are compared line by line.
fn by_key(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(by_key).collect(),
        Value::Object(members) => {
            let mut sorted: Vec<_> = members.iter().map(|(key, value)| (key.clone(), by_key(value))).collect();
            sorted.sort_by(|(left, _), (right, _)| left.cmp(right));
            Value::Object(sorted.into_iter().collect())
        }
        other => other.clone(),
    }
}

/// Documents from bytes. The same bytes always give the same document; when they run out, every choice is the first one.
pub struct Documents<'a> {
    bytes: &'a [u8],
    records: Vec<Value>,
    steps: Vec<String>,
    count: usize,
}

const NAMES: [&str; 10] = [
    "Ask for consent",
    "Branch #7",
    "Wait 4 Hours",
    "سؤال",
    "Send a Message",
    "step 3",
    "",
    "12e456",
    "😀 *bold*",
    "Note: x # y",
];
const TEXTS: [&str; 7] =
    ["Hello {{$contact.name}}", "No", "a: b # c", "two\nlines\n", " OK ", "مرحبا $contact.city", "{{1}} 1.0"];

impl<'a> Documents<'a> {
    /// Documents from these bytes.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, records: Vec::new(), steps: Vec::new(), count: 0 }
    }

    fn below(&mut self, bound: usize) -> usize {
        let Some((first, rest)) = self.bytes.split_first() else { return 0 };
        self.bytes = rest;
        usize::from(*first) % bound.max(1)
    }

    fn of<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }

    /// A whole document whose tree is sound.
    pub fn document(&mut self) -> Value {
        let trigger = self.of(&[
            json!({ "type": "manualTrigger" }),
            json!({ "type": "conversationOpened", "oncePerContact": true }),
            json!({ "type": "conversationOpened" }),
            json!({ "type": "shortcut", "form": [{ "variable": "x", "type": "number" }], "oncePerContact": null }),
            json!({ "type": "contactTagUpdated", "added": [5, "vip"], "odd": {} }),
            json!({ "type": "moonRises", "phase": "full" }),
        ]);
        self.records.push(json!({ "id": 1, "parentId": -1, "type": "trigger", "data": trigger }));
        self.path(json!(1), 0);
        // Jumps go to any step that is there.
        for index in 0..self.records.len() {
            if self.records[index]["type"] == "jumpTo" {
                let steps = self.steps.clone();
                self.records[index]["data"]["stepId"] = json!(self.of(&steps));
            }
        }
        let turn = self.below(self.records.len());
        self.records.rotate_left(turn);
        let mut document = json!({ "name": self.of(&NAMES), "workflow": self.records });
        let extra = self.of(&[
            json!({ "id": 1_782_900_000_000_101_u64, "description": "", "status": "draft", "connectedToWorkflows": [] }),
            json!({}),
            json!({ "id": "77", "settings": { "exitCondition": { "incomingMessage": true }, "odd": [1.5, null] } }),
            json!({ "id": 5, "steps": { "a": 1 }, "kept": null, "description": "No: #1", "settings": null }),
        ]);
        if let (Some(document), Some(extra)) = (document.as_object_mut(), extra.as_object()) {
            document.extend(extra.clone());
        }
        document
    }

    fn path(&mut self, parent: Value, depth: usize) {
        let mut parent = parent;
        for _ in 0..=self.below(4) {
            // The first step is always there; a workflow has at most 100.
            if self.steps.len() >= 60 || depth > 8 && !self.steps.is_empty() {
                return;
            }
            match self.step(&parent, depth) {
                Some(next) => parent = next,
                None => return,
            }
        }
    }

    fn id(&mut self) -> String {
        self.count += 1;
        let shape = self.below(3);
        match shape {
            0 => format!("{:06x}", 0x00ab_0000 + self.count),
            1 => format!("{}e{:04}", self.count % 10, self.count),
            _ => format!("{:06}", 100_000 + self.count),
        }
    }

    /// A step with its connectors, and what the next one stands under.
    fn step(&mut self, parent: &Value, depth: usize) -> Option<Value> {
        let id = self.id();
        self.steps.push(id.clone());
        let text = self.of(&TEXTS);
        let time = self.of(&[
            json!({ "value": 10, "unit": "minutes" }),
            json!({ "value": 7, "unit": "days" }),
            json!({ "value": 90, "unit": "seconds" }),
            json!({ "value": "2", "unit": "hour", "odd": 1 }),
            json!({ "value": 400, "unit": "hours" }),
            json!({ "value": 3, "unit": "fortnights" }),
        ]);
        let ask = [("success", "Success"), ("failure", "Failure: Invalid"), ("timeout", "Failure: Timeout")];
        let message = self.of(&[
            json!({ "type": "text", "text": text }),
            json!({ "type": "attachment", "attachment": { "type": "image", "url": "https://e.com/a.png", "mimeType": "image/png" } }),
            json!({ "type": "whatsapp_template", "template": { "name": "sale", "templateId": 7, "components": [
                { "type": "header", "format": "image", "parameters": [{ "type": "image", "image": { "link": "https://e.com/h.png" } }] },
                { "type": "body", "text": text, "parameters": [{ "type": "text", "text": "1" }], "example": null },
                { "type": "BUTTONS", "buttons": [{ "type": "QUICK_REPLY", "text": "OK" }] } ] } }),
            json!({ "type": "card", "title": text }),
        ]);
        let (kind, mut data, ways): (&str, Value, &[(&str, &str)]) = match self.below(17) {
            0 => ("wait", time, &[]),
            1 => (
                "sendMessage",
                json!({ "channelId": null, "payload": [{ "channelId": null, "message": message }] }),
                if self.below(2) == 0 { &[] } else { &[("success", "Success"), ("sendingFailure", "Failure")] },
            ),
            2 => (
                "askQuestion",
                json!({ "question": { "type": "multiple", "text": text, "options": ["Yes, I agree", "No", "12"] },
                        "timeout": time, "saveResponse": { "field": 7, "variable": "topic", "tag": true } }),
                &ask,
            ),
            3 => (
                "askQuestion",
                json!({ "question": { "type": self.of(&["text", "number", "date", "email", "signature"]), "text": text, "min": 1 },
                        "saveResponse": { "field": self.of(&["email", "8"]), "variable": self.of(&["x", "ش", "a b"]) } }),
                if self.below(3) == 0 { &[] } else { &ask },
            ),
            4..=6 => return self.branch(&id, parent, depth),
            7 => ("jumpTo", json!({ "stepId": null, "maxJumps": self.of(&[1, 10, 99]) }), &[]),
            8 => (
                "updateContactTag",
                json!({ "action": self.of(&["addTag", "removeTag", "paint"]), "value": [90, "vip", "12"] }),
                &[],
            ),
            9 => {
                let said = self.of(&["{{@user.12}} and @ana: look", "{{@user.x}} @{some one} a@b.c", text]);
                ("addComment", json!({ "comment": said, "colour": "red" }), &[])
            }
            10 => ("triggerWorkflow", json!({ "workflowId": self.of(&[4, 5]), "stepId": null }), &[]),
            11 => (
                "dateTime",
                json!({ "action": "businessHours", "timezone": self.of(&["UTC", "Asia/Amman", "Moon/Base"]),
                        "times": [{ "day": "mon", "startTime": "09:00", "endTime": self.of(&["17:00", "24:00", "later"]) },
                                  { "day": "sun", "startTime": "00:00", "endTime": "00:00" }] }),
                &[("success", "Success"), ("failure", "Failure")],
            ),
            12 => ("closeConversation", json!({ "category": text, "summary": null }), &[]),
            13 => {
                ("sendConversionsApiEvent", json!({ "event": { "a": [text] } }), &[("success", "S"), ("failure", "F")])
            }
            14 => (
                "assignTo",
                json!({ "action": self.of(&["team", "user", "unassign", "workspace"]), "teamId": 5, "userId": 6, "timeout": time }),
                &[("success", "Success"), ("timeout", "Late"), ("odd", "Odd")],
            ),
            15 => (
                "httpRequest",
                json!({ "method": "get", "url": "https://e.com", "headers": [], "responseMapping": [{ "path": "$.a", "variable": "a" }] }),
                &[("success", "Success"), ("failure", "Failure")],
            ),
            _ => (
                "aiObjective",
                json!({ "objective": "answerQuestions", "instructions": text, "idle": time }),
                &[("success", "Success"), ("speakToHuman", "Human"), ("idle", "Idle")],
            ),
        };
        let mut next = Some(json!(id));
        let mut connectors = Vec::new();
        for (word, name) in ways {
            let connector = self.id();
            let data = json!({ "connectorType": word });
            self.records.push(json!({
                "id": connector, "parentId": id, "type": format!("{kind}Connector"), "name": name, "data": data,
            }));
            if *word == "success" {
                next = Some(json!(connector));
            } else if self.below(2) == 1 {
                self.path(json!(connector), depth + 1);
            }
            connectors.push(connector);
        }
        let turn = self.below(connectors.len());
        connectors.rotate_left(turn);
        if !ways.is_empty() || self.below(2) == 0 {
            data["connectors"] = json!(connectors);
        }
        let mut record = json!({ "id": id, "parentId": parent, "type": kind, "data": data });
        if let Some(name) = self.of(&[Some(self.count), None]).map(|_| self.of(&NAMES)) {
            record["name"] = json!(name);
        }
        self.records.push(record);
        if kind == "triggerWorkflow" && self.below(4) > 0 {
            next = None;
        }
        next
    }

    fn branch(&mut self, id: &str, parent: &Value, depth: usize) -> Option<Value> {
        let mut connectors = Vec::new();
        let mut next = None;
        for _ in 0..=self.below(3) {
            let connector = self.id();
            let condition = self.of(&[
                json!({ "category": "lastIncomingMessage", "field": null, "operator": "contains", "value": "OK " }),
                json!({ "category": "lastIncomingMessageTime", "field": "", "operator": "isRelativeTimeLessThan",
                        "value": { "rate": 10, "unit": "minutesAgo" } }),
                json!({ "category": "contactTag", "field": null, "operator": "isEqualTo", "value": 90 }),
                json!({ "category": "contactField", "field": "age", "operator": "isGreaterThan", "value": 18 }),
                json!({ "category": "contactField", "field": "age", "operator": "contains", "value": "1" }),
                json!({ "category": "contactField", "field": "firstName", "operator": "isLessThan", "value": 3 }),
                json!({ "category": "contactField", "field": 7, "operator": "isBetween", "value": { "from": 1, "to": 5 } }),
                json!({ "category": "variables", "field": "topic", "operator": "exists", "value": null }),
                json!({ "category": "moon", "operator": "isFull" }),
                json!({ "category": "assigneeStatus", "field": null, "operator": "isEqualTo", "value": "away" }),
            ]);
            let (join, name) = (self.of(&["$and", "$or"]), self.of(&NAMES));
            self.records.push(json!({
                "id": connector, "parentId": id, "type": "branchConnector", "name": name,
                "data": { "conditions": { join: [condition] } },
            }));
            if self.below(3) > 0 {
                self.path(json!(connector), depth + 1);
            }
            connectors.push(connector);
        }
        for _ in 0..self.of(&[1, 0, 2]) {
            let connector = self.id();
            self.records.push(json!({
                "id": connector, "parentId": id, "type": "branchConnector", "name": "Else", "data": { "conditions": null },
            }));
            next.get_or_insert(json!(connector));
            connectors.push(connector);
        }
        // Whichever Else comes first in the list is the one, so the two are not exchanged.
        if connectors.len() < 4 && next.is_some() && self.below(2) == 1 {
            let last = connectors.pop().unwrap_or_default();
            connectors.insert(0, last);
            next = None;
        }
        let name = self.of(&NAMES);
        self.records.push(json!({
            "id": id, "parentId": parent, "type": "branch", "name": name, "data": { "connectors": connectors },
        }));
        next
    }
}

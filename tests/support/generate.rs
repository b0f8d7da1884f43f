//! Makes flows that load, and lines to play them with, from arbitrary bytes. Shared by the property tests and the fuzz targets.
//!
//! The same bytes always give the same flow. When the bytes run out every choice is the first one, which keeps flows finite.

use std::fmt::Write as _;

/// Choices read from bytes.
pub struct Choices<'a> {
    bytes: &'a [u8],
    steps: usize,
    depth: usize,
    /// Steps that ask the outside world and are mocked.
    asking: Vec<usize>,
}

const NAMES: [&str; 4] = ["topic", "city", "email", "n"];
const OPTIONS: [&str; 6] = ["Sales", "Support", "12", "نعم", "No", "🎉 Party"];
const TEXTS: [&str; 9] = [
    "Hello $contact.name",
    "{{$topic}} and $city, $279",
    "مرحبا $contact.firstname",
    "It is $system.current_datetime on $channel.type",
    "$contact.tags / $conversation.id / $assignee.name",
    "Plain",
    "Two\nlines",
    "$contact.city $nothing $system.weather",
    "👩‍👩‍👧 e\u{301}\u{202e}x",
];
const KINDS: [&str; 9] = ["text", "multiple_choice", "number", "date", "phone", "email", "url", "rating", "location"];
const TRIGGERS: [&str; 9] = [
    "\"manual\"",
    "{\"conversation_opened\":{\"once_per_contact\":true}}",
    "{\"conversation_closed\":{\"source\":[\"user\"],\"when\":{\"field\":\"city\",\"does_not_exist\":true}}}",
    "{\"contact_tag_updated\":{\"added\":[\"Sales\"],\"removed\":[\"12\"]}}",
    "{\"contact_field_updated\":{\"field\":[\"city\",\"n\"]}}",
    "{\"shortcut\":{\"form\":{\"topic\":\"text\",\"n\":\"number\"},\"example\":{\"n\":\"7\"}}}",
    "{\"incoming_webhook\":{\"payload\":{\"topic\":\"$.a\",\"n\":\"$.b[0]\"},\"example\":{\"a\":1}}}",
    "\"click_to_chat_ad\"",
    "\"lifecycle_updated\"",
];
const MOCKS: [&str; 3] = [
    "[{\"status\":200,\"json\":{\"a\":[1,\"x\"],\"b\":\"٣\"}},{\"error\":\"timeout\"}]",
    "[{\"say\":\"Hm $topic\"},{\"say\":\"\",\"outcome\":\"success\",\"collected\":{\"n\":\"007\",\"x\":\"\"}}]",
    "[{\"status\":503,\"body\":\"no JSON\"},{\"say\":\"Bye\",\"outcome\":\"speak_to_human\"}]",
];
const FAULTS: [&str; 9] = [
    "network",
    "rejected",
    "window_closed",
    "expired_api_key",
    "http 503",
    "http timeout",
    "http refused",
    "ai timeout",
    "ai 500",
];
const ANSWERS: [&str; 8] = [
    "/http 200 {\"a\": \"\\u001f\", \"b\": [1.50, null]}",
    "/http 404",
    "/http timeout",
    "/ai Yes?",
    "/ai success: Done",
    "/ai unable",
    "/ai {\"say\": \"\", \"outcome\": \"speak_to_human\", \"collected\": {\"topic\": \"\\u001f\", \"n\": 7}}",
    "/ai failure",
];
const PEOPLE: [&str; 7] = [
    "/assign omar",
    "/assign nobody",
    "/assign nobody at all",
    "/presence omar on",
    "/presence Zoe off",
    "/load zoe 0",
    "/load omar 4294967295",
];
const HAPPENINGS: [&str; 6] = [
    "/shortcut n=12 topic=a = b",
    "/webhook {\"a\": {\"c\": 1}, \"b\": [\"x\"]}",
    "/ad Summer",
    "/lifecycle Lead",
    "/lifecycle",
    "/close",
];
const CHANNELS: [&str; 4] = ["wa", "web", "sms", "tg"];
const SAID: [&str; 24] = [
    "Sales",
    "1",
    "12",
    "نعم",
    "",
    "  ",
    "ana@example.com",
    "+962790000000",
    "42",
    "٤٢",
    "12/31/2026",
    "★★★",
    "5",
    "(31.95, 35.91)",
    "example.com",
    "no idea",
    "-0",
    "1,234.50",
    "99999999999999999999999999999",
    "Feb-29-2028",
    "\u{200f}2",
    "http://[::1]/",
    "0",
    "👍",
];

impl<'a> Choices<'a> {
    /// Choices from these bytes.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, steps: 0, depth: 0, asking: Vec::new() }
    }

    fn below(&mut self, bound: usize) -> usize {
        let Some((first, rest)) = self.bytes.split_first() else { return 0 };
        self.bytes = rest;
        usize::from(*first) % bound.max(1)
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }

    /// A step that has mocks; the first step when none has.
    fn mocked(&mut self) -> usize {
        let chosen = self.below(self.asking.len());
        self.asking.get(chosen).copied().unwrap_or(0)
    }

    fn yes(&mut self) -> bool {
        self.below(2) == 1
    }

    /// A whole flow file. JSON is YAML, and quotes every text.
    pub fn flow(&mut self) -> String {
        let trigger = self.of(&TRIGGERS);
        let stop_on = self.of(&["", "incoming_message", "agent_message", "manual_assignment"]);
        let stop_on = if stop_on.is_empty() { String::new() } else { quoted(stop_on) };
        let last_incoming = self.of(&["\"never\"", "{\"at\":\"2026-01-01T08:00:00Z\",\"text\":\"OK \"}", "null"]);
        let last_incoming =
            if last_incoming == "null" { String::new() } else { format!(",\"last_incoming\":{last_incoming}") };
        let last = self.of(&CHANNELS);
        let compare = self.of(&["", ",\"compare\":\"ignore_case\""]);
        let steps = self.steps();
        let mocks: Vec<String> =
            self.asking.iter().map(|id| format!("\"s{id}\":{}", MOCKS[id % MOCKS.len()])).collect();
        let mocks = if mocks.is_empty() { String::new() } else { format!(",\"mocks\":{{{}}}", mocks.join(",")) };
        format!(
            "{{\"version\":1,\"name\":\"Generated\",\"trigger\":{trigger},\"settings\":{{\"stop_on\":[{stop_on}]}},\
             \"workspace\":{{\"version\":1,\"timezone\":\"Asia/Amman\"{compare},\"channels\":[{{\"id\":\"wa\",\"type\":\"whatsapp\"}},\
             {{\"id\":\"web\",\"type\":\"web_chat\"}},{{\"id\":\"sms\",\"type\":\"sms\"}},{{\"id\":\"tg\",\"type\":\"telegram\"}}],\
             \"contact_fields\":[{{\"id\":\"n\",\"type\":\"number\"}},{{\"id\":\"city\",\"type\":\"list\",\"options\":[\"Sales\",\"12\"]}}],\
             \"users\":[{{\"id\":\"zoe@example.com\",\"name\":\"Zoe\",\"open_contacts\":1}},{{\"id\":\"omar\",\"online\":false}}],\
             \"teams\":{{\"Sales\":[\"omar\",\"zoe@example.com\"],\"Nobody\":[]}},\
             \"workflows\":[{{\"name\":\"Elsewhere\",\"external\":true}}],\
             \"contacts\":{{\"ana\":{{\"firstname\":\"Ana\",\"last_channel\":\"{last}\"{last_incoming}}}}}}},\"contact\":\"ana\"{mocks},\"steps\":[{steps}]}}"
        )
    }

    fn steps(&mut self) -> String {
        let mut list = String::new();
        let count = 1 + self.below(4);
        for index in 0..count {
            if self.steps >= 60 {
                break;
            }
            if index > 0 {
                list.push(',');
            }
            let (step, ends) = self.step();
            list.push_str(&step);
            if ends {
                break;
            }
        }
        if list.is_empty() { "{\"wait\":\"1 hour\"}".into() } else { list }
    }

    /// A step, and whether it must be the last of its list.
    fn step(&mut self) -> (String, bool) {
        let id = self.steps;
        self.steps += 1;
        self.depth += 1;
        let kind = if self.depth > 6 { self.below(9) } else { self.below(20) };
        let mut ends = false;
        let action = match kind {
            0 => format!("\"send_message\":{}", self.message()),
            1 => format!("\"wait\":\"{} minutes\"", 1 + self.below(250) * 40),
            2 => format!("\"jump_to\":{{\"step\":\"s{}\",\"max_jumps\":{}}}", self.below(id + 1), 1 + self.below(10)),
            3 => format!(
                "\"update_contact_tag\":{{\"add\":[{}],\"remove\":{}}}",
                quoted(self.of(&OPTIONS)),
                quoted(self.of(&OPTIONS))
            ),
            4 => {
                let value = if self.yes() { quoted(self.of(&TEXTS)) } else { "null".into() };
                format!("\"update_contact_field\":{{\"field\":\"{}\",\"value\":{value}}}", self.of(&NAMES))
            }
            5 => self
                .of(&[
                    "\"open_conversation\":{}",
                    "\"close_conversation\":{\"category\":\"Done\",\"summary\":\"$topic\"}",
                ])
                .into(),
            6 => format!("\"add_comment\":{}", quoted(self.of(&TEXTS))),
            7 => format!("\"update_lifecycle\":{}", self.of(&["\"Lead\"", "null"])),
            8 => format!("\"send_message\":{}", quoted(self.of(&TEXTS))),
            9 | 10 => format!("\"ask_question\":{}", self.question()),
            11 => format!(
                "\"date_time\":{{\"business_hours\":{{\"timezone\":\"Asia/Amman\",\"mon-sat\":\"09:00-17:00\",\"sun\":\"22:00-06:00\"}}{}}}",
                self.side("failure_branch")
            ),
            14 => format!("\"assign_to\":{}", self.assignment()),
            15 => format!("\"http_request\":{}", self.request(id)),
            16 => format!(
                "\"add_google_sheets_row\":{{\"spreadsheet\":{},\"sheet\":\"a\",\"row\":{{\"A\":{},\"=B\":\"$n\"}}}}",
                quoted(self.of(&TEXTS)),
                quoted(self.of(&TEXTS))
            ),
            17 => format!("\"respond_with_ai\":{}", self.ai(id)),
            18 if self.yes() => {
                ends = true;
                "\"trigger_workflow\":\"Elsewhere\"".to_owned()
            }
            18 => "\"unknown_step\":{\"type\":\"snooze\",\"data\":{\"a\":[1,null]}}".to_owned(),
            _ => {
                let (branch, last) = self.branch();
                ends = last;
                branch
            }
        };
        self.depth -= 1;
        (format!("{{\"id\":\"s{id}\",{action}}}"), ends)
    }

    fn assignment(&mut self) -> String {
        let to = self.of(&["\"team\":\"Sales\"", "\"team\":\"Nobody\"", "\"workspace\":true", "\"user\":\"omar\""]);
        if to.starts_with("\"user") {
            return if self.yes() { "\"nobody\"".to_owned() } else { format!("{{{to}}}") };
        }
        let rules =
            self.of(&["", ",\"only_online\":true", ",\"max_open_contacts\":1", ",\"logic\":\"least_open_contacts\""]);
        format!("{{{to}{rules}{}}}", self.side("timeout_branch"))
    }

    fn request(&mut self, id: usize) -> String {
        if self.yes() {
            self.asking.push(id);
        }
        let body = self.of(&[
            "\"method\":\"GET\"",
            "\"body\":{\"a\":[\"$topic\",1,null,\"x $city\"]}",
            "\"body\":\"{\\\"t\\\":\\\"$topic\\\",\\\"n\\\":$n}\"",
            "\"content_type\":\"application/x-www-form-urlencoded\",\"body\":\"a=$topic&b=$n\"",
        ]);
        format!(
            "{{\"url\":\"https://example.com/$topic?q=$contact.city\",\"headers\":{{\"X-A\":\"$topic\"}},{body},\"save_status\":\"n\",\
             \"save_response\":[{{\"path\":\"$.a\",\"variable\":\"topic\"}},{{\"path\":\"$..b\",\"variable\":\"city\"}}]{}}}",
            self.side("failure_branch")
        )
    }

    fn ai(&mut self, id: usize) -> String {
        if self.yes() {
            self.asking.push(id);
        }
        let idle = if self.yes() && self.steps < 60 {
            format!(",\"idle_branch\":{{\"after\":\"2 hours\",\"steps\":[{}]}}", self.steps())
        } else {
            String::new()
        };
        let human = self.side("speak_to_human_branch");
        let failure = self.side("failure_branch");
        format!(
            "{{\"objective\":\"collect_information\",\"instructions\":\"Be $topic\",\"collect\":[{{\"variable\":\"topic\"}},\
             {{\"variable\":\"n\"}}]{human}{idle}{failure}}}"
        )
    }

    fn message(&mut self) -> String {
        let content = match self.below(3) {
            0 => format!("\"text\":{}", quoted(self.of(&TEXTS))),
            1 => "\"attachment\":{\"kind\":\"image\",\"url\":\"https://example.com/$topic.png\"}".to_owned(),
            _ => format!(
                "\"template\":{{\"name\":\"t\",\"language\":\"en\",\"body\":\"Hi {{{{1}}}}\",\"parameters\":[{}]}}",
                quoted(self.of(&TEXTS))
            ),
        };
        let channel = if self.yes() { format!(",\"channel\":\"{}\"", self.of(&CHANNELS)) } else { String::new() };
        format!("{{{content}{channel}{}}}", self.side("failure_branch"))
    }

    /// `,"key":[…]`, an empty list, or nothing.
    fn side(&mut self, key: &str) -> String {
        match self.below(3) {
            0 => String::new(),
            1 => format!(",\"{key}\":[]"),
            _ if self.steps >= 60 => format!(",\"{key}\":[]"),
            _ => format!(",\"{key}\":[{}]", self.steps()),
        }
    }

    fn question(&mut self) -> String {
        let kind = self.of(&KINDS);
        let mut question = format!("{{\"text\":{},\"type\":\"{kind}\"", quoted(self.of(&TEXTS)));
        let mut tag = "";
        match kind {
            "multiple_choice" => {
                let options: Vec<String> =
                    OPTIONS.iter().take(1 + self.below(6)).map(|option| quoted(option)).collect();
                let _ = write!(
                    question,
                    ",\"options\":[{}],\"match\":\"{}\"",
                    options.join(","),
                    self.of(&["relaxed", "exact"])
                );
                tag = self.of(&["", ",\"tag\":true"]);
            }
            "number" => question.push_str(self.of(&["", ",\"min\":1", ",\"max\":100", ",\"min\":-0.5,\"max\":50"])),
            "date" => question.push_str(self.of(&["", ",\"date_formats\":[\"mmm-dd-yyyy\",\"mm/dd\"]"])),
            _ => {}
        }
        let _ = write!(
            question,
            ",\"save_as\":{{\"variable\":\"{}\",\"field\":\"{}\"{tag}}}",
            self.of(&NAMES),
            self.of(&NAMES)
        );
        if self.yes() {
            let hours = 1 + self.below(168);
            let steps = if self.steps < 60 { self.steps() } else { String::new() };
            let _ = write!(question, ",\"timeout_branch\":{{\"after\":\"{hours} hours\",\"steps\":[{steps}]}}");
        }
        if self.yes() {
            question.push_str(&self.side("failure_branch"));
        } else {
            question.push_str(&self.side("invalid_branch"));
            question.push_str(&self.side("sending_failed_branch"));
        }
        question + "}"
    }

    fn branch(&mut self) -> (String, bool) {
        let mut arms = Vec::new();
        for _ in 0..=self.below(3) {
            let conditions: Vec<String> = (0..=self.below(3)).map(|_| self.condition()).collect();
            let joined = match conditions.len() {
                1 => conditions.concat(),
                _ => format!("{{\"{}\":[{}]}}", self.of(&["all", "any"]), conditions.join(",")),
            };
            let steps =
                if self.yes() && self.steps < 60 { format!(",\"steps\":[{}]", self.steps()) } else { String::new() };
            arms.push(format!("{{\"when\":{joined}{steps}}}"));
        }
        let flat = self.steps < 55 && self.yes();
        if flat {
            arms.push("{\"else\":\"continue\"}".into());
        } else if self.yes() && self.steps < 60 {
            arms.push(format!("{{\"else\":[{}]}}", self.steps()));
        }
        let branch = format!("\"branch\":[{}]", arms.join(","));
        (branch, !flat)
    }

    fn condition(&mut self) -> String {
        let value = quoted(self.of(&["Sales", "12", "$topic", "5", "2026-01-05", "1.50"]));
        match self.below(9) {
            0 => {
                let operator = self.of(&[
                    "is_equal_to",
                    "is_not_equal_to",
                    "contains",
                    "starts_with",
                    "is_greater_than",
                    "is_before",
                ]);
                format!("{{\"variable\":\"{}\",\"{operator}\":{value}}}", self.of(&NAMES))
            }
            1 => format!(
                "{{\"field\":\"topic\",\"{}\":{value}}}",
                self.of(&["is_equal_to", "ends_with", "does_not_contain"])
            ),
            2 => format!("{{\"field\":\"n\",\"is_between\":[1,{value}]}}"),
            3 => format!(
                "{{\"tags\":{{\"{}\":[\"Sales\",\"$topic\"]}}}}",
                self.of(&["has_any_of", "has_all_of", "has_none_of"])
            ),
            4 => format!("{{\"last_incoming_message\":{{\"contains\":{value}}}}}"),
            5 => format!(
                "{{\"last_incoming_message_time\":{{\"{}\":\"4 hours\"}}}}",
                self.of(&["is_less_than_ago", "is_more_than_ago"])
            ),
            6 => format!(
                "{{\"last_interacted_channel\":{{\"is_equal_to\":\"{}\"}}}}",
                self.of(&["wa", "whatsapp", "web"])
            ),
            7 => {
                format!("{{\"variable\":\"{}\",\"{}\":true}}", self.of(&NAMES), self.of(&["exists", "does_not_exist"]))
            }
            _ => "{\"conversation_status\":{\"is_equal_to\":\"open\"}}".to_owned(),
        }
    }

    /// Lines to play with, until the bytes run out: at most 60.
    pub fn lines(&mut self) -> Vec<String> {
        let mut lines = Vec::new();
        while !self.bytes.is_empty() && lines.len() < 60 {
            let line = match self.below(27) {
                0..=8 => self.of(&SAID).replace('\n', " "),
                9 => format!("/forward {} minutes", 1 + self.below(250) * 10),
                10 | 11 => "/next".into(),
                12 => format!("/undo {}", 1 + self.below(5)),
                13 => format!("/redo {}", 1 + self.below(3)),
                14 => format!("/channel {}", self.of(&CHANNELS)),
                15 => format!("/disconnect {}", self.of(&["", "wa", "web"])),
                16 => format!("/connect {}", self.of(&CHANNELS)),
                17 => format!("/fault {}", self.of(&FAULTS)),
                18 => self
                    .of(&[
                        "/agent Hello",
                        "/close",
                        "/stop",
                        "/attach image https://example.com/a.png",
                        "/location 31.9,35.9",
                    ])
                    .into(),
                19 => format!(
                    "/set {}{}={}",
                    self.of(&["field.", "var.", ""]),
                    self.of(&NAMES),
                    self.of(&["", "12", "x", "Sales"])
                ),
                20 => format!("/{} {}", self.of(&["tag", "untag"]), self.of(&OPTIONS)),
                22 | 23 => self.of(&ANSWERS).into(),
                24 => self.of(&PEOPLE).into(),
                25 => self.of(&HAPPENINGS).into(),
                26 => {
                    let step = self.mocked();
                    format!("/mock s{step} {}", 1 + self.below(3))
                }
                _ => self.of(&["/restart", "/until 2026-03-01T09:00", "/state", "/what", "//slash"]).into(),
            };
            lines.push(line.trim_end().to_owned());
        }
        lines
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

//! The other half of the model maker: what surrounds a flow, and the steps that reach outside it.

use serde_json::{Value, json};

use super::model::{Maker, at_nowhere};
use crate::flow::model::{
    Action, AiObjective, AiOutcome, AssignLogic, AssignTarget, AssignTo, ClosedBy, Collect, HttpBody, HttpMethod,
    HttpRequest, JsonPath, JsonTemplate, Mock, Mocks, OpenedBy, RespondWithAi, SaveResponse, SheetRow, Spanned,
    Trigger, TriggerOn, TriggerWorkflow, UnknownStep, WorkflowTarget, limits,
};
use crate::flow::words::{ChannelType, FieldType};
use crate::flow::workspace::{Channel, ContactCard, Field, LastIncoming, NativeIds, User, WorkflowEntry, Workspace};
use crate::source::Span;
use crate::template::Template;

impl Maker {
    pub(super) fn outside(&mut self, channels: &[String], depth: usize) -> Action {
        match self.below(6) {
            0 => Action::AssignTo(Box::new(self.assign_to(channels, depth))),
            1 => Action::TriggerWorkflow(Box::new(TriggerWorkflow {
                workflow: self.named(),
                step: self.maybe(Self::named),
                target: WorkflowTarget::Unresolved,
            })),
            2 => Action::HttpRequest(Box::new(self.http_request(channels, depth))),
            3 => {
                let mut columns = self.distinct(3);
                if columns.is_empty() {
                    columns.push("A".to_owned());
                }
                let row = columns.into_iter().map(|column| (column, self.template())).collect();
                let sheet = SheetRow { spreadsheet: self.template(), sheet: self.template(), row };
                Action::AddGoogleSheetsRow(Box::new(sheet))
            }
            4 => Action::RespondWithAi(Box::new(self.respond_with_ai(channels, depth))),
            _ => {
                let data = if self.yes() { self.json(2) } else { Value::Null };
                Action::Unknown(Box::new(UnknownStep { kind: self.text(), data }))
            }
        }
    }

    fn assign_to(&mut self, channels: &[String], depth: usize) -> AssignTo {
        let to = match self.below(4) {
            0 => AssignTarget::Nobody,
            1 => AssignTarget::User(self.named()),
            2 => AssignTarget::Team(self.named()),
            _ => AssignTarget::Workspace,
        };
        let ruled = matches!(to, AssignTarget::Team(_) | AssignTarget::Workspace);
        let timeout_branch = if ruled { self.other_side(channels, depth) } else { None };
        AssignTo {
            to,
            logic: if ruled { self.of(AssignLogic::ALL) } else { AssignLogic::RoundRobin },
            only_online: ruled && self.yes(),
            max_open_contacts: self.maybe(|maker| maker.of(&[1, 20])).filter(|_| ruled),
            timeout: if timeout_branch.is_some() { self.duration() } else { limits::LONGEST_WAIT },
            timeout_branch,
        }
    }

    fn http_request(&mut self, channels: &[String], depth: usize) -> HttpRequest {
        let body = match self.below(3) {
            0 => None,
            1 => Some(HttpBody::Text(self.template())),
            _ => Some(HttpBody::Json(JsonTemplate::Map(self.json_entries(2)))),
        };
        // A header stands on one line.
        let line = |text: Template| Template::parse(text.source().replace(char::is_control, "") + "x");
        HttpRequest {
            method: self.of(HttpMethod::ALL),
            url: Template::parse(format!("https://example.com/{}", self.text())),
            headers: ["Accept", "X-no", "1"]
                .into_iter()
                .take(self.below(4))
                .map(|name| (name.to_owned(), line(self.template())))
                .collect(),
            content_type: self.maybe(|maker| line(maker.template()).source().to_owned()),
            body,
            save_response: self.some(2, |maker| SaveResponse {
                path: JsonPath::parse(maker.of(&["$", "$.a", "$['a b']", "$.items[?@.id == 5].name", "$..\"x\""][..4]))
                    .unwrap(),
                variable: maker.variable(),
            }),
            save_status: self.maybe(Self::variable),
            failure_branch: self.other_side(channels, depth),
        }
    }

    fn json_entries(&mut self, depth: usize) -> Vec<(String, JsonTemplate)> {
        self.distinct(3).into_iter().map(|key| (key, self.json_template(depth))).collect()
    }

    fn json_template(&mut self, depth: usize) -> JsonTemplate {
        match self.below(if depth == 0 { 4 } else { 6 }) {
            0 | 1 => JsonTemplate::Text(self.template()),
            2 => JsonTemplate::Text(Template::parse("")),
            3 => JsonTemplate::Fixed(self.fixed()),
            4 => JsonTemplate::List(self.some(3, |maker| maker.json_template(depth - 1))),
            _ => JsonTemplate::Map(self.json_entries(depth - 1)),
        }
    }

    fn fixed(&mut self) -> Value {
        self.of(&[
            json!(null),
            json!(true),
            json!(false),
            json!(0),
            json!(-7),
            json!(2.5),
            json!(1e300),
            json!(-0.0),
            json!(u64::MAX),
        ])
    }

    pub(super) fn json(&mut self, depth: usize) -> Value {
        match self.below(if depth == 0 { 3 } else { 5 }) {
            0 => Value::String(self.text()),
            1 => Value::String(self.of(&["", " ", "\n", "\t", "\u{a0}"]).to_owned()),
            2 => self.fixed(),
            3 => Value::Array(self.some(3, |maker| maker.json(depth - 1))),
            _ => self.json_map(depth - 1),
        }
    }

    fn json_map(&mut self, depth: usize) -> Value {
        let mut keys = self.distinct(3);
        keys.push(self.of(&["id", "", " ", "\n", "null"]).to_owned());
        Value::Object(keys.into_iter().map(|key| (key, self.json(depth))).collect())
    }

    pub(super) fn respondio(&mut self) -> Option<Value> {
        self.maybe(|maker| maker.json_map(3))
    }

    fn respond_with_ai(&mut self, channels: &[String], depth: usize) -> RespondWithAi {
        let objective = self.of(AiObjective::ALL);
        let collect = match objective {
            AiObjective::AnswerQuestions => Vec::new(),
            AiObjective::CollectInformation => {
                vec![Collect { variable: self.variable(), description: self.maybe(Self::text) }]
            }
        };
        let idle_branch = self.other_side(channels, depth);
        RespondWithAi {
            objective,
            instructions: self.maybe(Self::template),
            knowledge: self.some(3, Self::text),
            collect,
            speak_to_human_branch: self.other_side(channels, depth),
            unable_branch: self.other_side(channels, depth),
            idle: if idle_branch.is_some() { self.duration() } else { limits::LONGEST_WAIT },
            idle_branch,
            failure_branch: self.other_side(channels, depth),
        }
    }

    pub(super) fn mocks(&mut self, ids: &[String]) -> Vec<Mocks> {
        let ids: Vec<String> = ids.iter().filter(|_| self.below(4) == 1).cloned().collect();
        ids.into_iter().map(|id| self.mocks_for(id)).collect()
    }

    fn mocks_for(&mut self, step: String) -> Mocks {
        let count = 1 + self.below(3);
        Mocks { step: at_nowhere(step), answers: (0..count).map(|_| self.mock()).collect() }
    }

    fn mock(&mut self) -> Mock {
        match self.below(4) {
            0 => Mock::Error(self.of(&["timeout", "dns"]).to_owned()),
            1 => Mock::Http { status: self.of(&[200, 503]), body: self.json(2).to_string() },
            2 => {
                // Bodies that are JSON and would not read back letter for letter.
                let odd = ["", "{ \"a\": 1 }", "{\"b\":1,\"a\":2}", "1e2", "null", "nul", "[1, 2]\n", " "];
                Mock::Http { status: 404, body: if self.yes() { self.text() } else { self.of(&odd).to_owned() } }
            }
            _ => {
                let mut names: Vec<String> = self.some(2, Self::variable).into_iter().map(|name| name.value).collect();
                names.dedup();
                names.sort();
                names.dedup();
                Mock::Ai {
                    say: if self.yes() { self.text() } else { String::new() },
                    outcome: self.maybe(|maker| maker.of(AiOutcome::ALL)),
                    collected: names.into_iter().map(|name| (name, self.text())).collect(),
                }
            }
        }
    }

    pub(super) fn trigger(&mut self) -> Trigger {
        let on = match self.below(9) {
            0 => return Trigger::default(),
            1 => TriggerOn::ConversationOpened { source: self.some(2, |maker| maker.of(OpenedBy::ALL)) },
            2 => TriggerOn::ConversationClosed { source: self.some(2, |maker| maker.of(ClosedBy::ALL)) },
            3 => TriggerOn::ContactTagUpdated { added: self.some(2, Self::named), removed: self.some(2, Self::named) },
            4 => TriggerOn::ContactFieldUpdated { fields: self.some(2, |maker| at_nowhere(maker.field())) },
            5 => {
                let form: Vec<(Spanned<String>, FieldType)> =
                    self.variables().into_iter().map(|name| (at_nowhere(name), self.of(FieldType::ALL))).collect();
                let example =
                    form.iter().map(|(name, _)| name.value.clone()).filter(|_| self.yes()).collect::<Vec<_>>();
                let example = example.into_iter().map(|name| (name, self.text())).collect();
                TriggerOn::Shortcut { form, example }
            }
            6 => {
                let payload = self.variables();
                let payload = payload.into_iter().map(|name| (at_nowhere(name), JsonPath::parse("$.a").unwrap()));
                TriggerOn::IncomingWebhook {
                    payload: payload.collect(),
                    example: self.maybe(|maker| maker.json_map(2)),
                }
            }
            7 => TriggerOn::ClickToChatAd { ads: self.some(2, Self::named) },
            _ => TriggerOn::LifecycleUpdated { to: self.some(2, Self::named) },
        };
        Trigger { on, when: self.maybe(Self::conditions), once_per_contact: self.yes() }
    }

    /// Names of variables, each once.
    fn variables(&mut self) -> Vec<String> {
        let mut names: Vec<String> = self.some(3, Self::variable).into_iter().map(|name| name.value).collect();
        names.sort();
        names.dedup();
        names
    }

    pub(super) fn workspace(&mut self) -> Workspace {
        if self.yes() {
            return Workspace::default();
        }
        let mut ids = self.distinct(3);
        if ids.is_empty() {
            ids.push("web".to_owned());
        }
        let channels: Vec<Channel> = ids
            .iter()
            .map(|id| Channel { id: id.clone(), kind: self.of(ChannelType::ALL), name: self.maybe(Self::text) })
            .collect();
        // The fields of conditions would have to fit these: theirs are texts or lists.
        let contact_fields = self.maybe(|maker| {
            let field = |id| {
                let kind = maker.of(&[FieldType::Text, FieldType::List]);
                let options = if kind == FieldType::List { maker.some(2, Self::text) } else { Vec::new() };
                Field { id, kind, options }
            };
            vec!["city".to_owned(), "on".to_owned()].into_iter().map(field).collect()
        });
        let users = self.maybe(|maker| {
            let user =
                |id| User { id, name: maker.maybe(Self::text), online: maker.yes(), open_contacts: maker.of(&[0, 3]) };
            vec!["ana@example.com".to_owned(), "no".to_owned()].into_iter().map(user).collect()
        });
        let contacts = self.distinct(2).into_iter().map(|name| (name, self.card(&ids))).collect();
        let mut workspace = Workspace {
            timezone: self.of(&[chrono_tz::Tz::UTC, chrono_tz::Tz::Asia__Amman]),
            ignore_case: self.yes(),
            channels,
            contact_fields,
            tags: self.maybe(|maker| maker.distinct(3)),
            users,
            teams: self
                .maybe(|maker| maker.distinct(2).into_iter().map(|name| (name, maker.some(2, Self::text))).collect()),
            lifecycle: self.maybe(|maker| maker.some(2, Self::text)),
            closing_categories: self.maybe(|maker| maker.some(2, Self::text)),
            workflows: self
                .distinct(2)
                .into_iter()
                .map(|name| WorkflowEntry {
                    name,
                    id: self.maybe(Self::text),
                    file: self.maybe(Self::text),
                    span: Span::default(),
                })
                .collect(),
            contacts,
            mocks: Vec::new(),
            native: NativeIds::default(),
        };
        if self.yes() {
            let step = format!("a{}.yaml#ask", self.text());
            workspace.mocks.push(self.mocks_for(step));
        }
        workspace.native = self.native(&workspace);
        workspace
    }

    fn native(&mut self, workspace: &Workspace) -> NativeIds {
        let mut ids = |names: Vec<&String>| -> Vec<(String, Value)> {
            let known = names.into_iter().filter(|_| self.yes()).cloned().collect::<Vec<_>>();
            known.into_iter().map(|name| (name, self.of(&[json!(5), json!("5"), json!("a b")]))).collect()
        };
        NativeIds {
            channels: ids(workspace.channels.iter().map(|channel| &channel.id).collect()),
            fields: ids(workspace.contact_fields.iter().flatten().map(|field| &field.id).collect()),
            tags: ids(workspace.tags.iter().flatten().collect()),
            users: ids(workspace.users.iter().flatten().map(|user| &user.id).collect()),
            teams: ids(workspace.teams.iter().flatten().map(|(name, _)| name).collect()),
            workflows: ids(workspace.workflows.iter().map(|entry| &entry.name).collect()),
        }
    }

    pub(super) fn card(&mut self, channels: &[String]) -> ContactCard {
        let listed = self.maybe(|maker| vec![maker.of(channels)]);
        let last_channel = match &listed {
            Some(listed) => self.maybe(|maker| maker.of(listed)),
            None => self.maybe(|maker| maker.of(channels)),
        };
        ContactCard {
            id: self.maybe(Self::text),
            firstname: self.maybe(Self::text),
            lastname: self.maybe(Self::text),
            email: self.maybe(Self::text),
            phone: Some("+962790000000".to_owned()),
            country: self.maybe(|_| "NO".to_owned()),
            language: self.maybe(|_| "no".to_owned()),
            lifecycle: self.maybe(Self::text),
            assignee: self.maybe(Self::text),
            channels: listed,
            last_channel,
            tags: self.some(2, Self::text),
            fields: self.distinct(2).into_iter().map(|id| (format!("f{id}"), self.text())).collect(),
            last_incoming: match self.below(4) {
                0 => LastIncoming::AtStart,
                1 => LastIncoming::Never,
                2 => LastIncoming::Ago {
                    ago: std::time::Duration::from_mins(self.of(&[0, 90, 7200])),
                    text: if self.yes() { self.text() } else { String::new() },
                },
                _ => LastIncoming::At {
                    at: self.of(&["2026-01-04T18:00:00+03:00", "2026-01-04T18:00:00.125Z"]).parse().unwrap(),
                    text: if self.yes() { self.text() } else { String::new() },
                },
            },
        }
    }
}

//! How the platform's files spell our words: one table, and for each spelling whether it was seen in a genuine file.
//!
//! Source: respondio.md section 1. What is not seen there is inferred from the names of the product and of its interface: it is accepted
//! in its likely variants, and written only with a warning.

/// What a word is a word of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Area {
    /// `type` of a record.
    Step,
    /// `type` of the trigger's data.
    Trigger,
    /// `connectorType` of a connector.
    Connector,
    /// `type` of a question.
    Question,
    /// `category` of a condition.
    Category,
    /// `operator` of a condition.
    Operator,
    /// `unit` of a wait or a timeout.
    Unit,
    /// `action` of a step that has several.
    Action,
    /// A key of `data`.
    Key,
}

impl Area {
    /// Every area, in the order of the table.
    pub const ALL: &[Self] = &[
        Self::Step,
        Self::Trigger,
        Self::Connector,
        Self::Question,
        Self::Category,
        Self::Operator,
        Self::Unit,
        Self::Action,
        Self::Key,
    ];

    /// What people call it.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Step => "step type",
            Self::Trigger => "trigger type",
            Self::Connector => "connector type",
            Self::Question => "question type",
            Self::Category => "condition category",
            Self::Operator => "condition operator",
            Self::Unit => "unit of time",
            Self::Action => "action",
            Self::Key => "key",
        }
    }
}

/// One word of ours and how the platform spells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spelling {
    /// What it is a word of.
    pub area: Area,
    /// Our word.
    pub ours: &'static str,
    /// The platform's, as it is written.
    pub native: &'static str,
    /// Whether a genuine file has it; the others are inferred.
    pub seen: bool,
    /// Spellings that are accepted too.
    pub variants: &'static [&'static str],
}

const fn seen(area: Area, ours: &'static str, native: &'static str) -> Spelling {
    Spelling { area, ours, native, seen: true, variants: &[] }
}

const fn inferred(area: Area, ours: &'static str, native: &'static str, variants: &'static [&'static str]) -> Spelling {
    Spelling { area, ours, native, seen: false, variants }
}

use Area::{Action, Category, Connector, Key, Operator, Question, Step, Trigger, Unit};

/// The table.
pub const TABLE: &[Spelling] = &[
    seen(Step, "send_message", "sendMessage"),
    seen(Step, "ask_question", "askQuestion"),
    seen(Step, "branch", "branch"),
    seen(Step, "jump_to", "jumpTo"),
    seen(Step, "wait", "wait"),
    seen(Step, "trigger_workflow", "triggerWorkflow"),
    seen(Step, "update_contact_tag", "updateContactTag"),
    seen(Step, "add_comment", "addComment"),
    seen(Step, "date_time", "dateTime"),
    inferred(Step, "assign_to", "assignTo", &["assign", "assignConversation", "assignContact"]),
    inferred(Step, "update_contact_field", "updateContactField", &["updateContact", "updateField"]),
    inferred(Step, "open_conversation", "openConversation", &[]),
    inferred(Step, "close_conversation", "closeConversation", &[]),
    inferred(Step, "update_lifecycle", "updateLifecycle", &["updateContactLifecycle", "updateLifecycleStage"]),
    inferred(Step, "http_request", "httpRequest", &["http", "sendHttpRequest"]),
    inferred(Step, "add_google_sheets_row", "addGoogleSheetsRow", &["googleSheets", "addGoogleSheetRow"]),
    inferred(Step, "respond_with_ai", "aiObjective", &["respondWithAi", "respondWithAI", "aiAgent"]),
    seen(Trigger, "manual", "manualTrigger"),
    seen(Trigger, "conversation_opened", "conversationOpened"),
    inferred(Trigger, "conversation_closed", "conversationClosed", &[]),
    inferred(Trigger, "contact_tag_updated", "contactTagUpdated", &["tagUpdated"]),
    inferred(Trigger, "contact_field_updated", "contactFieldUpdated", &["fieldUpdated"]),
    inferred(Trigger, "shortcut", "shortcut", &["shortcutTrigger"]),
    inferred(Trigger, "incoming_webhook", "incomingWebhook", &["webhook"]),
    inferred(Trigger, "click_to_chat_ad", "clickToChatAds", &["clickToChat", "clickToChatAd", "ctcAds"]),
    inferred(Trigger, "lifecycle_updated", "lifecycleUpdated", &["contactLifecycleUpdated"]),
    seen(Connector, "success", "success"),
    seen(Connector, "invalid", "failure"),
    seen(Connector, "timeout", "timeout"),
    seen(Connector, "sending_failed", "sendingFailure"),
    seen(Connector, "outside", "failure"),
    inferred(Connector, "failure", "failure", &["others", "failureOthers", "otherFailure"]),
    inferred(Connector, "speak_to_human", "speakToHuman", &["failureSpeakToHuman"]),
    inferred(Connector, "unable", "unableToAnswer", &["aiUnableToAnswer", "unable"]),
    inferred(Connector, "idle", "idle", &["failureIdle"]),
    seen(Question, "text", "text"),
    seen(Question, "multiple_choice", "multiple"),
    inferred(Question, "number", "number", &["numeric"]),
    inferred(Question, "date", "date", &[]),
    inferred(Question, "phone", "phone", &["phoneNumber"]),
    inferred(Question, "email", "email", &["emailAddress"]),
    inferred(Question, "url", "url", &["website", "websiteUrl", "link"]),
    inferred(Question, "rating", "rating", &[]),
    inferred(Question, "location", "location", &[]),
    // A variant of a word that was seen.
    inferred(Question, "multiple_choice", "multipleChoice", &["multiple_choice", "choice"]),
    seen(Category, "last_incoming_message", "lastIncomingMessage"),
    seen(Category, "last_incoming_message_time", "lastIncomingMessageTime"),
    inferred(Category, "field", "contactField", &["contactFields", "contact"]),
    inferred(Category, "tags", "contactTag", &["contactTags", "tag", "tags"]),
    inferred(Category, "variable", "variable", &["variables", "workflowVariable"]),
    inferred(Category, "lifecycle", "lifecycle", &["contactLifecycle"]),
    inferred(Category, "assignee_status", "assigneeStatus", &[]),
    inferred(Category, "last_interacted_channel", "lastInteractedChannel", &["channel"]),
    inferred(Category, "conversation_status", "conversationStatus", &[]),
    seen(Operator, "contains", "contains"),
    seen(Operator, "does_not_contain", "doesNotContain"),
    seen(Operator, "is_equal_to", "isEqualTo"),
    seen(Operator, "is_not_equal_to", "isNotEqualTo"),
    seen(Operator, "is_less_than_ago", "isRelativeTimeLessThan"),
    inferred(Operator, "is_more_than_ago", "isRelativeTimeGreaterThan", &["isRelativeTimeMoreThan"]),
    inferred(Operator, "starts_with", "startsWith", &["beginsWith"]),
    inferred(Operator, "ends_with", "endsWith", &[]),
    inferred(Operator, "exists", "exists", &["isSet"]),
    inferred(Operator, "does_not_exist", "doesNotExist", &["isNotSet"]),
    inferred(Operator, "is_greater_than", "isGreaterThan", &[]),
    inferred(Operator, "is_less_than", "isLessThan", &[]),
    inferred(Operator, "is_between", "isBetween", &["isTimestampBetween"]),
    inferred(Operator, "has_any_of", "hasAnyOf", &[]),
    inferred(Operator, "has_all_of", "hasAllOf", &[]),
    inferred(Operator, "has_none_of", "hasNoneOf", &[]),
    inferred(Operator, "is_before", "isTimestampBefore", &["isBefore"]),
    inferred(Operator, "is_after", "isTimestampAfter", &["isAfter"]),
    seen(Unit, "minutes", "minutes"),
    seen(Unit, "hours", "hours"),
    inferred(Unit, "days", "days", &["day"]),
    inferred(Unit, "seconds", "seconds", &["second"]),
    inferred(Unit, "minutes", "minute", &[]),
    inferred(Unit, "hours", "hour", &[]),
    seen(Unit, "minutes_ago", "minutesAgo"),
    inferred(Unit, "seconds_ago", "secondsAgo", &[]),
    inferred(Unit, "hours_ago", "hoursAgo", &[]),
    inferred(Unit, "days_ago", "daysAgo", &[]),
    seen(Action, "add_tag", "addTag"),
    inferred(Action, "remove_tag", "removeTag", &["deleteTag"]),
    seen(Action, "business_hours", "businessHours"),
    inferred(Action, "range", "dateRange", &["range"]),
    inferred(Action, "user", "user", &["specificUser", "assignUser"]),
    inferred(Action, "team", "team", &["userInTeam", "userInSpecificTeam"]),
    inferred(Action, "workspace", "workspace", &["userInWorkspace"]),
    inferred(Action, "nobody", "unassign", &["unassigned"]),
    inferred(Action, "round_robin", "roundRobin", &["round-robin"]),
    inferred(Action, "least_open_contacts", "leastOpenContacts", &["leastOpen"]),
    inferred(Action, "answer_questions", "answerQuestions", &["answer"]),
    inferred(Action, "collect_information", "collectInformation", &["collect"]),
    inferred(Key, "min", "min", &["minimum"]),
    inferred(Key, "max", "max", &["maximum"]),
    inferred(Key, "date_formats", "dateFormats", &["formats"]),
    inferred(Key, "buttons", "buttons", &[]),
    inferred(Key, "field", "fieldId", &["field", "contactField"]),
    inferred(Key, "value", "value", &[]),
    inferred(Key, "category", "category", &["closingNoteCategory", "conversationCategory"]),
    inferred(Key, "summary", "summary", &["closingNoteSummary"]),
    inferred(Key, "stage", "lifecycle", &["stage", "lifecycleStage"]),
    inferred(Key, "user_id", "userId", &["user"]),
    inferred(Key, "team_id", "teamId", &["team"]),
    inferred(Key, "logic", "logic", &["assignmentLogic"]),
    inferred(Key, "only_online", "onlyOnline", &["onlineOnly"]),
    inferred(Key, "max_open_contacts", "maxOpenContacts", &["lessThanOpenContacts"]),
    inferred(Key, "timeout", "timeout", &[]),
    inferred(Key, "from", "startDate", &["from", "start"]),
    inferred(Key, "to", "endDate", &["to", "end"]),
    inferred(Key, "method", "method", &["httpMethod"]),
    inferred(Key, "url", "url", &[]),
    inferred(Key, "headers", "headers", &[]),
    inferred(Key, "content_type", "contentType", &[]),
    inferred(Key, "body", "body", &[]),
    inferred(Key, "save_response", "responseMapping", &["saveResponse", "mapping"]),
    inferred(Key, "save_status", "statusVariable", &["saveStatus"]),
    inferred(Key, "spreadsheet", "spreadsheet", &["spreadsheetName"]),
    inferred(Key, "sheet", "sheet", &["sheetName", "worksheet"]),
    inferred(Key, "row", "row", &["columns", "values"]),
    inferred(Key, "objective", "objective", &["objectiveType"]),
    inferred(Key, "instructions", "instructions", &["prompt"]),
    inferred(Key, "knowledge", "knowledge", &["knowledgeSources"]),
    inferred(Key, "collect", "collect", &["information"]),
    inferred(Key, "idle", "idle", &["idleTimeout"]),
    inferred(Key, "conditions", "conditions", &[]),
    inferred(Key, "source", "source", &["sources"]),
    inferred(Key, "added", "added", &["tagsAdded"]),
    inferred(Key, "removed", "removed", &["tagsRemoved"]),
    inferred(Key, "fields", "fields", &["contactFields"]),
    inferred(Key, "form", "form", &["formFields"]),
    inferred(Key, "payload", "payload", &["variables"]),
    inferred(Key, "ads", "ads", &[]),
    inferred(Key, "stages", "stages", &["lifecycles"]),
];

/// Keys of `data` that genuine files have.
const SETTINGS: [&str; 18] = [
    "type",
    "connectors",
    "channelId",
    "payload",
    "question",
    "timeout",
    "saveResponse",
    "stepId",
    "maxJumps",
    "value",
    "unit",
    "workflowId",
    "action",
    "comment",
    "times",
    "timezone",
    "conditions",
    "oncePerContact",
];

/// Whether a key of `data` is a setting of some step or trigger.
pub(super) fn is_setting(name: &str) -> bool {
    let known = |entry: &Spelling| entry.area == Area::Key && (entry.native == name || entry.variants.contains(&name));
    SETTINGS.contains(&name) || TABLE.iter().any(known)
}

/// How the platform spells a word of ours: the first entry, which for a word with a seen spelling is that one.
pub(super) fn of(area: Area, ours: &str) -> Option<&'static Spelling> {
    TABLE.iter().find(|entry| entry.area == area && entry.ours == ours)
}

/// What a word of the platform means to us. The entry tells whether it was seen.
pub(super) fn read(area: Area, native: &str) -> Option<&'static Spelling> {
    let in_area = || TABLE.iter().filter(|entry| entry.area == area);
    in_area().find(|entry| entry.native == native).or_else(|| in_area().find(|entry| entry.variants.contains(&native)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::model::TriggerName;
    use crate::flow::words::QuestionType;

    #[test]
    fn a_spelling_has_one_meaning_in_its_area() {
        for entry in TABLE.iter().filter(|entry| entry.area != Connector && entry.area != Key) {
            for word in entry.variants.iter().chain([&entry.native]) {
                assert_eq!(read(entry.area, word).map(|found| found.ours), Some(entry.ours), "{word}");
            }
        }
    }

    #[test]
    fn every_word_of_ours_has_a_spelling() {
        for operator in crate::flow::Operator::ALL {
            assert!(of(Operator, operator.as_str()).is_some(), "{operator}");
        }
        for kind in QuestionType::ALL {
            assert!(of(Question, kind.as_str()).is_some(), "{kind}");
        }
        for trigger in TriggerName::ALL {
            assert!(of(Trigger, trigger.as_str()).is_some(), "{trigger}");
        }
    }

    #[test]
    fn what_was_seen_is_what_is_written() {
        for entry in TABLE.iter().filter(|entry| entry.seen) {
            assert_eq!(of(entry.area, entry.ours), Some(entry));
        }
    }
}
